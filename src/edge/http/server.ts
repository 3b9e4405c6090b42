/** The HTTP edge: one Fastify application behind a plain and a TLS server. */
import { randomUUID } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { adminOperations } from './admin/operations.ts';
import { callAutomation } from './call-automation.ts';
import { chat } from './chat.ts';
import { createAuthenticate } from './credentials.ts';
import type { HttpDependencies } from './dependencies.ts';
import type { Exchange, Reply } from './exchange.ts';
import { identity } from './identity.ts';
import { closeConnections, isSecure, listen, type TlsIdentity } from './listen.ts';
import { openPaths } from './open-paths.ts';
import { operationRecord } from './operation-record.ts';
import { phoneNumbers } from './phone-numbers.ts';
import { realtime } from './realtime.ts';
import { recordingContent } from './recording-content.ts';
import { createRepeatability } from './repeatability.ts';
import { requestPath } from './request-path.ts';
import { preflight, responseHeaders } from './response-headers.ts';
import { createRouter } from './router.ts';
import { sipRouting } from './sip-routing.ts';
import { sms } from './sms.ts';
import { tokenExchange } from './token-exchange.ts';

export interface StartOptions {
  /** Addresses to bind; each gets both ports. */
  readonly hosts: readonly string[];
  /** Undefined: no plain HTTP. */
  readonly httpPort?: number;
  /** Undefined: no HTTPS. */
  readonly https?: { readonly port: number; readonly tls: TlsIdentity };
}

export interface HttpAddress {
  readonly httpPort?: number;
  readonly httpsPort?: number;
}

export interface HttpServer {
  /** For tests: `inject` without a socket. */
  readonly app: FastifyInstance;
  start(options: StartOptions): Promise<HttpAddress>;
  /** Another certificate, for new connections. */
  useCertificate(tls: TlsIdentity): void;
  /** Requests under way. */
  underWay(): number;
  /** Stops listening, waits for requests under way up to `deadlineMs` of wall time, then closes what is left. */
  stop(deadlineMs: number): Promise<void>;
}

const noBody = Buffer.alloc(0);

/** What is served and signed is `/path?query`, also where the request line has the absolute form (RFC 9112 3.2.2). */
const originForm = (target: string): string =>
  target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?]*/i, '');

/** The client closed the connection before it had everything. */
const isGone = (error: unknown): boolean =>
  ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');

