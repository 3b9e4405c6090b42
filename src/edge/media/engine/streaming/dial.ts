/** One attempt to connect a websocket, to addresses that were checked before. */
import type { LookupFunction } from 'node:net';
import { isIPv6 } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { WebSocket } from 'ws';
import type { StreamFault } from '../../../../domain/media/stream.ts';
import { longestFrame } from '../../../../wire/streaming/frames-in.ts';

export interface DialRequest {
  readonly url: string;
  /** Of the host in the URL; nothing else is connected to. */
  readonly addresses: readonly string[];
  /** PEM of CAs that are trusted beside those of the system and of Node. */
  readonly roots: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly handshakeMs: number;
}

export type Dialled = { readonly socket: WebSocket } | { readonly fault: StreamFault; readonly why: string };

export interface Dial {
  readonly done: Promise<Dialled>;
  /** `done` is then a failure. */
  abandon(): void;
}

const faultOf = (status: number): StreamFault => {
  switch (status) {
    case 400:
      return 'bad-request';
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 408:
    case 504:
      return 'timed-out';
    case 429:
      return 'throttled';
    default:
      return 'handshake-failed';
  }
};

const contexts = new Map<string, SecureContext>();

/** Parsing all roots takes some 10 ms: once for each set of them, and there is one set in a server. */
const contextFor = (roots: readonly string[]): SecureContext => {
  const key = roots.join();
  const known = contexts.get(key);
  if (known) return known;
  const ca = new Set([...getCACertificates('default'), ...getCACertificates('system'), ...roots]);
  const context = createSecureContext({ ca: [...ca] });
  contexts.set(key, context);
  return context;
};

const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (hostname, options, done) => {
    const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
    const first = found[0];
    if (!first) done(new Error(`${hostname} has no address`), [], 0);
    else if (options.all) done(null, found);
    else done(null, first.address, first.family);
  };

/** Connections of TCP that cannot be made have no message where several addresses were tried. */
const wordsOf = (error: Error): string =>
  error.message || ((error as NodeJS.ErrnoException).code ?? error.name);

export function dial({ url, addresses, roots, headers, handshakeMs }: DialRequest): Dial {
  const { promise: done, resolve } = Promise.withResolvers<Dialled>();
  const { host, protocol } = new URL(url);
  const socket = new WebSocket(url, {
    headers,
    lookup: pinned(addresses),
    // Base64 of audio compresses badly, and every 20 ms anew.
    perMessageDeflate: false,
    maxPayload: longestFrame,
    followRedirects: false,
    ...(protocol === 'wss:' ? { secureContext: contextFor(roots) } : {}),
  });
  const fail = (fault: StreamFault, why: string): void => {
    settle({ fault, why });
    socket.terminate();
  };
  // Not `handshakeTimeout` of ws: somebody who sends a byte now and then keeps that waiting for ever.
  const timer = setTimeout(
    () => fail('timed-out', `${host} did not answer the handshake within ${handshakeMs / 1000} s`),
    handshakeMs,
  );
  const settle = (dialled: Dialled): void => {
    clearTimeout(timer);
    resolve(dialled);
  };
  socket.on('open', () => settle({ socket }));
  socket.on('unexpected-response', (request, { statusCode = 0 }) => {
    request.destroy();
    fail(faultOf(statusCode), `${host} answered the handshake with ${statusCode}, not 101`);
  });
  // Stays: what is terminated while it connects says so here, and nobody wants to know.
  socket.on('error', (error) => fail('handshake-failed', `${host} cannot be connected: ${wordsOf(error)}`));
  return { done, abandon: () => fail('handshake-failed', 'it was given up') };
}
