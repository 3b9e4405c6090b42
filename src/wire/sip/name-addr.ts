import { type Param, parseParams } from './params.ts';
import { isTokenCode, quotedEnd, skipSpace, trimSpace, unquote } from './syntax.ts';

export interface NameAddr {
  readonly display: string;
  /** As written, without the brackets. */
  readonly uri: string;
  readonly params: readonly Param[];
}

/** Reads one `name-addr` or `addr-spec` with header parameters; `undefined` when it is none. */
export function parseNameAddr(text: string): NameAddr | undefined {
  let i = skipSpace(text, 0);
  let display = '';
  if (text[i] === '"') {
    const end = quotedEnd(text, i);
    if (end < 0) return undefined;
    display = unquote(text.slice(i, end));
    i = skipSpace(text, end);
    if (text[i] !== '<') return undefined;
  }
  const open = text.indexOf('<', i);
  if (open < 0) return parseAddrSpec(text, i);
  if (open > i) {
    // RFC 4475 3.1.2.15: an unquoted display name is made of tokens only.
    for (let k = i; k < open; k++) {
      const c = text.charCodeAt(k);
      if (!isTokenCode(c) && c !== 32 && c !== 9) return undefined;
    }
    display = trimSpace(text.slice(i, open));
  }
  const close = text.indexOf('>', open);
  if (close < 0) return undefined;
  const uri = text.slice(open + 1, close);
  const params = isUriText(uri) ? parseParams(text, close + 1) : undefined;
  return params && { display, uri, params };
}

// RFC 3261 20.10: without brackets, everything after a semicolon belongs to the header,
// and a URI with a comma or a question mark must be in brackets.
function parseAddrSpec(text: string, from: number): NameAddr | undefined {
  const semicolon = text.indexOf(';', from);
  const uri = trimSpace(text.slice(from, semicolon < 0 ? text.length : semicolon));
  if (!isUriText(uri) || uri.includes(',') || uri.includes('?')) return undefined;
  const params = semicolon < 0 ? [] : parseParams(text, semicolon);
  return params && { display: '', uri, params };
}

/** `scheme ":" 1*visible`: enough to be carried; `parseUri` reads what is inside. */
export function isUriText(uri: string): boolean {
  const colon = uri.indexOf(':');
  if (colon < 1 || colon === uri.length - 1) return false;
  for (let i = 0; i < uri.length; i++) {
    const c = uri.charCodeAt(i);
    if (c <= 32 || c === 127 || c === 34 || c === 60 || c === 62) return false;
    if (i < colon && !isSchemeCode(c)) return false;
  }
  return true;
}

function isSchemeCode(c: number): boolean {
  return (
    (c >= 97 && c <= 122) || (c >= 65 && c <= 90) || (c >= 48 && c <= 57) || c === 43 || c === 45 || c === 46
  );
}
