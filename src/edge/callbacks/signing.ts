/** Tokens that we sign: for webhooks (`reference/call-automation.md` §9) and for users (`user-token.ts`). */
import { type JSONWebKeySet, SignJWT } from 'jose';
import type { Clock } from '../../app/ports/clock.ts';
import type { Store } from '../../app/ports/store.ts';
import type { TokenMint } from '../../app/ports/token-mint.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { type KeyRing, openKeyRing } from './signing-key.ts';
import { readUserToken, signUserToken } from './user-token.ts';

export interface OpenIdConfiguration {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly id_token_signing_alg_values_supported: readonly ['RS256'];
  readonly response_types_supported: readonly ['id_token'];
  readonly subject_types_supported: readonly ['public'];
}

export interface Signing extends TokenMint {
  jwks(): JSONWebKeySet;
  /** `baseUrl`: where our HTTP edge is reached. */
  openIdConfiguration(baseUrl: string): OpenIdConfiguration;
  callbackToken(resourceId: string): Promise<string>;
}

export interface SigningOptions {
  readonly store: Pick<Store, 'document' | 'putDocument'>;
  /** Keys take turns on Ringback's clock. */
  readonly clock: Pick<Clock, 'now'>;
  /** Wall time: a webhook compares its token with its own clock. */
  readonly wall?: () => Instant;
}

const issuer = 'https://acscallautomation.communication.azure.com';
const tokenLifeMs = 5 * 60_000;
const reuseMs = 60_000;

const seconds = (at: Instant): number => Math.floor(at / 1000);

export async function openSigning({ store, clock, wall = Date.now }: SigningOptions): Promise<Signing> {
  const ring = await openKeyRing(store, clock.now());
  const tokens = new Map<string, { readonly madeAt: Instant; readonly token: Promise<string> }>();
  return {
    jwks: () => ({ keys: [...ring.published()] }),
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
      const token = webhookToken(ring, resourceId, now, clock.now());
      tokens.set(resourceId, { madeAt: now, token });
      return token;
    },
    issueUserToken: async (claims) => signUserToken(await ring.current(clock.now()), claims),
    readUserToken: (jwt) => readUserToken(ring, jwt),
  };
}

async function webhookToken(
  ring: KeyRing,
  resourceId: string,
  now: Instant,
  clockNow: Instant,
): Promise<string> {
  const key = await ring.current(clockNow);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(resourceId)
    .setIssuedAt(seconds(now))
    .setNotBefore(seconds(now))
    .setExpirationTime(seconds(now + tokenLifeMs))
    .sign(key.privateKey);
}
