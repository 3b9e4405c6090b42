import { headerList } from '../../wire/sip/header.ts';
import { parseNameAddr } from '../../wire/sip/name-addr.ts';
import type { Header, SeenInvite } from '../sip/api.ts';
import { numberOf } from './numbers.ts';

export interface Caller {
  readonly from: string;
  readonly displayName?: string;
}

/** Who calls: what the network asserts (RFC 3325) before what the caller says, and nobody where privacy is asked for. */
export function callerOf(invite: SeenInvite): Caller {
  const privacy = headerList(invite.headers, 'privacy')
    .join(';')
    .toLowerCase()
    .split(/[;\s]+/);
  if (privacy.includes('id') || privacy.includes('user')) return { from: 'anonymous' };
  const asserted = headerList(invite.headers, 'p-asserted-identity')
    .map((value) => parseNameAddr(value))
    .find((party) => party && numberOf(party.uri) !== undefined);
  const from = (asserted && numberOf(asserted.uri)) ?? numberOf(invite.from.uri) ?? 'anonymous';
  const displayName = invite.from.displayName ?? asserted?.display;
  return from === 'anonymous' || !displayName ? { from } : { from, displayName };
}

/** Names come in lower case; applications look for them as the official models write their beginnings. */
const written = (name: string): string =>
  name.replace(/(^|-)[a-z]/g, (c) => c.toUpperCase()).replace(/^X-Ms-Custom-/, 'X-MS-Custom-');

/** `User-To-User` and `X-` headers, which applications exchange. */
export function customHeaders(headers: readonly Header[]): readonly Header[] {
  return headers
    .filter(({ name }) => name === 'user-to-user' || name.startsWith('x-'))
    .map(({ name, value }) => ({ name: written(name), value }));
}
