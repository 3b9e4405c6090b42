/** Whether an Entra token lets somebody in: from its claims and what the configuration says of its issuer. */
import type { Instant } from '../ids/instant.ts';
import type { Scope } from '../ids/scope.ts';

/** What the token is shown for; each has its own audience in Entra. */
export type EntraPurpose = 'service' | 'clients' | 'teamsExtension' | 'teamsUser';
export type EntraAccount = 'application' | 'user';

export interface EntraAccess {
  /** Object id or application id, lower case. */
  readonly id: string;
  /** A reader may ask and change nothing. */
  readonly role: 'contributor' | 'reader';
  /** Azure resource id of the managed identity that it is, where it is one. */
  readonly managedIdentity: string | undefined;
}

export interface EntraPolicy {
  readonly resourceId: string;
  /** The tenant that owns the resource. */
  readonly tenant: string;
  /** Taken beside the audiences that Entra itself writes. */
  readonly audience: string | undefined;
  readonly accounts: readonly EntraAccount[];
  readonly access: readonly EntraAccess[];
}

/** Claims of an access token (https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference). */
export interface EntraClaims {
  readonly audiences: readonly string[];
  readonly tenant: string | undefined;
  readonly objectId: string | undefined;
  /** `azp`, or `appid` in tokens of version 1. */
  readonly appId: string | undefined;
  /** `scp`: what a person lets an application do. */
  readonly scopes: readonly string[];
  readonly idType: string | undefined;
  /** `xms_mirid`: the managed identity's resource id in Azure. */
  readonly managedIdentity: string | undefined;
  /** Wall time. */
  readonly expiresAt: Instant;
  readonly notBefore: Instant | undefined;
}

/** What showed that the claims are true: the issuer's own key, or a trusted certificate, which speaks for the one it names. */
export type EntraProof =
  | { readonly by: 'issuer' }
  | { readonly by: 'certificate'; readonly name: string | undefined };

export interface EntraIdentity {
  readonly resourceId: string;
  readonly tenant: string;
  readonly objectId: string;
  readonly appId: string | undefined;
  readonly account: EntraAccount;
  readonly role: EntraAccess['role'];
  /** Who a token that is exchanged for it speaks for (raw id), and what it allows; of services nothing. */
  readonly userRawId: string;
  readonly grants: readonly Scope[];
  readonly expiresAt: Instant;
}

export type EntraCause =
  | 'token-invalid'
  | 'entra-account-kind'
  | 'entra-no-access'
  | 'entra-other-tenant'
  | 'entra-certificate-untrusted'
  | 'entra-managed-identity';

export interface EntraRefusal {
  readonly refused: EntraCause;
  readonly detail: string;
}

/** Without the slashes at the end, of which clients write none, one or two. */
const audiences: Readonly<Record<EntraPurpose, readonly string[]>> = {
  service: ['https://communication.azure.com'],
  clients: ['https://communication.azure.com/clients'],
  teamsExtension: ['https://auth.msft.communication.azure.com', 'https://auth.msft.communication.azure.us'],
  teamsUser: ['https://auth.msft.communication.azure.com', 'https://auth.msft.communication.azure.us'],
};

const clientScopes: Readonly<Record<string, Scope>> = {
  chat: 'chat',
  voip: 'voip',
  'chat.join': 'chat.join',
  'chat.join.limited': 'chat.join.limited',
  'voip.join': 'voip.join',
};
/** What the permissions of Entra, in lower case, become. */
const granted: Readonly<Record<EntraPurpose, Readonly<Record<string, Scope>>>> = {
  service: {},
  clients: clientScopes,
  teamsExtension: { 'teamsextension.managecalls': 'voip' },
  teamsUser: { 'teams.managecalls': 'voip', 'teams.managechats': 'chat' },
};

/** As in the examples of the published API description; a Teams user keeps the id that Teams knows it by. */
const rawIdOf: Readonly<Record<EntraPurpose, (resource: string, tenant: string, object: string) => string>> =
  {
    service: (_resource, tenant, object) => `${tenant}_${object}`,
    clients: (resource, tenant, object) => `8:acs:${resource}_wf_${tenant}_${object}`,
    teamsExtension: (resource, tenant, object) => `8:acs:${resource}_${tenant}_${object}`,
    teamsUser: (_resource, _tenant, object) => `8:orgid:${object}`,
  };

