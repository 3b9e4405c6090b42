import { header } from './header.ts';
import type { Message } from './message.ts';
import { param, parseParams } from './params.ts';
import { toPeople, unquote } from './syntax.ts';

const MAX_PARTS = 16;

/** The SDP of a message: its body, or a part of its multipart body (RFC 5621 3), which carriers use to send ISUP beside it. */
export function sdpOf(message: Message): string | undefined {
  if (message.body === '') return undefined;
  const type = header(message.headers, 'content-type') ?? '';
  const lower = type.toLowerCase();
  if (isSdp(lower)) return toPeople(message.body);
  if (!lower.startsWith('multipart/')) return undefined;
  const semicolon = type.indexOf(';');
  const boundary = semicolon < 0 ? undefined : param(parseParams(type, semicolon) ?? [], 'boundary');
  return boundary === undefined || boundary === ''
    ? undefined
    : sdpPart(message.body, `--${unquote(boundary)}`);
}

function isSdp(lowerType: string): boolean {
  return lowerType === 'application/sdp' || /^application\/sdp[ \t]*;/.test(lowerType);
}

function sdpPart(body: string, delimiter: string): string | undefined {
  let at = body.indexOf(delimiter);
  for (let n = 0; at >= 0 && n < MAX_PARTS; n++) {
    const start = body.indexOf('\r\n', at);
    const next = body.indexOf(delimiter, at + delimiter.length);
    if (start < 0 || next < 0) return undefined;
    const part = body.slice(start, next);
    const headEnd = part.indexOf('\r\n\r\n');
    const type = /\r\n(?:content-type|c)[ \t]*:[ \t]*([^\r\n]*)/i.exec(part.slice(0, headEnd + 2))?.[1] ?? '';
    if (headEnd >= 0 && isSdp(type.trim().toLowerCase())) {
      const content = part.slice(headEnd + 4);
      return toPeople(content.endsWith('\r\n\r\n') ? content.slice(0, -2) : content);
    }
    at = next;
  }
  return undefined;
}

/** A body that must be understood and is no SDP: owed 415 (RFC 3261 8.2.3). */
export function hasForeignBody(message: Message): boolean {
  if (message.body === '' || sdpOf(message) !== undefined) return false;
  const disposition = header(message.headers, 'content-disposition') ?? '';
  return !/;[ \t]*handling[ \t]*=[ \t]*optional/i.test(disposition);
}
