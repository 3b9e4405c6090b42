import { longName } from './header.ts';
import type { ParseLimits } from './parse.ts';
import { readNumber } from './syntax.ts';

export type Framed =
  /** `text` is one whole message, one character per byte; the next one starts at `next`. */
  | { readonly kind: 'message'; readonly text: string; readonly next: number }
  /** A double CRLF between messages, which asks for a single one back (RFC 5626 3.5.1). */
  | { readonly kind: 'ping'; readonly next: number }
  /** Not whole yet; bytes before `next` are done with. */
  | { readonly kind: 'wait'; readonly next: number }
  /** The stream cannot be read on. */
  | { readonly kind: 'broken'; readonly why: string };

/** What stands at `from` in a byte stream (RFC 3261 18.3: Content-Length is what separates messages). */
export function nextFrame(bytes: Buffer, from: number, limits: ParseLimits): Framed {
  let at = from;
  while (bytes[at] === 13 && bytes[at + 1] === 10) {
    at += 2;
    if (at - from === 4) return { kind: 'ping', next: at };
  }
  if (at === bytes.length || (bytes[at] === 13 && at + 1 === bytes.length))
    return { kind: 'wait', next: from };
  const headEnd = bytes.indexOf('\r\n\r\n', at);
  if (headEnd < 0) {
    if (bytes.length - at > limits.headerBytes)
      return { kind: 'broken', why: 'the header section is too long' };
    return { kind: 'wait', next: at };
  }
  const length = contentLength(bytes.toString('latin1', at, headEnd));
  if (length < 0) return { kind: 'broken', why: 'no usable Content-Length' };
  if (length > limits.bodyBytes) return { kind: 'broken', why: 'the body is too long' };
  const next = headEnd + 4 + length;
  if (next > bytes.length) return { kind: 'wait', next: at };
  return { kind: 'message', text: bytes.toString('latin1', at, next), next };
}

function contentLength(head: string): number {
  for (let at = head.indexOf('\r\n'); at >= 0; at = head.indexOf('\r\n', at + 2)) {
    const first = head.charCodeAt(at + 2) | 32;
    if (first !== 99 /* c */ && first !== 108 /* l */) continue;
    const colon = head.indexOf(':', at + 2);
    if (colon < 0 || colon - at > 24) continue;
    if (longName(head.slice(at + 2, colon).trimEnd()) !== 'content-length') continue;
    const end = head.indexOf('\r\n', colon);
    return readNumber(head.slice(colon + 1, end < 0 ? head.length : end).trim(), 9);
  }
  return -1;
}
