/** Requests to endpoints that others named: guarded, pinned, bounded in time and size, never redirected. */
import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type AddressGuard, addressGuard, type OutboundPolicy } from './address-guard.ts';
import { AnswerLate, exchange } from './exchange.ts';
import { failureWords, readError } from './failure-words.ts';
import { type Trust, trustedRoots } from './trusted-roots.ts';

export interface PostRequest {
  readonly url: string;
  readonly method: 'POST' | 'OPTIONS' | 'GET' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Wall time. */
  readonly timeoutMs: number;
}

export interface PostAnswer {
  readonly status: number;
  /** Names in lower case; repeated ones joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most the first 64 kB. */
  readonly body: string;
}

export interface FetchRequest extends Omit<PostRequest, 'body'> {
  readonly body?: string | Uint8Array;
  readonly mostBytes: number;
}

export interface FetchAnswer {
  readonly status: number;
  readonly headers: PostAnswer['headers'];
  /** The first `mostBytes` of it. */
  readonly body: Buffer;
  /** False where there was more. */
  readonly whole: boolean;
}

export interface PostFailure {
  /** Why there was no answer, and what to do about it. */
  readonly failed: string;
  /** `forbidden`: we would not open it, and trying again will not change that; `silent`: no answer in time. */
  readonly how: 'forbidden' | 'unreachable' | 'silent';
}

export interface Poster {
  post(request: PostRequest): Promise<PostAnswer | PostFailure>;
}

export interface PosterOptions extends OutboundPolicy, Trust {
  readonly userAgent?: string;
  /** How names become addresses; the system's resolver unless told. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

export interface ClosablePoster extends Poster {
  /** The same for bodies that are no short text: audio, files. */
  fetch(request: FetchRequest): Promise<FetchAnswer | PostFailure>;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
/** Of the answer to a callback. */
const bodyLimit = 64 * 1024;

/** Carries the guard's words from the connector to the caller. */
class AddressForbidden extends Error {
  readonly code = 'ERR_ADDRESS_FORBIDDEN';
}

const systemResolve = (hostname: string): Promise<readonly LookupAddress[]> =>
  new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, found) => (error ? reject(error) : resolve(found)));
  });

/** What the socket connects to is what was checked: there is no second look-up. */
function guardedLookup(
  resolve: NonNullable<PosterOptions['resolve']>,
  guard: AddressGuard,
  scheme: 'http' | 'https',
): LookupFunction {
  return (hostname, options, done) => {
    const fail = (error: Error): void => done(error, [], 0);
    resolve(hostname).then((found) => {
      const first = found[0];
      if (!first) return fail(Object.assign(new Error(`${hostname} has no address`), { code: 'ENOTFOUND' }));
      for (const { address } of found) {
        const why = guard(address, scheme);
        if (why !== undefined)
          return fail(new AddressForbidden(`${hostname} resolves to ${address}. ${why}`));
      }
      return options.all ? done(null, [...found]) : done(null, first.address, first.family);
    }, fail);
  };
}

/** The real poster: `createPoster({ profile: 'development', allowHttpCallbacks: true })`. */
export function createPoster(options: PosterOptions): ClosablePoster {
  const guard = addressGuard(options);
  const roots = trustedRoots(options);
  const resolve = options.resolve ?? systemResolve;
  const connectors = {
    http: buildConnector({ timeout: connectTimeoutMs, lookup: guardedLookup(resolve, guard, 'http') }),
    https: undefined as buildConnector.connector | undefined,
  };
  const https = (): buildConnector.connector => {
    connectors.https ??= buildConnector({
      timeout: connectTimeoutMs,
      allowH2: false,
      secureContext: roots(),
      lookup: guardedLookup(resolve, guard, 'https'),
    });
    return connectors.https;
  };
  const agent = new Agent({
    connect: (target, done) => (target.protocol === 'https:' ? https() : connectors.http)(target, done),
    // Each request has its own limit.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  const forbidden = (url: URL | null): string | undefined => {
    if (!url) return 'The endpoint is not a URL.';
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
      return `The endpoint is ${url.protocol}, not https.`;
    const literal = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname;
    const scheme = url.protocol === 'https:' ? 'https' : 'http';
    // Names are checked when they are resolved, except that plain http may be off altogether.
    if (isIP(literal) === 0)
      return scheme === 'http' && !options.allowHttpCallbacks ? guard('127.0.0.1', 'http') : undefined;
    return guard(literal, scheme);
  };

  const send = (url: URL, request: FetchRequest, withinMs: number): Promise<FetchAnswer> =>
    exchange(
      agent,
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: {
          'user-agent': options.userAgent ?? 'Ringback',
          ...(url.username ? { authorization: basic(url) } : {}),
          ...request.headers,
        },
        body: request.body ?? null,
      },
      withinMs,
      request.mostBytes,
    );

  const poster: ClosablePoster = {
    async post(request) {
      const answer = await poster.fetch({ ...request, mostBytes: bodyLimit });
      if ('failed' in answer) return answer;
      const { status, headers, body } = answer;
      return { status, headers, body: body.toString('utf8') };
    },
    async fetch(request) {
      const url = URL.parse(request.url);
      const why = forbidden(url);
      if (!url || why !== undefined) return { failed: why ?? '', how: 'forbidden' };
      const startedAt = performance.now();
      try {
        return await send(url, request, request.timeoutMs).catch((error: unknown) => {
          const { code, earlierBytes } = readError(error);
          const left = request.timeoutMs - (performance.now() - startedAt);
          const stale =
            (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') && earlierBytes > 0;
          // A kept connection may be closed by the receiver just as we write to it: once more, on a new one.
          if (stale && left > 0) return send(url, request, left);
          throw error;
        });
      } catch (error) {
        const read = readError(error);
        if (error instanceof AnswerLate) {
          return {
            failed: `${url.host} did not answer within ${seconds(request.timeoutMs)}. Answer first and do the work afterwards.`,
            how: 'silent',
          };
        }
        if (read.code === 'ERR_ADDRESS_FORBIDDEN') return { failed: read.message, how: 'forbidden' };
        if (read.code === 'UND_ERR_CONNECT_TIMEOUT' || read.code === 'ETIMEDOUT') {
          return {
            failed: `${url.host} did not accept a connection within ${seconds(connectTimeoutMs)}. Is a firewall in between?`,
            how: 'silent',
          };
        }
        return { failed: failureWords(read, url.host), how: 'unreachable' };
      }
    },
    close: () => agent.destroy(),
  };
  return poster;
}

const seconds = (ms: number): string => `${ms / 1000} s`;

function basic({ username, password }: URL): string {
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}
