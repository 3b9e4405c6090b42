/**
 * Lexical helpers for SIP text. Inside `wire/sip` a message is a *byte string*: one character for each byte
 * (latin1), so that lengths are byte counts and what is echoed is echoed byte for byte. `toPeople` and
 * `fromPeople` convert the parts that people read (UTF-8, RFC 3261 7.3.1).
 */

const TAB = 9;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const LESS = 60;
const GREATER = 62;
const BACKSLASH = 92;

const tokenCodes = new Uint8Array(256);
for (const c of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~") {
  tokenCodes[c.charCodeAt(0)] = 1;
}

export function isTokenCode(code: number): boolean {
  return tokenCodes[code] === 1;
}

export function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (tokenCodes[text.charCodeAt(i)] !== 1) return false;
  return text.length > 0;
}

export function skipSpace(text: string, from: number): number {
  let i = from;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c !== SPACE && c !== TAB) break;
  }
  return i;
}

/** Without the spaces and tabs around it. `trim` would take the last byte of an à for a no-break space. */
export function trimSpace(text: string): string {
  const from = skipSpace(text, 0);
  let to = text.length;
  while (to > from && (text.charCodeAt(to - 1) === SPACE || text.charCodeAt(to - 1) === TAB)) to--;
  return text.slice(from, to);
}

// A NUL after an even number of backslashes: escaped, a quoted string may hold one (quoted-pair).
const controls = /[\r\n]|(?<!\\)(?:\\\\)*\0/;

/** Bytes that RFC 3261 25.1 does not allow there, and that lesser parsers take for the end of a line. */
export function hasControls(text: string): boolean {
  return controls.test(text);
}

/** Index just after the closing quote of the quoted string that starts at `from`, or -1. */
export function quotedEnd(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
  return -1;
}

export function unquote(text: string): string {
  if (text.charCodeAt(0) !== QUOTE) return text;
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\(.)/gs, '$1') : inner;
}

export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Index of the first comma outside quotes and angle brackets, or the length. */
export function topCommaFrom(text: string, from: number): number {
  const first = text.indexOf(',', from);
  if (first < 0) return text.length;
  let angles = 0;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = quotedEnd(text, i);
      if (end < 0) return text.length;
      i = end - 1;
    } else if (c === LESS) angles++;
    else if (c === GREATER) angles--;
    else if (c === COMMA && angles <= 0) return i;
  }
  return text.length;
}

/** The elements of a comma-separated header value. */
export function splitList(value: string): readonly string[] {
  if (!value.includes(',')) return [value];
  const elements: string[] = [];
  for (let from = 0; from <= value.length; ) {
    const end = topCommaFrom(value, from);
    elements.push(trimSpace(value.slice(from, end)));
    from = end + 1;
  }
  return elements;
}

/** Reads 1 to `maxDigits` digits that are all of `text`; -1 otherwise. */
export function readNumber(text: string, maxDigits: number): number {
  if (text.length === 0 || text.length > maxDigits) return -1;
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    n = n * 10 + digit;
  }
  return n;
}

/** The same bytes in memory of their own: a slice of a message keeps the whole message, for as long as a call lasts. */
export function ownCopy(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('latin1');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is about control characters
const notAscii = /[^\x00-\x7f]/;

/** UTF-8 bytes of a byte string, as text for people. */
export function toPeople(bytes: string): string {
  return notAscii.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
}

/** Text of people as a byte string. */
export function fromPeople(text: string): string {
  return notAscii.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}

/** The same on one line: a value from outside must not be able to end a header. */
export function fromPeopleOnOneLine(text: string): string {
  return fromPeople(/[\r\n\0]/.test(text) ? text.replace(/[\r\n\0]+/g, ' ') : text);
}
