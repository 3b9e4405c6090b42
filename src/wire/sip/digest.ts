/** HTTP digest authentication as SIP uses it: RFC 3261 22, RFC 7616, RFC 8760. */
import { createHash } from 'node:crypto';
import type { Header } from './header.ts';
import { fromPeople, isTokenCode, quote, skipSpace, splitList, toPeople, unquote } from './syntax.ts';

/** Strongest first. */
export const algorithms = ['SHA-512-256', 'SHA-256', 'MD5'] as const;
export type Algorithm = (typeof algorithms)[number];

/** Quality of protection: `auth-int` takes the body in (RFC 7616 3.4.3). */
export type Qop = 'auth' | 'auth-int';

/** A challenge that can be answered. */
export interface Challenge {
  /** `Proxy-Authenticate`, which is answered with `Proxy-Authorization`. */
  readonly proxy: boolean;
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: Algorithm;
  /** `MD5-sess` and the like: the session key holds nonce and cnonce (RFC 7616 3.4.2). */
  readonly session: boolean;
  readonly opaque?: string;
  /** False: a challenge of RFC 2069, answered without nc and cnonce. */
  readonly qop: boolean;
  /** It takes `auth-int` and nothing less. */
  readonly integrity: boolean;
  /** Only the nonce was too old; the credentials were right (RFC 7616 3.3). */
  readonly stale: boolean;
}

/** The fields of a `Digest` challenge or of credentials; names in lower case, values without quotes. */
export type DigestFields = ReadonlyMap<string, string>;

const hashes: Readonly<Record<Algorithm, string>> = {
  'SHA-512-256': 'sha512-256',
  'SHA-256': 'sha256',
  MD5: 'md5',
};

function hash(algorithm: Algorithm, text: string): string {
  return createHash(hashes[algorithm]).update(text, 'latin1').digest('hex');
}

/** Every `Digest` among the elements of a header value; one header may hold several (RFC 7616 3.3). */
export function parseDigests(value: string): readonly DigestFields[] {
  const found: Map<string, string>[] = [];
  let current: Map<string, string> | undefined;
  for (const element of splitList(value)) {
    let at = tokenEnd(element, 0);
    const next = skipSpace(element, at);
    let nameAt = 0;
    if (next > at && element[next] !== '=') {
      // `scheme SP name=value` begins another challenge.
      current = element.slice(0, at).toLowerCase() === 'digest' ? new Map() : undefined;
      if (current) found.push(current);
      nameAt = next;
      at = tokenEnd(element, next);
    }
    const equals = skipSpace(element, at);
    if (!current || at === nameAt || element[equals] !== '=') continue;
    const name = element.slice(nameAt, at).toLowerCase();
    // RFC 7616 3.3: no field may stand twice; the first one counts.
    if (!current.has(name)) current.set(name, unquote(element.slice(equals + 1).trim()));
  }
  return found;
}

function tokenEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && isTokenCode(text.charCodeAt(at))) at++;
  return at;
}

export function readAlgorithm(
  written: string | undefined,
): { algorithm: Algorithm; session: boolean } | undefined {
  // RFC 7616 3.3: MD5 when there is none.
  const name = (written ?? 'MD5').toUpperCase();
  const session = name.endsWith('-SESS');
  const algorithm = algorithms.find((known) => known === (session ? name.slice(0, -5) : name));
  return algorithm && { algorithm, session };
}

/** What of a 401 or 407 can be answered: for each realm the strongest challenge (RFC 8760 2.4 leaves that to us). */
export function parseChallenges(headers: readonly Header[]): readonly Challenge[] {
  const best = new Map<string, Challenge>();
  for (const { name, value } of headers) {
    if (name !== 'www-authenticate' && name !== 'proxy-authenticate') continue;
    for (const fields of parseDigests(value)) {
      const challenge = toChallenge(fields, name === 'proxy-authenticate');
      if (!challenge) continue;
      const key = `${name} ${challenge.realm}`;
      const known = best.get(key);
      if (!known || rank(challenge) < rank(known)) best.set(key, challenge);
    }
  }
  return [...best.values()];
}

function rank({ algorithm }: Challenge): number {
  return algorithms.indexOf(algorithm);
}

