import type { Address } from './api.ts';
import { networkOf } from './limiter.ts';

interface Guest {
  readonly remote: Address;
  readonly kept: boolean;
  close(): void;
}

/** Connections that others made to us: so many in all, so many of each source. */
export class Guests<T extends Guest> {
  readonly #most: number;
  readonly #mostOfOne: number;
  /** The oldest first, and the source each came from. */
  readonly #here = new Map<T, string>();
  readonly #sources = new Map<string, number>();

  constructor(most: number, mostOfOne: number) {
    this.#most = most;
    this.#mostOfOne = mostOfOne;
  }

  get size(): number {
    return this.#here.size;
  }

  /** Whether there is room for one more. Where there is none, the oldest that was never let in has to go. */
  entered(guest: T): boolean {
    const source = networkOf(guest.remote.host);
    if ((this.#sources.get(source) ?? 0) >= this.#mostOfOne) return false;
    if (this.#here.size >= this.#most && !this.#showOut()) return false;
    this.#here.set(guest, source);
    this.#sources.set(source, (this.#sources.get(source) ?? 0) + 1);
    return true;
  }

  left(guest: T): void {
    const source = this.#here.get(guest);
    if (source === undefined) return;
    this.#here.delete(guest);
    const there = (this.#sources.get(source) ?? 1) - 1;
    if (there > 0) this.#sources.set(source, there);
    else this.#sources.delete(source);
  }

  #showOut(): boolean {
    for (const guest of this.#here.keys()) {
      if (guest.kept) continue;
      this.left(guest);
      guest.close();
      return true;
    }
    return false;
  }
}
