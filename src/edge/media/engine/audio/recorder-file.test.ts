/** What a recorder writes. */
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { GrowingBlob } from '../../../../app/ports/blobs.ts';
import type { RecordingEvent } from '../../../../domain/media/recording.ts';
import { separate } from '../../../../wire/wav/growing-wav.ts';
import { readWav, samplesOf } from '../../../../wire/wav/wav.ts';
import { until } from '../../phone.fixture.ts';
import { openBlobs } from './blobs.fixture.ts';
import { Recorder, type RecorderOptions } from './recorder.ts';
import type { CallFrame } from './voice.ts';

async function open(t: TestContext, options: Partial<RecorderOptions> = {}) {
  const { blobs } = await openBlobs(t);
  const told: RecordingEvent[] = [];
  const recorder = new Recorder({
    ...{ recordingId: 'rec', name: 'file', blobs, channels: 'mixed', channelOf: [], paused: false },
    participant: (legId) => `4:${legId}`,
    tell: (event) => told.push(event),
    ...options,
  });
  return {
    recorder,
    told,
    /** So many frames, in which everybody says a sample again and again. */
    hear: (count: number, says: Readonly<Record<string, number>>): void => {
      const frame: CallFrame = {
        mixed: new Int16Array(320).fill(Object.values(says).reduce((sum, each) => sum + each, 0)),
        legIds: Object.keys(says),
        heard: (legId) => (says[legId] ? new Int16Array(320).fill(says[legId]) : undefined),
      };
      for (let n = 0; n < count; n++) recorder.frame(frame);
    },
    read: async () => {
      const wav = readWav((await blobs.get('file'))!);
      assert.ok('data' in wav, JSON.stringify(wav));
      assert.equal(wav.data.length, wav.declaredBytes);
      return wav;
    },
  };
}

/** Lengths in frames of what is one sample again and again: `[sample, frames]`. */
function runs(samples: Int16Array): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let at = 0; at < samples.length; at += 320) {
    const last = found.at(-1);
    if (last && last[0] === samples[at]) last[1]++;
    else found.push([samples[at]!, 1]);
  }
  return found;
}

test('everything that was heard is in the file, and nothing of a pause', async (t) => {
  const { recorder, told, hear, read } = await open(t);
  hear(70, { alice: 100, bob: 11 });
  recorder.pause(true);
  recorder.pause(true);
  hear(30, { alice: 100, bob: 22 });
  recorder.pause(false);
  hear(33, { alice: 100, bob: 33 });
  await Promise.all([recorder.stop(), recorder.stop()]);
  hear(10, { alice: 44 });
  const { data, channels, sampleRate } = await read();
  assert.deepEqual([channels, sampleRate], [1, 16_000]);
  assert.deepEqual(runs(samplesOf(data)), [
    [111, 70],
    [133, 33],
  ]);
  assert.deepEqual(
    told.map(({ now }) => now).filter((now) => now === 'paused' || now === 'stopped'),
    ['paused', 'stopped'],
  );
  const last = told.at(-1);
  assert.ok(last?.now === 'stopped');
  assert.equal(last.durationMs, 103 * 20);
});

test('a recording that begins paused says so, and holds what comes after', async (t) => {
  const { recorder, told, hear, read } = await open(t, { paused: true });
  await until(
    () => told.length > 0,
    () => 'it has not begun',
  );
  hear(10, { alice: 1 });
  recorder.pause(false);
  hear(5, { alice: 2 });
  await recorder.stop();
  assert.deepEqual(
    told.map(({ now }) => now),
    ['paused', 'active', 'stopped'],
  );
  assert.deepEqual(runs(samplesOf((await read()).data)), [[2, 5]]);
});

test('a file that is cut off plays up to the last second', async (t) => {
  const { recorder, hear, read } = await open(t);
  hear(60, { alice: 7 });
  const wav = await until(
    async () => {
      const found = await read().catch(() => undefined);
      return found && found.data.length > 0 ? found : undefined;
    },
    () => 'nothing is written',
  );
  assert.deepEqual(runs(samplesOf(wav.data)), [[7, 50]]);
  await recorder.stop();
});

test('participants have channels as promised, then as they are first heard, five of them', async (t) => {
  const { recorder, told, hear, read } = await open(t, {
    channels: 'unmixed',
    channelOf: [
      { rawId: '4:promised', channel: 0 },
      { rawId: '4:absent', channel: 3 },
    ],
  });
  hear(2, { first: 1 });
  hear(2, { first: 1, second: 2, promised: 9, silent: 0 });
  hear(2, { third: 3, fourth: 4, second: 2 });
  await recorder.stop();
  const { data, channels } = await read();
  assert.equal(channels, 5);
  const [promised, first, second, absent, third] = separate(data, 5).map(runs);
  assert.deepEqual(promised, [
    [0, 2],
    [9, 2],
    [0, 2],
  ]);
  assert.deepEqual(first, [
    [1, 4],
    [0, 2],
  ]);
  assert.deepEqual(second, [
    [0, 2],
    [2, 4],
  ]);
  assert.deepEqual(absent, [[0, 6]]);
  assert.deepEqual(third, [
    [0, 4],
    [3, 2],
  ]);
  const last = told.at(-1);
  assert.ok(last?.now === 'stopped');
  assert.deepEqual(last.channels, ['4:promised', '4:first', '4:second', null, '4:third']);
});

/** A disk that takes what it is given only when a test lets it, as a network drive does. */
function slowDisk() {
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  let closed = 0;
  const blob: GrowingBlob = {
    write: async (at) => {
      if (at > 0) await released;
    },
    close: async () => {
      closed++;
    },
  };
  return { blob, release, closed: () => closed };
}

test('a disk that takes nothing for half a minute has failed, and its file is closed', async (t) => {
  const disk = slowDisk();
  const { blobs } = await openBlobs(t);
  const slow = Object.assign(Object.create(blobs), { grow: async () => disk.blob });
  const { recorder, told, hear } = await open(t, { blobs: slow });
  await until(
    () => told.length > 0,
    () => 'it has not begun',
  );
  for (let second = 0; second < 31; second++) {
    hear(50, { alice: 1 });
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.deepEqual(
    told.map(({ now }) => now),
    ['active'],
  );
  hear(50, { alice: 1 });
  const failed = told.at(-1);
  assert.ok(failed?.now === 'failed');
  assert.match(failed.why, /30 seconds/);
  assert.equal(disk.closed(), 0);
  disk.release();
  await recorder.stop();
  assert.equal(disk.closed(), 1);
  assert.equal(told.length, 2);
});
