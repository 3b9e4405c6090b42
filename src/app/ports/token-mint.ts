import type { TokenClaims } from '../../domain/identity/identity.ts';

export type ReadToken =
  | { readonly claims: TokenClaims; readonly tokenId: string }
  /** `foreign`: signed by somebody else, or altered. */
  | { readonly refused: 'malformed' | 'unsigned' | 'foreign' };

/** Signs user access tokens, and tells which are ours; whether they still hold is not its affair. */
export interface TokenMint {
  issueUserToken(claims: TokenClaims): Promise<string>;
  readUserToken(jwt: string): Promise<ReadToken>;
}