function toChallenge(fields: DigestFields, proxy: boolean): Challenge | undefined {
  const realm = fields.get('realm');
  const nonce = fields.get('nonce');
  const algorithm = readAlgorithm(fields.get('algorithm'));
  const offered = fields.get('qop');
  const chosen = offered === undefined ? 'none' : chooseQop(offered);
  if (realm === undefined || nonce === undefined || !algorithm || !chosen) return undefined;
  const opaque = fields.get('opaque');
  const stale = fields.get('stale')?.toLowerCase() === 'true';
  const protection = { qop: chosen !== 'none', integrity: chosen === 'auth-int' };
  return {
    proxy,
    realm,
    nonce,
    ...algorithm,
    ...protection,
    stale,
    ...(opaque === undefined ? {} : { opaque }),
  };
}

/** RFC 7616 3.3: the choice is ours, and `auth` survives whoever rewrites SDP on the way. */
function chooseQop(offered: string): Qop | undefined {
  const options = offered.split(',').map((option) => option.trim().toLowerCase());
  return (['auth', 'auth-int'] as const).find((known) => options.includes(known));
}

/** Byte strings, as they are hashed. */
export interface Answer {
  readonly algorithm: Algorithm;
  readonly session: boolean;
  readonly user: string;
  readonly realm: string;
  readonly password: string;
  readonly method: string;
  readonly uri: string;
  readonly nonce: string;
  /** Absent: RFC 2069. `nc` as it is written, eight hexadecimal digits. */
  readonly counted?: { readonly nc: string; readonly cnonce: string; readonly qop?: Qop };
  /** The `-sess` key needs one even then. */
  readonly cnonce?: string;
  /** For `auth-int`: the body of the request, empty when there is none. */
  readonly body?: string;
}

/** The `response` of RFC 7616 3.4.1. */
export function digestResponse(answer: Answer): string {
  const { algorithm, session, user, realm, password, method, uri, nonce, counted } = answer;
  const h = (text: string): string => hash(algorithm, text);
  const secret = h(`${user}:${realm}:${password}`);
  const a1 = session ? h(`${secret}:${nonce}:${counted?.cnonce ?? answer.cnonce ?? ''}`) : secret;
  if (!counted) return h(`${a1}:${nonce}:${h(`${method}:${uri}`)}`);
  const { nc, cnonce, qop = 'auth' } = counted;
  // RFC 7616 3.4.3.
  const a2 = qop === 'auth' ? `${method}:${uri}` : `${method}:${uri}:${h(answer.body ?? '')}`;
  return h(`${a1}:${nonce}:${nc}:${cnonce}:${qop}:${h(a2)}`);
}

/** The header that answers a challenge. `count`: how often its nonce has been used, this time included. */
export function authorization(
  challenge: Challenge,
  credentials: { readonly user: string; readonly password: string },
  request: { readonly method: string; readonly uri: string; readonly body?: string },
  count: number,
  cnonce: string,
): Header {
  const { proxy, realm, nonce, algorithm, session, opaque, qop: counts, integrity } = challenge;
  const qop: Qop = integrity ? 'auth-int' : 'auth';
  const { method, uri, body = '' } = request;
  // RFC 7616 4: text is hashed as UTF-8.
  const user = fromPeople(credentials.user);
  const password = fromPeople(credentials.password);
  const nc = count.toString(16).padStart(8, '0');
  const response = digestResponse({
    ...{ algorithm, session, user, realm, password, method, uri, nonce, cnonce, body },
    ...(counts ? { counted: { nc, cnonce, qop } } : {}),
  });
  const fields = [
    `username=${quote(user)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(uri)}`,
    `response="${response}"`,
    // RFC 7616 3.4: algorithm, qop and nc stand without quotes.
    `algorithm=${algorithm}${session ? '-sess' : ''}`,
    ...(counts || session ? [`cnonce="${cnonce}"`] : []),
    ...(counts ? [`qop=${qop}`, `nc=${nc}`] : []),
    ...(opaque === undefined ? [] : [`opaque=${quote(opaque)}`]),
  ];
  return {
    name: proxy ? 'Proxy-Authorization' : 'Authorization',
    value: toPeople(`Digest ${fields.join(', ')}`),
  };
}
