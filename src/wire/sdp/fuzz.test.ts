import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fuzzMany } from '../../../test/fuzz/run.ts';
import { fuzzSdp } from '../../../test/fuzz/sdp-properties.ts';

it('a hundred thousand session descriptions never make it throw, and what is read of them is answered', () => {
  const outcomes = fuzzMany(100_000, 20_261_123, fuzzSdp);
  for (const [outcome, count] of Object.entries(outcomes)) assert.ok(count > 5000, `${outcome}: ${count}`);
  assert.equal(Object.keys(outcomes).length, 5);
});
