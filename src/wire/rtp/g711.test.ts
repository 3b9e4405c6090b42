import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeG711, encodeG711, type G711, silence } from './g711.ts';

const codecs: readonly G711[] = ['PCMU', 'PCMA'];

test('the documented extremes of G.711 decode to their samples', () => {
  assert.deepEqual([...decodeG711('PCMU', Uint8Array.of(0x00, 0x80, 0x7f, 0xff))], [-32124, 32124, 0, 0]);
  assert.deepEqual([...decodeG711('PCMA', Uint8Array.of(0x2a, 0xaa, 0x55, 0xd5))], [-32256, 32256, -8, 8]);
});

test('every byte but the second zero survives decoding and encoding', () => {
  for (const codec of codecs) {
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const again = encodeG711(codec, decodeG711(codec, bytes));
    const changed = [...bytes].filter((byte, index) => again[index] !== byte);
    assert.deepEqual(changed, codec === 'PCMU' ? [0x7f] : []);
  }
});

test('silence is the byte of a zero sample', () => {
  for (const codec of codecs) assert.equal(encodeG711(codec, Int16Array.of(0))[0], silence[codec]);
});

test('every sample comes back within a step of its segment', () => {
  for (const codec of codecs) {
    const samples = Int16Array.from({ length: 65536 }, (_, bits) => bits - 32768);
    const again = decodeG711(codec, encodeG711(codec, samples));
    for (const [index, sample] of samples.entries()) {
      const step = Math.max(16, Math.abs(sample) / 16);
      assert.ok(Math.abs(again[index]! - sample) <= step + 8, `${codec} ${sample} became ${again[index]}`);
    }
  }
});
