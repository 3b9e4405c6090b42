/** RTP packets, RFC 3550 5.1. */
export interface RtpPacket {
  readonly marker: boolean;
  readonly payloadType: number;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  /** A view into the bytes parsed, without padding. */
  readonly payload: Uint8Array;
}

export const rtpHeaderLength = 12;
/** An Ethernet frame; no packet of ours and no phone's 20 ms of audio is longer. */
const longest = 1500;

/** RTCP, which may come to the same port (RFC 5761 4): packet types 192 to 223. */
export const isRtcp = (bytes: Uint8Array): boolean =>
  bytes.length >= 8 && bytes[0]! >> 6 === 2 && bytes[1]! >= 192 && bytes[1]! <= 223;

/** The packet in these bytes; `undefined` for anything that is not well-formed RTP, RTCP included. */
export const parseRtp = (bytes: Uint8Array): RtpPacket | undefined => {
  const length = bytes.length;
  if (length < rtpHeaderLength || length > longest) return undefined;
  const first = bytes[0]!;
  if (first >> 6 !== 2) return undefined;
  const payloadType = bytes[1]! & 0x7f;
  // RFC 5761 4: on a shared port, these are RTCP packet types 192 to 223.
  if (payloadType >= 64 && payloadType <= 95) return undefined;
  let start = rtpHeaderLength + (first & 0x0f) * 4;
  if ((first & 0x10) !== 0) {
    if (start + 4 > length) return undefined;
    start += 4 + ((bytes[start + 2]! << 8) | bytes[start + 3]!) * 4;
  }
  let end = length;
  if ((first & 0x20) !== 0) {
    const padding = bytes[length - 1]!;
    if (padding === 0) return undefined;
    end -= padding;
  }
  if (start > end) return undefined;
  return {
    marker: (bytes[1]! & 0x80) !== 0,
    payloadType,
    sequence: (bytes[2]! << 8) | bytes[3]!,
    timestamp: word(bytes, 4),
    ssrc: word(bytes, 8),
    payload: bytes.subarray(start, end),
  };
};

/** Writes header fields into the first 12 bytes of `into`; the payload is the caller's to place behind them. */
export const writeRtpHeader = (into: Uint8Array, header: Omit<RtpPacket, 'payload'>): void => {
  into[0] = 0x80;
  into[1] = (header.marker ? 0x80 : 0) | (header.payloadType & 0x7f);
  into[2] = (header.sequence >>> 8) & 0xff;
  into[3] = header.sequence & 0xff;
  putWord(into, 4, header.timestamp);
  putWord(into, 8, header.ssrc);
};

export const serialiseRtp = (packet: RtpPacket): Uint8Array => {
  const bytes = new Uint8Array(rtpHeaderLength + packet.payload.length);
  writeRtpHeader(bytes, packet);
  bytes.set(packet.payload, rtpHeaderLength);
  return bytes;
};

const word = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

const putWord = (into: Uint8Array, at: number, value: number): void => {
  into[at] = (value >>> 24) & 0xff;
  into[at + 1] = (value >>> 16) & 0xff;
  into[at + 2] = (value >>> 8) & 0xff;
  into[at + 3] = value & 0xff;
};
