import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeded } from '../../../test/fuzz/random.ts';
import { type Judge, judgeCheck, readCheckAnswer, writeCheck } from './check.ts';
import { fingerprinted, isFrom, signed } from './integrity.ts';
import { readMapped, writeMapped } from './mapped-address.ts';
import { attribute, attributeIn, isStun, parseStun, type StunMessage, writeStun } from './message.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

/** RFC 5769 2.1 to 2.3. */
const password = 'VOkJxbRl1RmTxUk/WvJxBt';
const vectors = {
  request: hex(`000100582112a442b7e7a701bc34d686fa87dfae 802200105354554e207465737420636c69656e74
    002400046e0001ff 80290008932ff9b151263b36 000600096576746a3a68367659202020
    000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004e57a3bcf`),
  ipv4: hex(`0101003c2112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
    002000080001a147e112a643 000800142b91f599fd9e90c38c7489f92af9ba53f06be7d7 80280004c07d4c96`),
  ipv6: hex(`010100482112a442b7e7a701bc34d686fa87dfae 8022000b7465737420766563746f7220
    002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9
    00080014a382954e4be67bf11784c97c8292c275bfe3ed41 80280004c8fb0b4c`),
};

const read = (bytes: Uint8Array): StunMessage => {
  const message = parseStun(bytes);
  assert.ok(message, 'it is no STUN message');
  return message;
};

describe('the vectors of RFC 5769', () => {
  it('2.1: a request with short-term credentials', () => {
    const message = read(vectors.request);
    assert.deepEqual([message.class, message.method], ['request', 1]);
    assert.equal(Buffer.from(attributeIn(message, attribute.username) ?? []).toString(), 'evtj:h6vY');
    assert.equal(Buffer.from(attributeIn(message, attribute.software) ?? []).toString(), 'STUN test client');
    assert.ok(isFrom(message, password));
    assert.ok(!isFrom(message, `${password}x`));
  });

  for (const [name, address] of [
    ['ipv4', '192.0.2.1'],
    ['ipv6', '2001:db8:1234:5678:11:2233:4455:6677'],
  ] as const)
    it(`2.2, 2.3: a response over ${name}`, () => {
      const message = read(vectors[name]);
      assert.deepEqual([message.class, message.method], ['success', 1]);
      assert.ok(isFrom(message, password));
      const mapped = { address, port: 32_853 };
      const value = attributeIn(message, attribute.xorMappedAddress) ?? new Uint8Array();
      assert.deepEqual(readMapped(value, message.transaction), mapped);
      assert.deepEqual(writeMapped(mapped, message.transaction), value);
      assert.deepEqual(readCheckAnswer(message, password), { success: true, mapped });
    });
});

it('a message with one bit changed anywhere before its fingerprint is not from who signed it', () => {
  for (const bytes of Object.values(vectors))
    for (let bit = 0; bit < (bytes.length - 8) * 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3]! ^= 1 << (bit & 7);
      // The length is written anew with the fingerprint.
      const again = bit >> 4 === 1 ? [] : [fingerprinted(changed.subarray(0, -8))];
      for (const one of [changed, ...again]) {
        const message = parseStun(one);
        assert.ok(message === undefined || !isFrom(message, password), `bit ${bit}`);
      }
    }
});

it('what is written is read back', () => {
  const transaction = Uint8Array.from({ length: 12 }, (_, i) => i);
  const attributes = [
    { type: attribute.username, value: Uint8Array.of(1, 2, 3) },
    { type: attribute.useCandidate, value: new Uint8Array() },
  ];
  for (const kind of ['request', 'indication', 'success', 'error'] as const)
    for (const method of [1, 3, 0xff]) {
      const bytes = fingerprinted(
        signed(writeStun({ class: kind, method, transaction, attributes }), 'secret'),
      );
      const message = read(bytes);
      assert.deepEqual(
        [message.class, message.method, message.transaction, message.attributes],
        [kind, method, transaction, attributes],
      );
      assert.ok(isFrom(message, 'secret'));
    }
});

