/** A receiver of callbacks and events, as an application would write it. */
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Closes the connection without a word. */
  | 'hang-up'
  /** Never answers. */
  | 'silence';

export type Answering = (request: Received, count: number) => Answer | Promise<Answer>;

export class Receiver {
  readonly received: Received[] = [];
  readonly #server: Server;
  readonly #scheme: 'http' | 'https';
  readonly #listeners = new Set<() => void>();
  answer: Answering;
  connections = 0;

  private constructor(answer: Answering, tls?: { readonly key: string; readonly cert: string }) {
    this.answer = answer;
    this.#scheme = tls ? 'https' : 'http';
    const listener: RequestListener = (request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (part: string) => {
        body += part;
      });
      request.on('end', async () => {
        const got: Received = {
          method: request.method ?? '',
          path: request.url ?? '',
          headers: request.headers,
          body,
        };
        this.received.push(got);
        const given = await this.answer(got, this.received.length);
        if (given === 'hang-up') request.socket.destroy();
        else if (given !== 'silence') response.writeHead(given.status, given.headers).end(given.body);
        for (const tell of this.#listeners) tell();
      });
    };
    this.#server = tls ? createTlsServer(tls, listener) : createServer(listener);
    this.#server.on('connection', () => {
      this.connections += 1;
    });
  }

  static async open(
    answer: Answering = () => ({ status: 200 }),
    tls?: { readonly key: string; readonly cert: string },
    port = 0,
  ): Promise<Receiver> {
    const receiver = new Receiver(answer, tls);
    await new Promise<void>((resolve) => receiver.#server.listen(port, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(path = '/'): string {
    return `${this.#scheme}://localhost:${this.port}${path}`;
  }

  /** Resolves once `count` requests were answered. */
  async until(count: number, limitMs = 3000): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const check = (): void => {
        if (this.received.length < count) return;
        clearTimeout(timer);
        this.#listeners.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#listeners.delete(check);
        reject(new Error(`The receiver got ${this.received.length} of ${count} requests.`));
      }, limitMs);
      this.#listeners.add(check);
      check();
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** What happened to each event, as an application sees it. */
export const bodies = (receiver: Receiver): readonly { readonly type: string; readonly id: string }[] =>
  receiver.received.map(({ body }) => {
    const value = JSON.parse(body);
    return Array.isArray(value) ? value[0] : value;
  });
