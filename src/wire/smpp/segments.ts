/** A handset cuts what is too long for one message (3GPP TS 23.040, 9.2.3.24.1). */
import { encodeGsm, gsmLength } from './gsm-alphabet.ts';
import { type Alphabet, encodeUcs2 } from './text.ts';

export interface Cut {
  readonly alphabet: Alphabet;
  /** The texts of the segments; one where the message fits. */
  readonly parts: readonly string[];
}

/** Characters of GSM, or units of UTF-16: alone, and beside a header of concatenation. */
const room = { gsm7: { alone: 160, shared: 153 }, ucs2: { alone: 70, shared: 67 } } as const;

/** In the smaller alphabet that has every character. No escape and no pair of surrogates is cut in two. */
export function cutText(text: string): Cut {
  const gsm = gsmLength(text);
  const alphabet = gsm === undefined ? 'ucs2' : 'gsm7';
  const { alone, shared } = room[alphabet];
  if ((gsm ?? text.length) <= alone) return { alphabet, parts: [text] };
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const char of text) {
    const size = alphabet === 'gsm7' ? (encodeGsm(char)?.length ?? 0) : encodeUcs2(char).length / 2;
    if (used + size > shared) {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += char;
    used += size;
  }
  return { alphabet, parts: [...parts, part] };
}
