import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseJson } from './json-text.ts';

const parse = (text: string) => parseJson(Buffer.from(text));
const fault = (text: string): string => {
  const parsed = parse(text);
  return 'fault' in parsed ? parsed.fault.message : 'none';
};

describe('a body of JSON', () => {
  test('is parsed, with or without a byte order mark', () => {
    assert.deepEqual(parse('\ufeff{"a": [1, "\\u00e9", null, -0.5e3, true]}'), {
      ok: { a: [1, 'é', null, -500, true] },
    });
    assert.deepEqual(parse(''), { ok: undefined });
  });

  for (const [text, position] of [
    ['{', 1],
    ['{"a"', 4],
    ['{"a":}', 5],
    ['{"a":1,}', 7],
    ['{"a":1 "b"', 7],
    ['[1,]', 3],
    ['[1 2]', 3],
    ['nul', 0],
    ['{a:1}', 1],
    ['"unfinished', 11],
    ['"line\nbreak"', 5],
    ['{"a":"\\x"}', 6],
    ['{} {}', 3],
    ['01', 1],
    ['1.', 1],
    ["{'a':1}", 1],
  ] as const) {
    test(`that breaks off at ${position} is told so: ${JSON.stringify(text)}`, () => {
      assert.match(fault(text), new RegExp(`at position ${position} \\(`));
    });
  }

  test('names line and column', () => {
    assert.match(fault('{\n  "a": 1,\n  b: 2\n}'), /"b" stands at position 14 \(line 3, column 3\)/);
  });

  test('may be as deep as it likes', () => {
    assert.match(fault('['.repeat(200_000)), /the text ends at position 200000/);
  });

  test('must be UTF-8', () => {
    const parsed = parseJson(Buffer.from([0x22, 0xff, 0x22]));
    assert.ok('fault' in parsed && /not UTF-8/.test(parsed.fault.message));
  });
});
