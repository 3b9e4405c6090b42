import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rms, sine } from '../../../../wire/audio/signals.fixture.ts';
import { CallAudio } from './call-audio.ts';
import { Listener } from './listener.ts';

const perMs = 16;
const frame = 320;

/** Listens to a leg that says these samples, and nothing after them. */
function listening(endSilenceMs: number) {
  const told: (string | Int16Array)[] = [];
  let now: Int16Array | undefined;
  const listener = new Listener({
    legId: 'leg',
    endSilenceMs,
    said: (legId) => (legId === 'leg' ? now : undefined),
    began: () => told.push('began'),
    ended: (utterance) => told.push(utterance),
  });
  const room = new CallAudio();
  return {
    told,
    hear: (samples: Int16Array | undefined, ms = samples ? samples.length / perMs : 0) => {
      for (let at = 0; at < ms * perMs; at += frame) {
        now = samples?.subarray(at, at + frame);
        listener.frame(room);
      }
    },
  };
}

const words = (ms: number): Int16Array => sine(300, 16_000, ms * perMs, 6000);

test('speech begins with its first vowel and ends with the pause that was asked for', () => {
  const { told, hear } = listening(500);
  hear(undefined, 2000);
  assert.deepEqual(told, []);
  hear(words(800));
  assert.deepEqual(told, ['began']);
  hear(undefined, 480);
  assert.deepEqual(told, ['began']);
  hear(undefined, 20);
  const utterance = (told as readonly unknown[])[1] as Int16Array;
  // What was said, with what surrounds it.
  assert.ok(utterance.length >= 800 * perMs && utterance.length <= 1600 * perMs, `${utterance.length}`);
  assert.ok(rms(utterance) > 2000);
});

test('a pause inside a sentence does not end it', () => {
  const { told, hear } = listening(1000);
  hear(words(400));
  hear(undefined, 900);
  hear(words(400));
  hear(undefined, 1000);
  assert.equal(told.length, 2);
  const utterance = told[1] as Int16Array;
  assert.ok(utterance.length >= 1700 * perMs, `${utterance.length / perMs} ms`);
});

test('a click is no speech', () => {
  const { told, hear } = listening(500);
  hear(words(40));
  hear(undefined, 3000);
  assert.deepEqual(told, []);
});

test('somebody who goes on for ever is cut off after a minute, and nothing is told twice', () => {
  const { told, hear } = listening(500);
  for (let second = 0; second < 70; second++) hear(words(1000));
  assert.equal(told.length, 2);
  const utterance = told[1] as Int16Array;
  assert.ok(Math.abs(utterance.length / perMs - 60_000) < 500, `${utterance.length / perMs} ms`);
});

test('after a long wait the beginning of what is said is still there', () => {
  const { told, hear } = listening(300);
  hear(undefined, 60_000);
  hear(words(500));
  hear(undefined, 300);
  const utterance = told[1] as Int16Array;
  const loud = utterance.findIndex((sample) => Math.abs(sample) > 3000);
  assert.ok(loud >= 0 && loud < 400 * perMs, `it begins after ${loud / perMs} ms`);
  assert.ok(utterance.length >= 500 * perMs);
});
