import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seeded } from '../../../test/fuzz/random.ts';
import { fromSmpp, toSmpp } from './addresses.ts';
import { commandStatus, isThrottling, statusText } from './command-status.ts';
import { longestPdu, nextPdu } from './frame.ts';
import { readTlvs, tlvNumber, tlvTags, tlvText } from './tlvs.ts';
import { concatenationHeader, readUserData } from './user-data-header.ts';

describe('a stream of SMPP', () => {
  const header = (length: number, octets = 16): Uint8Array => {
    const bytes = new Uint8Array(octets);
    new DataView(bytes.buffer).setUint32(0, length);
    return bytes;
  };

  it('is read PDU by PDU, each as long as it says', () => {
    assert.deepEqual(nextPdu(header(16)), { kind: 'pdu', length: 16 });
    assert.deepEqual(nextPdu(header(20, 40)), { kind: 'pdu', length: 20 });
    assert.deepEqual(nextPdu(header(17)), { kind: 'wait' });
    assert.deepEqual(nextPdu(Uint8Array.of(0, 0, 0)), { kind: 'wait' });
  });

  it('cannot be read on behind a length that no PDU has', () => {
    for (const length of [0, 15, longestPdu + 1, 0xffffffff])
      assert.deepEqual(nextPdu(header(length)), { kind: 'broken', length });
  });
});

describe('a user data header', () => {
  it('comes back as it was written, in 8 bits or in 16', () => {
    for (const reference of [0, 255, 256, 65_535]) {
      const segment = { reference, number: 2, of: 3 };
      const octets = Uint8Array.of(...concatenationHeader(segment), 65);
      assert.equal(octets.length, reference > 255 ? 8 : 7);
      assert.deepEqual(readUserData(octets), { segment, body: Uint8Array.of(65) });
    }
  });

  it('may hold elements that are not of concatenation, and places that cannot be', () => {
    assert.deepEqual(readUserData(Uint8Array.of(4, 5, 2, 1, 2, 65)), { body: Uint8Array.of(65) });
    assert.deepEqual(readUserData(Uint8Array.of(9, 1, 2, 0, 0, 0, 3, 7, 2, 1)), {
      segment: { reference: 7, number: 1, of: 2 },
      body: new Uint8Array(),
    });
    for (const [of, number] of [
      [2, 0],
      [2, 3],
      [0, 0],
    ] as const)
      assert.deepEqual(readUserData(Uint8Array.of(5, 0, 3, 1, of, number)), { body: new Uint8Array() });
  });

  it('that does not fit its octets is broken', () => {
    for (const octets of [[], [5, 0, 3, 1], [3, 0, 9, 1, 65], [1, 0, 65]])
      assert.equal(readUserData(Uint8Array.from(octets)), undefined);
  });

  it('never fails on any octets', () => {
    const next = seeded(40);
    for (let n = 0; n < 10_000; n++) {
      const octets = Uint8Array.from({ length: next(20) }, () => next(next(2) === 0 ? 256 : 12));
      const read = readUserData(octets);
      assert.ok(!read?.segment || read.segment.number <= read.segment.of);
      const tlvs = readTlvs(octets);
      assert.ok(!tlvs || tlvs.size <= 5);
    }
  });
});

describe('TLVs', () => {
  it('are read by their tags, texts with or without their zero', () => {
    const tlvs = readTlvs(
      Uint8Array.of(
        0,
        0x1e,
        0,
        3,
        65,
        66,
        0,
        0x04,
        0x27,
        0,
        1,
        2,
        0x02,
        0x0c,
        0,
        2,
        1,
        44,
        0,
        0x1e,
        0,
        1,
        90,
      ),
    );
    assert.ok(tlvs);
    assert.equal(tlvText(tlvs, tlvTags.receiptedMessageId), 'AB');
    assert.equal(tlvNumber(tlvs, tlvTags.messageState), 2);
    assert.equal(tlvNumber(tlvs, tlvTags.sarReference), 300);
    assert.equal(tlvNumber(tlvs, tlvTags.sarTotal), undefined);
    const bare = readTlvs(Uint8Array.of(0, 0x1e, 0, 2, 65, 66, 0x04, 0x27, 0, 1, 2));
    assert.equal(bare && tlvText(bare, tlvTags.receiptedMessageId), 'AB');
  });

  it('that end where the octets do not are broken', () => {
    for (const octets of [[0], [0, 1, 0], [0, 1, 0, 2, 9]])
      assert.equal(readTlvs(Uint8Array.from(octets)), undefined);
  });
});

describe('an address', () => {
  it('is typed by the kind of sender', () => {
    assert.deepEqual(toSmpp('e164', '+18005550100'), { ton: 1, npi: 1, address: '18005550100' });
    assert.deepEqual(toSmpp('short-code', '12345'), { ton: 3, npi: 0, address: '12345' });
    assert.deepEqual(toSmpp('alphanumeric', 'Contoso'), { ton: 5, npi: 0, address: 'Contoso' });
  });

  it('has its plus sign where the carrier says so, or says nothing and the digits are many', () => {
    const cases = [
      [1, '15551230001', '+15551230001'],
      [1, '+15551230001', '+15551230001'],
      [0, '15551230001', '+15551230001'],
      [0, '12345', '12345'],
      [2, '5551230001', '5551230001'],
      [3, '12345', '12345'],
      [5, 'Contoso', 'Contoso'],
      [6, '123456789', '123456789'],
    ] as const;
    for (const [ton, address, expected] of cases) assert.equal(fromSmpp({ ton, npi: 1, address }), expected);
  });
});

describe('a command_status', () => {
  it('has a name where the standard gives it one', () => {
    assert.equal(statusText(commandStatus.ESME_RTHROTTLED), 'ESME_RTHROTTLED (0x58)');
    assert.equal(statusText(0x401), 'command_status 0x401');
  });

  it('says whether the carrier has too much to do', () => {
    assert.deepEqual([0x58, 0x14, 0x08, 0].map(isThrottling), [true, true, false, false]);
  });
});
