import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seeded } from '../../../test/fuzz/random.ts';
import { type Endpointing, type EndpointSettings, heard, listening } from './endpointing.ts';
import { dominantSpeakers, type Loudness, levelOf, loudnessAfter, quiet, silenceDb } from './level.ts';
import { sine } from './signals.fixture.ts';

const settings: EndpointSettings = { initialSilenceMs: 3000, endSilenceMs: 1000, mostMs: 20_000 };

const random = seeded(8510);
const noise = (amplitude: number): Int16Array =>
  Int16Array.from({ length: 320 }, () => random(2 * amplitude + 1) - amplitude);
const voice = (): Int16Array => sine(220, 16_000, 320, 6000).map((sample) => sample + random(800));

interface Stretch {
  readonly ms: number;
  readonly frame: () => Int16Array;
}

const listen = (stretches: readonly Stretch[], told: Partial<EndpointSettings> = {}): Endpointing => {
  let state = listening;
  for (const { ms, frame } of stretches) {
    for (let at = 0; at < ms; at += 20) state = heard(state, levelOf(frame()), 20, { ...settings, ...told });
  }
  return state;
};

describe('the end of what somebody says', () => {
  for (const [what, background] of [
    ['silence', () => new Int16Array(320)],
    ['the noise of a line', () => noise(150)],
    ['a loud room', () => noise(700)],
  ] as const) {
    test(`is found in ${what}`, () => {
      const state = listen([
        { ms: 800, frame: background },
        { ms: 900, frame: voice },
        { ms: 400, frame: background },
        { ms: 600, frame: voice },
        { ms: 1100, frame: background },
      ]);
      assert.equal(state.phase, 'finished');
      assert.ok(state.phase === 'finished' && state.from >= 300 && state.from <= 800, JSON.stringify(state));
      assert.ok(state.to >= 2700 && state.to <= 3100, JSON.stringify(state));
    });

    test(`never comes before its beginning: nothing but ${what} is silent`, () => {
      assert.equal(listen([{ ms: 2980, frame: background }]).phase, 'waiting');
      assert.deepEqual(listen([{ ms: 3000, frame: background }]), { phase: 'silent' });
    });
  }

  test('is found where the line is loud only once its packets come', () => {
    const state = listen([
      { ms: 500, frame: () => new Int16Array(320) },
      { ms: 1000, frame: () => noise(700) },
      { ms: 600, frame: voice },
      { ms: 1000, frame: () => noise(700) },
    ]);
    assert.ok(state.phase === 'finished' && state.from >= 1000 && state.to <= 2500, JSON.stringify(state));
  });

  test('is not a pause between words', () => {
    const quietly = () => noise(100);
    const state = listen([
      { ms: 500, frame: voice },
      { ms: 980, frame: quietly },
      { ms: 500, frame: voice },
      { ms: 980, frame: quietly },
    ]);
    assert.equal(state.phase, 'speaking');
  });

  test('is not begun by a click', () => {
    const state = listen([
      { ms: 1000, frame: () => noise(80) },
      { ms: 40, frame: () => noise(20_000) },
      { ms: 1960, frame: () => noise(80) },
    ]);
    assert.deepEqual(state, { phase: 'silent' });
  });

  test('comes at the latest when the time to speak is over', () => {
    const state = listen([{ ms: 3000, frame: voice }], { mostMs: 2000 });
    assert.deepEqual(state, { phase: 'finished', from: 0, to: 2000 });
  });

  test('is final: what comes later changes nothing', () => {
    const silent = listen([
      { ms: 4000, frame: () => noise(50) },
      { ms: 1000, frame: voice },
    ]);
    assert.deepEqual(silent, { phase: 'silent' });
  });

  test('does not depend on how long the frames are', () => {
    const audio = [...Array.from({ length: 40 }, voice), ...Array.from({ length: 60 }, () => noise(90))];
    const ends = [1, 2, 3].map((together) => {
      let state = listening;
      for (let at = 0; at + together <= audio.length; at += together) {
        const joined = Int16Array.from(audio.slice(at, at + together).flatMap((frame) => [...frame]));
        state = heard(state, levelOf(joined), 20 * together, settings);
      }
      return state.phase === 'finished' ? state.to : state.phase;
    });
    for (const end of ends) assert.ok(typeof end === 'number' && Math.abs(end - 1100) <= 60, String(ends));
  });
});

describe('how loud somebody is', () => {
  test('is measured against full scale', () => {
    assert.equal(levelOf(new Int16Array(320)), silenceDb);
    assert.ok(Math.abs(levelOf(new Int16Array(320).fill(-32_768))) < 0.001);
    assert.ok(Math.abs(levelOf(sine(1000, 16_000, 320, 32_767)) + 3.01) < 0.01);
    assert.ok(Math.abs(levelOf(sine(1000, 16_000, 320, 3277)) + 23.01) < 0.01);
  });

  test('decides who is heard: the loudest who speak, with an advantage for whoever spoke before', () => {
    const at = (db: number, speaks = true): Loudness => ({ ...quiet, db, speaks });
    const everybody = new Map([
      ['alice', at(-30)],
      ['bob', at(-20)],
      ['carol', at(-33)],
      ['dan', at(-10, false)],
    ]);
    assert.deepEqual(dominantSpeakers(everybody, 4, []), ['bob', 'alice', 'carol']);
    assert.deepEqual(dominantSpeakers(everybody, 2, []), ['bob', 'alice']);
    assert.deepEqual(dominantSpeakers(everybody, 2, ['bob', 'carol']), ['bob', 'carol']);
    assert.deepEqual(dominantSpeakers(new Map([...everybody, ['carol', at(-37)]]), 2, ['bob', 'carol']), [
      'bob',
      'alice',
    ]);
  });

  test('tells a voice from what is always there', () => {
    const after = (stretches: readonly Stretch[]): Loudness => {
      let state = quiet;
      for (const { ms, frame } of stretches) {
        for (let at = 0; at < ms; at += 20) state = loudnessAfter(state, levelOf(frame()), 20);
      }
      return state;
    };
    const fan = { ms: 20_000, frame: () => noise(900) };
    assert.equal(after([fan]).speaks, false);
    assert.equal(after([fan, { ms: 100, frame: voice }]).speaks, true);
    assert.equal(after([fan, { ms: 100, frame: voice }, { ms: 300, frame: fan.frame }]).speaks, true);
    assert.equal(after([fan, { ms: 100, frame: voice }, { ms: 500, frame: fan.frame }]).speaks, false);
  });
});
