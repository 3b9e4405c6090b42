/**
 * A process of its own that repeats whole calls and prints, for each kind, what is left of them: one JSON line each.
 * Not inside a test: the runner follows every promise, and its own notes would be counted.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { globalAgent } from 'node:http';
import { globalAgent as secureAgent } from 'node:https';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { HttpReply, HttpRequest } from '../../scenarios/scenario.ts';
import { send } from '../../scenarios/stage/client.ts';
import { until } from '../../scenarios/stage/wait.ts';
import { developmentKey } from '../../src/config/development.ts';
import { memoryNetwork } from '../../src/edge/sip/network-memory.ts';
import { startRingback } from '../../src/testing.ts';
import { BriefWebhook } from './brief-webhook.ts';
import { send as sendAs } from './chat-people.ts';
import { PromptServer } from './prompt-server.ts';
import { RawDevice } from './raw-device.ts';
import { sine, wav } from './sound.ts';

export interface Left {
  readonly kind: string;
  readonly repetitions: number;
  /** Of the heap after a forced collection. */
  readonly grownBytes: number;
  /** Timers, sockets, children and files, counted by name. */
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  /** What the server says of itself: live calls, events owed, legs with audio. */
  readonly gauges: Readonly<Record<string, number>>;
  /** Events that nobody had expected. */
  readonly eventsLeft: number;
  /** Files that nobody closed: Node closes them when they are collected, and complains. */
  readonly abandonedFiles: number;
}

interface Pace {
  readonly repetitions: number;
  /** So many first, unmeasured: code is compiled, pools are filled. */
  readonly warmUp: number;
  readonly atOnce: number;
  /** Nothing is known of them when so much time has gone by. */
  readonly rememberedFor: string;
}
const usual: Pace = { repetitions: 500, warmUp: 150, atOnce: 20, rememberedFor: '2h' };
/** Audio takes its own time, some two seconds for each of these; a recording is kept for a day. */
const audible: Pace = { repetitions: 100, warmUp: 60, atOnce: 50, rememberedFor: '25h' };
const descriptors = '/proc/self/fd';
const prompt = wav(sine(440, 0.04));
const calls = '/calling/callConnections';
const recordings = '/calling/recordings';
const admin = '/ringback/v1';

const webhook = await BriefWebhook.open();
const prompts = await PromptServer.open({ 'brief.wav': prompt });
// The connection to a carrier of texts is there for good.
const server = await startRingback({
  config: '{ sms: { simulated: false }, chat: { rates: none } }',
  internals: { network: memoryNetwork(), mediaInProcess: true },
});

const blobs = join(dirname(server.caFile), 'blobs');

const ask = async (request: HttpRequest, status: number): Promise<HttpReply> => {
  const address = { http: server.httpEndpoint, https: server.endpoint, ca: server.ca };
  const reply = await send(address, developmentKey, request);
  assert.equal(reply.status, status, JSON.stringify(reply.body));
  return reply;
};
const createBody = (number: string) => ({
  targets: [{ kind: 'phoneNumber', phoneNumber: { value: number } }],
  callbackUri: webhook.url,
  sourceCallerIdNumber: { value: '+18005550100' },
  operationContext: randomUUID(),
});
const repeatability = () => ({
  'repeatability-request-id': randomUUID(),
  'repeatability-first-sent': new Date().toUTCString(),
});
const idOf = (reply: HttpReply): string => (reply.body as { callConnectionId: string }).callConnectionId;

async function create(to: string): Promise<string> {
  const headers = repeatability();
  return idOf(await ask({ method: 'POST', path: calls, body: createBody(to), headers }, 201));
}

async function hangUp(id: string): Promise<void> {
  await webhook.event('CallConnected', id);
  await ask({ method: 'DELETE', path: `${calls}/${id}` }, 204);
  await webhook.event('CallDisconnected', id);
}

async function act(id: string, action: string, body: object, headers = {}): Promise<void> {
  await ask({ method: 'POST', path: `${calls}/${id}:${action}`, body, headers }, 202);
}

