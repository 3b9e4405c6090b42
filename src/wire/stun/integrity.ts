/** Who a STUN message is from: MESSAGE-INTEGRITY by a password, RFC 8489 14.5, and the fingerprint, 14.7. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  appended,
  attribute,
  fingerprintOf,
  integrityLength,
  putHalf,
  putWord,
  type StunMessage,
  stunHeaderLength,
} from './message.ts';

/** Whether whoever sent the message knows the password. */
export const isFrom = (message: StunMessage, password: string): boolean => {
  const { bytes, integrityAt } = message;
  if (integrityAt === undefined) return false;
  const covered = Uint8Array.from(bytes.subarray(0, integrityAt));
  // As if the message ended with the integrity.
  putHalf(covered, 2, integrityAt + 4 + integrityLength - stunHeaderLength);
  return timingSafeEqual(
    mac(covered, password),
    bytes.subarray(integrityAt + 4, integrityAt + 4 + integrityLength),
  );
};

/** The message with its integrity. */
export const signed = (message: Uint8Array, password: string): Uint8Array => {
  const bytes = appended(message, attribute.messageIntegrity, new Uint8Array(integrityLength));
  bytes.set(mac(bytes.subarray(0, message.length), password), message.length + 4);
  return bytes;
};

/** The message with its fingerprint, which comes last. */
export const fingerprinted = (message: Uint8Array): Uint8Array => {
  const bytes = appended(message, attribute.fingerprint, new Uint8Array(4));
  putWord(bytes, message.length + 4, fingerprintOf(bytes.subarray(0, message.length)));
  return bytes;
};

/** RFC 8489 9.1.1: the key is the password. Its characters are those of ICE (RFC 8839 5.4), which no preparation changes. */
const mac = (covered: Uint8Array, password: string): Buffer =>
  createHmac('sha1', password).update(covered).digest();
