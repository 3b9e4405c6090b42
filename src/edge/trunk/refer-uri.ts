/** What a Refer-To says beside whom to call: headers for the INVITE that it asks for (RFC 3261 19.1.1, 19.1.5). */
import { headerList } from '../../wire/sip/header.ts';
import { parseNameAddr } from '../../wire/sip/name-addr.ts';
import { parseUri, unescapeUser } from '../../wire/sip/uri.ts';
import type { Header, Referral } from '../sip/api.ts';
import { customHeaders } from './caller.ts';
import { trunkUri } from './identity.ts';
import type { Trunk } from './trunk.ts';

/**
 * Custom headers stand in the URI and not in the REFER: only from there does RFC 3261 19.1.5 have the phone copy them
 * into the INVITE that the target gets (RFC 7433 4.1 says so of User-To-User); headers of the REFER end with it.
 */
export function referUri(trunk: Trunk, number: string, headers: readonly Header[]): string {
  const uri = trunkUri(trunk, number);
  const parts = headers.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
  return parts.length === 0 ? uri : `${uri}?${parts.join('&')}`;
}

function uriHeaders(uri: string): readonly Header[] {
  const parsed = parseUri(uri);
  if (!parsed || parsed.scheme === 'tel' || parsed.headers === '') return [];
  return parsed.headers.split('&').flatMap((part) => {
    const equals = part.indexOf('=');
    const name = unescapeUser(part.slice(0, Math.max(equals, 0))).toLowerCase();
    const value = unescapeUser(part.slice(equals + 1));
    return name === '' ? [] : [{ name, value }];
  });
}

/** Headers of the INVITE that a REFER asks for: its custom headers, those of its URI before its own, and Replaces. */
export function referredHeaders({ headers, replaces }: Referral): readonly Header[] {
  const [to] = headerList(headers, 'refer-to');
  const inUri = customHeaders(uriHeaders((to && parseNameAddr(to)?.uri) ?? ''));
  const own = customHeaders(headers).filter(({ name }) => !inUri.some((header) => header.name === name));
  if (!replaces) return [...inUri, ...own];
  const { callId, localTag, remoteTag, earlyOnly } = replaces;
  const value = `${callId};to-tag=${localTag};from-tag=${remoteTag}${earlyOnly ? ';early-only' : ''}`;
  return [{ name: 'Replaces', value }, ...inUri, ...own];
}
