/** Where one PDU ends and the next begins in a stream of octets (SMPP 3.4, 3.2). */

export const headerLength = 16;

/** The longest PDU that is read: a message_payload of some 16,000 octets, far above any text. */
export const longestPdu = 16_384;

export type Framed =
  | { readonly kind: 'pdu'; readonly length: number }
  /** Not whole yet. */
  | { readonly kind: 'wait' }
  /** The stream cannot be read on: nothing says where the next one begins. */
  | { readonly kind: 'broken'; readonly length: number };

/** What stands at the beginning of the octets. */
export function nextPdu(octets: Uint8Array): Framed {
  if (octets.length < 4) return { kind: 'wait' };
  const length = ((octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8) | octets[3]!) >>> 0;
  if (length < headerLength || length > longestPdu) return { kind: 'broken', length };
  return octets.length < length ? { kind: 'wait' } : { kind: 'pdu', length };
}
