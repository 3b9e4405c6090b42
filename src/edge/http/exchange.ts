import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../../app/desks/refusals.ts';
import { encodeError } from '../../wire/rest/error-body.ts';
import type { Resource } from './dependencies.ts';
import type { Operation } from './operation.ts';

/** One request on its way; the steps of the path fill in what they find. */
export interface Exchange {
  readonly raw: IncomingMessage;
  readonly response: ServerResponse;
  readonly method: string;
  /** Path and query as sent: nothing decoded. */
  readonly target: string;
  readonly path: string;
  /** After the question mark, as sent. */
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly secure: boolean;
  readonly requestId: string;
  operation: Operation | undefined;
  /** Decoded path parameters, in order. */
  params: readonly string[];
  apiVersion: string;
  body: Buffer;
  /** Base64 of the SHA-256 of `body`. */
  bodyHash: string;
  resource: Resource | undefined;
}

/** What goes back. */
export interface Reply {
  readonly status: number;
  readonly body?: string;
  /** Instead of `body`, where the answer is no text. */
  readonly bytes?: Uint8Array;
  /** Instead of `body`, where the answer is too long to be held: so many bytes, piece by piece. */
  readonly stream?: { readonly length: number; readonly pieces: AsyncIterable<Uint8Array> };
  /** Content type; JSON when absent. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly correlationId?: string;
  readonly callId?: string;
  readonly connectionId?: string;
  /** Why, when it is a refusal. */
  readonly refused?: Outcome;
  /** The desk has told the records of this refusal. */
  readonly recorded?: boolean;
}

export const json = (status: number, value: unknown): Reply => ({ status, body: JSON.stringify(value) });

export interface RefusalExtras {
  readonly headers?: Readonly<Record<string, string>>;
  readonly retryAfterMs?: number;
  readonly recorded?: boolean;
  readonly callId?: string;
  /** Where the service has a body of its own for this refusal. */
  readonly body?: unknown;
}

/** The answer to a request that is not served: status and code are those of the outcome's row. */
export function refusal(refused: Outcome, extras: RefusalExtras = {}): Reply {
  const { retryAfterMs, recorded, callId } = extras;
  const headers: Record<string, string> = { ...extras.headers, 'x-ringback-row': refused.row };
  if (retryAfterMs !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
  return {
    status: refused.code,
    body: JSON.stringify(extras.body ?? encodeError(refused)),
    headers,
    refused,
    ...(recorded === undefined ? {} : { recorded }),
    ...(callId === undefined ? {} : { callId }),
  };
}

export function queryOf(x: Exchange): URLSearchParams {
  return new URLSearchParams(x.query);
}
