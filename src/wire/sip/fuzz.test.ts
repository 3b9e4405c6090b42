import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { worked } from '../../../test/fuzz/meter.ts';
import { seeded } from '../../../test/fuzz/random.ts';
import { fuzzMany } from '../../../test/fuzz/run.ts';
import { specimens, write } from '../../../test/fuzz/sip-corpus.ts';
import { fuzzSip } from '../../../test/fuzz/sip-properties.ts';
import { wreck } from '../../../test/fuzz/wreck.ts';
import { parseMessage } from './parse.ts';

describe('a hundred thousand SIP messages, reworded, spoilt and wrecked', () => {
  it('never make it throw, are read as what they are and refused with the status owed', () => {
    const outcomes = fuzzMany(100_000, 20_261_123, fuzzSip);
    // No kind of input is so rare, or so wild, that nothing is learned from it.
    for (const [outcome, count] of Object.entries(outcomes)) assert.ok(count > 5000, `${outcome}: ${count}`);
    assert.equal(Object.keys(outcomes).length, 5);
  });

  it('cost a few looks at each character at most', () => {
    const texts = Array.from({ length: 5000 }, (_, n) => {
      const next = seeded(n);
      const [one, other] = [specimens[n % specimens.length], specimens[next(specimens.length)]];
      assert.ok(one && other);
      return wreck(write(one), write(other), next);
    });
    for (const text of texts) {
      const looks = worked(() => parseMessage(text));
      assert.ok(looks <= 12 * text.length + 500, `${looks} for ${text.length}: ${text}`);
    }
  });
});
