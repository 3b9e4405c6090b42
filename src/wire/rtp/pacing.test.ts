import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framesDue } from './pacing.ts';

test('a frame is due at the start and every 20 ms after it', () => {
  assert.deepEqual(framesDue(0, 0), { from: 0, count: 1, wait: 20 });
  assert.deepEqual(framesDue(21, 1), { from: 1, count: 1, wait: 19 });
});

test('a timer that fires early sends nothing and waits for the rest', () => {
  assert.deepEqual(framesDue(39.5, 2), { from: 2, count: 0, wait: 0.5 });
});

test('a timer that fires late catches up without moving the grid', () => {
  assert.deepEqual(framesDue(75, 1), { from: 1, count: 3, wait: 5 });
});

test('after a long stall the missed frames are skipped', () => {
  assert.deepEqual(framesDue(10_000, 1), { from: 496, count: 5, wait: 20 });
});
