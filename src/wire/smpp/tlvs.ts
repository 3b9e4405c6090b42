/** Optional parameters (SMPP 3.4, 5.3.1): what stands behind the mandatory ones. */

export const tlvTags = {
  receiptedMessageId: 0x001e,
  sarReference: 0x020c,
  sarTotal: 0x020e,
  sarNumber: 0x020f,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

export type Tlvs = ReadonlyMap<number, Uint8Array>;

/** Undefined: they do not end where the octets do. Of a tag that comes twice the first counts. */
export function readTlvs(octets: Uint8Array): Tlvs | undefined {
  const found = new Map<number, Uint8Array>();
  let at = 0;
  while (at < octets.length) {
    if (at + 4 > octets.length) return undefined;
    const tag = (octets[at]! << 8) | octets[at + 1]!;
    const end = at + 4 + ((octets[at + 2]! << 8) | octets[at + 3]!);
    if (end > octets.length) return undefined;
    if (!found.has(tag)) found.set(tag, octets.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** An integer of one, two or four octets. */
export function tlvNumber(tlvs: Tlvs, tag: number): number | undefined {
  const value = tlvs.get(tag);
  if (!value || value.length === 0 || value.length > 4) return undefined;
  return value.reduce((sum, octet) => sum * 256 + octet, 0);
}

/** With its zero at the end, or, as some carriers write it, without. */
export function tlvText(tlvs: Tlvs, tag: number): string | undefined {
  const value = tlvs.get(tag);
  if (!value) return undefined;
  const zero = value.indexOf(0);
  const text = String.fromCharCode(...value.subarray(0, zero < 0 ? 256 : Math.min(zero, 256)));
  return text === '' ? undefined : text;
}
