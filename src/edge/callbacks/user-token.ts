/** User access tokens as JWTs, with the claims of `reference/auth.md` §4. */
import { createHash } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, errors, SignJWT } from 'jose';
import { scopes as known, type Scope } from '../../app/ports/identities.ts';
import type { ReadToken } from '../../app/ports/token-mint.ts';
import type { TokenClaims } from '../../domain/identity/identity.ts';
import type { KeyRing, SigningKey } from './signing-key.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** RFC 7515 3.1; an unsigned token ends in its second dot. */
const compact = /^[\w-]+\.[\w-]+\.[\w-]*$/;
/** Ours have some 800 characters. */
const mostCharacters = 8192;

/** What we add stands in the header, so that the claims are those that ACS documents. */
const ownHeader = { series: 'srs', accessKey: 'akn' } as const;

export function signUserToken(key: SigningKey, claims: TokenClaims): Promise<string> {
  const { user, scopes, resourceId, issuedAt, expiresAt, series, accessKey } = claims;
  const issued = seconds(issuedAt);
  return new SignJWT({
    skypeid: user.replace(/^8:/, ''),
    // What public samples carry; its bits are not documented.
    scp: 1792,
    csi: String(issued),
    exp: seconds(expiresAt),
    rgn: 'local',
    acsScope: scopes.join(','),
    resourceId,
    resourceLocation: 'local',
    iat: issued,
  })
    .setProtectedHeader({
      alg: 'RS256',
      kid: key.kid,
      typ: 'JWT',
      [ownHeader.series]: series,
      ...(accessKey === undefined ? {} : { [ownHeader.accessKey]: accessKey }),
    })
    .sign(key.privateKey);
}

const refused = (why: 'malformed' | 'unsigned' | 'foreign'): ReadToken => ({ refused: why });
const isScope = (text: string): text is Scope => known.some((scope) => scope === text);

export async function readUserToken(ring: KeyRing, jwt: string): Promise<ReadToken> {
  if (jwt.length > mostCharacters || !compact.test(jwt)) return refused('malformed');
  try {
    const { alg, kid } = decodeProtectedHeader(jwt);
    if (alg === undefined || alg.toLowerCase() === 'none' || jwt.endsWith('.')) return refused('unsigned');
    const key = kid === undefined ? undefined : ring.find(kid);
    if (!key) return refused('foreign');
    const verified = await compactVerify(jwt, key.publicKey, { algorithms: ['RS256'] });
    const claims = claimsOf(
      verified.protectedHeader as Readonly<Record<string, unknown>>,
      JSON.parse(new TextDecoder().decode(verified.payload)),
    );
    // Tokens for webhooks are signed with the same keys and go to strangers; they have no such claims.
    if (!claims) return refused('foreign');
    return { claims, tokenId: createHash('sha256').update(jwt).digest('base64url').slice(0, 22) };
  } catch (error) {
    // A header that cannot be read: jose has no error of its own for that.
    if (error instanceof TypeError) return refused('malformed');
    if (error instanceof errors.JOSEError) return refused('foreign');
    throw error;
  }
}

function claimsOf(
  header: Readonly<Record<string, unknown>>,
  payload: Readonly<Record<string, unknown>>,
): TokenClaims | undefined {
  const { skypeid, acsScope, resourceId, exp, iat } = payload;
  const { [ownHeader.series]: series, [ownHeader.accessKey]: accessKey } = header;
  if (typeof skypeid !== 'string' || typeof acsScope !== 'string' || typeof resourceId !== 'string')
    return undefined;
  if (typeof exp !== 'number' || typeof iat !== 'number' || typeof series !== 'string') return undefined;
  return {
    user: `8:${skypeid}`,
    resourceId,
    scopes: acsScope.split(/[\s,]+/).filter(isScope),
    issuedAt: iat * 1000,
    expiresAt: exp * 1000,
    series,
    ...(typeof accessKey === 'string' ? { accessKey } : {}),
  };
}
