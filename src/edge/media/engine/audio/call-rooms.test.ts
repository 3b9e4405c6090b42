import assert from 'node:assert/strict';
import { readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MediaEvent } from '../../../../app/ports/media.ts';
import type { Recording } from '../../../../domain/media/recording.ts';
import { amplitudeAt, rms, sine } from '../../../../wire/audio/signals.fixture.ts';
import { readWav, samplesOf } from '../../../../wire/wav/wav.ts';
import { until } from '../../phone.fixture.ts';
import { Questions } from '../streaming/questions.ts';
import { openBlobs } from './blobs.fixture.ts';
import { CallRooms, type RoomCommand } from './call-rooms.ts';
import { Talker, tone } from './talker.fixture.ts';

type Told = Extract<MediaEvent, { readonly callId: string }>;
type Without<T, K extends string> = T extends T ? Omit<T, K> : never;

const callId = 'call';

async function open(t: TestContext, withBlobs = true) {
  const stage = await openBlobs(t);
  const talkers = new Map<string, Talker>();
  const told: Told[] = [];
  const rooms = new CallRooms({
    ...(withBlobs ? { blobs: stage.blobs } : {}),
    leg: (legId) => talkers.get(legId),
    tell: (_callId, event) => told.push(event),
    note: () => {},
    questions: new Questions(() => {}),
    rawId: () => undefined,
  });
  const kinds = (): readonly string[] =>
    told.map(({ event }) => ('kind' in event ? `${event.operationId} ${event.kind}` : event.now));
  return {
    ...stage,
    rooms,
    told,
    kinds,
    join: (legId: string, says?: Talker['says']): Talker => {
      const talker = new Talker(legId, says);
      talkers.set(legId, talker);
      rooms.join(callId, talker);
      return talker;
    },
    leave: (legId: string): void => {
      talkers.delete(legId);
      rooms.leave(callId, legId, talkers.size === 0);
    },
    frames: (count: number): void => {
      for (let n = 0; n < count; n++) rooms.frame();
    },
    handle: (command: Without<RoomCommand, 'seq' | 'callId'>): void =>
      rooms.handle({ seq: 1, callId, ...command } as RoomCommand),
    /** 20 ms after 20 ms, until that is told. */
    toldAfter: (what: string): Promise<true> =>
      until(
        () => {
          rooms.frame();
          return kinds().includes(what) ? true : undefined;
        },
        () => `no "${what}"; there were ${kinds().join(', ')}`,
      ),
  };
}

const play = (operationId: string, prompts: readonly string[], to: 'all' | readonly string[] = 'all') =>
  ({ kind: 'play', operationId, to, prompts, loop: false }) as const;

const recording = (changes: Partial<Recording['settings']> = {}, pauseOnStart = false) =>
  ({
    kind: 'record',
    recording: {
      id: 'rec',
      resourceId: 'res',
      settings: {
        content: 'audio',
        channels: 'mixed',
        format: 'wav',
        channelOf: [],
        storage: { kind: 'here' },
        ...changes,
      },
      apiVersion: '2026-03-12',
      requestedAt: 0,
      pauseOnStart,
      state: 'starting',
    },
    participants: { alice: '4:+1', bob: '4:+2' },
  }) as const;

const hears = (talker: Talker, hertz: number): boolean =>
  amplitudeAt(hertz, 8000, talker.heard.subarray(-1600)) > 4000;

test('prompts are read, heard in order, and told from the first frame to the last', async (t) => {
  const call = await open(t);
  const alice = call.join('alice');
  await call.prompt('low', sine(400, 16_000, 8000, 8000));
  await call.prompt('high', sine(1500, 16_000, 8000, 8000));
  call.handle(play('p', ['low', 'high']));
  await call.toldAfter('p prompt-began');
  alice.forget();
  await call.toldAfter('p prompt-ended');
  assert.deepEqual(call.kinds(), ['p prompt-began', 'p prompt-ended']);
  const heard = alice.heard;
  assert.ok(amplitudeAt(400, 8000, heard.subarray(800, 3200)) > 7000);
  assert.ok(amplitudeAt(1500, 8000, heard.subarray(5000, 7400)) > 7000);
});

test('a prompt that is stopped while it is read is never heard', async (t) => {
  const call = await open(t);
  const alice = call.join('alice');
  await call.prompt('low', sine(400, 16_000, 8000));
  call.handle(play('p', ['low']));
  call.handle({ kind: 'stop', what: 'prompt', operationId: 'p' });
  call.handle(play('q', ['low']));
  await call.toldAfter('q prompt-ended');
  assert.deepEqual(call.kinds(), ['q prompt-began', 'q prompt-ended']);
  assert.ok(alice.heard.length > 0);
});

test('a prompt that is gone fails by its index', async (t) => {
  const call = await open(t);
  call.join('alice');
  await call.prompt('there', sine(400, 16_000, 320));
  call.handle(play('p', ['there', 'gone']));
  await call.toldAfter('p prompt-failed');
  const [failed] = call.told;
  assert.ok(failed?.kind === 'operation' && failed.event.kind === 'prompt-failed');
  assert.equal(failed.event.index, 1);
  assert.match(failed.event.why, /the prompt gone is no longer there/);
});

test('one prompt ends while another goes on, and what is told names the right one', async (t) => {
  const call = await open(t);
  const [alice, bob] = [call.join('alice'), call.join('bob')];
  await call.prompt('short', sine(400, 16_000, 1600, 8000));
  await call.prompt('long', sine(1500, 16_000, 32_000, 8000));
  call.handle(play('all', ['long']));
  call.handle(play('one', ['short'], ['alice']));
  await call.toldAfter('one prompt-ended');
  call.frames(10);
  assert.ok(hears(alice, 1500) && hears(bob, 1500));
  assert.ok(!hears(alice, 400));
  await call.toldAfter('all prompt-ended');
});

