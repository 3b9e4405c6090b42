import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { one, seeded } from '../../../test/fuzz/random.ts';
import { decodeGsm, encodeGsm, gsmLength } from './gsm-alphabet.ts';
import { cutText } from './segments.ts';
import { decodeText, encodeText } from './text.ts';

/** 3GPP TS 23.038, 6.2.1, column by column. */
const columns = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ ÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
];

const extended = {
  '\f': 0x0a,
  '^': 0x14,
  '{': 0x28,
  '}': 0x29,
  '\\': 0x2f,
  '[': 0x3c,
  '~': 0x3d,
  ']': 0x3e,
  '|': 0x40,
  '€': 0x65,
};

describe('the default alphabet of GSM', () => {
  it('has each character where the table has it, and reads it back', () => {
    for (const [column, chars] of columns.entries()) {
      for (const [row, char] of [...chars].entries()) {
        const code = column * 16 + row;
        if (code === 0x1b) continue;
        assert.deepEqual(encodeGsm(char), Uint8Array.of(code), char);
        assert.equal(decodeGsm(Uint8Array.of(code)), char);
      }
    }
  });

  it('has ten more behind an escape, which count twice', () => {
    for (const [char, code] of Object.entries(extended)) {
      assert.deepEqual(encodeGsm(char), Uint8Array.of(0x1b, code), char);
      assert.equal(decodeGsm(Uint8Array.of(0x1b, code)), char);
      assert.equal(gsmLength(char), 2);
    }
  });

  it('says of a text that it lacks a character of it', () => {
    for (const text of ['ç', 'hi`', '😀', '\u001b', 'а']) {
      assert.equal(encodeGsm(text), undefined);
      assert.equal(gsmLength(text), undefined);
    }
  });

  it('reads what is none of it: an unknown escape as the character itself, an octet above 127 as unreadable', () => {
    assert.equal(decodeGsm(Uint8Array.of(0x1b, 0x41, 0x1b)), 'A ');
    assert.equal(decodeGsm(Uint8Array.of(0x1b, 0x1b, 0x65)), '€');
    assert.equal(decodeGsm(Uint8Array.of(0x48, 0xff)), 'H\ufffd');
  });
});

describe('texts by data_coding', () => {
  it('come back as they were written', () => {
    const next = seeded(38);
    const chars = [...columns.join(''), ...Object.keys(extended)];
    const other = ['ж', '😀', '漢', '\u0000', '`'];
    for (let n = 0; n < 2000; n++) {
      const gsm = Array.from({ length: next(40) }, () => one(next, chars)).join('');
      assert.equal(decodeText(0, encodeText('gsm7', gsm)!), gsm);
      const ucs2 = Array.from({ length: next(40) }, () => one(next, [...chars, ...other])).join('');
      assert.equal(decodeText(8, encodeText('ucs2', ucs2)!), ucs2);
    }
  });

  it('are read in every alphabet that is text, and in the schemes that carriers pass on from the network', () => {
    const cases: readonly [dataCoding: number, octets: readonly number[], text: string | undefined][] = [
      [0x00, [0x00], '@'],
      [0x01, [0x40], '@'],
      [0x03, [0xe9], 'é'],
      [0x06, [0xd6], 'ж'],
      [0x07, [0xe0], 'א'],
      [0x08, [0x04, 0x36], 'ж'],
      [0x0e, [0xb0, 0xa1], '가'],
      [0x10, [0x00], '@'],
      [0x18, [0x04, 0x36], 'ж'],
      [0x20, [0x00], undefined],
      [0x02, [1], undefined],
      [0x04, [1], undefined],
      [0x05, [1], undefined],
      [0x14, [1], undefined],
      [0x80, [1], undefined],
      [0xc8, [0x00], '@'],
      [0xe0, [0x04, 0x36], 'ж'],
      [0xf1, [0x00], '@'],
      [0xf5, [1], undefined],
    ];
    for (const [dataCoding, octets, text] of cases)
      assert.equal(decodeText(dataCoding, Uint8Array.from(octets)), text, `0x${dataCoding.toString(16)}`);
  });

  it('never fail on any octets', () => {
    const next = seeded(23);
    for (let n = 0; n < 5000; n++) {
      const octets = Uint8Array.from({ length: next(30) }, () => next(256));
      const text = decodeText(next(256), octets);
      assert.ok(text === undefined || text.length <= 30);
    }
  });
});

describe('a long text', () => {
  it('is one segment up to 160 of the alphabet or 70 units, then segments of 153 or 67', () => {
    const sizes = (text: string): readonly number[] => cutText(text).parts.map((part) => part.length);
    assert.deepEqual(sizes('a'.repeat(160)), [160]);
    assert.deepEqual(sizes('a'.repeat(161)), [153, 8]);
    assert.deepEqual(sizes('ж'.repeat(70)), [70]);
    assert.deepEqual(sizes('ж'.repeat(71)), [67, 4]);
    assert.deepEqual(sizes(''), [0]);
    assert.equal(cutText('a').alphabet, 'gsm7');
    assert.equal(cutText('aж').alphabet, 'ucs2');
  });

  it('is cut beside an escape and a pair of surrogates, not through them', () => {
    const euros = cutText(`${'a'.repeat(152)}${'€'.repeat(10)}`);
    assert.deepEqual(euros.parts, ['a'.repeat(152), '€'.repeat(10)]);
    const faces = cutText(`${'ж'.repeat(66)}${'😀'.repeat(10)}`);
    assert.deepEqual(faces.parts, ['ж'.repeat(66), '😀'.repeat(10)]);
  });
});
