/**
 * Bytes too many for a message: prompts, utterances, recordings. Named by who writes them; a media process on another host
 * would reach the same names over a network.
 */
export interface Blobs {
  /** Whole and at once; what had the name before is replaced. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  /** `undefined`: there is none of this name. */
  get(name: string, range?: { readonly from: number; readonly to: number }): Promise<Uint8Array | undefined>;
  size(name: string): Promise<number | undefined>;
  /** A blob that grows; readable as far as it has come. */
  grow(name: string): Promise<GrowingBlob>;
  /** No error where there is none. */
  remove(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
}

export interface GrowingBlob {
  /** Offsets count from the start; beyond the end it grows. */
  write(at: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
