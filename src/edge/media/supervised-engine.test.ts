import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkHandlers, OpenLink } from './engine-link.ts';
import type { Command } from './messages.ts';
import { openMediaDiary, until } from './phone.fixture.ts';
import { SupervisedEngine } from './supervised-engine.ts';

/** Engines that do what a test says: each `open` is one. */
const openEngine = (heartbeatLimit = 50) => {
  const opened: LinkHandlers[] = [];
  const commands: Command[] = [];
  const signals: string[] = [];
  const failures: (string | undefined)[] = [];
  const diary = openMediaDiary();
  const open: OpenLink = (_settings, handlers) => {
    opened.push(handlers);
    return {
      pid: opened.length,
      send: (command) => commands.push(command),
      signal: (signal) => signals.push(signal) > 0,
      close: async () => {},
    };
  };
  const engine = new SupervisedEngine({
    settings: { rtpPorts: [0, 0], address: '127.0.0.1' },
    open,
    heartbeatLimit,
    onEvent: diary.onEvent,
    onNote: () => {},
    onReleased: () => {},
    onQuestion: async () => ({ heard: 'nothing' }),
    onStarted: (failure) => failures.push(failure),
  });
  engine.start();
  return { engine, opened, commands, signals, failures, diary };
};

test('an engine that never comes up is tried again later, and legs are refused with its last words', async () => {
  const { engine, opened, failures, diary } = openEngine();
  opened[0]?.gone('no such file');
  assert.equal(opened.length, 1);
  assert.deepEqual(failures, ['no such file']);
  engine.allocate('call', 'leg');
  assert.match((await diary.next('refused')).why, /no such file/);
  await until(
    () => opened.length === 2,
    () => 'it was not tried again',
  );
  await engine.stop();
});

test('an engine that was up is replaced at once, and hears that it is to be deaf', async () => {
  const { engine, opened, commands, diary } = openEngine();
  opened[0]?.report({ kind: 'ready', seq: 1 });
  engine.deafen(true);
  engine.allocate('call', 'leg');
  opened[0]?.gone('killed');
  assert.equal(opened.length, 2);
  assert.equal(commands.filter(({ kind }) => kind === 'deafen').length, 2);
  assert.deepEqual((await diary.next('process-died')).legIds, ['leg']);
  assert.deepEqual(
    commands.map(({ seq }) => seq),
    commands.map((_, index) => index + 1),
  );
  await engine.stop();
});

test('an engine that answers no heartbeat is killed; what it says later is not heard', async () => {
  const { engine, opened, signals, diary } = openEngine();
  opened[0]?.report({ kind: 'ready', seq: 1 });
  engine.allocate('call', 'leg');
  assert.deepEqual((await diary.next('process-mute')).legIds, ['leg']);
  assert.deepEqual(signals, ['SIGKILL']);
  const local = { address: '127.0.0.1', port: 1 };
  const late = { kind: 'allocated', legId: 'leg', local } as const;
  opened[0]?.report({ kind: 'event', seq: 2, callId: 'call', event: late });
  opened[0]?.gone('killed');
  assert.deepEqual(
    diary.events.map(({ kind }) => kind),
    ['process-mute'],
  );
  await engine.stop();
});
