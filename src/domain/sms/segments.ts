/** How a text is cut into short messages (3GPP TS 23.038 6.2.1, TS 23.040 9.2.3.24.1). */

export type Alphabet = 'gsm7' | 'ucs2';

export interface Cut {
  readonly alphabet: Alphabet;
  /** At least one, which may be empty. */
  readonly parts: readonly string[];
}

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Written as an escape and a second septet. */
const extended = new Set('\f^{}\\[~]|€');

/** Septets or UTF-16 units: alone, and in each part of several, where a header takes the rest. */
const room = { gsm7: { alone: 160, each: 153 }, ucs2: { alone: 70, each: 67 } } as const;

/** Whole characters: neither an escape from its septet nor a surrogate from its other half is ever parted. */
function pack(characters: readonly string[], sizeOf: (character: string) => number, each: number): string[] {
  const parts: string[] = [];
  let part = '';
  let size = 0;
  for (const character of characters) {
    const more = sizeOf(character);
    if (size + more > each) {
      parts.push(part);
      part = '';
      size = 0;
    }
    part += character;
    size += more;
  }
  return [...parts, part];
}

export function cut(text: string): Cut {
  const characters = [...text];
  const alphabet = characters.every((one) => basic.has(one) || extended.has(one)) ? 'gsm7' : 'ucs2';
  const sizeOf =
    alphabet === 'gsm7'
      ? (character: string) => (extended.has(character) ? 2 : 1)
      : (character: string) => character.length;
  const size = characters.reduce((sum, character) => sum + sizeOf(character), 0);
  const { alone, each } = room[alphabet];
  return { alphabet, parts: size <= alone ? [text] : pack(characters, sizeOf, each) };
}
