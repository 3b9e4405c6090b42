import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulings } from '../../domain/call/rulings.ts';
import { inWords } from './words.ts';

const situations = Object.values(rulings).flat();

test('every situation that has a row has a sentence of its own', () => {
  const sentences = situations.map((situation) => inWords({ situation }));
  assert.equal(new Set(sentences).size, situations.length);
  for (const sentence of sentences) {
    assert.match(sentence, /^[a-z].*\w$/);
    assert.ok(!sentence.includes('@'), sentence);
    assert.ok(sentence.length <= 110, sentence);
  }
});

test('SIP answers are worded by what the far end said', () => {
  const sip = { code: 486, message: 'Busy Here' };
  assert.equal(
    inWords({ situation: 'sip-486@inviting', sip }),
    'the far end answered 486 Busy Here while it was being called',
  );
  assert.equal(
    inWords({ situation: 'sip-699@inviting' }),
    'the far end answered 699 while it was being called',
  );
});

test('a situation of a later version is shown as it stands', () => {
  assert.equal(inWords({ situation: 'sunspots@connected' }), 'sunspots');
});
