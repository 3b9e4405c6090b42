/** The default alphabet of GSM (3GPP TS 23.038, 6.2.1), one character an octet: unpacked, as SMPP carries it. */

const escapeCode = 0x1b;

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';

/** What follows an escape (6.2.1.1). */
const extension: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

const octetsOf: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...[...basic].flatMap((char, code) => (code === escapeCode ? [] : [[char, [code]] as const])),
  ...[...extension].map(([code, char]) => [char, [escapeCode, code]] as const),
]);

/** Undefined: the alphabet lacks one of the characters. */
export function encodeGsm(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  for (const char of text) {
    const found = octetsOf.get(char);
    if (!found) return undefined;
    octets.push(...found);
  }
  return Uint8Array.from(octets);
}

/** Never fails: an octet above 127, which is none of the alphabet, is read as U+FFFD. */
export function decodeGsm(octets: Uint8Array): string {
  let text = '';
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at]!;
    if (octet !== escapeCode) {
      text += basic[octet] ?? '\ufffd';
      continue;
    }
    const next = octets[at + 1];
    const extended = next === undefined ? undefined : extension.get(next);
    // 6.2.1: an escape that nothing is known of is a space where it ends the text, and else not there.
    if (extended === undefined) text += next === undefined ? ' ' : '';
    else {
      text += extended;
      at += 1;
    }
  }
  return text;
}

/** Octets that the text takes; undefined: it needs another alphabet. */
export function gsmLength(text: string): number | undefined {
  let length = 0;
  for (const char of text) {
    const octets = octetsOf.get(char);
    if (!octets) return undefined;
    length += octets.length;
  }
  return length;
}
