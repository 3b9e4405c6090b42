import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialiseRtp } from '../../../wire/rtp/packet.ts';
import { SrtpReceiver } from '../../../wire/rtp/srtp.ts';
import { LegCrypto } from './leg-crypto.ts';

const suite = 'AES_CM_128_HMAC_SHA1_80';
const other = 'AES_CM_128_HMAC_SHA1_32';
const key = (byte: number): string => Buffer.alloc(30, byte).toString('base64');
const own = { [suite]: key(1), [other]: key(2) };
const rtp = (sequence: number): Uint8Array =>
  serialiseRtp({
    ...{ marker: false, payloadType: 0, sequence, timestamp: 0, ssrc: 7 },
    payload: new Uint8Array(160),
  });

test('a far end that gives a new key, or the other suite for a while, finds our stream where it was', () => {
  const crypto = new LegCrypto(own);
  const receiver = new SrtpReceiver({ suite, key: key(1) });
  const sent = (sequence: number): unknown =>
    typeof receiver.unprotect(Uint8Array.from(crypto.protect(rtp(sequence))));
  crypto.use({ suite, key: key(3) });
  // Past the end of the sequence numbers: what began anew would count its roll-overs from zero again.
  for (const sequence of [65_534, 65_535, 0, 1]) assert.equal(sent(sequence), 'object');
  crypto.use({ suite, key: key(4) });
  assert.equal(sent(2), 'object');
  crypto.use({ suite: other, key: key(4) });
  crypto.protect(rtp(3));
  crypto.use({ suite, key: key(4) });
  assert.equal(sent(4), 'object');
});

test('a suite for which there is no key of ours is a defect, and says so', () => {
  assert.throws(
    () => new LegCrypto({}).use({ suite, key: key(3) }),
    /no key of ours for AES_CM_128_HMAC_SHA1_80/,
  );
});
