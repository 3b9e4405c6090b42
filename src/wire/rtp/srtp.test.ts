import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeded } from '../../../test/fuzz/random.ts';
import { serialiseRtp } from './packet.ts';
import { windowLength } from './replay.ts';
import { type SrtpKey, SrtpReceiver, SrtpSender } from './srtp.ts';
import { KeyStream } from './srtp-cipher.ts';
import { derive } from './srtp-keys.ts';
import { srtpSuiteNames } from './srtp-suites.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const asHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

const master = 'e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6';
const inline = (text: string): string => hex(text).toString('base64');
const key: SrtpKey = { suite: 'AES_CM_128_HMAC_SHA1_80', key: inline(master) };

const rtp = (sequence: number, payload = new Uint8Array(160).fill(sequence & 0xff), ssrc = 7): Uint8Array =>
  serialiseRtp({ marker: false, payloadType: 0, sequence, timestamp: 160 * sequence, ssrc, payload });

describe('the vectors of RFC 3711', () => {
  it('B.2: the key stream of AES in counter mode', () => {
    const stream = new KeyStream(hex('2b7e151628aed2a6abf7158809cf4f3c'));
    const bytes = asHex(stream.take(hex('f0f1f2f3f4f5f6f7f8f9fafbfcfd'), 48));
    assert.equal(
      bytes,
      'e03ead0935c95e80e166b16dd92b4eb4d23513162b02d0f72a43a2fe4a5f97ab41e95b3bb0a2e8dd477901e4fca894c0',
    );
  });

  it('B.3: the session keys that follow from a master key', () => {
    const bytes = hex(master);
    const stream = new KeyStream(bytes.subarray(0, 16));
    const salt = bytes.subarray(16);
    assert.equal(asHex(derive(stream, salt, 'encryption', 16)), 'c61e7a93744f39ee10734afe3ff7a087');
    assert.equal(asHex(derive(stream, salt, 'salting', 14)), '30cbbc08863d8c85d49db34a9ae1');
    assert.equal(
      asHex(derive(stream, salt, 'authentication', 94)),
      'cebe321f6ff7716b6fd4ab49af256a156d38baa48f0a0acf3c34e2359e6cdbcee049646c43d9327ad175578ef7227098' +
        '6371c10c9a369ac2f94a8c5fbcdddc256d6e919a48b610ef17c2041e474035766b68642c59bbfc2f34db60dbdfb2',
    );
  });

  it('RFC 6188 7.2: those of a master key for AES-256', () => {
    const stream = new KeyStream(hex('f0f04914b513f2763a1b1fa130f10e2998f6f6e43e4309d1e622a0e332b9f1b6'));
    const salt = hex('3b04803de51ee7c96423ab5b78d2');
    assert.equal(
      asHex(derive(stream, salt, 'encryption', 32)),
      '5ba1064e30ec51613cad926c5a28ef731ec7fb397f70a960653caf06554cd8c4',
    );
    assert.equal(asHex(derive(stream, salt, 'salting', 14)), 'fa31791685ca444a9e07c6c64e93');
    assert.equal(
      asHex(derive(stream, salt, 'authentication', 20)),
      'fd9c32d39ed5fbb5a9dc96b30818454d1313dc05',
    );
  });
});

it('a packet is protected as libsrtp protects it (its validation vector), and read back', () => {
  const packet = hex('800f1234decafbadcafebabe abababababababababababababababab');
  const sealed = new SrtpSender(key).protect(packet);
  assert.equal(asHex(sealed), '800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402b78d6acc99ea179b8dbb');
  assert.deepEqual(new SrtpReceiver(key).unprotect(sealed), Uint8Array.from(packet));
});

for (const suite of srtpSuiteNames) {
  it(`${suite}: what is sent is read, with sources and an extension in the clear`, () => {
    const secret = { suite, key: Buffer.alloc(suite.startsWith('AES_256') ? 46 : 30, 5).toString('base64') };
    const [sender, receiver] = [new SrtpSender(secret), new SrtpReceiver(secret)];
    const packet = Uint8Array.from([
      ...[0x92, 8, 0, 9, 0, 0, 0, 0, 0, 0, 0, 7],
      ...[1, 1, 1, 1, 2, 2, 2, 2, 0xbe, 0xde, 0, 1, 3, 3, 3, 3, 42, 43],
    ]);
    const sealed = Uint8Array.from(sender.protect(packet));
    assert.deepEqual(sealed.subarray(0, 28), packet.subarray(0, 28));
    assert.notDeepEqual(sealed.subarray(28, 30), packet.subarray(28, 30));
    assert.deepEqual(receiver.unprotect(sealed), packet);
  });
}

