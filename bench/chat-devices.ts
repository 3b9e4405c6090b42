/** People of one chat thread, each with a device that confirms what it is told as the official client does. A process of its own. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import { signRequest } from '../src/wire/rest/sign-request.ts';
import { ask, endWithTheBench } from './child.ts';
import { percentile } from './figures.ts';

export interface Door {
  readonly endpoint: string;
  /** Base64. */
  readonly key: string;
  /** PEM. */
  readonly ca: string;
}

export interface DeviceOrders {
  /** Makes users, a device for each, and a thread of them all. */
  readonly people: { readonly count: number };
  /** The bare broadcaster instead: that many connections. */
  readonly bare: { readonly count: number };
  /** Connects so many devices of one user and says nothing. */
  readonly idle: { readonly count: number };
  /** Sends for `seconds`, with `inFlight` messages not answered yet, or `perSecond` of them. */
  readonly send: { readonly seconds: number; readonly inFlight: number; readonly perSecond?: number };
  /** Which of the messages that were accepted are in the thread; `door`: of the server that was started again. */
  readonly missing: { readonly door: Door };
}

export interface DevicesTold {
  readonly accepted: number;
  readonly delivered: number;
  readonly seconds: number;
  /** From POST to notification, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly failed: number;
  readonly missing: number;
}

export interface Devices {
  ask<K extends keyof DeviceOrders>(order: K, values: DeviceOrders[K]): Promise<DevicesTold>;
  stop(): void;
}

export async function startDevices(door: Door): Promise<Devices> {
  const child: ChildProcess = fork(fileURLToPath(import.meta.url), ['devices'], {
    serialization: 'advanced',
  });
  await ask(child, { door });
  return { ask: (order, values) => ask(child, { [order]: values }), stop: () => void child.kill() };
}

const versions = { identity: '2023-10-01', chat: '2024-03-07' };
const connections = 32;
/** Answers and pings of devices after the last message. */
const quietMs = 300;
const patienceMs = 10_000;

let door: Door;
let pool: Pool;
let threadId = '';
let tokens: readonly string[] = [];
let sockets: WebSocket[] = [];
let post: (text: string) => Promise<boolean>;
const sentAt: number[] = [];
const accepted: string[] = [];
let delays: number[] = [];
let delivered = 0;

async function request(
  method: 'GET' | 'POST',
  path: string,
  headers: Record<string, string>,
  body?: unknown,
) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const answer = await pool.request({
    method,
    path,
    headers: { ...headers, ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(text === undefined ? {} : { body: text }),
  });
  const got = await answer.body.text();
  if (answer.statusCode >= 300)
    throw new Error(`${method} ${path} was answered ${answer.statusCode}: ${got}`);
  return answer.headers['content-type']?.includes('json')
    ? (JSON.parse(got) as Record<string, unknown>)
    : { text: got };
}

async function token(): Promise<{ readonly id: string; readonly token: string }> {
  const path = `/identities?api-version=${versions.identity}`;
  const body = { createTokenWithScopes: ['chat'] };
  const headers = signRequest({
    method: 'POST',
    url: new URL(path, door.endpoint),
    body: JSON.stringify(body),
    key: door.key,
    date: new Date().toUTCString(),
  });
  const made = (await request('POST', path, headers, body)) as unknown as {
    identity: { id: string };
    accessToken: { token: string };
  };
  return { id: made.identity.id, token: made.accessToken.token };
}

/** Reads the number of the message, confirms, and asks for a sign of life, as the client does after each answer. */
function listen(socket: WebSocket): void {
  socket.on('message', (data) => {
    const frame = String(data);
    if (frame.startsWith('6:::')) {
      delivered++;
      return;
    }
    const id = /^3:::\{"id":(\d+)/.exec(frame)?.[1];
    if (id === undefined) return;
    const number = /messageBody\\":\\"text (\d+)\./.exec(frame)?.[1];
    if (number === undefined) {
      socket.send(`3:::{"id":${id},"status":200}`);
      return;
    }
    delays.push(performance.now() - (sentAt[Number(number)] ?? 0));
    socket.send(`3:::{"id":${id},"status":200,"headers":{"trouter-client":"{\\"cd\\":0}"},"body":""}`);
    socket.send('5:1+::{"name":"ping"}');
  });
  socket.on('error', () => {});
}

async function connectTo(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, { ca: door.ca, perMessageDeflate: false });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('message', () => resolve());
  });
  listen(socket);
  return socket;
}

async function device(user: string, number: number): Promise<WebSocket> {
  const headers = { 'x-skypetoken': user };
  const session = (await request('POST', '/v4/a', headers)) as unknown as {
    surl: string;
    connectparams: Record<string, string>;
  };
  const { text } = (await request(
    'GET',
    `/socket.io/1/?${new URLSearchParams(session.connectparams)}`,
    headers,
  )) as {
    text: string;
  };
  const url = new URL(`/socket.io/1/websocket/${text.split(':')[0]}`, door.endpoint.replace('https', 'wss'));
  const socket = await connectTo(url.href);
  await request('POST', '/v3/registrations', headers, {
    registrationId: `device-${number}`,
    transports: { TROUTER: [{ path: session.surl, ttl: 7200 }] },
  });
  return socket;
}