/** The tenant that Entra shows for personal Microsoft accounts. */
const personalAccounts = '9188040d-6c67-4c5b-b112-36a304b66dad';
/** Clocks of two machines differ. */
const skewMs = 60_000;

const bare = (audience: string): string => audience.replace(/\/+$/, '');
const iso = (at: Instant): string => new Date(at).toISOString();
const no = (refused: EntraCause, detail: string): EntraRefusal => ({ refused, detail });
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

const accountOf = ({ idType, scopes }: EntraClaims): EntraAccount =>
  idType === 'user' || (idType === undefined && scopes.length > 0) ? 'user' : 'application';

/** Of a token whose signature holds; `now` is wall time, as all foreign tokens are judged by. */
export function judgeEntra(
  claims: EntraClaims,
  proof: EntraProof,
  policy: EntraPolicy,
  purpose: EntraPurpose,
  now: Instant,
): EntraIdentity | EntraRefusal {
  const { tenant, objectId } = claims;
  if (now >= claims.expiresAt + skewMs)
    return no('token-invalid', `the Entra token expired at ${iso(claims.expiresAt)}`);
  if (claims.notBefore !== undefined && now < claims.notBefore - skewMs)
    return no('token-invalid', `the Entra token is valid from ${iso(claims.notBefore)} on`);
  const expected = [...audiences[purpose], ...(policy.audience === undefined ? [] : [policy.audience])];
  if (!claims.audiences.some((audience) => expected.some((one) => bare(one) === bare(audience)))) {
    const found = claims.audiences.join(', ').slice(0, 200);
    return no('token-invalid', `aud is ${JSON.stringify(found)}; expected is ${expected.join(' or ')}`);
  }
  if (tenant === undefined || objectId === undefined)
    return no('token-invalid', 'the Entra token has no tid or no oid');
  const account = accountOf(claims);
  if (tenant === personalAccounts)
    return no('entra-account-kind', 'the token is that of a personal Microsoft account');
  // The exchanges are made for people; services are called by whatever the configuration lets in.
  const accounts = purpose === 'service' ? policy.accounts : (['user'] as const);
  if (!accounts.some((kind) => kind === account))
    return no('entra-account-kind', `the token is of the kind ${account}; taken is ${accounts.join(' or ')}`);
  if (!same(tenant, policy.tenant))
    return no('entra-other-tenant', `tid is ${tenant}; the resource belongs to the tenant ${policy.tenant}`);
  if (proof.by === 'certificate') {
    if (account !== 'application' || purpose !== 'service')
      return no('entra-certificate-untrusted', 'a certificate proves an application, and nobody else');
    if (claims.appId === undefined || !same(proof.name ?? '', claims.appId)) {
      const detail = `the certificate is that of ${proof.name}; the token speaks for the application ${claims.appId}`;
      return no('entra-certificate-untrusted', detail);
    }
  }
  const identity = {
    resourceId: policy.resourceId,
    tenant: policy.tenant,
    objectId: objectId.toLowerCase(),
    appId: claims.appId?.toLowerCase(),
    account,
    grants: claims.scopes.flatMap((scope) => granted[purpose][scope.toLowerCase()] ?? []),
    userRawId: rawIdOf[purpose](policy.resourceId, policy.tenant, objectId.toLowerCase()),
    expiresAt: claims.expiresAt,
  };
  if (purpose !== 'service') {
    if (identity.grants.length > 0) return { ...identity, role: 'reader' };
    const expected = Object.keys(granted[purpose]).join(', ');
    const detail = `scp is ${JSON.stringify(claims.scopes.join(' ').slice(0, 200))}; one of ${expected} is needed`;
    return no('entra-no-access', detail);
  }
  // The object id is the issuer's word, which a certificate cannot give.
  const ids = proof.by === 'certificate' ? [identity.appId] : [identity.objectId, identity.appId];
  const access = policy.access.find(({ id }) => ids.includes(id));
  const { managedIdentity: claimed } = claims;
  if (claimed !== undefined && access && !same(access.managedIdentity ?? '', claimed)) {
    const listed = access.managedIdentity ?? 'none';
    const detail = `the token claims the managed identity ${claimed.slice(0, 300)}; listed for ${access.id} is ${listed}`;
    return no('entra-managed-identity', detail);
  }
  if (!access) {
    const who = claims.appId === undefined ? objectId : `${objectId} (application ${claims.appId})`;
    return no('entra-no-access', `${who} is not among those who were given access`);
  }
  return { ...identity, role: access.role };
}
