/** STUN messages, RFC 8489: bytes to values and back. Nothing that comes over the wire makes this throw. */
import { crc32 } from './crc32.ts';

export type StunClass = 'request' | 'indication' | 'success' | 'error';

/** The only method of ICE. */
export const bindingMethod = 1;

/** RFC 8489 18.3, RFC 8445 16.1. */
export const attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  unknownAttributes: 0x000a,
  xorMappedAddress: 0x0020,
  priority: 0x0024,
  useCandidate: 0x0025,
  software: 0x8022,
  fingerprint: 0x8028,
  iceControlled: 0x8029,
  iceControlling: 0x802a,
} as const;

export interface StunAttribute {
  readonly type: number;
  /** Without padding. */
  readonly value: Uint8Array;
}

export interface StunMessage {
  readonly class: StunClass;
  readonly method: number;
  /** 12 octets. */
  readonly transaction: Uint8Array;
  /** In their order; without the integrity, its fingerprint, and what stands between them. */
  readonly attributes: readonly StunAttribute[];
  /** Where MESSAGE-INTEGRITY stands, to be judged against `bytes`. */
  readonly integrityAt?: number;
  readonly bytes: Uint8Array;
}

export const stunHeaderLength = 20;
export const integrityLength = 20;
const cookie = 0x2112a442;
const fingerprintMask = 0x5354554e;
/** RFC 8489 6.1: what fits every path; a check of ICE has about 100. */
const longest = 1280;
const mostAttributes = 32;

/** Whether a datagram on a media port is for STUN (RFC 7983 7). */
export const isStun = (bytes: Uint8Array): boolean =>
  bytes.length >= stunHeaderLength && bytes[0]! < 4 && word(bytes, 4) === cookie;

/** `undefined` for what is no STUN message, a wrong fingerprint included. */
export const parseStun = (bytes: Uint8Array): StunMessage | undefined => {
  if (!isStun(bytes) || bytes.length > longest || bytes.length % 4 !== 0) return undefined;
  if (half(bytes, 2) !== bytes.length - stunHeaderLength) return undefined;
  const attributes: StunAttribute[] = [];
  let integrityAt: number | undefined;
  for (let at = stunHeaderLength; at < bytes.length; ) {
    const [type, length] = [half(bytes, at), half(bytes, at + 2)];
    const end = at + 4 + length;
    if (end > bytes.length || attributes.length === mostAttributes) return undefined;
    const value = bytes.subarray(at + 4, end);
    if (type === attribute.fingerprint) {
      // RFC 8489 14.7: the last attribute.
      if (length !== 4 || end !== bytes.length || word(value, 0) !== fingerprintOf(bytes.subarray(0, at)))
        return undefined;
    } else if (type === attribute.messageIntegrity && integrityAt === undefined) {
      if (length !== integrityLength) return undefined;
      integrityAt = at;
    } else if (integrityAt === undefined) {
      // RFC 8489 14.5: what stands behind the integrity is not covered by it and does not count.
      attributes.push({ type, value });
    }
    at = end + (-length & 3);
  }
  const kind = half(bytes, 0);
  return {
    class: classes[((kind & 0x0100) >> 7) | ((kind & 0x0010) >> 4)]!,
    // RFC 8489 5: the bits of the class stand among those of the method.
    method: (kind & 0x000f) | ((kind & 0x00e0) >> 1) | ((kind & 0x3e00) >> 2),
    transaction: bytes.subarray(8, stunHeaderLength),
    attributes,
    ...(integrityAt === undefined ? {} : { integrityAt }),
    bytes,
  };
};

const classes = ['request', 'indication', 'success', 'error'] as const;

/** The first attribute of a type; the ones after it do not count (RFC 8489 14). */
export const attributeIn = ({ attributes }: StunMessage, type: number): Uint8Array | undefined =>
  attributes.find((one) => one.type === type)?.value;

export const fingerprintOf = (before: Uint8Array): number => (crc32(before) ^ fingerprintMask) >>> 0;

/** A message without integrity and fingerprint (`integrity.ts` adds them). */
export const writeStun = (
  message: Pick<StunMessage, 'class' | 'method' | 'transaction' | 'attributes'>,
): Uint8Array => {
  const length = message.attributes.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  const bytes = new Uint8Array(stunHeaderLength + length);
  const { method } = message;
  const kind = classes.indexOf(message.class);
  putHalf(
    bytes,
    0,
    (method & 0x000f) |
      ((method & 0x0070) << 1) |
      ((method & 0x0f80) << 2) |
      ((kind & 2) << 7) |
      ((kind & 1) << 4),
  );
  putHalf(bytes, 2, length);
  putWord(bytes, 4, cookie);
  bytes.set(message.transaction, 8);
  let at = stunHeaderLength;
  for (const { type, value } of message.attributes) {
    putAttribute(bytes, at, type, value);
    at += 4 + padded(value.length);
  }
  return bytes;
};

/** Puts an attribute behind a message; its length counts it. */
export const appended = (message: Uint8Array, type: number, value: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(message.length + 4 + padded(value.length));
  bytes.set(message);
  putAttribute(bytes, message.length, type, value);
  putHalf(bytes, 2, bytes.length - stunHeaderLength);
  return bytes;
};

const putAttribute = (into: Uint8Array, at: number, type: number, value: Uint8Array): void => {
  putHalf(into, at, type);
  putHalf(into, at + 2, value.length);
  into.set(value, at + 4);
};

const padded = (length: number): number => length + (-length & 3);

export const half = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;

export const word = (bytes: Uint8Array, at: number): number =>
  ((half(bytes, at) << 16) | half(bytes, at + 2)) >>> 0;

export const putHalf = (into: Uint8Array, at: number, value: number): void => {
  into[at] = (value >>> 8) & 0xff;
  into[at + 1] = value & 0xff;
};

export const putWord = (into: Uint8Array, at: number, value: number): void => {
  putHalf(into, at, value >>> 16);
  putHalf(into, at + 2, value & 0xffff);
};
