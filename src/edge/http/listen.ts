import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { encodeError } from '../../wire/rest/error-body.ts';
import type { HttpLimits } from './dependencies.ts';

export interface TlsIdentity {
  /** Leaf first, PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface ListenOptions {
  readonly hosts: readonly string[];
  readonly port: number;
  /** Named when the port is taken. */
  readonly flag: string;
  readonly tls?: TlsIdentity;
}

/** A port that somebody else has; the message names the flag. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
}

export interface Listening {
  readonly port: number;
  readonly servers: readonly Server[];
}

type Failure = Error & { readonly code?: string };

/** What Node refuses before there is a request: RFC 9110 status, body in the shape of every other error. */
function answerBrokenRequest(error: Failure, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason, detail] =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout', 'the headers of the request did not come in time']
      : error.code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large', 'the headers are larger than this server reads']
        : [400, 'Bad Request', 'this is not an HTTP/1.1 request'];
  const body = JSON.stringify(encodeError({ code: status, name: reason, detail }));
  const head = `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n`;
  socket.end(head + body);
}

/** Raw connections of TLS servers: `closeAllConnections` knows only those whose handshake has ended. */
const underTls = new WeakMap<Server, Set<Socket>>();

/** Also of clients that have said nothing yet. */
export function closeConnections(server: Server): void {
  server.closeAllConnections();
  for (const socket of underTls.get(server) ?? []) socket.destroy();
}

function open(handler: RequestListener, limits: HttpLimits, tls: TlsIdentity | undefined): Server {
  const options = {
    headersTimeout: limits.headersTimeoutMs,
    // The body has a clock of its own, which answers in the ordinary way; this one is the last resort.
    requestTimeout: limits.headersTimeoutMs + limits.bodyTimeoutMs + 5_000,
    connectionsCheckingInterval: Math.max(100, Math.min(limits.headersTimeoutMs / 4, 5_000)),
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    maxHeaderSize: 16_384,
    noDelay: true,
  };
  const server = tls
    ? createHttps(
        { ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTimeoutMs },
        handler,
      )
    : createHttp(options, handler);
  server.maxConnections = limits.connections;
  server.on('clientError', answerBrokenRequest);
  server.on('tlsClientError', (_error: Error, socket: Socket) => socket.destroy());
  if (tls) {
    const raw = new Set<Socket>();
    underTls.set(server, raw);
    server.on('connection', (socket: Socket) => {
      raw.add(socket);
      socket.once('close', () => raw.delete(socket));
    });
  }
  return server;
}

function bind(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, ipv6Only: host.includes(':') }, () => {
      server.off('error', reject);
      // Errors after this are those of single connections.
      server.on('error', () => {});
      resolve((server.address() as AddressInfo).port);
    });
  });
}

const isMissingAddress = (error: unknown): boolean =>
  ['EADDRNOTAVAIL', 'EAFNOSUPPORT'].includes((error as Failure).code ?? '');

async function bindAll(
  handler: RequestListener,
  limits: HttpLimits,
  options: ListenOptions,
): Promise<Listening> {
  const servers: Server[] = [];
  let port = options.port;
  try {
    for (const [i, host] of options.hosts.entries()) {
      const server = open(handler, limits, options.tls);
      try {
        port = await bind(server, host, port);
        servers.push(server);
      } catch (error) {
        // A machine without IPv6 still has 127.0.0.1.
        if (!isMissingAddress(error) || (i === options.hosts.length - 1 && servers.length === 0)) throw error;
      }
    }
  } catch (error) {
    for (const server of servers) server.close();
    throw error;
  }
  return { port, servers };
}

/** Every host on one port; port 0 takes one that is free on all of them. */
export async function listen(
  handler: RequestListener,
  limits: HttpLimits,
  options: ListenOptions,
): Promise<Listening> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await bindAll(handler, limits, options);
    } catch (error) {
      const { code, message } = error as Failure;
      if (code === 'EADDRINUSE' && options.port === 0 && attempt < 10) continue;
      if (code === 'EADDRINUSE')
        throw new PortTaken(
          `Port ${options.port} is taken; ${options.flag} chooses another (0: any free one).`,
        );
      if (code === 'EACCES')
        throw new PortTaken(
          `Port ${options.port} may not be opened by this user; ${options.flag} chooses another.`,
        );
      throw new Error(
        `Cannot listen on ${options.hosts.join(', ')} port ${options.port} (${options.flag}): ${message}`,
        { cause: error },
      );
    }
  }
}

export const isSecure = (raw: IncomingMessage): boolean =>
  'encrypted' in raw.socket && raw.socket.encrypted === true;