/** The simulated phone sends back what it hears, keys as well: those that it is sent are those that it presses. */
async function talk(): Promise<void> {
  const echoing = '+15005552020';
  const source = { kind: 'file', file: { uri: prompts.file('brief.wav').url } };
  const targetParticipant = { kind: 'phoneNumber', phoneNumber: { value: echoing } };
  const id = await create(echoing);
  await webhook.event('CallConnected', id);
  const body = { callConnectionId: id, recordingContentType: 'audio', recordingFormatType: 'wav' };
  const started = await ask({ method: 'POST', path: recordings, body, headers: repeatability() }, 200);
  await webhook.event('RecordingStateChanged', id);
  await act(id, 'recognize', {
    recognizeInputType: 'dtmf',
    recognizeOptions: { targetParticipant, dtmfOptions: { maxTonesToCollect: 1 } },
  });
  await act(id, 'sendDtmfTones', { tones: ['one'], targetParticipant }, repeatability());
  await webhook.event('SendDtmfTonesCompleted', id);
  await webhook.event('RecognizeCompleted', id);
  await act(id, 'play', { playSources: [source] });
  await webhook.event('PlayStarted', id);
  await webhook.event('PlayCompleted', id);
  await act(id, 'play', { playSources: [source], playOptions: { loop: true } });
  await act(id, 'cancelAllMediaOperations', {});
  await webhook.event('PlayCanceled', id);
  const { recordingId } = started.body as { recordingId: string };
  await ask({ method: 'DELETE', path: `${recordings}/${recordingId}` }, 204);
  await webhook.event('RecordingStateChanged', id);
  await ask({ method: 'DELETE', path: `${calls}/${id}` }, 204);
  await webhook.event('CallDisconnected', id);
}

async function incoming(): Promise<string> {
  const body = { from: '+15005552000', to: '+18005550100' };
  const dialled = ask({ method: 'POST', path: `${admin}/dial`, body }, 201);
  const [event] = await Promise.all([webhook.incoming(), dialled]);
  return String(event.incomingCallContext);
}

interface Room {
  readonly sender: string;
  readonly listener: string;
  /** Of its messages. */
  readonly path: string;
}
let room: Promise<Room> | undefined;
const chatVersion = 'api-version=2025-03-15';

/** By hand: the clients of the SDKs keep connections of their own. */
async function openRoom(): Promise<Room> {
  const token = async (user: string) => {
    const { body } = await ask(
      { method: 'POST', path: `${admin}/tokens`, body: { user, scopes: ['chat'] } },
      201,
    );
    return body as { readonly token: string; readonly user: string };
  };
  const [sender, listener] = await Promise.all([token('sender'), token('listener')]);
  const participants = [{ communicationIdentifier: { rawId: listener.user } }];
  const body = { topic: 'room', participants };
  const made = await sendAs(server, sender.token, 'POST', `chat/threads?${chatVersion}`, body);
  const { chatThread } = made.body as { readonly chatThread: { readonly id: string } };
  const path = `chat/threads/${encodeURIComponent(chatThread.id)}/messages?${chatVersion}`;
  return { sender: sender.token, listener: listener.token, path };
}

/** Comes, hears a message that is meant for it, and goes as the client does. */
async function listen(): Promise<void> {
  room ??= openRoom();
  const { sender, listener, path } = await room;
  const device = new RawDevice({ server, token: listener, registrationId: randomUUID() });
  await device.connect();
  const content = randomUUID();
  assert.equal((await sendAs(server, sender, 'POST', path, { content })).status, 201);
  await device.until(({ heard }) => heard.some(({ messageBody }) => messageBody === content), 'its message');
  await device.leave();
  await device.unregister();
}

const kinds: Readonly<Record<string, () => Promise<void>>> = {
  'calls that connect and are hung up': async () => hangUp(await create('+15005552000')),
  'calls with prompts, keys and a recording': talk,
  'calls that a phone refuses': async () => {
    const id = await create('+15005554860');
    await webhook.event('CreateCallFailed', id);
    await webhook.event('CallDisconnected', id);
  },
  'creates that are refused': async () => {
    const good = createBody('+15005552000');
    const request = { method: 'POST', path: calls, headers: repeatability() } as const;
    await ask({ ...request, body: { ...good, targets: [] } }, 400);
    await ask({ ...request, body: { ...good, targets: [], x: 1 } }, 400);
    await ask({ ...request, body: good, credentials: 'none' }, 401);
    await ask({ ...request, body: good, credentials: { authorization: 'HMAC-SHA256 x' } }, 401);
    await ask({ method: 'GET', path: `${calls}/${randomUUID()}` }, 404);
  },
  'inbound calls that are answered': async () => {
    const body = { incomingCallContext: await incoming(), callbackUri: webhook.url };
    await hangUp(idOf(await ask({ method: 'POST', path: `${calls}:answer`, body }, 200)));
  },
  'inbound calls that are rejected': async () => {
    const body = { incomingCallContext: await incoming() };
    await ask({ method: 'POST', path: `${calls}:reject`, body }, 204);
  },
  'inbound calls to a number of nobody': async () => {
    const body = { from: '+15005552000', to: '+442079460000' };
    await ask({ method: 'POST', path: `${admin}/dial`, body }, 201);
  },
  'devices that hear a message and go': listen,
};

