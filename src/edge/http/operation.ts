import type { RepeatRecord } from '../../app/ports/store.ts';
import type { ErrorBody } from '../../wire/rest/error-body.ts';
import type { Exchange, Reply } from './exchange.ts';

/** Turns the reply that is about to be decided into what a repetition of the request will get. */
export type Keep = (reply: Reply) => RepeatRecord | undefined;

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Segments with `{id}`, `{+rawId}` and `:action` (`wire/rest/operations.ts`). */
  readonly path: string;
  /** Who may ask: anybody, a resource, or a resource that administers. */
  readonly access: 'open' | 'resource' | 'administrator';
  /** Takes `api-version`. */
  readonly versioned: boolean;
  readonly repeatable: boolean;
  /** What it answers with beside JSON, which refusals are in. */
  readonly produces?: string;
  /** What its clients read of a refusal, where that is not the body of every other. */
  readonly failureBody?: (status: number, body: ErrorBody) => unknown;
  /** Decode, desk, encode. `keep` is there when the request may be repeated. */
  readonly run: (x: Exchange, keep?: Keep) => Reply | Promise<Reply>;
}