describe('a receiver', () => {
  const pair = () => {
    const sender = new SrtpSender(key);
    const receiver = new SrtpReceiver(key);
    const sealed = (sequence: number, ssrc?: number): Uint8Array =>
      Uint8Array.from(sender.protect(rtp(sequence, undefined, ssrc)));
    return { receiver, sealed, hear: (packet: Uint8Array) => receiver.unprotect(packet) };
  };

  it('follows the sequence number over its end, many times, late packets included', () => {
    const { sealed, hear } = pair();
    for (let round = 0; round < 3; round++) {
      for (let sequence = 4096; sequence < 65_536; sequence += 4096)
        assert.ok(typeof hear(sealed(sequence)) === 'object', `round ${round}, ${sequence}`);
      const [late, next] = [sealed(65_535), sealed(0)];
      assert.ok(typeof hear(next) === 'object');
      assert.ok(typeof hear(late) === 'object', 'the last before the end came after the first of the next');
    }
  });

  it('takes each packet once, late ones within the window, none from before it', () => {
    const { sealed, hear } = pair();
    const packets = Array.from({ length: windowLength + 2 }, (_, i) => sealed(1000 + i));
    assert.ok(typeof hear(packets[1]!) === 'object');
    assert.ok(typeof hear(packets.at(-2)!) === 'object');
    assert.equal(hear(packets.at(-2)!), 'replayed');
    assert.ok(typeof hear(packets[2]!) === 'object');
    assert.equal(hear(packets[2]!), 'replayed');
    assert.ok(typeof hear(packets.at(-1)!) === 'object');
    assert.equal(hear(packets[1]!), 'replayed');
    assert.equal(hear(packets[0]!), 'replayed');
  });

  it('takes no packet with one bit changed, wherever it stands, and is not moved by it', () => {
    const { sealed, hear } = pair();
    const packet = sealed(40_000);
    for (let bit = 0; bit < packet.length * 8; bit++) {
      const forged = Uint8Array.from(packet);
      forged[bit >> 3]! ^= 1 << (bit & 7);
      assert.ok(typeof hear(forged) === 'string', `bit ${bit}`);
    }
    assert.deepEqual(hear(packet), rtp(40_000));
  });

  it('takes nothing under another key', () => {
    const other = { ...key, key: Buffer.alloc(30, 1).toString('base64') };
    assert.equal(new SrtpReceiver(other).unprotect(new SrtpSender(key).protect(rtp(1))), 'forged');
  });

  it('knows the sources of a stream apart, and no more than 32 of them', () => {
    const receiver = new SrtpReceiver(key);
    const from = (ssrc: number) => receiver.unprotect(new SrtpSender(key).protect(rtp(5, undefined, ssrc)));
    for (let ssrc = 1; ssrc <= 32; ssrc++) assert.ok(typeof from(ssrc) === 'object');
    assert.equal(from(33), 'replayed');
    assert.equal(from(1), 'replayed');
  });

  it('reads packets with the key identifier that was announced, and no other', () => {
    const plain = new SrtpSender(key).protect(rtp(5));
    const tagged = (mki: number): Uint8Array =>
      Uint8Array.of(...plain.subarray(0, -10), 0, mki, ...plain.subarray(-10));
    const receiver = new SrtpReceiver({ ...key, mki: { value: 3, length: 2 } });
    assert.equal(receiver.unprotect(tagged(4)), 'forged');
    assert.deepEqual(receiver.unprotect(tagged(3)), rtp(5));
  });

  it('survives 100,000 hostile packets, and takes none of them', () => {
    const next = seeded(3711);
    const { receiver, sealed } = pair();
    const good = sealed(9);
    for (let n = 0; n < 100_000; n++) {
      const bytes = Uint8Array.from(good.subarray(0, next(good.length + 1)));
      for (let changes = next(4) + 1; changes > 0 && bytes.length > 0; changes--)
        bytes[next(bytes.length)]! ^= 1 + next(255);
      const said = receiver.unprotect(bytes);
      // What was changed twice may be itself again.
      assert.ok(typeof said === 'string' || asHex(said) === asHex(rtp(9)), `input ${n}`);
    }
  });
});
