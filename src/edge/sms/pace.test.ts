import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pace } from './pace.ts';
import { waitOf } from './settings.ts';

for (const perSecond of [1, 3, 40, 1000]) {
  test(`${perSecond} a second are never more in any second, and nearly as many`, () => {
    const pace = new Pace(perSecond, 0);
    const sent: number[] = [];
    for (let now = 0; now < 10_000; now++) {
      while (pace.room(now) > 0) {
        pace.take(now);
        sent.push(now);
      }
      assert.ok(pace.wait(now) > 0);
    }
    for (const [index, at] of sent.entries()) {
      const next = sent[index + perSecond];
      assert.ok(
        next === undefined || next - at >= 1000,
        `${perSecond + 1} within ${next! - at} ms at ${at} ms`,
      );
    }
    assert.ok(sent.length >= 10 * perSecond * 0.9, `${sent.length}`);
  });
}

test('what was not used does not add up', () => {
  const pace = new Pace(100, 0);
  assert.equal(pace.room(60_000), 5);
});

test('a back-off doubles up to its longest', () => {
  const waits = [0, 1, 2, 3, 4, 5, 6, 7, 1000].map((index) =>
    waitOf({ first: 1000, longest: 60_000 }, index),
  );
  assert.deepEqual(waits, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});
