/** Who exists and whose tokens hold: what chat, calling and every open socket ask of identity. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Scope } from '../../domain/ids/scope.ts';

export { type Scope, scopes } from '../../domain/ids/scope.ts';

export interface KnownUser {
  readonly resourceId: string;
  /** False once it was deleted: its id is never given out again. */
  readonly exists: boolean;
  readonly createdAt: Instant;
}

/** Whom a user access token speaks for. */
export interface TokenHolder {
  /** `8:acs:<resource>_<user>`. */
  readonly userRawId: string;
  readonly resourceId: string;
  readonly scopes: readonly Scope[];
  /** On Ringback's clock: a socket opened with the token closes then. */
  readonly expiresAt: Instant;
  readonly tokenId: string;
}

/**
 * `revoked`: its user's tokens were revoked, the user was deleted, or the access key it was made with is no longer ours;
 * `malformed`: no JWT of our shape; `foreign`: signed by nobody known, altered, or of a resource that is not served here;
 * `unsigned`: `alg: none`, or no signature.
 */
export type TokenRefusal = 'expired' | 'revoked' | 'malformed' | 'foreign' | 'unsigned';

export type JudgedToken = TokenHolder | { readonly refused: TokenRefusal };

export interface Identities {
  /** Undefined: no identity of any resource served here. */
  user(rawId: string): KnownUser | undefined;
  judge(token: string): Promise<JudgedToken>;
  /** All tokens of the user issued until now have ended, also by its deletion. Returns what takes the listener off. */
  onRevoked(listener: (userRawId: string) => void): () => void;
  /** After `onRevoked`: the user is gone, and what belongs to it shall go too. */
  onDeleted(listener: (userRawId: string) => void): () => void;
}
