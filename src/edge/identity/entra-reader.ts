/** Signatures of Entra tokens: by the keys that their issuer publishes, or by a certificate that the token carries. */
import type { X509Certificate } from 'node:crypto';
import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWTPayload } from 'jose';
import type { EntraClaims, EntraProof, EntraReader, EntraRefusal } from '../../app/ports/entra.ts';
import { chainFault, commonName, readChain } from './certificate-chain.ts';
import { type Get, IssuerKeys, KeysUnavailable } from './issuer-keys.ts';

export interface TrustedIssuer {
  /** As in `iss`; `{tenantid}` stands for the tenant, as in the configuration that Entra publishes for all tenants. */
  readonly issuer: string;
  readonly tenant: string;
  readonly keysUrl: string | undefined;
  /** Authorities whose certificates may sign tokens of this issuer. */
  readonly authorities: readonly X509Certificate[];
}

export interface EntraReaderOptions {
  readonly issuers: readonly TrustedIssuer[];
  readonly get: Get;
  /** Wall time. */
  readonly now: () => number;
}

const algorithms = ['RS256', 'PS256', 'ES256'];
const placeholder = '{tenantid}';
/** Real ones have two or three thousand. */
const mostCharacters = 32_768;

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const invalid = (detail: string): EntraRefusal => ({ refused: 'token-invalid', detail });

function claimsOf(payload: JWTPayload): EntraClaims | undefined {
  const { aud, exp, nbf, tid, oid, azp, appid, scp, idtyp, xms_mirid: managed } = payload;
  if (exp === undefined) return undefined;
  return {
    audiences: [aud ?? []].flat(),
    tenant: textOf(tid)?.toLowerCase(),
    objectId: textOf(oid),
    appId: textOf(azp) ?? textOf(appid),
    scopes: (textOf(scp) ?? '').split(' ').filter((scope) => scope !== ''),
    idType: textOf(idtyp),
    managedIdentity: textOf(managed),
    expiresAt: exp * 1000,
    notBefore: nbf === undefined ? undefined : nbf * 1000,
  };
}

export function createEntraReader({ issuers, get, now }: EntraReaderOptions): EntraReader {
  const keys = issuers.map(
    ({ issuer, tenant, keysUrl }) =>
      new IssuerKeys({ issuer: issuer.replace(placeholder, tenant), keysUrl, get, now }),
  );

  /** Its own tenant's entry where there is one; else any of the issuer, so that the refusal can name the tenant. */
  const issuerOf = (iss: string, tenant: string | undefined): number | undefined => {
    const named = [...issuers.keys()].filter((i) => {
      const issuer = issuers[i]?.issuer ?? '';
      return issuer === iss || (tenant !== undefined && issuer.replace(placeholder, tenant) === iss);
    });
    return named.find((i) => issuers[i]?.tenant === tenant) ?? named[0];
  };

  /** Throws what `jose` throws where the signature does not hold. */
  const prove = async (
    token: string,
    issuer: number,
    header: ReturnType<typeof decodeProtectedHeader>,
  ): Promise<EntraProof | EntraRefusal> => {
    const options = { algorithms };
    if (header.x5c === undefined) {
      await compactVerify(token, (await keys[issuer]?.forKey(header.kid)) ?? fail, options);
      return { by: 'issuer' };
    }
    const chain = readChain(header.x5c);
    if (!chain) return invalid('x5c in the header of the token holds no certificates');
    await compactVerify(token, chain[0].publicKey, options);
    const fault = chainFault(chain, issuers[issuer]?.authorities ?? [], now());
    return fault === undefined
      ? { by: 'certificate', name: commonName(chain[0]) }
      : { refused: 'entra-certificate-untrusted', detail: fault };
  };

  return {
    async read(token) {
      if (issuers.length === 0 || token.length > mostCharacters) return undefined;
      let unproven: JWTPayload;
      let header: ReturnType<typeof decodeProtectedHeader>;
      try {
        [unproven, header] = [decodeJwt(token), decodeProtectedHeader(token)];
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
        throw error;
      }
      const { iss, tid } = unproven;
      const issuer = iss === undefined ? undefined : issuerOf(iss, textOf(tid)?.toLowerCase());
      if (issuer === undefined) return undefined;
      try {
        const proof = await prove(token, issuer, header);
        if ('refused' in proof) return proof;
        // Signed, so that what was read before holds; times are judged together with the claims.
        const claims = claimsOf(unproven);
        return claims ? { issuer, claims, proof } : invalid('the Entra token has no exp');
      } catch (error) {
        if (error instanceof KeysUnavailable) return { refused: 'issuer-unreachable', detail: error.message };
        if (error instanceof errors.JOSEError || error instanceof TypeError)
          return invalid(`the signature of the Entra token does not hold: ${error.message}`);
        throw error;
      }
    },
  };
}

const fail = (): never => {
  throw new Error('a token was assigned to an issuer that is not there');
};
