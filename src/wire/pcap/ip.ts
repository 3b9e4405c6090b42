/** IPv4, IPv6, UDP and TCP headers around a payload, with their lengths and checksums. */
import { type Endpoint, inIpv6 } from './address.ts';

const protocols = { udp: 17, tcp: 6 } as const;
const hopLimit = 64;
/** An IPv4 packet says its whole length in 16 bits: this much is left for a payload. */
export const payloadLimit = { udp: 0xffff - 20 - 8, tcp: 0xffff - 20 - 20 } as const;

export interface Path {
  readonly from: Endpoint;
  readonly to: Endpoint;
}

/** RFC 1071: the ones' complement of the ones' complement sum of 16-bit words. */
export function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** Big-endian 16-bit words. */
const words = (...values: readonly number[]): Uint8Array =>
  Uint8Array.from(values.flatMap((value) => [(value >>> 8) & 0xff, value & 0xff]));

const halves = (value: number): readonly [number, number] => [value >>> 16, value & 0xffff];

interface Ends {
  readonly source: Uint8Array;
  readonly target: Uint8Array;
}

/** Both ends in one version of IP. */
function endsOf({ from, to }: Path): Ends {
  const same = from.address.length === to.address.length;
  return same
    ? { source: from.address, target: to.address }
    : { source: inIpv6(from.address), target: inIpv6(to.address) };
}

/** What UDP and TCP checksums cover besides the segment (RFC 768, RFC 9293 3.1, RFC 8200 8.1). */
function pseudoHeader({ source, target }: Ends, protocol: number, length: number): Uint8Array {
  const tail = source.length === 4 ? words(protocol, length) : words(...halves(length), 0, protocol);
  return joined(source, target, tail);
}

function ip({ source, target }: Ends, protocol: number, segment: Uint8Array, id: number): Uint8Array {
  if (source.length === 16) {
    const head = words(0x6000, 0, segment.length, (protocol << 8) | hopLimit);
    return joined(head, source, target, segment);
  }
  const head = (sum: number): Uint8Array =>
    joined(words(0x4500, 20 + segment.length, id, 0, (hopLimit << 8) | protocol, sum), source, target);
  return joined(head(checksum(head(0))), segment);
}

export interface Numbered {
  /** Identification of an IPv4 packet. */
  readonly id: number;
  readonly payload: Uint8Array;
}

export function udpPacket(path: Path, { id, payload }: Numbered): Uint8Array {
  const ends = endsOf(path);
  const length = 8 + payload.length;
  const datagram = (sum: number): Uint8Array =>
    joined(words(path.from.port, path.to.port, length, sum), payload);
  const sum = checksum(pseudoHeader(ends, protocols.udp, length), datagram(0));
  // RFC 768: a checksum of zero means that there is none.
  return ip(ends, protocols.udp, datagram(sum === 0 ? 0xffff : sum), id);
}

export interface Segment extends Numbered {
  readonly sequence: number;
  readonly acknowledged: number;
}

/** Header of 5 words; PSH and ACK. */
const pushed = 0x5018;
const window = 0xffff;

export function tcpPacket(path: Path, { id, payload, sequence, acknowledged }: Segment): Uint8Array {
  const ends = endsOf(path);
  const segment = (sum: number): Uint8Array =>
    joined(
      words(path.from.port, path.to.port, ...halves(sequence), ...halves(acknowledged)),
      words(pushed, window, sum, 0),
      payload,
    );
  const sum = checksum(pseudoHeader(ends, protocols.tcp, 20 + payload.length), segment(0));
  return ip(ends, protocols.tcp, segment(sum), id);
}
