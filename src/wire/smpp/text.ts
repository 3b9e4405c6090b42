/** Texts of messages by their data_coding (SMPP 3.4, 5.2.19; 3GPP TS 23.038, 4 where a carrier passes that on). */
import { decodeGsm, encodeGsm } from './gsm-alphabet.ts';

export type Alphabet = 'gsm7' | 'ucs2';

export const dataCodings = { gsm7: 0x00, ucs2: 0x08 } as const satisfies Record<Alphabet, number>;

/** Undefined: the alphabet lacks one of the characters. */
export function encodeText(alphabet: Alphabet, text: string): Uint8Array | undefined {
  return alphabet === 'gsm7' ? encodeGsm(text) : encodeUcs2(text);
}

/** Two octets a unit, the higher one first; surrogates as they stand in the string (UTF-16). */
export function encodeUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2);
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    octets[at * 2] = unit >> 8;
    octets[at * 2 + 1] = unit & 0xff;
  }
  return octets;
}

/** An odd octet at the end is dropped. A pair of surrogates may be cut: its other half is in the next segment. */
export function decodeUcs2(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < octets.length; at += 2)
    text += String.fromCharCode((octets[at]! << 8) | octets[at + 1]!);
  return text;
}

const latin1 = (octets: Uint8Array): string =>
  Array.from(octets, (octet) => String.fromCharCode(octet)).join('');

const withDecoder =
  (label: string) =>
  (octets: Uint8Array): string =>
    new TextDecoder(label).decode(octets);

type Decode = (octets: Uint8Array) => string;

/** Those of SMPP that are text. 2 and 4 are binary, 5, 9, 10 and 13 Japanese sets in more than one form each. */
const listed: Readonly<Record<number, Decode>> = {
  0: decodeGsm,
  1: latin1,
  3: latin1,
  6: withDecoder('iso-8859-5'),
  7: withDecoder('iso-8859-8'),
  8: decodeUcs2,
  14: withDecoder('euc-kr'),
};

function decoderOf(dataCoding: number): Decode | undefined {
  if (dataCoding < 0x10) return listed[dataCoding];
  const group = dataCoding >> 4;
  // 3GPP TS 23.038, 4: 00xx general (bit 5: compressed), 1100 to 1110 a message waits, 1111 with a class.
  if (group < 4) return (dataCoding & 0x20) === 0 ? byBits[(dataCoding >> 2) & 3] : undefined;
  if (group === 0xc || group === 0xd) return decodeGsm;
  if (group === 0xe) return decodeUcs2;
  return group === 0xf && (dataCoding & 4) === 0 ? decodeGsm : undefined;
}

const byBits: readonly (Decode | undefined)[] = [decodeGsm, undefined, decodeUcs2, undefined];

/** Undefined: what it carries is no text, or in an alphabet that is not read here. */
export function decodeText(dataCoding: number, octets: Uint8Array): string | undefined {
  return decoderOf(dataCoding)?.(octets);
}
