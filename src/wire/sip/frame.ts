import { longName } from './header.ts';
import type { ParseLimits } from './parse.ts';
import { readNumber, trimSpace } from './syntax.ts';

export type Framed =
  /** `text` is one whole message, one character per byte; the next one starts at `next`. */
  | { readonly kind: 'message'; readonly text: string; readonly next: number }
  /** A double CRLF between messages, which asks for a single one back (RFC 5626 3.5.1). */
  | { readonly kind: 'ping'; readonly next: number }
  /**
   * Not whole yet; bytes before `next` are done with. From there on, the first `searched` bytes hold no end of a
   * header section, and nothing can be said before there are `wants` bytes.
   */
  | { readonly kind: 'wait'; readonly next: number; readonly searched: number; readonly wants: number }
  /** The stream cannot be read on. */
  | { readonly kind: 'broken'; readonly why: string };

/**
 * What stands at `from` in a byte stream (RFC 3261 18.3: Content-Length is what separates messages).
 * `searched` is what the last `wait` said, so that a message that comes byte by byte is searched once.
 */
export function nextFrame(bytes: Buffer, from: number, limits: ParseLimits, searched = 0): Framed {
  let at = from;
  while (bytes[at] === 13 && bytes[at + 1] === 10) {
    at += 2;
    if (at - from === 4) return { kind: 'ping', next: at };
  }
  if (at === bytes.length || (bytes[at] === 13 && at + 1 === bytes.length))
    return { kind: 'wait', next: from, searched: 0, wants: bytes.length - from + 1 };
  const headEnd = bytes.indexOf('\r\n\r\n', Math.max(at, from + searched - 3));
  const headLength = (headEnd < 0 ? bytes.length : headEnd) - at;
  if (headLength > limits.headerBytes) return { kind: 'broken', why: 'the header section is too long' };
  if (headEnd < 0) return { kind: 'wait', next: at, searched: headLength, wants: headLength + 1 };
  const length = contentLength(bytes.toString('latin1', at, headEnd));
  if (length < 0) return { kind: 'broken', why: 'no usable Content-Length' };
  if (length > limits.bodyBytes) return { kind: 'broken', why: 'the body is too long' };
  const next = headEnd + 4 + length;
  if (next > bytes.length) return { kind: 'wait', next: at, searched: headLength, wants: next - at };
  return { kind: 'message', text: bytes.toString('latin1', at, next), next };
}

/** -1 when there is none, or none to rely on: what two of them separate, two readers read differently. */
function contentLength(head: string): number {
  let found = -1;
  for (let at = head.indexOf('\r\n'); at >= 0; at = head.indexOf('\r\n', at + 2)) {
    const first = head.charCodeAt(at + 2) | 32;
    if (first !== 99 /* c */ && first !== 108 /* l */) continue;
    const end = head.indexOf('\r\n', at + 2);
    const line = head.slice(at + 2, end < 0 ? head.length : end);
    const colon = line.indexOf(':');
    if (colon < 0 || longName(trimSpace(line.slice(0, colon))) !== 'content-length') continue;
    // RFC 3261 7.3.1: a value may go on in the next line, which nobody does for a number.
    const next = end < 0 ? 0 : head.charCodeAt(end + 2);
    const length = next === 32 || next === 9 ? -1 : readNumber(trimSpace(line.slice(colon + 1)), 9);
    if (length < 0 || (found >= 0 && found !== length)) return -1;
    found = length;
  }
  return found;
}
