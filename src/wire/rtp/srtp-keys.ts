/** Session keys from a master key, RFC 3711 4.3. The key derivation rate is 0: they last as long as the master key. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import { KeyStream } from './srtp-cipher.ts';
import { type SrtpSuite, saltLength } from './srtp-suites.ts';

const label = { encryption: 0, authentication: 1, salting: 2 } as const;
/** Octets of the key of HMAC-SHA1, RFC 3711 5.2. */
const authenticationKeyLength = 20;

export interface SessionKeys {
  readonly encryption: Uint8Array;
  /** Ready for use: octets would be turned into a key again for every packet. */
  readonly authentication: KeyObject;
  readonly salt: Uint8Array;
}

/** `length` octets for one use of the master key. */
export const derive = (
  master: KeyStream,
  masterSalt: Uint8Array,
  use: keyof typeof label,
  length: number,
): Uint8Array => {
  const iv = Uint8Array.from(masterSalt);
  // 4.3.1: the label stands before the 48 bits of the index, which is 0.
  iv[7]! ^= label[use];
  return Uint8Array.from(master.take(iv, length));
};

/** `inline`: master key and salt, as SDP carries them in base64 (RFC 4568 6.1). Throws where its length is wrong. */
export const sessionKeys = ({ keyLength }: SrtpSuite, inline: string): SessionKeys => {
  const bytes = Buffer.from(inline, 'base64');
  if (bytes.length !== keyLength + saltLength)
    throw new Error(`SRTP: ${bytes.length} octets of key and salt instead of ${keyLength + saltLength}`);
  const master = new KeyStream(bytes.subarray(0, keyLength));
  const salt = bytes.subarray(keyLength);
  return {
    encryption: derive(master, salt, 'encryption', keyLength),
    authentication: createSecretKey(derive(master, salt, 'authentication', authenticationKeyLength)),
    salt: derive(master, salt, 'salting', saltLength),
  };
};