async function repeat(times: number, atOnce: number, run: () => Promise<void>): Promise<void> {
  let left = times;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function handles(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  // A turn that is due now is not held by anybody.
  delete counts.Immediate;
  if (existsSync(descriptors)) counts.descriptors = readdirSync(descriptors).length;
  // Prompts, what callers said, recordings.
  if (existsSync(blobs)) counts.blobs = readdirSync(blobs).length;
  return counts;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** The heap when collecting frees nothing more. */
async function heap(): Promise<number> {
  let last = Number.POSITIVE_INFINITY;
  for (;;) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    const used = process.memoryUsage().heapUsed;
    if (used > last - 10_000) return Math.min(used, last);
    last = used;
  }
}

/** By the agent whose connections are closed before counting. */
async function advance(duration: string): Promise<void> {
  const { body } = await ask({ method: 'POST', path: `${admin}/clock/advance`, body: { duration } }, 200);
  assert.equal((body as { busy?: readonly string[] }).busy, undefined);
}

/** Ended calls are remembered for a minute, transactions for less, repeated requests for an hour. */
async function forgotten(rememberedFor: string): Promise<void> {
  await advance(rememberedFor);
  await advance('1s');
  globalAgent.destroy();
  secureAgent.destroy();
  webhook.rest();
}

let abandonedFiles = 0;
process.on('warning', ({ message }) => {
  if (message.includes('on garbage collection')) abandonedFiles += 1;
});

async function gauges(): Promise<Readonly<Record<string, number>>> {
  const { body } = await ask({ method: 'GET', path: '/metrics', credentials: 'none' }, 200);
  const found = String(body).matchAll(/^(ringback_(?:calls_alive|outbox_owed|media_legs)) (\d+)$/gm);
  const read = Object.fromEntries([...found].map(([, name, value]) => [name, Number(value)]));
  globalAgent.destroy();
  return read;
}

async function measure(kind: string, run: () => Promise<void>): Promise<Left> {
  const { repetitions, warmUp, atOnce, rememberedFor } = run === talk ? audible : usual;
  await repeat(warmUp, atOnce, run);
  await forgotten(rememberedFor);
  await until('no connection', async () =>
    handles().TCPSocketWrap === undefined ? { is: undefined } : { notYet: JSON.stringify(handles()) },
  );
  const bytes = await heap();
  const before = handles();
  await repeat(repetitions, atOnce, run);
  await forgotten(rememberedFor);
  const same = (): boolean => JSON.stringify(handles()) === JSON.stringify(before);
  // What is not gone by then is what the test is told of.
  await until('as before', async () => (same() ? { is: true } : { notYet: '' })).catch(() => false);
  const after = handles();
  const grownBytes = (await heap()) - bytes;
  const eventsLeft = webhook.left;
  return { kind, repetitions, before, after, grownBytes, gauges: await gauges(), eventsLeft, abandonedFiles };
}

const subscription = { name: 'calls', endpoint: webhook.url, events: ['IncomingCall'] };
await ask({ method: 'POST', path: `${admin}/subscriptions`, body: subscription }, 201);
await advance('1s');
// What a process keeps of its first calls, compiled code above all, is not theirs.
await repeat(usual.repetitions, usual.atOnce, async () => hangUp(await create('+15005552000')));
for (const [kind, run] of Object.entries(kinds)) {
  process.stdout.write(`${JSON.stringify(await measure(kind, run))}\n`);
}
await server.stop();
await prompts[Symbol.asyncDispose]();
await webhook.close();
