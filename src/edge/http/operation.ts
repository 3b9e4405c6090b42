import type { Outcome } from '../../app/desks/refusals.ts';
import type { Scope } from '../../app/ports/identities.ts';
import type { RepeatRecord } from '../../app/ports/store.ts';
import type { ErrorBody } from '../../wire/rest/error-body.ts';
import type { Exchange, Reply } from './exchange.ts';

/** Turns the reply that is about to be decided into what a repetition of the request will get. */
export type Keep = (reply: Reply) => RepeatRecord | undefined;

/** How an API tells what the door refuses, where its own words differ from those of Call Automation. */
export interface OwnRefusals {
  /** The row that the cause has in this API; absent: the door's own. */
  readonly rule?: (refused: Outcome) => Outcome;
  readonly body: (refused: Outcome) => unknown;
}

export interface Operation {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Segments with `{id}`, `{+rawId}` and `:action` (`wire/rest/operations.ts`). */
  readonly path: string;
  /**
   * Who may ask: anybody; the holder of a user access token; a resource, by its key or an Entra identity that was given
   * access; a resource that administers.
   */
  readonly access: 'open' | 'user' | 'resource' | 'administrator';
  /** With access `user`: one of these must be in the token. */
  readonly scopes?: readonly Scope[];
  /** Takes `api-version`. */
  readonly versioned: boolean;
  /** Those it takes, the newest stable one first; absent: those of Call Automation. */
  readonly versions?: readonly string[];
  readonly refusals?: OwnRefusals;
  readonly repeatable: boolean;
  /** What it answers with beside JSON, which refusals are in. */
  readonly produces?: string;
  /** What its clients read of a refusal, where that is not the body of every other. */
  readonly failureBody?: (status: number, body: ErrorBody) => unknown;
  /** Decode, desk, encode. `keep` is there when the request may be repeated. */
  readonly run: (x: Exchange, keep?: Keep) => Reply | Promise<Reply>;
}
