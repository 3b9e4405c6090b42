/** A webhook that keeps nothing: an event goes to whoever waits for it, and is forgotten. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

type Data = Readonly<Record<string, unknown>>;
const limitMs = 30_000;
const object = (value: unknown): Data => (typeof value === 'object' && value !== null ? (value as Data) : {});

export class BriefWebhook {
  readonly #server: Server;
  readonly #waiting = new Map<string, (data: Data) => void>();
  /** Events that came before somebody asked. */
  readonly #early = new Map<string, Data>();
  readonly #incoming: Data[] = [];
  readonly #takers: ((data: Data) => void)[] = [];

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const events = (JSON.parse(Buffer.concat(chunks).toString()) as unknown[]).map(object);
      const code = object(events[0]?.data).validationCode;
      response.end(JSON.stringify(code === undefined ? {} : { validationResponse: code }));
      if (code === undefined) for (const event of events) this.#take(event);
    });
  }

  static async open(): Promise<BriefWebhook> {
    const webhook = new BriefWebhook();
    await new Promise<void>((resolve) => webhook.#server.listen(0, '127.0.0.1', resolve));
    return webhook;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Events not yet waited for: none, when every event of every call was. */
  get left(): number {
    return this.#early.size + this.#incoming.length;
  }

  event(type: string, connectionId: string): Promise<Data> {
    const key = `${type} ${connectionId}`;
    const early = this.#early.get(key);
    this.#early.delete(key);
    return early ? Promise.resolve(early) : this.#wait(key, (found) => this.#waiting.set(key, found));
  }

  incoming(): Promise<Data> {
    const first = this.#incoming.shift();
    return first ? Promise.resolve(first) : this.#wait('IncomingCall', (found) => this.#takers.push(found));
  }

  /** Connections that rest are closed: what is counted afterwards is not theirs. */
  rest(): void {
    this.#server.closeIdleConnections();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #wait(what: string, ask: (found: (data: Data) => void) => void): Promise<Data> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${what} did not come`)), limitMs);
      ask((data) => {
        clearTimeout(timer);
        resolve(data);
      });
    });
  }

  #take(event: Data): void {
    const type = String(event.type ?? event.eventType).replace('Microsoft.Communication.', '');
    const data = object(event.data);
    if (type === 'IncomingCall') {
      const taker = this.#takers.shift();
      if (taker) taker(data);
      else this.#incoming.push(data);
      return;
    }
    const key = `${type} ${data.callConnectionId}`;
    const found = this.#waiting.get(key);
    this.#waiting.delete(key);
    if (found) found(data);
    else if (type !== 'ParticipantsUpdated') this.#early.set(key, data);
  }
}
