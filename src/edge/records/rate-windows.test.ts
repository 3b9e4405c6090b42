import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NumberCounts } from './number-use.ts';
import { SlidingWindows } from './rate-windows.ts';

test('a window lets so many through, then says how long to wait, and slides', () => {
  const windows = new SlidingWindows();
  assert.equal(windows.use('a', 2, 1000, 0), 0);
  assert.equal(windows.use('a', 2, 1000, 400), 0);
  assert.equal(windows.use('a', 2, 1000, 500), 500);
  assert.equal(windows.use('b', 2, 1000, 500), 0);
  assert.equal(windows.use('a', 2, 1000, 1000), 0);
  assert.equal(windows.use('a', 2, 1000, 1001), 399);
});

test('what is waited for is told without being counted, and keys that are over are let go', () => {
  const windows = new SlidingWindows();
  assert.equal(windows.wait('a', 1, 1000, 0), 0);
  assert.equal(windows.use('a', 1, 1000, 0), 0);
  assert.equal(windows.wait('a', 1, 1000, 400), 600);
  for (let i = 0; i < 20_000; i += 1) windows.use(`key ${i}`, 1, 1000, i);
  assert.ok(windows.size <= 11_001, `${windows.size} keys are kept`);
  assert.equal(windows.wait('key 19999', 1, 1000, 20_000), 999);
});

test('a number is as busy as it was taken and not freed', () => {
  const use = new NumberCounts();
  use.take('+1');
  use.take('+1');
  use.free('+1');
  assert.equal(use.busy('+1'), 1);
  use.free('+1');
  use.free('+1');
  assert.equal(use.busy('+1'), 0);
});
