/** `ringback trunks watch` beside a server whose trunk comes, takes calls and goes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication } from '../peers/application.ts';
import { openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';
import { type Watch, watchTrunks } from '../peers/trunk-watch.ts';

const healthInterval = '1m';

let line: PhoneLine;
/** The line is cut once, by the test or after it. */
let cut: () => Promise<void>;
let server: Ringback;
let app: Application;
const open = async (): Promise<void> => {
  line = await openPhoneLine();
  let done: PromiseLike<void> | undefined;
  cut = async () => {
    done ??= line[Symbol.asyncDispose]();
    await done;
  };
  server = await startRingback({
    config: `
carrier: { simulated: false }
trunks: [{ name: phones, kind: carrier, host: 127.0.0.1, port: ${line.port} }]
routes: [{ pattern: '\\+1555\\d{7}', trunk: phones }]
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms, healthInterval: ${healthInterval} }
drainTimeout: 100ms
`,
  });
  app = await openApplication({ server: server.server.ready });
};

const watches: Watch[] = [];
const watching = (...flags: readonly string[]): Watch => {
  const one = watchTrunks(server, ...flags);
  watches.push(one);
  return one;
};
afterEach(async () => {
  for (const { child } of watches.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
  await server.stop();
  await cut();
  await app[Symbol.asyncDispose]();
});

async function call(): Promise<string> {
  const { callConnectionProperties } = await app.client.createCall(invite('+15557654321'), app.callbackUrl);
  const id = callConnectionProperties.callConnectionId ?? '';
  await app.next('CallConnected', id);
  return id;
}

test('a line for each change of calls and health, until it is interrupted', async () => {
  await open();
  const { line: next, interrupt } = watching();
  assert.equal(await next(), 'phones is up, 0 live calls');
  await call();
  assert.equal(await next(), 'phones has 1 live call, had 0');
  (await line.answered()).hangUp();
  assert.equal(await next(), 'phones has 0 live calls, had 1');
  await cut();
  await server.clock.advance(healthInterval);
  assert.match(await next(), /^phones was up and is down \(.+\)$/);
  assert.equal(await interrupt(), 0);
});

test('a server that goes is told once; with --json each change is an object', async () => {
  await open();
  const { line: next, interrupt } = watching('--json');
  const { at, ...found } = JSON.parse(await next()) as Readonly<Record<string, unknown>>;
  assert.match(String(at), /^\d{4}-.*Z$/);
  assert.deepEqual(found, { change: 'found', trunk: 'phones', health: 'up', liveCalls: 0 });
  await server.stop();
  assert.match(await next(), /"change":"server-silent","why":"No server answers at /);
  assert.equal(await interrupt(), 0);
});

test('a reader of the lines that has seen enough ends it', async () => {
  await open();
  const { line: next, child } = watching();
  await next();
  const exited = once(child, 'exit');
  child.stdout?.destroy();
  await call();
  assert.deepEqual(await exited, [0, null]);
});
