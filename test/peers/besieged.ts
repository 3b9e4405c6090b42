/** A whole server under bad input: what it logged, whether it still serves, and requests of every kind to it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { HttpReply, HttpRequest } from '../../scenarios/scenario.ts';
import { application } from '../../scenarios/stage/application.ts';
import { apiVersion, send } from '../../scenarios/stage/client.ts';
import { Inbox } from '../../scenarios/stage/inbox.ts';
import { type RowId, rowById } from '../../src/codes/catalogue.ts';
import { developmentKey } from '../../src/config/development.ts';
import { type Ringback, type RingbackOptions, startRingback } from '../../src/testing.ts';
import { signRequest } from '../../src/wire/rest/sign-request.ts';
import { exchange, type RawReply } from './raw-http.ts';

export { developmentKey };
export const otherKey = Buffer.from('the key of another resource, known to this test alone').toString(
  'base64',
);
export const secondKey = Buffer.from('the secondary key of the first resource of this test').toString(
  'base64',
);

/** Two resources, the first with both its keys; `more` is further configuration. */
export const twoResources = (more = ''): string => `
resources:
  - name: dev
    id: 11111111-2222-4333-8444-555566667777
    keys: [${developmentKey}, ${secondKey}]
    admin: true
  - name: other
    id: 99999999-2222-4333-8444-555566667777
    keys: [${otherKey}]
drainTimeout: 100ms
${more}`;

export interface LoggedLine {
  readonly level: string;
  readonly event: string;
  readonly [name: string]: unknown;
}

export const createPath = '/calling/callConnections';
export const phone = (number: string) => ({ kind: 'phoneNumber', phoneNumber: { value: number } });

export class Besieged {
  readonly server: Ringback;
  readonly inbox: Inbox;
  readonly lines: LoggedLine[];
  /** A call that is up for as long as the siege lasts: reading it is the good request. */
  #known = '';

  private constructor(server: Ringback, inbox: Inbox, lines: LoggedLine[]) {
    this.server = server;
    this.inbox = inbox;
    this.lines = lines;
  }

  static async start(options: RingbackOptions = {}): Promise<Besieged> {
    const lines: LoggedLine[] = [];
    const inbox = new Inbox();
    await inbox.start();
    const server = await startRingback({
      config: twoResources(),
      ...options,
      log: (line) => void lines.push(JSON.parse(line)),
    });
    const besieged = new Besieged(server, inbox, lines);
    const call = await besieged.app.call('+15005552000');
    await call.event('CallConnected');
    besieged.#known = call.connectionId;
    return besieged;
  }

  get app() {
    const ask = (request: HttpRequest): Promise<HttpReply> => this.send(request);
    return application({ name: 'app', inbox: this.inbox, send: ask, admin: ask });
  }

  get known(): string {
    return this.#known;
  }

  send(request: HttpRequest, key = developmentKey): Promise<HttpReply> {
    const { httpEndpoint: http, endpoint: https, ca } = this.server;
    return send({ http, https, ca }, key, request);
  }

  createBody(changes: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
    return {
      targets: [phone('+15005554860')],
      callbackUri: this.inbox.url('/app/callbacks'),
      sourceCallerIdNumber: { value: '+18005550100' },
      ...changes,
    };
  }

  get httpPort(): number {
    return Number(new URL(this.server.httpEndpoint).port);
  }

  get httpsPort(): number {
    return Number(new URL(this.server.endpoint).port);
  }

  /** Bytes to the plain port, and what comes back until the server closes or has answered. */
  raw(bytes: string | Uint8Array): Promise<RawReply> {
    return exchange({ port: this.httpPort, bytes });
  }

  /** A signed request with these very bytes as its body. */
  post(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) {
    const url = new URL(`${path}?api-version=${apiVersion}`, this.server.httpEndpoint);
    const signed = signRequest({
      method: 'POST',
      url,
      body,
      key: developmentKey,
      date: new Date().toUTCString(),
    });
    const bytes = Buffer.from(body);
    const head = { host: url.host, 'content-type': 'application/json', ...signed, ...headers };
    const lines = Object.entries({ ...head, 'content-length': String(bytes.length), connection: 'close' });
    const text = `POST ${url.pathname}${url.search} HTTP/1.1\r\n${lines.map(([n, v]) => `${n}: ${v}`).join('\r\n')}\r\n\r\n`;
    return this.raw(Buffer.concat([Buffer.from(text, 'latin1'), bytes]));
  }

  /** Ready, serving, and nothing was thrown meanwhile. */
  async holds(expected: (line: LoggedLine) => boolean = () => false): Promise<void> {
    // What was complained of once does not spoil what comes after.
    const lines = this.lines.splice(0);
    const wrong = lines.filter(({ event }) => event === 'bug' || event === 'trouble');
    assert.deepEqual(
      wrong.filter((line) => !expected(line)),
      [],
      'the server met a defect of its own',
    );
    const ready = await this.send({ method: 'GET', path: '/health/ready', credentials: 'none' });
    assert.deepEqual(ready.body, { status: 'ready', not: [] });
    const read = await this.send({ method: 'GET', path: `${createPath}/${this.#known}` });
    assert.equal(read.status, 200, JSON.stringify(read.body));
  }

  /** The whole way of a call: request, SIP, outcome, webhook. */
  async placesCalls(): Promise<void> {
    const call = await this.app.call('+15005554860');
    const { code, subCode } = await call.event('CreateCallFailed');
    assert.deepEqual({ code, subCode }, { code: 486, subCode: 560486 });
    await this.holds();
  }

  async stop(): Promise<void> {
    await this.send({ method: 'DELETE', path: `${createPath}/${this.#known}` });
    await this.server.stop();
    await this.inbox.stop();
  }
}

/** A refusal says three things: the status, the code and in its message what exactly is wrong. */
export function assertRefused(
  reply: { readonly status: number; readonly body: unknown },
  row: RowId,
  says: string | RegExp,
): void {
  const { code, subCode } = rowById(row);
  const { error } = (reply.body ?? {}) as { error?: { code: unknown; message: string } };
  assert.deepEqual(
    { status: reply.status, code: error?.code },
    { status: code, code: String(subCode ?? code) },
    (JSON.stringify(reply.body) ?? 'no JSON').slice(0, 500),
  );
  const message = error?.message ?? '';
  if (typeof says === 'string')
    assert.ok(message.includes(says), `"${message.slice(0, 500)}" does not say "${says}"`);
  else assert.match(message, says);
}

export const repeatability = (id: string = randomUUID()) => ({
  'repeatability-request-id': id,
  'repeatability-first-sent': new Date().toUTCString(),
});
