import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Outcome } from '../../app/desks/refusals.ts';
import type { Scope, TokenHolder } from '../../app/ports/identities.ts';
import { encodeError } from '../../wire/rest/error-body.ts';
import type { Resource } from './dependencies.ts';
import type { Operation } from './operation.ts';

/** Whose access token the request carries. */
export interface ExchangeUser extends Pick<TokenHolder, 'resourceId' | 'expiresAt' | 'tokenId'> {
  readonly rawId: string;
  readonly scopes: readonly Scope[];
}

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
  /** Of the key, the Entra identity or the user that asks. */
  resource: Resource | undefined;
  /** Names the access key that signed it, without telling anything of it. */
  accessKey: string | undefined;
  /** Present with access `user`. */
  user: ExchangeUser | undefined;
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
  /** The body stands in the words of its API already. */
  readonly worded?: true;
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
    ...(extras.body === undefined ? {} : { worded: true as const }),
    ...(recorded === undefined ? {} : { recorded }),
    ...(callId === undefined ? {} : { callId }),
  };
}

/** As the client reached us: the links of the next page go the same way. */
export const originOf = (x: Exchange): string =>
  `${x.secure ? 'https' : 'http'}://${x.headers.host ?? 'localhost'}`;

export function queryOf(x: Exchange): URLSearchParams {
  return new URLSearchParams(x.query);
}
