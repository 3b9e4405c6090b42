import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { choiceNamed, collect, hearsWords } from './collect.ts';
import type { Choice, RecognizeSpec, Tone } from './operation.ts';
import { recognizeSpec as spec } from './recognize.fixture.ts';

/** What comes of these keys, one after the other. */
function pressed(of: RecognizeSpec, ...keys: readonly Tone[]) {
  let before: readonly Tone[] = [];
  for (const key of keys) {
    const collected = collect(of, before, key);
    if ('done' in collected) return collected;
    before = collected.tones;
  }
  return { tones: before };
}

describe('keys', () => {
  test('are collected until there are as many as asked for', () => {
    assert.deepEqual(pressed(spec(), 'one', 'two'), { tones: ['one', 'two'] });
    assert.deepEqual(pressed(spec(), 'one', 'two', 'three'), {
      done: 'maximum',
      tones: ['one', 'two', 'three'],
    });
  });

  test('end with a stop tone, which is not one of them', () => {
    assert.deepEqual(pressed(spec(), 'one', 'pound'), { done: 'stop-tone', tones: ['one'] });
    assert.deepEqual(pressed(spec(), 'pound'), { done: 'stop-tone', tones: [] });
  });

  test('may be any number where only a stop tone ends them', () => {
    const endless = spec({ dtmf: { interToneMs: 2000, stopTones: ['asterisk'] } });
    const many = Array.from({ length: 50 }, (): Tone => 'nine');
    assert.deepEqual(pressed(endless, ...many), { tones: many });
    assert.deepEqual(pressed(endless, ...many.slice(0, 2), 'asterisk'), {
      ...{ done: 'stop-tone', tones: ['nine', 'nine'] },
    });
  });

  test('choose, or belong to no choice', () => {
    const choices: readonly Choice[] = [
      { label: 'Yes', phrases: [], tone: 'one' },
      { label: 'No', phrases: ['no'] },
    ];
    const of = spec({ input: 'choices', choices });
    assert.deepEqual(collect(of, [], 'one'), { done: 'choice', choice: choices[0], tone: 'one' });
    assert.deepEqual(collect(of, [], 'two'), { done: 'no-choice', tone: 'two' });
  });
});

test('a choice is named by any of its phrases, whatever the case, punctuation and spaces', () => {
  const choices: readonly Choice[] = [
    { label: 'Confirm', phrases: ['Yes, please', 'confirm'] },
    { label: 'Été', phrases: ['l’été'] },
  ];
  for (const said of ['yes please', 'YES,   PLEASE!', ' Confirm. '])
    assert.equal(choiceNamed(choices, said)?.label, 'Confirm', said);
  assert.equal(choiceNamed(choices, 'L’ÉTÉ')?.label, 'Été');
  for (const said of ['', 'please', 'yes', 'confirmed'])
    assert.equal(choiceNamed(choices, said), undefined, said);
});

test('words are listened to only where words are asked for', () => {
  const phrases = [{ label: 'a', phrases: ['a'] }];
  const keys = [{ label: 'a', phrases: [], tone: 'one' as const }];
  assert.deepEqual(
    [
      spec(),
      spec({ input: 'speech' }),
      spec({ input: 'speechOrDtmf' }),
      spec({ input: 'choices', choices: phrases }),
      spec({ input: 'choices', choices: keys }),
      spec({ input: 'choices' }),
    ].map(hearsWords),
    [false, true, true, true, false, false],
  );
});
