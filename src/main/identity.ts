/** Identity: who exists, whose tokens hold, and which Entra tokens let somebody in. */
import { readFile } from 'node:fs/promises';
import { entraAccess } from '../app/desks/entra-access.ts';
import { IdentityDesk } from '../app/desks/identity-desk.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Ids } from '../app/ports/directory.ts';
import type { EntraTokens } from '../app/ports/entra.ts';
import type { Store } from '../app/ports/store.ts';
import type { TokenMint } from '../app/ports/token-mint.ts';
import type { Config, EntraConfig } from '../config/config.ts';
import type { EntraPolicy } from '../domain/identity/entra.ts';
import type { Poster } from '../edge/callbacks/poster.ts';
import { keyName } from '../edge/http/signature.ts';
import { readAuthorities } from '../edge/identity/certificate-chain.ts';
import { createEntraReader, type TrustedIssuer } from '../edge/identity/entra-reader.ts';

export interface IdentityParts {
  readonly config: Config;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly mint: TokenMint;
  /** Guarded like every request to an address that others named. */
  readonly poster: Poster;
  readonly trouble: (error: unknown) => void;
}

export interface Identity {
  readonly desk: IdentityDesk;
  readonly entra: EntraTokens;
}

/** Wall time that an issuer has to give its keys. */
const keysWithinMs = 10_000;

async function trusted({ issuer, tenant, keys, certificates }: EntraConfig): Promise<TrustedIssuer> {
  const authorities = certificates === undefined ? [] : readAuthorities(await readFile(certificates, 'utf8'));
  if (certificates !== undefined && authorities.length === 0)
    throw new Error(`entra: ${certificates} holds no certificate in PEM form. Name a file of authorities.`);
  return { issuer, tenant, keysUrl: keys, authorities };
}

export async function openIdentity(parts: IdentityParts): Promise<Identity> {
  const { config, store, clock, ids, mint, poster } = parts;
  const idOf = (name: string): string => config.resources.find((one) => one.name === name)?.id ?? '';
  const desk = new IdentityDesk({
    store,
    clock,
    ids,
    mint,
    accessKeys: new Map(config.resources.map(({ id, keys }) => [id, new Set(keys.map(keyName))])),
    onDefect: parts.trouble,
  });
  const reader = createEntraReader({
    issuers: await Promise.all(config.entra.map(trusted)),
    now: Date.now,
    get: (url) =>
      poster.post({ url, method: 'GET', headers: { accept: 'application/json' }, timeoutMs: keysWithinMs }),
  });
  const policies = config.entra.map(
    ({ resource, tenant, audience, accounts, access }): EntraPolicy => ({
      resourceId: idOf(resource),
      tenant,
      audience,
      accounts,
      access,
    }),
  );
  return { desk, entra: entraAccess({ reader, policies, wall: Date.now }) };
}
