import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Json } from '../../app/ports/store.ts';
import type { TokenClaims } from '../../domain/identity/identity.ts';
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

const day = 24 * hour;
const issuedAt = Date.parse('2026-03-01T10:00:00Z');
const claims: TokenClaims = {
  user,
  resourceId,
  scopes: ['chat', 'voip'],
  issuedAt,
  expiresAt: issuedAt + hour,
  series: 'first',
  accessKey: 'primary',
};

test('a user token carries the documented claims and no others, and comes back as it was asked for', async () => {
  const { signing, store } = await open({ now: issuedAt, wall: 0 });
  const token = await signing.issueUserToken(claims);
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
  const { skypeid, csi, acsScope } = decodeJwt(token);
  assert.deepEqual([skypeid, csi, acsScope], [user.slice(2), String(issuedAt / 1000), 'chat,voip']);
  const read = await signing.readUserToken(token);
  assert.ok('claims' in read);
  assert.deepEqual(read.claims, claims);
  const { accessKey: _none, ...without } = claims;
  const other = await signing.readUserToken(await signing.issueUserToken(without));
  assert.ok('claims' in other);
  assert.deepEqual(other.claims, without);
  assert.notEqual(other.tokenId, read.tokenId);
  await store.close();
});

test('nothing else passes for a user token', async () => {
  const times = { now: issuedAt, wall: Date.now() };
  const { signing, store } = await open(times);
  const stranger = await open(times);
  const token = await signing.issueUserToken(claims);
  const [head, body, signature] = token.split('.');
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { kid } = decodeProtectedHeader(token);
  const refused = async (jwt: string) => {
    const read = await signing.readUserToken(jwt);
    return 'refused' in read ? read.refused : undefined;
  };
  assert.equal(await refused(token), undefined);
  const others: Readonly<Record<string, string>> = {
    [await stranger.signing.issueUserToken(claims)]: 'foreign',
    [await signing.callbackToken(resourceId)]: 'foreign',
    [`${head}.${body?.slice(0, -2)}AA.${signature}`]: 'foreign',
    [`${part({ alg: 'HS256', kid })}.${body}.${signature}`]: 'foreign',
    [`${part({ alg: 'none', kid })}.${body}.`]: 'unsigned',
    [`${part({ alg: 'None', kid })}.${body}.${signature}`]: 'unsigned',
    [`${head}.${body}.`]: 'unsigned',
    nonsense: 'malformed',
    'a.b.c': 'malformed',
    '': 'malformed',
    [`${head}.${body}.${'A'.repeat(10_000)}`]: 'malformed',
  };
  for (const [jwt, why] of Object.entries(others)) assert.equal(await refused(jwt), why, jwt.slice(0, 100));
  await Promise.all([store.close(), stranger.store.close()]);
});

test('a key signs for 90 days; what it signed holds until the last of it has expired', async () => {
  const times = { now: issuedAt, wall: 0 };
  const { signing, store } = await open(times);
  const kids = () => signing.jwks().keys.map(({ kid }) => kid);
  const [first] = kids();
  times.now += 90 * day - 1;
  const old = await signing.issueUserToken(claims);
  assert.equal(decodeProtectedHeader(old).kid, first);
  times.now += 1;
  const [one, two] = await Promise.all([signing.issueUserToken(claims), signing.callbackToken(resourceId)]);
  const second = decodeProtectedHeader(one).kid;
  assert.equal(decodeProtectedHeader(two).kid, second, 'two at once make one key');
  assert.notEqual(second, first);
  assert.deepEqual(kids(), [first, second]);
  const { signing: restarted } = await open(times, store);
  assert.ok('claims' in (await restarted.readUserToken(old)), 'the old key outlives a restart');
  times.now += 90 * day;
  await restarted.issueUserToken(claims);
  const left = restarted.jwks().keys.map(({ kid }) => kid);
  assert.deepEqual([left.length, left[0]], [2, second]);
  assert.deepEqual(await restarted.readUserToken(old), { refused: 'foreign' });
  await store.close();
});

test('the lone key that earlier versions kept goes on signing', async () => {
  const times = { now: issuedAt, wall: 0 };
  const { signing, store } = await open(times);
  const kept = store.document('keys', 'signing') as unknown as { keys: readonly { jwk: Json }[] };
  await store.putDocument('keys', 'signing', kept.keys[0]?.jwk);
  const { signing: next } = await open(times, store);
  assert.deepEqual(next.jwks(), signing.jwks());
  await store.close();
});
