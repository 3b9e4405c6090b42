import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Player } from './player.ts';

const numbered = (from: number, count: number): Int16Array =>
  Int16Array.from({ length: count }, (_, n) => from + n);

function playing(prompts: readonly Int16Array[], loop = false) {
  const told: string[] = [];
  const player = new Player({
    to: 'all',
    prompts,
    loop,
    began: () => told.push('began'),
    ended: () => told.push('ended'),
  });
  const frame = new Int16Array(320);
  return { told, next: () => (player.next(frame) ? [...frame] : undefined) };
}

test('prompts follow each other without a gap, and the last is filled up with silence', () => {
  const { told, next } = playing([numbered(1, 500), numbered(501, 200)]);
  assert.deepEqual(told, []);
  assert.deepEqual(next(), [...numbered(1, 320)]);
  assert.deepEqual(told, ['began']);
  assert.deepEqual(next(), [...numbered(321, 320)]);
  assert.deepEqual(next(), [...numbered(641, 60), ...new Int16Array(260)]);
  assert.deepEqual(told, ['began'], 'its last samples are still to be heard');
  assert.equal(next(), undefined);
  assert.deepEqual(told, ['began', 'ended']);
});

test('a prompt of whole frames ends after its last', () => {
  const { told, next } = playing([numbered(1, 640)]);
  next();
  next();
  assert.deepEqual(told, ['began']);
  assert.equal(next(), undefined);
  assert.deepEqual(told, ['began', 'ended']);
});

test('a loop begins again in the middle of a frame, and never ends by itself', () => {
  const { told, next } = playing([numbered(1, 300), new Int16Array(0), numbered(301, 100)], true);
  assert.deepEqual(next(), [...numbered(1, 320)]);
  assert.deepEqual(next(), [...numbered(321, 80), ...numbered(1, 240)]);
  for (let n = 0; n < 1000; n++) assert.ok(next());
  assert.deepEqual(told, ['began']);
});

test('nothing but empty prompts ends at once, looped or not', () => {
  for (const loop of [false, true]) {
    const { told, next } = playing([new Int16Array(0), new Int16Array(0)], loop);
    assert.equal(next(), undefined);
    assert.deepEqual(told, ['began', 'ended']);
  }
});
