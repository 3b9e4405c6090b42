/** Messages that went over a wire as a capture file that Wireshark, tshark and sngrep open. */
import { readEndpoint } from './address.ts';
import { payloadLimit, tcpPacket, udpPacket } from './ip.ts';

export interface CapturedMessage {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** TLS is written as TCP: what is in the file is not encrypted. */
  readonly transport: 'UDP' | 'TCP' | 'TLS';
  /** `address:port` */
  readonly from: string;
  readonly to: string;
  readonly payload: Uint8Array;
}

export const captureType = 'application/vnd.tcpdump.pcap';

/** A packet begins with its IP header, of either version (tcpdump.org/linktypes.html). */
const linkTypeRaw = 101;
const snapLength = 0x40000;

function fileHeader(): Uint8Array {
  const view = new DataView(new ArrayBuffer(24));
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snapLength, true);
  view.setUint32(20, linkTypeRaw, true);
  return new Uint8Array(view.buffer);
}

function recordHeader(at: number, length: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, Math.floor(at / 1000), true);
  view.setUint32(4, Math.floor((at % 1000) * 1000), true);
  view.setUint32(8, length, true);
  view.setUint32(12, length, true);
  return new Uint8Array(view.buffer);
}

function pieces(payload: Uint8Array): readonly Uint8Array[] {
  const { tcp: size } = payloadLimit;
  const count = Math.ceil(payload.length / size);
  return Array.from({ length: count }, (_, i) => payload.subarray(i * size, (i + 1) * size));
}

/** A connection is taken up in the middle: who opened it is not known, and no handshake is invented. */
class Packets {
  /** By direction of a TCP connection: the next byte to send. */
  readonly #next = new Map<string, number>();
  #id = 0;

  of({ transport, from, to, payload }: CapturedMessage): readonly Uint8Array[] {
    const path = { from: readEndpoint(from), to: readEndpoint(to) };
    const id = (): number => {
      this.#id = (this.#id + 1) & 0xffff;
      return this.#id;
    };
    // No datagram can be longer; a trace that says so is cut rather than refused.
    if (transport === 'UDP')
      return [udpPacket(path, { id: id(), payload: payload.subarray(0, payloadLimit.udp) })];
    const [here, there] = [`${from}>${to}`, `${to}>${from}`];
    return pieces(payload).map((piece) => {
      const sequence = this.#next.get(here) ?? 1;
      this.#next.set(here, (sequence + piece.length) >>> 0);
      const acknowledged = this.#next.get(there) ?? 1;
      return tcpPacket(path, { id: id(), payload: piece, sequence, acknowledged });
    });
  }
}

/** The classic format (draft-ietf-opsawg-pcap), times in microseconds. */
export function writeCapture(messages: readonly CapturedMessage[]): Uint8Array {
  const packets = new Packets();
  const parts = [
    fileHeader(),
    ...messages.flatMap((message) =>
      packets.of(message).flatMap((packet) => [recordHeader(message.at, packet.length), packet]),
    ),
  ];
  const file = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    file.set(part, at);
    at += part.length;
  }
  return file;
}
