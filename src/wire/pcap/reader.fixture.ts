/** Reads a capture file as its formats are written down, and refuses what does not fit: nothing of the writer is used. */
import assert from 'node:assert/strict';

export interface ReadPacket {
  /** Microseconds since 1970. */
  readonly at: number;
  readonly version: 4 | 6;
  readonly protocol: 'udp' | 'tcp';
  readonly from: string;
  readonly to: string;
  readonly payload: string;
  readonly sequence?: number;
  readonly acknowledged?: number;
}

/** RFC 1071: over data that holds its own checksum, the sum is all ones. */
function sumOf(bytes: Buffer): number {
  const even = bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(1)]);
  let sum = 0;
  for (let i = 0; i < even.length; i += 2) {
    sum += even.readUInt16BE(i);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

function readIp(packet: Buffer) {
  if (packet[0]! >> 4 === 4) {
    assert.equal(packet[0], 0x45);
    assert.equal(packet.readUInt16BE(2), packet.length);
    assert.equal(sumOf(packet.subarray(0, 20)), 0xffff, 'checksum of the IPv4 header');
    const name = (at: number): string => [...packet.subarray(at, at + 4)].join('.');
    const ends = { from: name(12), to: name(16) };
    return { version: 4 as const, number: packet[9]!, ...ends, addresses: packet.subarray(12, 20), rest: 20 };
  }
  assert.equal(packet[0], 0x60);
  assert.equal(packet.readUInt16BE(4), packet.length - 40);
  const name = (at: number): string => `[${packet.toString('hex', at, at + 16)}]`;
  const ends = { from: name(8), to: name(24) };
  return { version: 6 as const, number: packet[6]!, ...ends, addresses: packet.subarray(8, 40), rest: 40 };
}

function readPacket(packet: Buffer, at: number): ReadPacket {
  const { version, number, from, to, addresses, rest } = readIp(packet);
  const segment = packet.subarray(rest);
  const pseudo = Buffer.concat([addresses, Buffer.alloc(4)]);
  pseudo.writeUInt16BE(number, pseudo.length - 4);
  pseudo.writeUInt16BE(segment.length, pseudo.length - 2);
  assert.equal(sumOf(Buffer.concat([pseudo, segment])), 0xffff, 'checksum of the segment');
  const ends = {
    at,
    version,
    from: `${from}:${segment.readUInt16BE(0)}`,
    to: `${to}:${segment.readUInt16BE(2)}`,
  };
  if (number === 17) {
    assert.equal(segment.readUInt16BE(4), segment.length);
    return { ...ends, protocol: 'udp', payload: segment.toString('utf8', 8) };
  }
  assert.equal(number, 6);
  assert.equal(segment.readUInt16BE(12), 0x5018, 'five words of header, PSH and ACK');
  return {
    ...ends,
    protocol: 'tcp',
    sequence: segment.readUInt32BE(4),
    acknowledged: segment.readUInt32BE(8),
    payload: segment.toString('utf8', 20),
  };
}

export function readCapture(bytes: Uint8Array): readonly ReadPacket[] {
  const file = Buffer.from(bytes);
  assert.equal(file.readUInt32LE(0), 0xa1b2c3d4);
  assert.deepEqual([file.readUInt16LE(4), file.readUInt16LE(6)], [2, 4]);
  assert.equal(file.readUInt32LE(20), 101, 'LINKTYPE_RAW');
  const packets: ReadPacket[] = [];
  for (let at = 24; at < file.length; ) {
    const micros = file.readUInt32LE(at) * 1e6 + file.readUInt32LE(at + 4);
    const length = file.readUInt32LE(at + 8);
    assert.equal(file.readUInt32LE(at + 12), length);
    assert.ok(length <= file.readUInt32LE(16), 'no longer than the file says packets are');
    packets.push(readPacket(file.subarray(at + 16, at + 16 + length), micros));
    at += 16 + length;
    assert.ok(at <= file.length, 'the last packet is whole');
  }
  return packets;
}