test('what a leg says is kept as a blob once it pauses, and a listener that is stopped keeps nothing', async (t) => {
  const call = await open(t);
  call.join('alice', (at) => (at < 50 ? tone(300)(at) : undefined));
  call.handle({ kind: 'listen', operationId: 'r', legId: 'alice', endSilenceMs: 400 });
  call.handle({ kind: 'listen', operationId: 's', legId: 'alice', endSilenceMs: 400 });
  await call.toldAfter('r speech-began');
  call.handle({ kind: 'stop', what: 'listening', operationId: 's' });
  await call.toldAfter('r utterance');
  assert.deepEqual(await call.blobs.names(), ['utterance-r']);
  const samples = samplesOf((await call.blobs.get('utterance-r'))!);
  assert.ok(rms(samples) > 2000 && samples.length >= 16_000);
});

test('keys are sent by the leg, or it is told why not', async (t) => {
  const call = await open(t);
  const alice = call.join('alice');
  call.handle({ kind: 'send-tones', operationId: 's', legId: 'alice', keys: '12#' });
  call.handle({ kind: 'send-tones', operationId: 'u', legId: 'nobody', keys: '1' });
  assert.deepEqual(alice.pressed, ['1', '2', '#']);
  assert.deepEqual(call.kinds(), ['s tones-sent', 'u tones-unsent']);
});

test('a pair that was handed over hears neither the others nor their prompts', async (t) => {
  const call = await open(t);
  const talkers = [400, 900, 1500, 2100].map((hertz, n) => call.join(`leg-${n}`, tone(hertz)));
  const [first, second, third, fourth] = talkers as [Talker, Talker, Talker, Talker];
  await call.prompt('music', sine(2700, 16_000, 32_000, 8000));
  call.rooms.pair(callId, 'leg-2', 'leg-3');
  call.handle(play('p', ['music']));
  await call.toldAfter('p prompt-began');
  call.frames(20);
  assert.deepEqual([hears(first, 900), hears(first, 1500), hears(first, 2700)], [true, false, true]);
  assert.deepEqual([hears(third, 2100), hears(third, 400), hears(third, 2700)], [true, false, false]);
  // What a leg is told of its part holds where it is.
  call.rooms.part(callId, 'leg-3', { muted: true, held: false });
  call.frames(20);
  assert.ok(!hears(third, 2100) && hears(fourth, 1500) && hears(second, 400));
});

test('a pair is the call once those it was set apart from have left', async (t) => {
  const call = await open(t);
  const [, bob, carol] = ['alice', 'bob', 'carol'].map((legId, n) => call.join(legId, tone(400 + 500 * n)));
  call.rooms.part(callId, 'carol', { muted: true, held: false });
  call.rooms.pair(callId, 'bob', 'carol');
  call.leave('alice');
  await call.prompt('music', sine(2700, 16_000, 32_000, 8000));
  call.handle(play('p', ['music']));
  await call.toldAfter('p prompt-began');
  call.frames(20);
  assert.ok(hears(bob!, 2700) && hears(carol!, 2700) && hears(carol!, 900));
  assert.ok(!hears(bob!, 1400), 'she is still muted');
});

test('the last leg takes with it what was played, and the recording is whole', async (t) => {
  const call = await open(t);
  call.join('alice', tone(400));
  await call.prompt('long', sine(1500, 16_000, 160_000));
  call.handle(recording());
  call.handle(play('p', ['long']));
  call.handle({ kind: 'listen', operationId: 'r', legId: 'alice', endSilenceMs: 400 });
  await call.toldAfter('p prompt-began');
  call.leave('alice');
  await until(
    () => call.kinds().includes('stopped'),
    () => call.kinds().join(),
  );
  assert.ok(call.kinds().includes('p prompt-failed'));
  assert.equal(call.rooms.size, 0);
});

test('nothing is left of a call in which all came to its end', async (t) => {
  const call = await open(t);
  call.join('alice', (at) => (at < 30 ? tone(300)(at) : undefined));
  await call.prompt('short', sine(400, 16_000, 320));
  call.handle(play('p', ['short']));
  call.handle({ kind: 'listen', operationId: 'r', legId: 'alice', endSilenceMs: 300 });
  await call.toldAfter('p prompt-ended');
  await call.toldAfter('r utterance');
  call.leave('alice');
  assert.equal(call.rooms.size, 0);
});

test('closing writes the last second of a recording, and closes the file', async (t) => {
  const call = await open(t);
  call.join('alice', tone(400));
  call.handle(recording());
  await call.toldAfter('active');
  call.frames(70);
  await call.rooms.close();
  const wav = readWav((await call.blobs.get('recording-rec'))!);
  assert.ok('data' in wav);
  assert.ok(wav.declaredBytes >= 70 * 640, `${wav.declaredBytes / 640} frames`);
  assert.equal(wav.declaredBytes, wav.data.length);
  assert.ok(call.kinds().includes('stopped'));
  const open_ = await Promise.all(
    (await readdir('/proc/self/fd')).map((fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')),
  );
  assert.ok(!open_.some((path) => path.startsWith(call.folder)));
});

test('without a place for blobs, all that needs one says so', async (t) => {
  const call = await open(t, false);
  call.join('alice', (at) => (at < 30 ? tone(300)(at) : undefined));
  call.handle(play('p', ['low']));
  call.handle(recording());
  call.handle({ kind: 'listen', operationId: 'r', legId: 'alice', endSilenceMs: 300 });
  await call.toldAfter('p prompt-failed');
  await call.toldAfter('r understood');
  assert.ok(call.kinds().includes('failed'));
});