describe('a check', () => {
  const own = { ufrag: 'ours', password: 'the password of ours!!' };
  const far = { ufrag: 'them', password: 'the password of theirs' };
  const from = { address: '192.0.2.9', port: 5000 };
  const asked: Judge = { own, farUfrag: far.ufrag, role: 'controlled', from };
  const transaction = new Uint8Array(12).fill(9);
  const tieBreaker = new Uint8Array(8);
  /** As the far end sends it. */
  const check = (changes: { own?: typeof own; far?: typeof own; nominates?: boolean } = {}): StunMessage =>
    read(writeCheck({ own: far, far: own, transaction, tieBreaker, nominates: false, ...changes }));
  const judged = (message: StunMessage, judge: Partial<Judge> = {}) => {
    const found = judgeCheck(message, { ...asked, ...judge });
    assert.ok(found, 'it is not judged');
    return found;
  };

  it('with our credentials is answered with where it came from, signed', () => {
    const { reply, check: found } = judged(check({ nominates: true }));
    assert.equal(found?.nominates, true);
    assert.deepEqual(readCheckAnswer(read(reply), own.password), { success: true, mapped: from });
    assert.equal(readCheckAnswer(read(reply), 'another'), undefined);
    assert.equal(judged(check()).check?.nominates, false);
  });

  it('is taken before the far end is known, from whomever it says it is', () => {
    const { farUfrag: _, ...unknown } = asked;
    assert.equal(judgeCheck(check(), unknown)?.status, 200);
  });

  const statusOf = (message: StunMessage, judge: Partial<Judge> = {}): unknown => {
    const { reply, check: found } = judged(message, judge);
    assert.equal(found, undefined);
    const answer = readCheckAnswer(read(reply), own.password);
    assert.ok(answer && !answer.success);
    return answer.status;
  };

  it('for another user name, from another one or with another password is refused with 401', () => {
    assert.equal(statusOf(check({ far: { ...own, ufrag: 'else' } })), 401);
    assert.equal(statusOf(check({ own: { ...far, ufrag: 'else' } })), 401);
    assert.equal(statusOf(check({ far: { ...own, password: 'a guess that is no use' } })), 401);
  });

  it('without credentials is refused with 400', () => {
    const bare = { class: 'request', method: 1, transaction, attributes: [] } as const;
    assert.equal(statusOf(read(writeStun(bare))), 400);
    assert.equal(statusOf(read(signed(writeStun(bare), own.password))), 400);
  });

  it('with an attribute that has to be understood and is not is refused with 420, which names it', () => {
    const attributes = [
      { type: attribute.username, value: Buffer.from('ours:them') },
      { type: 0x7abc, value: new Uint8Array(4) },
    ];
    const bytes = writeStun({ class: 'request', method: 1, transaction, attributes });
    const message = read(signed(bytes, own.password));
    assert.equal(statusOf(message), 420);
    const { reply } = judged(message);
    assert.deepEqual(attributeIn(read(reply), attribute.unknownAttributes), Uint8Array.of(0x7a, 0xbc));
  });

  it('from who claims our own role is refused with 487', () => {
    assert.equal(statusOf(check(), { role: 'controlling' }), 487);
  });

  it('that is an indication, an answer or another method is not answered', () => {
    const message = check();
    assert.equal(judgeCheck({ ...message, class: 'indication' }, asked), undefined);
    assert.equal(judgeCheck({ ...message, class: 'success' }, asked), undefined);
    assert.equal(judgeCheck({ ...message, method: 3 }, asked), undefined);
  });
});

it('100,000 hostile messages never make it throw, and none of them passes for one with the password', () => {
  const next = seeded(5769);
  const own = { ufrag: 'evtj', password };
  const good = Object.values(vectors);
  for (let n = 0; n < 100_000; n++) {
    const base = good[next(good.length)]!;
    const bytes = Uint8Array.from(base.subarray(0, next(3) === 0 ? next(base.length + 1) : base.length));
    for (let changes = next(4) + 1; changes > 0 && bytes.length > 0; changes--)
      bytes[next(bytes.length)]! ^= 1 + next(255);
    // The fingerprint would hide the rest.
    const stun = isStun(bytes) && next(2) === 0 ? fingerprinted(bytes.subarray(0, bytes.length - 8)) : bytes;
    const message = parseStun(stun);
    if (message === undefined) continue;
    const said = judgeCheck(message, { own, role: 'controlled', from: { address: '::1', port: 1 } });
    readCheckAnswer(message, password);
    assert.ok(said?.check === undefined || Buffer.compare(stun.subarray(0, 80), base.subarray(0, 80)) === 0);
  }
});
