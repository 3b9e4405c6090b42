/** An application in a process of its own: creates calls over signed REST, takes their events at a webhook, hangs up. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { newestApiVersion } from '../src/wire/rest/api-versions.ts';
import { signRequest } from '../src/wire/rest/sign-request.ts';
import { ask, endWithTheBench } from './child.ts';
import { pause, percentile } from './figures.ts';
import { numbersOfPeer } from './server.ts';

export interface Orders {
  /** Creates `rate` calls per second for `seconds` and hangs each up as soon as it is connected. */
  readonly run: { readonly rate: number; readonly seconds: number };
  /** Creates so many calls, `rate` per second, and leaves them connected. */
  readonly hold: { readonly count: number; readonly rate: number };
  /** Hangs up what is held, `rate` per second. */
  readonly release: { readonly rate: number };
}

export interface Told {
  readonly asked: number;
  readonly connected: number;
  readonly disconnected: number;
  /** Requests that were not answered with success, and calls that ended otherwise than asked. */
  readonly failed: number;
  /** From sending POST to the webhook's having CallConnected, in ms. */
  readonly p50: number;
  readonly p99: number;
  /** From the first request until the last call was over, in seconds. */
  readonly seconds: number;
  /** Ids of call connections that are held. */
  readonly held: readonly string[];
}

export interface Application {
  ask<K extends keyof Orders>(order: K, values: Orders[K]): Promise<Told>;
  stop(): void;
}

const patienceMs = 5000;

export async function startApplication(endpoint: string, key: string): Promise<Application> {
  const child = fork(fileURLToPath(import.meta.url), ['application', endpoint, key], {
    // NaN is a figure too.
    serialization: 'advanced',
  });
  await ask(child);
  return {
    ask: (order, values) => ask(child, { [order]: values }),
    stop: () => void child.kill(),
  };
}

interface Placed {
  readonly sentAt: number;
  connectedAt?: number;
  connection?: string;
  over?: boolean;
}

interface Event {
  readonly type: string;
  readonly data: { readonly operationContext?: string; readonly callConnectionId: string };
}

class Calls {
  readonly #pool: Pool;
  readonly #endpoint: string;
  readonly #key: string;
  readonly #callbackUri: string;
  #placed = new Map<string, Placed>();
  #count = 0;
  #holding = false;
  #tally = { connected: 0, disconnected: 0, failed: 0 };
  #latencies: number[] = [];

  constructor(endpoint: string, key: string, callbackUri: string) {
    this.#endpoint = endpoint;
    this.#key = key;
    this.#callbackUri = callbackUri;
    this.#pool = new Pool(new URL(endpoint).origin, { connections: 32 });
  }

  heard({ type, data }: Event): void {
    const placed = this.#placed.get(data.operationContext ?? '');
    if (!placed) return;
    if (type === 'Microsoft.Communication.CallConnected') {
      this.#tally.connected += 1;
      placed.connectedAt = performance.now();
      placed.connection = data.callConnectionId;
      this.#latencies.push(placed.connectedAt - placed.sentAt);
      if (!this.#holding) void this.#hangUp(placed);
    } else if (type === 'Microsoft.Communication.CallDisconnected') {
      this.#tally.disconnected += 1;
      placed.over = true;
    }
  }

  async run({ rate, seconds }: Orders['run']): Promise<Told> {
    this.#begin(false);
    return this.#place(rate * seconds, rate, () => this.#tally.disconnected);
  }

  async hold({ count, rate }: Orders['hold']): Promise<Told> {
    this.#begin(true);
    return this.#place(count, rate, () => this.#tally.connected);
  }

  async release({ rate }: Orders['release']): Promise<Told> {
    const held = [...this.#placed.values()];
    const started = performance.now();
    await this.#paced(held.length, rate, (n) => held[n] && this.#hangUp(held[n]));
    await this.#until(held.length, () => this.#tally.disconnected);
    return this.#told(held.length, started);
  }

  #begin(holding: boolean): void {
    this.#holding = holding;
    this.#placed = new Map();
    this.#tally = { connected: 0, disconnected: 0, failed: 0 };
    this.#latencies = [];
  }

  async #place(count: number, rate: number, done: () => number): Promise<Told> {
    const started = performance.now();
    await this.#paced(count, rate, () => this.#create());
    await this.#until(count, done);
    return this.#told(count, started);
  }

  async #paced(count: number, rate: number, one: (n: number) => unknown): Promise<void> {
    const started = performance.now();
    for (let n = 0; n < count; ) {
      const due = Math.min(count, Math.ceil(((performance.now() - started) / 1000) * rate));
      for (; n < due; n++) void one(n);
      await pause(2);
    }
  }

  async #until(count: number, done: () => number): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (done() + this.#tally.failed < count && performance.now() < deadline) await pause(5);
  }

  #told(asked: number, started: number): Told {
    return {
      asked,
      ...this.#tally,
      p50: percentile(this.#latencies, 0.5),
      p99: percentile(this.#latencies, 0.99),
      seconds: (performance.now() - started) / 1000,
      held: [...this.#placed.values()].flatMap(({ connection, over }) =>
        connection && !over ? [connection] : [],
      ),
    };
  }

  async #create(): Promise<void> {
    this.#count += 1;
    const operationContext = String(this.#count);
    this.#placed.set(operationContext, { sentAt: performance.now() });
    const value = numbersOfPeer(this.#count);
    const body = JSON.stringify({
      targets: [{ kind: 'phoneNumber', rawId: `4:${value}`, phoneNumber: { value } }],
      sourceCallerIdNumber: { value: '+18005550100' },
      callbackUri: this.#callbackUri,
      operationContext,
    });
    await this.#request('POST', 'calling/callConnections', body, 201);
  }

  async #hangUp({ connection }: Placed): Promise<void> {
    await this.#request('DELETE', `calling/callConnections/${connection}`, '', 204);
  }

  async #request(method: 'POST' | 'DELETE', path: string, body: string, wanted: number): Promise<void> {
    const url = new URL(`${path}?api-version=${newestApiVersion}`, this.#endpoint);
    const signed = signRequest({ method, url, body, key: this.#key, date: new Date().toUTCString() });
    try {
      const answer = await this.#pool.request({
        method,
        path: url.pathname + url.search,
        headers: { ...signed, ...(body === '' ? {} : { 'content-type': 'application/json' }) },
        ...(body === '' ? {} : { body }),
      });
      const text = await answer.body.text();
      if (answer.statusCode !== wanted) throw new Error(`${method}: ${answer.statusCode} ${text}`);
    } catch (error) {
      if (this.#tally.failed === 0) console.error(error instanceof Error ? error.message : error);
      this.#tally.failed += 1;
    }
  }
}

async function application(endpoint: string, key: string): Promise<void> {
  endWithTheBench();
  const webhook = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      response.end();
      for (const event of JSON.parse(body) as readonly Event[]) calls.heard(event);
    });
  });
  webhook.listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const calls = new Calls(
    endpoint,
    key,
    `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/events`,
  );
  process.on('message', (order: Partial<Orders>) => {
    const told = order.run
      ? calls.run(order.run)
      : order.hold
        ? calls.hold(order.hold)
        : calls.release(order.release ?? { rate: 100 });
    void told.then((answer) => process.send?.(answer));
  });
  process.send?.('ready');
}

if (process.argv[2] === 'application') await application(process.argv[3] ?? '', process.argv[4] ?? '');
