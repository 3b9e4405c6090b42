import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type EntraClaims, type EntraPolicy, type EntraPurpose, judgeEntra } from './entra.ts';

const now = Date.parse('2026-03-01T10:00:00Z');
const minute = 60_000;
const tenant = 'c70d068c-2f32-484d-9455-73070cd5aadd';
const app = '2c3e1e83-8fd7-4615-ad2b-b8c1229845ac';
const object = 'b27b64b9-39d2-44a3-869d-67700b74e805';
const identity =
  '/subscriptions/s/resourcegroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/n';

const claims: EntraClaims = {
  audiences: ['https://communication.azure.com'],
  tenant,
  objectId: object,
  appId: app,
  scopes: [],
  idType: 'app',
  managedIdentity: undefined,
  expiresAt: now + 60 * minute,
  notBefore: now,
};
const person: Partial<EntraClaims> = {
  idType: 'user',
  scopes: ['Chat', 'VoIP.Join', 'openid'],
  audiences: ['https://communication.azure.com/clients'],
};
const contributor = { id: app, role: 'contributor', managedIdentity: undefined } as const;
const policy: EntraPolicy = {
  resourceId: 'res',
  tenant,
  audience: undefined,
  accounts: ['application'],
  access: [contributor],
};

interface Case {
  readonly claims?: Partial<EntraClaims>;
  readonly policy?: Partial<EntraPolicy>;
  readonly purpose?: EntraPurpose;
  readonly certificate?: string;
}

function judge({ claims: said, policy: ruled, purpose = 'service', certificate }: Case) {
  const proof =
    certificate === undefined
      ? ({ by: 'issuer' } as const)
      : ({ by: 'certificate', name: certificate } as const);
  return judgeEntra({ ...claims, ...said }, proof, { ...policy, ...ruled }, purpose, now);
}

describe('let in', () => {
  const cases: Readonly<Record<string, Case>> = {
    'by its application id': {},
    'by its object id': {
      claims: { appId: undefined },
      policy: { access: [{ ...contributor, id: object }] },
    },
    'with ids in capitals': { claims: { appId: app.toUpperCase(), tenant: tenant.toUpperCase() } },
    'with one slash at the end of the audience': {
      claims: { audiences: ['https://communication.azure.com/'] },
    },
    'with two': { claims: { audiences: ['https://communication.azure.com//'] } },
    'with the audience of the configuration': {
      claims: { audiences: ['x', 'api://ringback'] },
      policy: { audience: 'api://ringback' },
    },
    'within the skew of two clocks': { claims: { expiresAt: now - minute + 1, notBefore: now + minute } },
    'as a person, where people are': { claims: { idType: 'user' }, policy: { accounts: ['user'] } },
    'as the managed identity that is listed': {
      claims: { managedIdentity: identity.toLowerCase() },
      policy: { access: [{ ...contributor, managedIdentity: identity }] },
    },
    'with a certificate of its application': { certificate: app },
  };
  for (const [what, each] of Object.entries(cases)) {
    test(what, () => {
      const judged = judge(each);
      assert.ok(!('refused' in judged), JSON.stringify(judged));
      assert.deepEqual([judged.resourceId, judged.role], ['res', 'contributor']);
    });
  }

  test('as a person who changes a token for one of ours', () => {
    const judged = judge({
      claims: person,
      purpose: 'clients',
      policy: { accounts: ['application'], access: [] },
    });
    assert.ok(!('refused' in judged));
    assert.deepEqual(judged.grants, ['chat', 'voip.join']);
    assert.equal(judged.userRawId, `8:acs:res_wf_${tenant}_${object}`);
  });
});

describe('refused', () => {
  const cases: Readonly<Record<string, readonly [Case, cause: string, says: RegExp]>> = {
    'once it has expired': [{ claims: { expiresAt: now - minute } }, 'token-invalid', /expired at 2026/],
    'before its time': [{ claims: { notBefore: now + minute + 1 } }, 'token-invalid', /valid from/],
    'for another audience': [{ claims: { audiences: ['x'] } }, 'token-invalid', /aud is "x"/],
    'without an audience': [{ claims: { audiences: [] } }, 'token-invalid', /aud is ""/],
    'for clients at a service': [{ claims: person }, 'token-invalid', /aud is/],
    'without a tenant': [{ claims: { tenant: undefined } }, 'token-invalid', /no tid/],
    'as a person where applications are taken': [
      { claims: { idType: 'user' } },
      'entra-account-kind',
      /kind user/,
    ],
    'as a person by its permissions': [
      { claims: { idType: undefined, scopes: ['user_impersonation'] } },
      'entra-account-kind',
      /kind user/,
    ],
    'as a personal account': [
      { claims: { tenant: '9188040d-6c67-4c5b-b112-36a304b66dad' } },
      'entra-account-kind',
      /personal Microsoft account/,
    ],
    'from another tenant': [
      { claims: { tenant: object } },
      'entra-other-tenant',
      /belongs to the tenant c70d/,
    ],
    'without access': [{ policy: { access: [] } }, 'entra-no-access', /b27b64b9.*2c3e1e83/],
    'as another managed identity': [
      {
        claims: { managedIdentity: identity },
        policy: { access: [{ ...contributor, managedIdentity: `${identity}2` }] },
      },
      'entra-managed-identity',
      /listed for 2c3e1e83/,
    ],
    'as a managed identity that is listed as something else': [
      { claims: { managedIdentity: identity } },
      'entra-managed-identity',
      /is none/,
    ],
    'with the certificate of another application': [
      { certificate: object },
      'entra-certificate-untrusted',
      /speaks for the application 2c3e/,
    ],
    'with a certificate and an object id alone': [
      {
        certificate: object,
        claims: { appId: undefined },
        policy: { access: [{ ...contributor, id: object }] },
      },
      'entra-certificate-untrusted',
      /speaks for/,
    ],
    'with a certificate and the object id of somebody with access': [
      { certificate: app, policy: { access: [{ ...contributor, id: object }] } },
      'entra-no-access',
      /not among/,
    ],
    'as a person with a certificate': [
      { certificate: app, claims: person, purpose: 'clients' },
      'entra-certificate-untrusted',
      /proves an application/,
    ],
    'as an application that wants the token of a person': [
      { claims: { audiences: ['https://communication.azure.com/clients'] }, purpose: 'clients' },
      'entra-account-kind',
      /taken is user/,
    ],
    'without a permission to exchange': [
      { claims: { ...person, scopes: ['openid'] }, purpose: 'clients' },
      'entra-no-access',
      /one of chat, voip/,
    ],
  };
  for (const [what, [each, cause, says]] of Object.entries(cases)) {
    test(what, () => {
      const judged = judge(each);
      assert.ok('refused' in judged, 'let in');
      assert.equal(judged.refused, cause);
      assert.match(judged.detail, says);
    });
  }
});
