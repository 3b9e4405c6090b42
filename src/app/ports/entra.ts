/** Bearer tokens of Entra ID, checked against the issuers of the configuration. */
import type {
  EntraClaims,
  EntraIdentity,
  EntraProof,
  EntraPurpose,
  EntraRefusal,
} from '../../domain/identity/entra.ts';

export type {
  EntraClaims,
  EntraIdentity,
  EntraProof,
  EntraPurpose,
  EntraRefusal,
} from '../../domain/identity/entra.ts';

/** The issuer did not give its keys, so that nothing can be said of the token. */
export interface IssuerSilent {
  readonly refused: 'issuer-unreachable';
  readonly detail: string;
}

export type EntraJudgement = EntraIdentity | EntraRefusal | IssuerSilent | undefined;

export interface EntraTokens {
  /** Undefined: the token names no configured issuer, or is no JWT at all. */
  judge(token: string, purpose: EntraPurpose): Promise<EntraJudgement>;
}

export interface ReadEntraToken {
  /** Which of the configured issuers, by its place in the list. */
  readonly issuer: number;
  readonly claims: EntraClaims;
  readonly proof: EntraProof;
}

/** Checks who signed a token; what its claims are worth is not its affair. */
export interface EntraReader {
  /** Undefined as above. */
  read(token: string): Promise<ReadEntraToken | EntraRefusal | IssuerSilent | undefined>;
}
