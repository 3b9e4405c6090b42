/** A webhook on loopback: takes callbacks and Event Grid events and lets a scenario wait for them. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly path: string;
  /** Without `Microsoft.Communication.`. */
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type Behaviour = 'takes' | 'refuses' | 'broken' | 'silent';

const waitMs = 15_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export class Inbox {
  readonly #server: Server;
  readonly #received: Received[] = [];
  readonly #taken = new Set<Received>();
  readonly #behaviours = new Map<string, Behaviour>();
  #waiters: (() => void)[] = [];

  constructor() {
    this.#server = createServer((request, response) => {
      bodyOf(request)
        .then((body) => this.#answer(request, body))
        .then((answer) => {
          if (answer)
            response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
        })
        // The sender hung up: there is nobody to answer.
        .catch(() => response.destroy());
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** A path of this webhook with its own manners. */
  url(path: string, behaviour: Behaviour = 'takes'): string {
    this.#behaviours.set(path, behaviour);
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  /** The first event that fits and was not waited for yet; fails after a bounded wait, saying what came instead. */
  async next(what: string, fits: (event: Received) => boolean): Promise<Received> {
    const until = performance.now() + waitMs;
    for (;;) {
      const event = this.#received.find((candidate) => !this.#taken.has(candidate) && fits(candidate));
      if (event) {
        this.#taken.add(event);
        return event;
      }
      if (!(await this.#change(until - performance.now()))) {
        const seen = this.#received.map(({ type, path }) => `${type} at ${path}`).join(', ') || 'nothing';
        throw new Error(`${what} did not come within ${waitMs / 1000} s; what came: ${seen}`);
      }
    }
  }

  /** True when something came, false when the time is up. */
  #change(ms: number): Promise<boolean> {
    if (ms <= 0) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.#waiters.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }

  #answer(request: IncomingMessage, body: string): { status: number; body: string } | undefined {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const behaviour = this.#behaviours.get(path) ?? 'takes';
    if (behaviour === 'silent') return undefined;
    if (behaviour === 'broken') return { status: 500, body: '<html>out of order</html>' };
    const events = (JSON.parse(body) as unknown[]).map(record);
    if (request.headers['aeg-event-type'] === 'SubscriptionValidation') {
      return {
        status: 200,
        body: JSON.stringify({ validationResponse: record(events[0]?.data).validationCode }),
      };
    }
    if (behaviour === 'refuses') return { status: 500, body: '{}' };
    for (const event of events) {
      const type = String(event.type ?? event.eventType).replace('Microsoft.Communication.', '');
      this.#received.push({ path, type, data: record(event.data) });
    }
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
    return { status: 200, body: '{}' };
  }
}
