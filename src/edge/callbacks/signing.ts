/** Tokens that we sign: for webhooks (`reference/call-automation.md` §9) and for users (`reference/auth.md` §4). */
import { errors, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose';
import type { Clock } from '../../app/ports/clock.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { openSigningKey, type SigningKey } from './signing-key.ts';

export interface UserTokenRequest {
  /** Raw id, `8:acs:…`. */
  readonly user: string;
  readonly scopes: readonly string[];
  readonly minutes: number;
  readonly resourceId: string;
}

export interface UserTokenClaims {
  /** Raw id. */
  readonly user: string;
  readonly scopes: readonly string[];
  readonly resourceId: string;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
}

export type VerifiedUserToken =
  | UserTokenClaims
  /** `expired`: it was ours and good; anything else never was. */
  | { readonly refused: 'expired' | 'not-ours'; readonly why: string };

export interface OpenIdConfiguration {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly id_token_signing_alg_values_supported: readonly ['RS256'];
  readonly response_types_supported: readonly ['id_token'];
  readonly subject_types_supported: readonly ['public'];
}

export interface Signing {
  jwks(): JSONWebKeySet;
  /** `baseUrl`: where our HTTP edge is reached. */
  openIdConfiguration(baseUrl: string): OpenIdConfiguration;
  callbackToken(resourceId: string): Promise<string>;
  issueUserToken(request: UserTokenRequest): Promise<{ readonly token: string; readonly expiresOn: string }>;
  verifyUserToken(jwt: string): Promise<VerifiedUserToken>;
}

export interface SigningOptions {
  readonly store: Pick<Store, 'document' | 'putDocument'>;
  /** A user token's life is on Ringback's clock. */
  readonly clock: Pick<Clock, 'now'>;
  /** Wall time: a webhook compares its token with its own clock. */
  readonly wall?: () => Instant;
}

const issuer = 'https://acscallautomation.communication.azure.com';
const tokenLifeMs = 5 * 60_000;
const reuseMs = 60_000;

const seconds = (at: Instant): number => Math.floor(at / 1000);

export async function openSigning({ store, clock, wall = Date.now }: SigningOptions): Promise<Signing> {
  const key = await openSigningKey(store);
  const tokens = new Map<string, { readonly madeAt: Instant; readonly token: Promise<string> }>();
  return {
    jwks: () => ({ keys: [key.publicJwk] }),
    openIdConfiguration: (baseUrl) => ({
      issuer,
      jwks_uri: new URL('/calling/keys', baseUrl).href,
      id_token_signing_alg_values_supported: ['RS256'],
      response_types_supported: ['id_token'],
      subject_types_supported: ['public'],
    }),
    callbackToken(resourceId) {
      const now = wall();
      const known = tokens.get(resourceId);
      if (known && now >= known.madeAt && now - known.madeAt < reuseMs) return known.token;
      const token = webhookToken(key, resourceId, now);
      tokens.set(resourceId, { madeAt: now, token });
      return token;
    },
    issueUserToken: (request) => issueUserToken(key, request, clock.now()),
    verifyUserToken: (jwt) => verifyUserToken(key, jwt, clock.now()),
  };
}

function webhookToken(key: SigningKey, resourceId: string, now: Instant): Promise<string> {
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(resourceId)
    .setIssuedAt(seconds(now))
    .setNotBefore(seconds(now))
    .setExpirationTime(seconds(now + tokenLifeMs))
    .sign(key.privateKey);
}

async function issueUserToken(
  key: SigningKey,
  { user, scopes, minutes, resourceId }: UserTokenRequest,
  now: Instant,
): Promise<{ token: string; expiresOn: string }> {
  const issued = seconds(now);
  const expires = issued + Math.round(minutes * 60);
  const token = await new SignJWT({
    skypeid: user.replace(/^8:/, ''),
    // What public samples carry; its bits are not documented.
    scp: 1792,
    csi: String(issued),
    exp: expires,
    rgn: 'local',
    acsScope: scopes.join(','),
    resourceId,
    resourceLocation: 'local',
    iat: issued,
  })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .sign(key.privateKey);
  return { token, expiresOn: new Date(expires * 1000).toISOString() };
}

async function verifyUserToken(key: SigningKey, jwt: string, now: Instant): Promise<VerifiedUserToken> {
  try {
    const { payload } = await jwtVerify(jwt, key.publicKey, {
      algorithms: ['RS256'],
      currentDate: new Date(now),
      // Tokens for webhooks are signed with the same key and go to strangers; they have no such claims.
      requiredClaims: ['skypeid', 'acsScope', 'resourceId', 'exp', 'iat'],
    });
    const { skypeid, acsScope, resourceId, exp = 0, iat = 0 } = payload;
    if (typeof skypeid !== 'string' || typeof acsScope !== 'string' || typeof resourceId !== 'string') {
      return { refused: 'not-ours', why: 'The token carries claims of another shape than ours.' };
    }
    return {
      user: `8:${skypeid}`,
      scopes: acsScope.split(/[\s,]+/).filter((scope) => scope !== ''),
      resourceId,
      issuedAt: iat * 1000,
      expiresAt: exp * 1000,
    };
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      const since = new Date((error.payload.exp ?? 0) * 1000).toISOString();
      return { refused: 'expired', why: `The token expired at ${since}.` };
    }
    if (error instanceof errors.JOSEError) {
      return { refused: 'not-ours', why: `The token was not issued here: ${error.message}.` };
    }
    throw error;
  }
}
