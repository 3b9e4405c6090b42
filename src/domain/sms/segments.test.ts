import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cutText } from '../../wire/smpp/segments.ts';
import { cut } from './segments.ts';

const sizes = (text: string): readonly [string, readonly number[]] => {
  const { alphabet, parts } = cut(text);
  return [alphabet, parts.map((part) => part.length)];
};

describe('a text is cut', () => {
  test('into parts of 153 septets once it does not fit 160', () => {
    assert.deepEqual(sizes(''), ['gsm7', [0]]);
    assert.deepEqual(sizes('a'.repeat(160)), ['gsm7', [160]]);
    assert.deepEqual(sizes('a'.repeat(161)), ['gsm7', [153, 8]]);
    assert.deepEqual(sizes('a'.repeat(306)), ['gsm7', [153, 153]]);
    assert.deepEqual(sizes('a'.repeat(2048)), ['gsm7', [...Array(13).fill(153), 59]]);
  });

  test('with two septets for what needs an escape, which is never parted from its character', () => {
    assert.deepEqual(sizes('€'.repeat(80)), ['gsm7', [80]]);
    assert.deepEqual(
      sizes('€'.repeat(81)),
      ['gsm7', [76, 5]],
      '152 septets; the next escape would be cut off',
    );
    assert.deepEqual(sizes(`${'a'.repeat(152)}€${'b'.repeat(10)}`), ['gsm7', [152, 11]]);
  });

  test('into parts of 67 units when one character is not in the default alphabet', () => {
    assert.deepEqual(sizes('ç'.repeat(70)), ['ucs2', [70]], 'the small one is not in it, Ç is');
    assert.deepEqual(sizes('Ç'.repeat(70)), ['gsm7', [70]]);
    assert.deepEqual(sizes(`${'a'.repeat(69)}ç`), ['ucs2', [70]]);
    assert.deepEqual(sizes(`${'a'.repeat(70)}ç`), ['ucs2', [67, 4]]);
  });

  test('never through an emoji', () => {
    assert.deepEqual(sizes('👋'.repeat(35)), ['ucs2', [70]]);
    assert.deepEqual(sizes('👋'.repeat(36)), ['ucs2', [66, 6]]);
    assert.deepEqual(sizes(`a${'👋'.repeat(36)}`), ['ucs2', [67, 6]]);
  });

  test('so that its parts together are the text, whatever is in it', () => {
    for (const text of [
      '',
      'é\n€{}'.repeat(70),
      '👋🏽 hé '.repeat(60),
      '\ud800'.repeat(100),
      'x'.repeat(2048),
    ])
      assert.equal(cut(text).parts.join(''), text);
  });
});

test('every character counts as much here as over SMPP, where handsets cut their own', () => {
  for (let code = 0; code < 0x10000; code++) {
    // Half a pair is no character; an escape alone is none of the alphabet.
    if ((code >= 0xd800 && code < 0xe000) || code === 0x1b) continue;
    const text = String.fromCharCode(code).repeat(161);
    assert.deepEqual(cut(text), cutText(text), `U+${code.toString(16)}`);
  }
});
