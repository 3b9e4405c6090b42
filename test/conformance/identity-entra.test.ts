/** Entra ID in place of an access key, and Entra tokens that are exchanged for those of users. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { CallAutomationClient } from '@azure/communication-call-automation';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { decodeJwt, exportSPKI, generateKeyPair, SignJWT } from 'jose';
import { send } from '../../scenarios/stage/client.ts';
import {
  type Claims,
  EntraIssuer,
  entraApp,
  entraObject,
  entraTenant,
} from '../../scenarios/stage/entra-issuer.ts';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';

const run = promisify(execFile);
const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
const otherResource = '8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e';
const otherTenant = '0d6f5e2a-7c11-4b8e-9a55-3f2f1f6f7a10';
const reader = '11111111-7c11-4b8e-9a55-3f2f1f6f7a10';
const teams = 'https://auth.msft.communication.azure.com';

let issuer: EntraIssuer;
let server: Ringback;
const logged: { readonly row?: string; readonly detail?: string }[] = [];

before(async () => {
  issuer = await EntraIssuer.open();
  const entry = (tenant: string, resource: string) => `
  - issuer: ${issuer.url}/{tenantid}/v2.0
    tenant: ${tenant}
    resource: ${resource}
    access: [{ id: ${entraApp} }, { id: ${reader}, role: reader }]`;
  const config = `
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: ${otherResource}, keys: ["${otherKey}"], admin: false }
entra: ${entry(entraTenant, 'dev')} ${entry(otherTenant, 'other')}
`;
  server = await startRingback({ config, log: (line) => void logged.push(JSON.parse(line)) });
});
after(async () => {
  await server.stop();
  await issuer.close();
});

const clientWith = (token: () => Promise<string>, asked: string[] = []): CommunicationIdentityClient =>
  new CommunicationIdentityClient(
    server.endpoint,
    {
      getToken: async (scopes) => {
        asked.push(...[scopes].flat());
        return { token: await token(), expiresOnTimestamp: Date.now() + 60_000 };
      },
    },
    { retryOptions: { maxRetries: 0 }, tlsOptions: { ca: server.ca } },
  );
const as = (claims: Claims): CommunicationIdentityClient => clientWith(() => issuer.token(claims));

describe('a service that signs in with Entra', () => {
  test('does what it would do with an access key, on the resource of its tenant', async () => {
    const asked: string[] = [];
    const client = clientWith(() => issuer.token(), asked);
    const { user, token } = await client.createUserAndToken(['chat']);
    assert.deepEqual(asked, ['https://communication.azure.com//.default']);
    assert.equal(decodeJwt(token).resourceId, developmentResource.id);
    await client.revokeTokens(user);
    await client.deleteUser(user);
    const theirs = await as({ tid: otherTenant, aud: 'https://communication.azure.com/' }).createUser();
    assert.ok(theirs.communicationUserId.startsWith(`8:acs:${otherResource}_`));
    await assert.rejects(client.deleteUser(theirs), { statusCode: 401, code: 'IdentityNotOwned' });
  });

  test('does so with the client of Call Automation too', async () => {
    const client = new CallAutomationClient(
      server.endpoint,
      { getToken: async () => ({ token: await issuer.token(), expiresOnTimestamp: Date.now() + 60_000 }) },
      { retryOptions: { maxRetries: 0 }, tlsOptions: { ca: server.ca } },
    );
    await assert.rejects(client.getCallConnection('nobody').getCallConnectionProperties(), {
      statusCode: 404,
      code: '8522',
    });
  });

  test('is known by its object id or its application id', async () => {
    const unlisted = { azp: otherTenant };
    await assert.rejects(as(unlisted).createUser(), { statusCode: 403, code: 'Forbidden' });
    await as({ ...unlisted, oid: entraApp }).createUser();
    await as({ azp: undefined, appid: entraApp }).createUser();
  });

  test('with the role reader asks and changes nothing', async () => {
    const token = await issuer.token({ azp: reader });
    await assert.rejects(as({ azp: reader }).createUser(), { statusCode: 403, message: /role reader/ });
    const address = { http: server.httpEndpoint, https: server.endpoint, ca: server.ca };
    const request = {
      method: 'GET',
      path: '/calling/callConnections/x',
      https: true,
      credentials: { authorization: `Bearer ${token}` },
    };
    assert.equal((await send(address, '', request)).headers['x-ringback-row'], 'automation/404/8522');
    const admin = { ...request, path: '/ringback/v1/calls' };
    assert.equal((await send(address, '', admin)).status, 403, 'the server is administered with a key');
    const plain = { ...request, https: false };
    assert.equal((await send(address, '', plain)).status, 426);
  });

  const hour = 3600;
  const now = Math.floor(Date.now() / 1000);
  const wrong: Readonly<Record<string, readonly [Claims, number, RegExp]>> = {
    'that has expired': [{ exp: now - hour }, 401, /expired/],
    'that is not valid yet': [{ nbf: now + hour, exp: now + 2 * hour }, 401, /valid from/],
    'without an end': [{ exp: undefined }, 401, /no exp/],
    'for another audience': [{ aud: 'https://graph.microsoft.com' }, 401, /aud is "https:\/\/graph/],
    'for clients': [{ aud: 'https://communication.azure.com/clients' }, 401, /aud is/],
    'of another issuer': [{ iss: 'https://issuer.example/v2.0' }, 401, /not a JWT|somebody else/],
    'whose issuer and tenant differ': [{ tid: otherTenant, iss: undefined }, 401, /somebody else/],
    'of nobody': [{ oid: undefined }, 401, /no oid/],
    'of a personal account': [{ tid: '9188040d-6c67-4c5b-b112-36a304b66dad' }, 401, /personal/],
  };
  for (const [what, [claims, statusCode, message]] of Object.entries(wrong)) {
    test(`a token ${what} is refused, and logged`, async () => {
      await assert.rejects(as(claims).createUser(), { statusCode, message });
      assert.ok(logged.some(({ detail }) => message.test(detail ?? '')));
    });
  }

  test('a token that is unsigned, altered, or signed with what is public is refused', async () => {
    const good = await issuer.token();
    const [head = '', body = '', signature = ''] = good.split('.');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const altered = part({ ...decodeJwt(good), azp: reader });
    const stranger = await generateKeyPair('RS256', { extractable: true });
    const secret = new TextEncoder().encode(await exportSPKI(stranger.publicKey));
    const { kid } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { kid: string };
    const forged = [
      `${head}.${altered}.${signature}`,
      `${part({ alg: 'none' })}.${body}.`,
      await new SignJWT(decodeJwt(good)).setProtectedHeader({ alg: 'HS256', kid }).sign(secret),
      await new SignJWT(decodeJwt(good)).setProtectedHeader({ alg: 'RS256', kid }).sign(stranger.privateKey),
      await new SignJWT(decodeJwt(good))
        .setProtectedHeader({ alg: 'RS256', kid, x5c: ['AAAA'] })
        .sign(stranger.privateKey),
    ];
    for (const token of forged)
      await assert.rejects(clientWith(async () => token).createUser(), { statusCode: 401, code: 'Denied' });
  });

  test('is judged by keys that are kept, and is told when the issuer gives none', async () => {
    await as({}).createUser();
    const before = issuer.asked.length;
    await as({}).createUser();
    assert.equal(issuer.asked.length, before, 'keys are kept');
    const fresh = await startRingback({
      config: `entra: [{ issuer: "${issuer.url}/{tenantid}/v2.0", tenant: ${entraTenant}, access: [{ id: ${entraApp} }] }]`,
    });
    try {
      const client = new CommunicationIdentityClient(
        fresh.endpoint,
        { getToken: async () => ({ token: await issuer.token(), expiresOnTimestamp: Date.now() + 60_000 }) },
        { retryOptions: { maxRetries: 0 }, tlsOptions: { ca: fresh.ca } },
      );
      issuer.silent = true;
      await assert.rejects(client.createUser(), { statusCode: 502, message: /answered 503 instead of 200/ });
    } finally {
      issuer.silent = false;
      await fresh.stop();
    }
  });
});

describe('a Teams user', () => {
  const person = { aud: teams, idtyp: 'user', scp: 'Teams.ManageCalls Teams.ManageChats' };
  const client = (key = developmentKey): CommunicationIdentityClient =>
    new CommunicationIdentityClient(`endpoint=${server.endpoint};accesskey=${key}`, {
      retryOptions: { maxRetries: 0 },
      tlsOptions: { ca: server.ca },
    });
  const options = async (claims: Claims = {}) => ({
    teamsUserAadToken: await issuer.token({ ...person, ...claims }),
    clientId: entraApp,
    userObjectId: entraObject,
  });

  test('gets a token that lives as long as the one of Entra', async () => {
    const exp = Math.floor(Date.now() / 1000) + 1800;
    const { token, expiresOn } = await client().getTokenForTeamsUser(await options({ exp }));
    const { skypeid, acsScope, resourceId, exp: end = 0, iat = 0 } = decodeJwt(token);
    assert.deepEqual(
      [skypeid, acsScope, resourceId],
      [`orgid:${entraObject}`, 'voip,chat', developmentResource.id],
    );
    // By the server's clock, which stands still here while wall time goes on.
    assert.ok(end - iat > 1770 && end - iat <= 1800, `it lives ${end - iat} s`);
    assert.equal(expiresOn.getTime(), end * 1000);
  });

  test('is refused with the token, the application or the person of somebody else', async () => {
    const good = await options();
    const cases: readonly (readonly [object, number, RegExp])[] = [
      [{ ...good, teamsUserAadToken: 'invalid' }, 401, /no issuer that `entra` names/],
      [{ ...good, teamsUserAadToken: '' }, 400, /Token is invalid/],
      [{ ...good, clientId: '' }, 400, /AppId is invalid/],
      [{ ...good, userObjectId: 'me' }, 400, /UserId is invalid/],
      [{ ...good, clientId: reader }, 401, /appId names/],
      [{ ...good, userObjectId: reader }, 401, /userId names/],
      [await options({ exp: 1 }), 401, /expired/],
      [await options({ aud: 'https://communication.azure.com' }), 401, /aud is/],
      [await options({ idtyp: 'app' }), 401, /of the kind application/],
      [await options({ scp: 'User.Read' }), 403, /scp is "User\.Read"/],
      [await options({ tid: otherTenant }), 403, /belongs to another resource than dev/],
    ];
    for (const [asked, statusCode, message] of cases)
      await assert.rejects(client().getTokenForTeamsUser(asked as Awaited<ReturnType<typeof options>>), {
        statusCode,
        message,
      });
  });
});

describe('the official Entra credential', () => {
  const exchange = async (claims: Claims, scopes = ''): Promise<{ token?: string; failed?: string }> => {
    const { stdout } = await run(
      process.execPath,
      [join(import.meta.dirname, '../peers/entra-credential.ts')],
      {
        env: {
          ...process.env,
          NODE_EXTRA_CA_CERTS: server.caFile,
          // The credential joins endpoint and path as they are.
          ENDPOINT: server.endpoint.replace(/\/$/, ''),
          ENTRA_TOKEN: await issuer.token({ idtyp: 'user', ...claims }),
          ENTRA_SCOPES: scopes,
        },
        timeout: 30_000,
      },
    );
    return JSON.parse(stdout);
  };
  const clients = { aud: 'https://communication.azure.com/clients', scp: 'Chat VoIP.Join' };

  test('gets a token for chat and calling', async () => {
    const { token = '', failed } = await exchange(clients);
    assert.equal(failed, undefined);
    const { skypeid, acsScope } = decodeJwt(token);
    assert.deepEqual(
      [skypeid, acsScope],
      [`acs:${developmentResource.id}_wf_${entraTenant}_${entraObject}`, 'chat,voip.join'],
    );
  });

  test('gets a token for a Teams extension', async () => {
    const scp = 'TeamsExtension.ManageCalls';
    const { token = '', failed } = await exchange({ aud: teams, scp }, `${teams}/${scp}`);
    assert.equal(failed, undefined);
    const { skypeid, acsScope } = decodeJwt(token);
    assert.deepEqual(
      [skypeid, acsScope],
      [`acs:${developmentResource.id}_${entraTenant}_${entraObject}`, 'voip'],
    );
  });

  test('is refused without a permission, and for a token of a service', async () => {
    assert.match((await exchange({ ...clients, scp: 'openid' })).failed ?? '', /Status: 403.*Forbidden/);
    assert.match(
      (await exchange({ aud: 'https://communication.azure.com', scp: 'Chat' })).failed ?? '',
      /Status: 401/,
    );
  });
});
