/** Whom the Entra tokens of the configured issuers let in. */
import { type EntraPolicy, judgeEntra } from '../../domain/identity/entra.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { EntraReader, EntraTokens } from '../ports/entra.ts';

export interface EntraAccessParts {
  readonly reader: EntraReader;
  /** In the order of the reader's issuers. */
  readonly policies: readonly EntraPolicy[];
  /** Foreign tokens are judged by wall time. */
  readonly wall: () => Instant;
}

export function entraAccess({ reader, policies, wall }: EntraAccessParts): EntraTokens {
  return {
    async judge(token, purpose) {
      const read = await reader.read(token);
      if (!read || 'refused' in read) return read;
      const policy = policies[read.issuer];
      return policy && judgeEntra(read.claims, read.proof, policy, purpose, wall());
    },
  };
}