function split(target: string): { readonly path: string; readonly query: string } {
  const question = target.indexOf('?');
  const path = question === -1 ? target : target.slice(0, question);
  return {
    // The Chat SDK joins an endpoint that ends in a slash to a path that begins with one.
    path: path.replace(/^\/\/chat\//, '/chat/'),
    query: question === -1 ? '' : target.slice(question + 1),
  };
}

export function createHttpServer(deps: HttpDependencies): HttpServer {
  const ports: number[] = [];
  let underWay = 0;
  const route = createRouter([
    ...openPaths(deps),
    ...callAutomation(deps),
    ...recordingContent(deps),
    ...identity(deps),
    ...tokenExchange(deps),
    ...(deps.chats ? chat({ ...deps, chats: deps.chats }) : []),
    ...(deps.realtime ? realtime({ ...deps, realtime: deps.realtime }) : []),
    ...(deps.numbers ? phoneNumbers({ ...deps, numbers: deps.numbers }) : []),
    ...(deps.sipRouting ? sipRouting({ ...deps, sipRouting: deps.sipRouting }) : []),
    ...(deps.texts ? sms({ ...deps, texts: deps.texts }) : []),
    ...adminOperations(deps),
  ]);
  const serve = requestPath(deps, {
    route,
    authenticate: createAuthenticate(deps, () => ports),
    repeatably: createRepeatability(deps),
    underWay: () => underWay,
  });

  const send = (x: Exchange, startedAt: number, reply: Reply, out: FastifyReply): void => {
    underWay--;
    const { refused } = reply;
    if (refused && !reply.recorded) deps.records.refused(refused, reply.callId);
    deps.log.request({
      method: x.method,
      path: x.path,
      status: reply.status,
      ms: performance.now() - startedAt,
      requestId: x.requestId,
      ...(x.operation === undefined ? {} : { operation: x.operation.name }),
      ...(x.resource === undefined ? {} : { resource: x.resource.name }),
      ...(refused === undefined ? {} : { refused }),
    });
    const operation = operationRecord(x, reply, deps.clock.now(), performance.now() - startedAt);
    if (operation) deps.records.operation(operation);
    const headers = responseHeaders(x, reply);
    const { body, bytes: file } = reply;
    // Straight to the socket: no hook or serializer of Fastify's has anything to add.
    out.hijack();
    if (file !== undefined) {
      headers['content-length'] = String(file.length);
      out.raw.writeHead(reply.status, headers).end(file);
      return;
    }
    if (reply.stream !== undefined) {
      headers['content-length'] = String(reply.stream.length);
      out.raw.writeHead(reply.status, headers);
      // What breaks off here has a status already: the connection ends short of its length, and the client sees that.
      pipeline(reply.stream.pieces, out.raw).catch((error: unknown) => {
        if (!isGone(error)) deps.log.bug(error, x.requestId);
        out.raw.destroy();
      });
      return;
    }
    if (body === undefined) {
      out.raw.writeHead(reply.status, headers).end();
      return;
    }
    const bytes = Buffer.byteLength(body);
    headers['content-length'] = String(bytes);
    // One byte per character: written without transcoding.
    out.raw.writeHead(reply.status, headers).end(body, bytes === body.length ? 'latin1' : 'utf8');
  };

  /** What throws this late has no answer any more; the next request has. */
  const finish = (x: Exchange, startedAt: number, reply: Reply, out: FastifyReply): void => {
    try {
      send(x, startedAt, reply, out);
    } catch (error) {
      deps.log.bug(error, x.requestId);
      out.raw.destroy();
    }
  };

  const handle = (request: FastifyRequest, out: FastifyReply): void => {
    const startedAt = performance.now();
    underWay++;
    const { raw } = request;
    const target = originForm(request.originalUrl);
    const x: Exchange = {
      raw,
      response: out.raw,
      method: raw.method ?? 'GET',
      target,
      ...split(target),
      headers: raw.headers,
      secure: isSecure(raw),
      requestId: randomUUID(),
      operation: undefined,
      params: [],
      apiVersion: '',
      body: noBody,
      bodyHash: '',
      resource: undefined,
      accessKey: undefined,
      user: undefined,
    };
    const reply = preflight(x) ?? serve(x);
    if (reply instanceof Promise) void reply.then((settled) => finish(x, startedAt, settled, out));
    else finish(x, startedAt, reply, out);
  };

  let listener: RequestListener = () => {};
  const app = fastify({
    logger: false,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    // Only HTTP/1.1 bytes come through here; the sockets are opened in `start`, several with the same listener.
    serverFactory: (handler) => {
      listener = handler as RequestListener;
      return createServer(handler);
    },
    // A path that is not percent-encoded UTF-8: found by nobody, answered like any other.
    frameworkErrors: (_error, request, out) => handle(request as FastifyRequest, out as FastifyReply),
  });
  // The path reads bodies itself, after it has decided to (`read-body.ts`).
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'],
    url: '*',
    handler: handle,
  });
  app.setNotFoundHandler(handle);
  app.setErrorHandler((error, request, out) => {
    // A content type that cannot be read is no reason to refuse: bodies are JSON whatever they call themselves.
    if (error instanceof Error && 'code' in error && error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') {
      handle(request, out);
      return;
    }
    deps.log.bug(error, request.id);
    out.code(500).send();
  });

  let servers: readonly Server[] = [];
  let secure: readonly Server[] = [];
  return {
    app,
    underWay: () => underWay,
    async start({ hosts, httpPort, https }) {
      await app.ready();
      const plain =
        httpPort === undefined
          ? undefined
          : await listen(listener, deps.limits, { hosts, port: httpPort, flag: '--http-port' });
      servers = plain?.servers ?? [];
      const tls =
        https === undefined
          ? undefined
          : await listen(listener, deps.limits, {
              hosts,
              port: https.port,
              tls: https.tls,
              flag: '--https-port',
            }).catch((error: unknown) => {
              for (const server of servers) server.close();
              throw error;
            });
      secure = tls?.servers ?? [];
      // Bearer tokens do not travel in the clear, nor does what they open.
      if (deps.upgrade) for (const server of secure) server.on('upgrade', deps.upgrade);
      servers = [...servers, ...secure];
      for (const port of [plain?.port, tls?.port]) if (port !== undefined) ports.push(port);
      return { ...(plain ? { httpPort: plain.port } : {}), ...(tls ? { httpsPort: tls.port } : {}) };
    },
    useCertificate(tls) {
      for (const server of secure)
        if ('setSecureContext' in server) (server as import('node:https').Server).setSecureContext(tls);
    },
    async stop(deadlineMs) {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
      for (const server of servers) server.closeIdleConnections();
      const last = setTimeout(() => {
        for (const server of servers) closeConnections(server);
      }, deadlineMs);
      await Promise.all(closed);
      clearTimeout(last);
      await app.close();
    },
  };
}
