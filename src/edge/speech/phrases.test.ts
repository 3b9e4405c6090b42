import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phraseIn, wordsOf } from './phrases.ts';

test('a phrase is its words: case, accents and punctuation make no difference, numbers are words', () => {
  const words = {
    'Sales, please!': ['sales', 'please'],
    'Café “Noir” & Co.': ['cafe', 'noir', 'and', 'co'],
    "I don’t know – 'really'": ['i', "don't", 'know', 'really'],
    'Option 1, 12, 20, 42': ['option', 'one', 'twelve', 'twenty', 'forty', 'two'],
    'room 911 or 07': ['room', 'nine', 'one', 'one', 'or', 'zero', 'seven'],
    'Straße nach Łódź': ['straße', 'nach', 'łodz'],
    '... !': [],
  };
  for (const [phrase, expected] of Object.entries(words)) assert.deepEqual(wordsOf(phrase), expected, phrase);
});

test('a phrase is said when all of its words are said, and no other', () => {
  const phrases = ['Yes', 'Yes, please.', '2 tickets'];
  assert.equal(phraseIn(phrases, 'yes please'), 'Yes, please.');
  assert.equal(phraseIn(phrases, 'Two tickets!'), '2 tickets');
  for (const other of ['', 'yes please now', 'tickets']) assert.equal(phraseIn(phrases, other), undefined);
});
