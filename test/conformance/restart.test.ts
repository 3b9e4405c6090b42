/** The server as a process of its own: killed in mid-call, started again on the same data, told to stop. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Application, invite, openApplication } from '../peers/application.ts';
import { type ServerProcess, startServerProcess } from '../peers/server-process.ts';
import { reached } from '../peers/timeline.ts';

const answering = '+15005552000';
const ringing = '+15005551800';

interface ListedCall {
  readonly connectionIds: readonly string[];
  readonly row?: string;
}

let data: string;
let server: ServerProcess;
let app: Application;

async function start(settings: Readonly<Record<string, string>> = {}, http = 0): Promise<ServerProcess> {
  server = await startServerProcess({ data, flags: ['--allow-http-callbacks'], settings, ports: { http } });
  return server;
}

async function call(to: string): Promise<string> {
  const { callConnectionProperties } = await app.client.createCall(invite(to), app.callbackUrl);
  return callConnectionProperties.callConnectionId ?? '';
}

const calls = async (): Promise<readonly ListedCall[]> =>
  ((await signedRequest(server.ready, 'GET', 'calls?limit=1000', undefined)) as { value: ListedCall[] })
    .value;

const results = (id: string) =>
  app.events
    .filter(({ callConnectionId }) => callConnectionId === id)
    .map(({ kind, resultInformation }) => `${kind} ${resultInformation?.code}/${resultInformation?.subCode}`);

/** A TCP port that nobody is given by chance while the server is away: below the ephemeral ones. */
async function quietPort(): Promise<number> {
  for (;;) {
    const port = 11_000 + Math.floor(Math.random() * 8000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'ringback-restart-'));
});
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  await app?.[Symbol.asyncDispose]();
  rmSync(data, { recursive: true, force: true });
});

describe('a server that is killed', { timeout: 60_000 }, () => {
  test('ends on its return the calls that were alive, and delivers what it owed in order', async () => {
    await start();
    app = await openApplication({ server: server.ready });
    const takes = app.webhook.answer;
    app.webhook.answer = () => ({ status: 503 });
    const [up, waiting] = [await call(answering), await call(ringing)];
    await reached(server.ready, up, /first (audio )?packet/i);
    await reached(server.ready, waiting, /^180 /);
    await app.webhook.until(1);
    server.signal('SIGKILL');
    assert.deepEqual(await server.exited, { code: null, signal: 'SIGKILL' });

    app.webhook.answer = takes;
    await start();
    await app.next('CallDisconnected', up);
    await app.next('CallDisconnected', waiting);
    assert.deepEqual(results(up), [
      'CallConnected 200/0',
      'ParticipantsUpdated 200/0',
      'CallDisconnected 500/0',
    ]);
    assert.deepEqual(results(waiting), ['CreateCallFailed 500/0', 'CallDisconnected 500/0']);
    assert.deepEqual(
      (await calls()).map(({ row }) => row),
      ['call/500', 'call/500'],
    );
    await using back = await openApplication({ server: server.ready });
    await assert.rejects(back.client.getCallConnection(up).hangUp(true), { statusCode: 400, code: '8528' });
  });

  test('knows every call whose create it had answered', async () => {
    await start();
    app = await openApplication({ server: server.ready });
    const answered: string[] = [];
    let unanswered = 0;
    const callers = Array.from({ length: 8 }, async () => {
      while (unanswered === 0) {
        try {
          answered.push(await call(ringing));
        } catch {
          unanswered += 1;
        }
        if (answered.length === 40) server.signal('SIGKILL');
      }
    });
    await Promise.all(callers);
    await server.exited;
    assert.ok(answered.length >= 40);

    await start();
    const known = new Map(
      (await calls()).flatMap(({ connectionIds: [id = ''], row }) => [[id, row] as const]),
    );
    assert.deepEqual(
      answered.filter((id) => known.get(id) !== 'call/500'),
      [],
    );
    for (const id of answered) await app.next('CallDisconnected', id);
  });

  test('leaves alone what begins while it comes back', async () => {
    const port = await quietPort();
    await start({}, port);
    app = await openApplication({ server: server.ready });
    const before = await call(ringing);
    server.signal('SIGKILL');
    await server.exited;

    const placed: string[] = [];
    let isBack = false;
    const caller = (async () => {
      while (!isBack) {
        await call(ringing).then(
          (id) => placed.push(id),
          () => new Promise((resolve) => setTimeout(resolve, 2)),
        );
      }
    })();
    await start({}, port).finally(() => {
      isBack = true;
    });
    await caller;
    placed.push(await call(ringing));
    await app.next('CallDisconnected', before);
    const ended = (await calls()).filter(({ row }) => row !== undefined);
    assert.deepEqual(
      ended.map(({ connectionIds: [id] }) => id),
      [before],
    );
  });
});

describe('a server that is told to stop', { timeout: 60_000 }, () => {
  const draining = () =>
    until('draining', async () => {
      const { status } = await fetch(new URL('/health/ready', server.ready.httpEndpoint));
      return status === 503 ? { is: undefined } : { notYet: `/health/ready says ${status}` };
    });

  test('takes no new call, lets the live one go on for a while and ends it with 503', async () => {
    await start({ RINGBACK_DRAIN_TIMEOUT: '1s' });
    app = await openApplication({ server: server.ready });
    const id = await call(answering);
    await app.next('CallConnected', id);
    server.signal('SIGTERM');
    await draining();
    await assert.rejects(call(answering), (error: Error & { code?: string; statusCode?: number }) => {
      const { response } = error as { response?: { headers: { get(name: string): string | undefined } } };
      assert.deepEqual([error.statusCode, error.code], [503, '9998']);
      assert.match(response?.headers.get('retry-after') ?? '', /^\d+$/);
      return true;
    });
    const { callConnectionState } = await app.client.getCallConnection(id).getCallConnectionProperties();
    assert.equal(callConnectionState, 'connected');
    await app.next('CallDisconnected', id);
    assert.equal(results(id).at(-1), 'CallDisconnected 503/0');
    assert.deepEqual(await server.exited, { code: 0, signal: null });
  });

  test('goes as soon as its last call is over', async () => {
    await start({ RINGBACK_DRAIN_TIMEOUT: '50s' });
    app = await openApplication({ server: server.ready });
    const id = await call(answering);
    await app.next('CallConnected', id);
    server.signal('SIGINT');
    await draining();
    await app.client.getCallConnection(id).hangUp(false);
    await app.next('CallDisconnected', id);
    assert.equal(results(id).at(-1), 'CallDisconnected 200/7000');
    assert.deepEqual(await server.exited, { code: 0, signal: null });
  });

  test('goes at once when it is told twice, and ends the call on its return', async () => {
    await start({ RINGBACK_DRAIN_TIMEOUT: '50s' });
    app = await openApplication({ server: server.ready });
    const id = await call(answering);
    await app.next('CallConnected', id);
    server.signal('SIGTERM');
    await draining();
    server.signal('SIGTERM');
    assert.deepEqual(await server.exited, { code: 143, signal: null });
    await start();
    await app.next('CallDisconnected', id);
    assert.equal(results(id).at(-1), 'CallDisconnected 500/0');
  });
});
