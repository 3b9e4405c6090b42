/** The server's side of digest authentication: RFC 3261 22.2, RFC 7616 3.3 and 5. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  type Algorithm,
  type DigestFields,
  digestResponse,
  parseDigests,
  type Qop,
  readAlgorithm,
} from './digest.ts';
import type { Header } from './header.ts';
import type { Request } from './message.ts';
import { fromPeople, quote, toPeople } from './syntax.ts';
import { parseUri } from './uri.ts';

export interface Secrets {
  readonly realm: string;
  readonly users: readonly { readonly user: string; readonly password: string }[];
  readonly algorithms?: readonly Algorithm[];
  /** `auth` when absent. */
  readonly qop?: readonly Qop[];
}

/** What credentials are worth, apart from whether they came before. */
export type Checked =
  | { readonly kind: 'right'; readonly user: string; readonly nonce: string; readonly count: number }
  /** None of ours: the request is challenged. */
  | { readonly kind: 'absent' }
  /** Right, but for a nonce that is too old. */
  | { readonly kind: 'stale' }
  | { readonly kind: 'wrong' };

/** `random` must never come twice. The nonce tells its own age and cannot be forged (RFC 7616 3.3). */
export function makeNonce(key: string, at: number, random: string): string {
  const stem = `${Math.floor(at).toString(36)}.${random}`;
  return `${stem}.${seal(key, stem)}`;
}

function seal(key: string, stem: string): string {
  return createHmac('sha256', key).update(stem, 'latin1').digest('hex').slice(0, 32);
}

/** When a nonce of ours was made; `undefined` when it is none. */
export function nonceAge(key: string, nonce: string, now: number): number | undefined {
  const dot = nonce.lastIndexOf('.');
  const stem = nonce.slice(0, Math.max(dot, 0));
  if (dot < 0 || !same(nonce.slice(dot + 1), seal(key, stem))) return undefined;
  return now - Number.parseInt(stem, 36);
}

/** MD5 is for peers that know nothing else. */
const usualAlgorithms: readonly Algorithm[] = ['SHA-256', 'MD5'];
const usualQop: readonly Qop[] = ['auth'];

/** RFC 8760 2.3: one challenge for each algorithm, the one we like best first. */
export function challengeHeaders(
  { realm, algorithms, qop = usualQop }: Secrets,
  nonce: string,
  stale: boolean,
): readonly Header[] {
  return (algorithms ?? usualAlgorithms).map((algorithm) => ({
    name: 'WWW-Authenticate',
    value: `Digest realm=${quote(realm)}, nonce="${nonce}", algorithm=${algorithm}, qop="${qop.join(',')}"${stale ? ', stale=true' : ''}`,
  }));
}

export function checkCredentials(
  request: Request,
  secrets: Secrets,
  nonces: { readonly key: string; readonly now: number; readonly liveMs: number },
): Checked {
  const { realm } = secrets;
  const fields = request.headers
    .filter(({ name }) => name === 'authorization')
    .flatMap(({ value }) => parseDigests(value))
    .find((digest) => digest.get('realm') === fromPeople(realm));
  if (!fields) return { kind: 'absent' };
  const age = nonceAge(nonces.key, fields.get('nonce') ?? '', nonces.now);
  const given = expected(fields, request, secrets);
  const right = same(fields.get('response')?.toLowerCase() ?? '', given.response);
  // A nonce of an earlier start of the server tells no more than one that is too old.
  if (!given.usable || !right) return { kind: 'wrong' };
  if (age === undefined || age > nonces.liveMs || age < 0) return { kind: 'stale' };
  return { kind: 'right', user: given.user, nonce: fields.get('nonce') ?? '', count: given.count };
}

/** A user nobody knows takes as long as one with another password. */
function expected(
  fields: DigestFields,
  request: Request,
  { users, algorithms = usualAlgorithms, qop: offered = usualQop }: Secrets,
) {
  const name = fields.get('username') ?? '';
  const known = users.find(({ user }) => fromPeople(user) === name);
  const algorithm = readAlgorithm(fields.get('algorithm'));
  const nc = fields.get('nc') ?? '';
  const cnonce = fields.get('cnonce') ?? '';
  const uri = fields.get('uri') ?? '';
  const qop = offered.find((one) => one === fields.get('qop')?.toLowerCase());
  const response = digestResponse({
    algorithm: algorithm?.algorithm ?? 'MD5',
    session: algorithm?.session ?? false,
    user: name,
    realm: fields.get('realm') ?? '',
    password: fromPeople(known?.password ?? ''),
    method: request.method,
    uri,
    nonce: fields.get('nonce') ?? '',
    counted: { nc, cnonce, qop: qop ?? 'auth' },
    body: request.body,
  });
  const counted = qop !== undefined && /^[0-9a-f]{8}$/i.test(nc) && cnonce !== '';
  const usable =
    known !== undefined &&
    algorithm !== undefined &&
    algorithms.includes(algorithm.algorithm) &&
    counted &&
    isSameResource(uri, request.uri);
  return { user: toPeople(name), response, usable, count: Number.parseInt(nc, 16) };
}

/** RFC 3261 22.4, item 5: the digest's URI may be written otherwise, but must be for the same resource. */
function isSameResource(written: string, requested: string): boolean {
  if (written === requested) return true;
  const a = parseUri(written);
  const b = parseUri(requested);
  if (!a || !b || a.scheme === 'tel' || b.scheme === 'tel') return false;
  return a.user === b.user && a.host.toLowerCase() === b.host.toLowerCase() && a.port === b.port;
}

/** In constant time for texts of one length. */
function same(a: string, b: string): boolean {
  const left = Buffer.from(a, 'latin1');
  const right = Buffer.from(b, 'latin1');
  return left.length === right.length && timingSafeEqual(left, right);
}
