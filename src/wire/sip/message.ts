import type { Header } from './header.ts';
import type { NameAddr } from './name-addr.ts';
import type { Via } from './via.ts';

interface Common {
  /** The message as it came, one character per byte. */
  readonly text: string;
  readonly headers: readonly Header[];
  /** One character per byte. */
  readonly body: string;
  /** The topmost Via. */
  readonly via: Via;
  readonly from: NameAddr;
  readonly to: NameAddr;
  /** Empty when there is none. */
  readonly fromTag: string;
  readonly toTag: string;
  readonly callId: string;
  readonly cseq: number;
  readonly cseqMethod: string;
}

export interface Request extends Common {
  readonly kind: 'request';
  readonly method: string;
  readonly uri: string;
}

export interface Response extends Common {
  readonly kind: 'response';
  readonly status: number;
  readonly reason: string;
}

export type Message = Request | Response;

/** What is left of a request that could not be read, as far as it takes to answer it. */
export interface Answerable {
  readonly method: string;
  readonly headers: readonly Header[];
  readonly via: Via;
}

export interface Malformed {
  /** What is wrong, for people. */
  readonly malformed: string;
  /** The response owed when it was a request. */
  readonly status: number;
  readonly partial?: Answerable;
}
