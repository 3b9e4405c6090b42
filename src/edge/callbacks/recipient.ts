/** What the outbox must know of those to whom it delivers. */
import type { OutboxEntry } from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Tried, Verdict } from './callback-retry.ts';
import type { PostAnswer, PostFailure, PostRequest } from './poster.ts';

export type Prepared =
  | { readonly send: PostRequest }
  /** Not yet: no attempt is made. */
  | { readonly later: Instant }
  /** It can never be sent, and why. */
  | { readonly never: string };

/** An entry that will not be tried again. */
export interface GivenUp {
  readonly entry: OutboxEntry;
  readonly answer: PostAnswer | PostFailure;
  readonly attempts: number;
  readonly lastAttemptAt: Instant;
}

export interface Recipient {
  /** `attempts`: made so far. */
  prepare(entry: OutboxEntry, attempts: number, now: Instant): Prepared | Promise<Prepared>;
  judge(entry: OutboxEntry, answer: PostAnswer | PostFailure, tried: Tried): Verdict;
  givenUp?(what: GivenUp): void;
}

export interface Recipients {
  readonly callback: Recipient;
  readonly subscription: Recipient;
}
