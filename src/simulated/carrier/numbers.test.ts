import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behaviourOf, numberBlocks } from './numbers.ts';

test('every block stands once and any last digit belongs to it', () => {
  assert.equal(new Set(numberBlocks.map(({ block }) => block)).size, numberBlocks.length);
  for (const { block, behaviour } of numberBlocks) {
    for (const digit of '0123456789') assert.equal(behaviourOf(`+1500555${block}${digit}`), behaviour);
  }
});

test('other failures of SIP are refusals, everything else is unknown', () => {
  assert.deepEqual(behaviourOf('+15005554330'), { does: 'refuses', status: 433 });
  for (const number of ['+15005551990', '+15005553020', '+15005557000', '+150055520', '15005552000', '']) {
    assert.equal(behaviourOf(number), undefined, number);
  }
});
