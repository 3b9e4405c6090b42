import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import type { MediaAddress } from '../../src/app/ports/trunk.ts';
import { forkEngine } from '../../src/edge/media/engine-link.ts';
import { createMediaHost, type MediaHost, type MediaHostOptions } from '../../src/edge/media/host.ts';
import type { EngineSettings } from '../../src/edge/media/messages.ts';
import { type MediaDiary, openMediaDiary, openTestPhone, until } from '../../src/edge/media/phone.fixture.ts';

interface Stage extends AsyncDisposable {
  readonly host: MediaHost;
  readonly diary: MediaDiary;
  allocate(legId: string, callId?: string): Promise<MediaAddress>;
}

const openStage = async (options: Partial<MediaHostOptions> = {}): Promise<Stage> => {
  const diary = openMediaDiary();
  const settings = { rtpPorts: [0, 0], address: '127.0.0.1' } as const;
  const host = createMediaHost({ ...settings, onEvent: diary.onEvent, ...options });
  await host.start();
  return {
    host,
    diary,
    allocate: async (legId, callId = 'call') => {
      host.port.allocate(callId, legId);
      return (await diary.next('allocated', legId)).local;
    },
    [Symbol.asyncDispose]: () => host.stop(),
  };
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('a media process that is killed ends its legs, and the next call gets a new one', async () => {
  await using stage = await openStage();
  const [before] = stage.host.pids();
  await stage.allocate('one');
  await stage.allocate('two');
  stage.host.killProcess();
  const died = await stage.diary.next('process-died');
  assert.deepEqual(died.legIds, ['one', 'two']);
  assert.match(died.why, /SIGKILL/);
  await stage.allocate('three');
  assert.notDeepEqual(stage.host.pids(), [before]);
});

test('a media process that is stopped counts as mute, is killed and replaced', async () => {
  await using stage = await openStage({ heartbeatLimit: 500 });
  const before = stage.host.pids();
  await stage.allocate('one');
  stage.host.stopProcess();
  assert.deepEqual((await stage.diary.next('process-mute')).legIds, ['one']);
  await until(
    () => !before.some(isAlive),
    () => `process ${before.join()} is still there`,
  );
  await stage.allocate('two');
  assert.equal(
    stage.diary.events.some(({ kind }) => kind === 'process-died'),
    false,
  );
});

test('a media process that continues in time has lost nothing', async () => {
  await using stage = await openStage();
  const before = stage.host.pids();
  await stage.allocate('one');
  stage.host.stopProcess();
  stage.host.port.ask('one');
  stage.host.continueProcess();
  await stage.diary.next('told');
  assert.deepEqual(stage.host.pids(), before);
});

test('garbage on an RTP port is counted and harms nothing', async () => {
  await using stage = await openStage();
  const phone = await openTestPhone();
  const local = await stage.allocate('leg');
  const hostile = ['', 'x', '\x80', '\x80\x00'.repeat(6), `\xbf${'\xff'.repeat(1400)}`, 'a'.repeat(60_000)];
  for (const text of hostile) phone.send(local, Buffer.from(text, 'latin1'));
  phone.say(local);
  await stage.diary.next('heard');
  const statistics = await stage.host.statistics('leg');
  // One of them has the shape of RTP.
  assert.equal(statistics?.garbage, hostile.length - 1);
  await phone.close();
});

test('each key is told once, though its end comes three times', async () => {
  await using stage = await openStage();
  const phone = await openTestPhone();
  const local = await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  for (const key of '1#9') {
    phone.press(local, key);
    const { tone, durationMs } = await stage.diary.next('tone');
    assert.deepEqual([tone, durationMs], [key, 100]);
  }
  phone.say(local);
  stage.host.port.ask('leg');
  await stage.diary.next('told');
  assert.equal(stage.diary.events.filter(({ kind }) => kind === 'tone').length, 3);
  await phone.close();
});

test('a leg sends about fifty packets a second', async () => {
  await using stage = await openStage();
  const phone = await openTestPhone();
  await stage.allocate('leg');
  stage.host.port.connect('leg', phone.media);
  await until(
    () => phone.heard.length > 0,
    () => 'no packet came',
  );
  const had = phone.heard.length;
  const since = performance.now();
  await until(
    () => performance.now() - since >= 1000,
    () => 'a second did not pass',
  );
  const perSecond = ((phone.heard.length - had) * 1000) / (performance.now() - since);
  assert.ok(perSecond > 40 && perSecond < 60, `${perSecond} packets a second`);
  await phone.close();
});

test('legs of one call share a process, and calls are spread over the processes', async () => {
  await using stage = await openStage({ processes: 2 });
  await stage.allocate('a1', 'a');
  await stage.allocate('b1', 'b');
  await stage.allocate('a2', 'a');
  const [first] = stage.host.pids();
  process.kill(first!, 'SIGKILL');
  assert.deepEqual((await stage.diary.next('process-died')).legIds, ['a1', 'a2']);
  stage.host.port.ask('b1');
  await stage.diary.next('told', 'b1');
});

test('what a media process that cannot start said is told', async () => {
  const { promise, resolve } = Promise.withResolvers<string>();
  forkEngine({} as EngineSettings, { report: () => {}, gone: resolve });
  assert.match(await promise, /ended with code 1: .*rtpPorts/s);
});

test('a media process leaves when its parent is killed', async () => {
  const url = new URL('../../src/edge/media/host.ts', import.meta.url);
  const script = `
    const { createMediaHost } = await import(${JSON.stringify(url)});
    const host = createMediaHost({ rtpPorts: [0, 0], address: '127.0.0.1', onEvent() {} });
    await host.start();
    console.log(host.pids().join());`;
  const parent: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', script]);
  const [line] = (await once(parent.stdout!, 'data')) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(isAlive(pid));
  parent.kill('SIGKILL');
  await until(
    () => !isAlive(pid),
    () => `media process ${pid} outlives its parent`,
  );
});

test('stopping leaves no process behind, even one that is stopped', async () => {
  const stage = await openStage({ processes: 2 });
  const pids = stage.host.pids();
  await stage.allocate('leg');
  process.kill(pids[0]!, 'SIGSTOP');
  await stage.host.stop();
  assert.deepEqual(pids.filter(isAlive), []);
});
