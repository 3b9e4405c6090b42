/** One user identity: what becomes of it, and of the tokens that were issued for it. */
import type { Instant } from '../ids/instant.ts';
import type { Scope } from '../ids/scope.ts';

export interface Identity {
  /** Raw id, `8:acs:<resource>_<user>`. */
  readonly id: string;
  readonly resourceId: string;
  readonly createdAt: Instant;
  /**
   * Every token carries the series it was issued in; revoking begins another. Instants would not do: tokens tell theirs
   * in whole seconds, and a manual clock may stand still between two tokens.
   */
  readonly series: string;
  /** The application's own name for it, one identity per name and resource. */
  readonly customId?: string;
  readonly lastTokenIssuedAt?: Instant;
  /** It stays known, so that its id is given to nobody else. */
  readonly deletedAt?: Instant;
}

/** What a token of ours says. */
export interface TokenClaims {
  readonly user: string;
  readonly resourceId: string;
  readonly scopes: readonly Scope[];
  /** Whole seconds, as in the token. */
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  readonly series: string;
  /** The access key that the token was asked for with; absent: none was. */
  readonly accessKey?: string;
}

/** Minutes that a token may be asked to live (reference: identity). */
export const tokenLife = { least: 60, most: 1440, standard: 1440 } as const;

const minute = 60_000;

/** Tokens tell time in whole seconds. */
const wholeSeconds = (at: Instant): Instant => Math.floor(at / 1000) * 1000;

export function tokenFor(
  identity: Identity,
  asked: { readonly scopes: readonly Scope[]; readonly minutes: number; readonly accessKey?: string },
  at: Instant,
): TokenClaims {
  const issuedAt = wholeSeconds(at);
  return {
    user: identity.id,
    resourceId: identity.resourceId,
    // Each once, in the order in which they were asked for.
    scopes: [...new Set(asked.scopes)],
    issuedAt,
    expiresAt: wholeSeconds(issuedAt + asked.minutes * minute),
    series: identity.series,
    ...(asked.accessKey === undefined ? {} : { accessKey: asked.accessKey }),
  };
}

export type Event =
  | { readonly event: 'token-issued'; readonly at: Instant }
  | { readonly event: 'tokens-revoked'; readonly series: string }
  /** `series`: nobody's token is of it. */
  | { readonly event: 'deleted'; readonly at: Instant; readonly series: string };

export function evolve(identity: Identity, event: Event): Identity {
  switch (event.event) {
    case 'token-issued':
      return { ...identity, lastTokenIssuedAt: event.at };
    case 'tokens-revoked':
      return { ...identity, series: event.series };
    case 'deleted': {
      const { id, resourceId, createdAt } = identity;
      return { id, resourceId, createdAt, series: event.series, deletedAt: event.at };
    }
  }
}

export const exists = (identity: Identity | undefined): identity is Identity =>
  identity !== undefined && identity.deletedAt === undefined;

/** Unknown, deleted and another resource's are told alike, so that ids cannot be probed. */
export const ownedBy = (identity: Identity | undefined, resourceId: string): identity is Identity =>
  exists(identity) && identity.resourceId === resourceId;

export type NoLonger = 'expired' | 'revoked' | 'foreign';

/** Why a token that is genuine does not hold. `accessKeys`: names of the keys that each served resource has now. */
export function faultOf(
  claims: TokenClaims,
  identity: Identity | undefined,
  accessKeys: ReadonlyMap<string, ReadonlySet<string>>,
  at: Instant,
): NoLonger | undefined {
  const keys = accessKeys.get(claims.resourceId);
  if (!keys || (identity !== undefined && identity.resourceId !== claims.resourceId)) return 'foreign';
  if (!exists(identity) || identity.series !== claims.series) return 'revoked';
  if (claims.accessKey !== undefined && !keys.has(claims.accessKey)) return 'revoked';
  return at >= claims.expiresAt ? 'expired' : undefined;
}
