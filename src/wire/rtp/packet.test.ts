import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRtp, serialiseRtp } from './packet.ts';

const plain = {
  marker: true,
  payloadType: 0,
  sequence: 65535,
  timestamp: 0xfedcba98,
  ssrc: 0x80000001,
  payload: Uint8Array.of(1, 2, 3),
};

test('a packet written is read back as it was', () => {
  assert.deepEqual(parseRtp(serialiseRtp(plain)), plain);
});

test('contributing sources, an extension and padding are not part of the payload', () => {
  const bytes = Uint8Array.of(
    ...[0xb1, 0x00, 0x00, 0x01, 0, 0, 0, 2, 0, 0, 0, 3],
    ...[9, 9, 9, 9],
    ...[0xbe, 0xde, 0x00, 0x01, 7, 7, 7, 7],
    ...[0xaa, 0xbb],
    ...[0, 2],
  );
  assert.deepEqual(parseRtp(bytes)?.payload, Uint8Array.of(0xaa, 0xbb));
});

test('what is no RTP is undefined, whatever it is', () => {
  const header = serialiseRtp({ ...plain, payload: new Uint8Array(0) });
  const changed = (at: number, byte: number): Uint8Array => Uint8Array.from(header).fill(byte, at, at + 1);
  const hostile: readonly Uint8Array[] = [
    new Uint8Array(0),
    header.subarray(0, 11),
    new Uint8Array(2000).fill(0x80),
    changed(0, 0x40),
    changed(0, 0x8f),
    changed(0, 0x90),
    changed(0, 0xa0),
    changed(1, 200),
    new TextEncoder().encode('OPTIONS sip:a@b SIP/2.0\r\n\r\n'),
  ];
  for (const bytes of hostile) assert.equal(parseRtp(bytes), undefined);
});

test('no sequence of bytes makes the parser throw', () => {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state >>> 16;
  };
  for (let round = 0; round < 5000; round++) {
    const bytes = Uint8Array.from({ length: next() % 40 }, () => next() & 0xff);
    if (bytes.length > 0) bytes[0] = 0x80 | (bytes[0]! & 0x3f);
    parseRtp(bytes);
  }
});
