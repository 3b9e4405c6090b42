import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compactVerify, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type Get, IssuerKeys, KeysUnavailable } from './issuer-keys.ts';

const issuer = 'https://issuer.example/tenant/v2.0';
const discovery = `${issuer}/.well-known/openid-configuration`;
const hour = 3_600_000;

/** An issuer whose answers are what the test says, and a clock that stands where it is put. */
async function stage(pages: Record<string, { status: number; body: string } | { failed: string }>) {
  const asked: string[] = [];
  const at = { now: 1_000_000 };
  const get: Get = async (url) => {
    asked.push(url);
    return pages[url] ?? { status: 404, body: '' };
  };
  const keys = new IssuerKeys({ issuer, keysUrl: undefined, get, now: () => at.now });
  const publish = async (kid: string) => {
    const pair = await generateKeyPair('RS256');
    const jwk = { ...(await exportJWK(pair.publicKey)), kid };
    pages['https://issuer.example/keys'] = { status: 200, body: JSON.stringify({ keys: [jwk] }) };
    return async () => {
      const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', kid }).sign(pair.privateKey);
      return compactVerify(token, await keys.forKey(kid));
    };
  };
  return { asked, at, keys, pages, publish };
}

const found = { [discovery]: { status: 200, body: '{"jwks_uri":"https://issuer.example/keys"}' } };

test('keys are found where the issuer says, once for many tokens, and again after an hour', async () => {
  const { asked, at, publish } = await stage({ ...found });
  const verify = await publish('one');
  await Promise.all([verify(), verify(), verify()]);
  assert.deepEqual(asked, [discovery, 'https://issuer.example/keys']);
  at.now += hour - 1;
  await verify();
  assert.equal(asked.length, 2);
  at.now += 1;
  await verify();
  assert.equal(asked.length, 4);
});

test('a key that is new is asked for, but not by everybody who makes one up', async () => {
  const { asked, at, keys, publish } = await stage({ ...found });
  await (await publish('one'))();
  const verifyNew = await publish('two');
  await assert.rejects(verifyNew(), { code: 'ERR_JWKS_NO_MATCHING_KEY' });
  assert.equal(asked.length, 2, 'within ten seconds of the last look');
  at.now += 10_000;
  await verifyNew();
  for (let i = 0; i < 50; i++) await keys.forKey(`made-up-${i}`);
  assert.equal(asked.length, 4);
});

test('an issuer that falls silent is believed as before; one that never spoke is named with the reason', async () => {
  const { at, pages, publish } = await stage({ ...found });
  const verify = await publish('one');
  await verify();
  pages[discovery] = { failed: 'it did not answer within 10 s' };
  at.now += 2 * hour;
  await verify();

  const reasons: readonly (readonly [string | { failed: string }, RegExp])[] = [
    [{ failed: 'no route' }, /openid-configuration: no route/],
    ['{}', /names no jwks_uri.*Set keys:/],
    ['[', /something else than a JSON object/],
    ['null', /something else than a JSON object/],
    ['{"jwks_uri":"https://issuer.example/none"}', /none answered 404 instead of 200/],
    [`{"jwks_uri":"${discovery}"}`, /has no keys/],
  ];
  for (const [page, says] of reasons) {
    const { keys } = await stage({
      [discovery]: typeof page === 'string' ? { status: 200, body: page } : page,
    });
    await assert.rejects(keys.forKey('one'), (error: Error) => {
      assert.ok(error instanceof KeysUnavailable);
      assert.match(error.message, says);
      return true;
    });
  }
});

test('a secret in a published set signs nothing', async () => {
  const { keys, pages } = await stage({ ...found });
  const k = Buffer.from('a secret that everybody can read, 32 bytes').toString('base64url');
  pages['https://issuer.example/keys'] = {
    status: 200,
    body: JSON.stringify({ keys: [{ kty: 'oct', kid: 'one', k }] }),
  };
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .sign(Buffer.from(k, 'base64url'));
  await assert.rejects(compactVerify(token, await keys.forKey('one')));
});
