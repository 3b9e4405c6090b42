/** What REFER (RFC 3515), its NOTIFY (RFC 3420) and Replaces (RFC 3891) write into messages. */
import { type Header, header, headerList } from './header.ts';
import type { Request } from './message.ts';
import { parseNameAddr } from './name-addr.ts';
import { param, parseParams } from './params.ts';
import { readNumber } from './syntax.ts';
import { parseUri } from './uri.ts';

/** A dialog as one of its ends sees it. */
export interface DialogId {
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
}

/** A dialog as the one who shall replace it sees it. */
export interface Replaced extends DialogId {
  readonly earlyOnly: boolean;
}

/** RFC 3891 6.1: the to-tag is that of whoever reads it. */
export function parseReplaces(value: string): Replaced | undefined {
  const semicolon = value.indexOf(';');
  const params = semicolon < 0 ? undefined : parseParams(value, semicolon);
  const localTag = params && param(params, 'to-tag');
  const remoteTag = params && param(params, 'from-tag');
  const callId = value.slice(0, Math.max(semicolon, 0)).trim();
  if (!params || !localTag || !remoteTag || callId === '') return undefined;
  return { callId, localTag, remoteTag, earlyOnly: param(params, 'early-only') !== undefined };
}

/** The dialog that an INVITE is to take the place of; `malformed` where it cannot be told which (RFC 3891 3: 400). */
export function replacedBy(invite: Request): Replaced | 'malformed' | undefined {
  const values = invite.headers.filter(({ name }) => name === 'replaces');
  if (values.length === 0) return undefined;
  const parsed = values.length === 1 ? parseReplaces(values[0]!.value) : undefined;
  return parsed ?? 'malformed';
}

export interface ReferTarget {
  readonly uri: string;
  /** The dialog, seen by whoever `uri` leads to, that the new call shall take the place of. */
  readonly replaces?: Replaced;
}

/** RFC 3515 2.4.2: exactly one Refer-To. */
export function referTarget(request: Request): ReferTarget | undefined {
  const values = headerList(request.headers, 'refer-to');
  const target = values.length === 1 ? parseNameAddr(values[0]!) : undefined;
  if (!target) return undefined;
  const parsed = parseUri(target.uri);
  if (!parsed || parsed.scheme === 'tel' || parsed.headers === '') return { uri: target.uri };
  const uri = target.uri.slice(0, target.uri.length - parsed.headers.length - 1);
  for (const part of parsed.headers.split('&')) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).toLowerCase() !== 'replaces') continue;
    const replaces = parseReplaces(unescaped(part.slice(equals + 1)));
    if (replaces) return { uri, replaces };
  }
  return { uri };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The Refer-To value; `replaces` is a dialog of ours with whoever `uri` leads to. */
export function referToValue(uri: string, replaces: DialogId | undefined): string {
  if (!replaces) return `<${uri}>`;
  const { callId, localTag, remoteTag } = replaces;
  const value = encodeURIComponent(`${callId};to-tag=${remoteTag};from-tag=${localTag}`);
  return `<${uri}${uri.includes('?') ? '&' : '?'}Replaces=${value}>`;
}

export interface Notice {
  /** CSeq of the REFER it is about, when it says so. */
  readonly about: number | undefined;
  readonly over: boolean;
  /** What became of it so far. */
  readonly status?: number;
  readonly reason?: string;
}

/** A NOTIFY about a REFER; `undefined` when it is about something else. */
export function readNotice(request: Request): Notice | undefined {
  const event = header(request.headers, 'event') ?? '';
  const semicolon = event.indexOf(';');
  if ((semicolon < 0 ? event : event.slice(0, semicolon)).trim().toLowerCase() !== 'refer') return undefined;
  const id = semicolon < 0 ? undefined : param(parseParams(event, semicolon) ?? [], 'id');
  const about = id === undefined ? undefined : readNumber(id, 10);
  const over = /^terminated\b/i.test(header(request.headers, 'subscription-state') ?? '');
  const fragment = /^SIP\/2\.0 ([1-6]\d\d)(?: ([^\r\n]*))?/.exec(request.body);
  if (!fragment) return { about, over };
  return { about, over, status: Number(fragment[1]), reason: fragment[2] ?? '' };
}

export function noticeHeaders(about: number | undefined, over: boolean): readonly Header[] {
  return [
    { name: 'Event', value: about === undefined ? 'refer' : `refer;id=${about}` },
    { name: 'Subscription-State', value: over ? 'terminated;reason=noresource' : 'active;expires=600' },
  ];
}
