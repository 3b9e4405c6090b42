import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { openStore } from '../store/open-store.ts';
import { openSigning } from './signing.ts';

const resourceId = '5f2c0d7e-8f14-4d0e-9a53-1f2f3b1c9d55';
const user = `8:acs:${resourceId}_00000020-0000-0000-0000-000000000000`;
const hour = 3_600_000;

async function open(times: { now: number; wall: number }, store = openStore({ file: ':memory:' })) {
  const signing = await openSigning({ store, clock: { now: () => times.now }, wall: () => times.wall });
  return { signing, store };
}

test('a webhook token is used again for a minute, and lives five', async () => {
  const times = { now: 0, wall: Date.parse('2026-03-01T10:00:00Z') };
  const { signing, store } = await open(times);
  const first = await signing.callbackToken(resourceId);
  times.wall += 59_999;
  assert.equal(await signing.callbackToken(resourceId), first);
  assert.notEqual(await signing.callbackToken('another'), first);
  times.wall += 1;
  assert.notEqual(await signing.callbackToken(resourceId), first);
  const { iss, aud, exp = 0, iat = 0 } = decodeJwt(first);
  assert.deepEqual(
    [iss, aud, exp - iat],
    ['https://acscallautomation.communication.azure.com', resourceId, 300],
  );
  await store.close();
});

test('the key outlives a restart', async () => {
  const times = { now: Date.now(), wall: Date.now() };
  const { signing, store } = await open(times);
  const token = await signing.callbackToken(resourceId);
  const { signing: next } = await open(times, store);
  assert.deepEqual(next.jwks(), signing.jwks());
  assert.equal(decodeProtectedHeader(token).kid, next.jwks().keys[0]?.kid);
  await jwtVerify(token, createLocalJWKSet(next.jwks()), { audience: resourceId });
  assert.equal('d' in (next.jwks().keys[0] ?? {}), false, 'the private part is not published');
  await store.close();
});

test('the OpenID configuration leads to the keys', async () => {
  const { signing, store } = await open({ now: 0, wall: 0 });
  const { jwks_uri } = signing.openIdConfiguration('https://localhost:8443/');
  assert.equal(jwks_uri, 'https://localhost:8443/calling/keys');
  await store.close();
});

test('a user token carries the documented claims and comes back as it was asked for', async () => {
  const times = { now: Date.parse('2026-03-01T10:00:00.400Z'), wall: 0 };
  const { signing, store } = await open(times);
  const { token, expiresOn } = await signing.issueUserToken({
    user,
    scopes: ['chat', 'voip'],
    minutes: 60,
    resourceId,
  });
  assert.equal(expiresOn, '2026-03-01T11:00:00.000Z');
  assert.deepEqual(Object.keys(decodeJwt(token)), [
    'skypeid',
    'scp',
    'csi',
    'exp',
    'rgn',
    'acsScope',
    'resourceId',
    'resourceLocation',
    'iat',
  ]);
  assert.equal(decodeJwt(token).skypeid, user.slice(2));
  assert.equal(decodeJwt(token).csi, String(Date.parse('2026-03-01T10:00:00Z') / 1000));
  assert.deepEqual(await signing.verifyUserToken(token), {
    user,
    scopes: ['chat', 'voip'],
    resourceId,
    issuedAt: Date.parse('2026-03-01T10:00:00Z'),
    expiresAt: Date.parse('2026-03-01T11:00:00Z'),
  });
  await store.close();
});

test('a user token expires on our clock, and nothing else passes for one', async () => {
  const times = { now: Date.now(), wall: Date.now() };
  const { signing, store } = await open(times);
  const stranger = await open(times);
  const asked = { user, scopes: ['chat'], minutes: 60, resourceId };
  const { token } = await signing.issueUserToken(asked);
  const { token: foreign } = await stranger.signing.issueUserToken(asked);
  const refused = async (jwt: string) => {
    const verified = await signing.verifyUserToken(jwt);
    return 'refused' in verified ? verified.refused : undefined;
  };
  const [head, body, signature] = token.split('.');
  const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
  assert.equal(await refused(token), undefined);
  assert.equal(await refused(foreign), 'not-ours');
  assert.equal(await refused(unsigned), 'not-ours');
  assert.equal(await refused(`${head}.${body?.slice(0, -2)}AA.${signature}`), 'not-ours');
  assert.equal(await refused(await signing.callbackToken(resourceId)), 'not-ours');
  assert.equal(await refused('nonsense'), 'not-ours');
  times.now += hour;
  assert.equal(await refused(token), 'expired');
  await Promise.all([store.close(), stranger.store.close()]);
});