async function inParts<T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> {
  const made: T[] = [];
  for (let n = 0; n < count; n += connections) {
    const part = Array.from({ length: Math.min(connections, count - n) }, (_, i) => make(n + i));
    made.push(...(await Promise.all(part)));
  }
  return made;
}

async function people({ count }: DeviceOrders['people']): Promise<void> {
  leave();
  const users = await inParts(count, token);
  tokens = users.map((user) => user.token);
  sockets = await inParts(count, (n) => device(tokens[n] ?? '', n));
  const bearer = { authorization: `Bearer ${tokens[0]}` };
  const created = (await request('POST', `/chat/threads?api-version=${versions.chat}`, bearer, {
    topic: 'load',
    participants: [],
  })) as { chatThread: { id: string } };
  threadId = created.chatThread.id;
  const path = `/chat/threads/${encodeURIComponent(threadId)}`;
  for (let n = 1; n < count; n += 200) {
    const participants = users
      .slice(n, n + 200)
      .map(({ id }) => ({ communicationIdentifier: { rawId: id } }));
    await request('POST', `${path}/participants/:add?api-version=${versions.chat}`, bearer, { participants });
  }
  post = async (content) => {
    const { id } = await request('POST', `${path}/messages?api-version=${versions.chat}`, bearer, {
      content,
    });
    accepted.push(String(id));
    return true;
  };
}

async function bare({ count }: DeviceOrders['bare']): Promise<void> {
  leave();
  sockets = await inParts(count, () => connectTo(door.endpoint.replace('https', 'wss')));
  const sender = await connectTo(`${door.endpoint.replace('https', 'wss')}sender`);
  sockets.push(sender);
  const waiting: (() => void)[] = [];
  sender.on('message', () => waiting.shift()?.());
  post = (content) => {
    sender.send(content);
    return new Promise((resolve) => waiting.push(() => resolve(true)));
  };
}

function leave(): void {
  for (const socket of sockets) socket.terminate();
  sockets = [];
}

async function sending({ seconds, inFlight, perSecond }: DeviceOrders['send']): Promise<DevicesTold> {
  accepted.length = 0;
  sentAt.length = 0;
  delays = [];
  delivered = 0;
  let failed = 0;
  let done = 0;
  const from = performance.now();
  const until = from + seconds * 1000;
  const one = async (): Promise<void> => {
    const number = sentAt.push(performance.now()) - 1;
    try {
      await post(`text ${number}. ${'lorem ipsum '.repeat(8)}`);
      done++;
    } catch {
      failed++;
    }
  };
  if (perSecond === undefined) {
    const worker = async (): Promise<void> => {
      while (performance.now() < until && failed < 100) await one();
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
  } else {
    const all: Promise<void>[] = [];
    for (let now = from; now < until; now = performance.now()) {
      while (sentAt.length < ((now - from) / 1000) * perSecond) all.push(one());
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await Promise.all(all);
  }
  const last = performance.now();
  const members = tokens.length === 0 ? sockets.length - 1 : sockets.length;
  while (delivered < done * members && failed === 0 && performance.now() < last + patienceMs)
    await new Promise((resolve) => setTimeout(resolve, 5));
  const took = (performance.now() - from) / 1000;
  await new Promise((resolve) => setTimeout(resolve, quietMs));
  return {
    accepted: done,
    delivered,
    seconds: took,
    p50: percentile(delays, 0.5),
    p99: percentile(delays, 0.99),
    failed,
    missing: done * members - delivered,
  };
}

async function missing(again: Door): Promise<number> {
  await useDoor(again);
  const found = new Set<string>();
  let path = `/chat/threads/${encodeURIComponent(threadId)}/messages?maxPageSize=200&api-version=${versions.chat}`;
  for (;;) {
    const page = (await request('GET', path, { authorization: `Bearer ${tokens[0]}` })) as {
      value: { id: string }[];
      nextLink?: string;
    };
    for (const { id } of page.value) found.add(id);
    if (page.nextLink === undefined) return accepted.filter((id) => !found.has(id)).length;
    const { pathname, search } = new URL(page.nextLink);
    path = pathname + search;
  }
}

async function useDoor(next: Door): Promise<void> {
  door = next;
  pool = new Pool(new URL(next.endpoint).origin, { connections, pipelining: 1, connect: { ca: next.ca } });
}

const nothing: DevicesTold = {
  accepted: 0,
  delivered: 0,
  seconds: 0,
  p50: Number.NaN,
  p99: Number.NaN,
  failed: 0,
  missing: 0,
};

async function obey(order: Partial<DeviceOrders> & { readonly door?: Door }): Promise<DevicesTold> {
  if (order.door) await useDoor(order.door);
  if (order.people) await people(order.people);
  if (order.bare) {
    tokens = [];
    await bare(order.bare);
  }
  if (order.idle) {
    leave();
    const user = await token();
    sockets = await inParts(order.idle.count, (n) => device(user.token, n));
  }
  if (order.send) return sending(order.send);
  if (order.missing)
    return { ...nothing, accepted: accepted.length, missing: await missing(order.missing.door) };
  return nothing;
}

if (process.argv[2] === 'devices') {
  endWithTheBench();
  process.on('message', (order: Parameters<typeof obey>[0]) => {
    obey(order).then(
      (told) => process.send?.(told),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}
