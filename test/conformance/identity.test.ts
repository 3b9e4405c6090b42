/** The unmodified Identity client against the whole server: every method, and every way it is refused. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { decodeJwt } from 'jose';
import type { HttpReply, HttpRequest } from '../../scenarios/scenario.ts';
import { send } from '../../scenarios/stage/client.ts';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';

const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
const settings = `
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
`;
const everyScope = ['chat', 'voip', 'chat.join', 'chat.join.limited', 'voip.join'] as const;
const notOwned = {
  statusCode: 401,
  code: 'IdentityNotOwned',
  message: "Provided identity doesn't belong to the resource.",
};

interface LoggedLine {
  readonly event: string;
  readonly row?: string;
  readonly detail?: string;
}

let server: Ringback;
const logged: LoggedLine[] = [];
const clientOf = (key: string): CommunicationIdentityClient =>
  new CommunicationIdentityClient(`endpoint=${server.endpoint};accesskey=${key}`, {
    retryOptions: { maxRetries: 0 },
    tlsOptions: { ca: server.ca },
  });
const raw = (request: Partial<HttpRequest> & { readonly path: string }, key = developmentKey) =>
  send({ http: server.httpEndpoint, https: server.endpoint, ca: server.ca }, key, {
    method: 'POST',
    apiVersion: '2023-10-01',
    ...request,
  });
const errorOf = ({ status, body }: HttpReply): readonly unknown[] => {
  const { error } = body as { readonly error: { readonly code: string; readonly message: string } };
  return [status, error.code, error.message];
};

before(async () => {
  server = await startRingback({ config: settings, log: (line) => void logged.push(JSON.parse(line)) });
});
after(() => server.stop());

describe('the official client', () => {
  test('creates a user, whose id tells its resource', async () => {
    const user = await clientOf(developmentKey).createUser();
    assert.match(
      user.communicationUserId,
      new RegExp(
        `^8:acs:${developmentResource.id}_0000[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{4}-[\\da-f]{12}$`,
      ),
    );
  });

  test('creates a user together with a token, which says so', async () => {
    const { user, token, expiresOn } = await clientOf(developmentKey).createUserAndToken(['chat', 'voip'], {
      tokenExpiresInMinutes: 60,
    });
    const claims = decodeJwt(token);
    assert.equal(claims.skypeid, user.communicationUserId.slice(2));
    assert.equal(claims.acsScope, 'chat,voip');
    assert.equal(claims.resourceId, developmentResource.id);
    assert.equal((claims.exp ?? 0) * 1000, expiresOn.getTime());
    assert.equal(((claims.exp ?? 0) - (claims.iat ?? 0)) / 60, 60);
  });

  test('gets tokens of every scope, which live a day unless told otherwise', async () => {
    const client = clientOf(developmentKey);
    const user = await client.createUser();
    const lives = [
      [undefined, 1440],
      [60, 60],
      [1440, 1440],
    ] as const;
    for (const [asked, lived] of lives) {
      const { token } = await client.getToken(
        user,
        [...everyScope],
        asked === undefined ? {} : { tokenExpiresInMinutes: asked },
      );
      const { acsScope, exp = 0, iat = 0 } = decodeJwt(token);
      assert.deepEqual([acsScope, (exp - iat) / 60], [everyScope.join(','), lived]);
    }
  });

  test('revokes and deletes; a deleted user is nobody', async () => {
    const client = clientOf(developmentKey);
    const user = await client.createUser();
    await client.revokeTokens(user);
    await client.getToken(user, ['chat']);
    await client.deleteUser(user);
    await assert.rejects(client.getToken(user, ['chat']), notOwned);
    await assert.rejects(client.revokeTokens(user), notOwned);
    await assert.rejects(client.deleteUser(user), notOwned);
  });

  test("is refused what is another resource's, unknown or no id at all, in the service's own words", async () => {
    const client = clientOf(developmentKey);
    const theirs = await clientOf(otherKey).createUser();
    const unknown = {
      communicationUserId: `8:acs:${developmentResource.id}_00000020-0000-0000-0000-000000000000`,
    };
    for (const user of [
      theirs,
      unknown,
      { communicationUserId: 'nobody' },
      { communicationUserId: '4:+15005550000' },
    ]) {
      await assert.rejects(client.getToken(user, ['chat']), notOwned);
      await assert.rejects(client.revokeTokens(user), notOwned);
      await assert.rejects(client.deleteUser(user), notOwned);
    }
    await clientOf(otherKey).getToken(theirs, ['chat']);
    assert.ok(logged.some(({ row, detail }) => row === 'automation/401' && detail?.includes('resource dev')));
  });

  test('is told what is wrong with a request', async () => {
    const client = clientOf(developmentKey);
    const user = await client.createUser();
    await assert.rejects(client.getToken(user, []), { statusCode: 400, code: 'ValidationError' });
    await assert.rejects(client.getToken(user, ['fly' as 'chat']), {
      statusCode: 400,
      code: 'ValidationError',
      message: /Scopes\[0\].*chat, voip, chat\.join, chat\.join\.limited, voip\.join/,
    });
    await assert.rejects(client.createUserAndToken(['fly' as 'chat']), {
      statusCode: 400,
      code: 'ValidationError',
    });
    const stranger = clientOf(Buffer.from('a key that nobody configured here').toString('base64'));
    await assert.rejects(stranger.createUser(), { statusCode: 401, code: 'Denied' });
  });
});

describe('the identity API as it is on the wire', () => {
  const life = (expiresInMinutes: unknown) =>
    raw({ path: '/identities', body: { createTokenWithScopes: ['chat'], expiresInMinutes } });

  test('a life outside of 60 to 1440 minutes is refused by name', async () => {
    for (const wrong of [59, 1441, 0, -1, 60.5, '60', 1e9]) {
      const [status, code, message] = errorOf(await life(wrong));
      assert.deepEqual([status, code], [400, 'ValidationError']);
      assert.match(String(message), /ExpiresInMinutes.*60 to 1440/);
    }
    for (const right of [60, 1440]) assert.equal((await life(right)).status, 201);
  });

  test('instants carry their offset, and a user without a token has none', async () => {
    const bare = await raw({ path: '/identities' });
    assert.equal(bare.status, 201);
    assert.deepEqual(Object.keys(bare.body as object), ['identity']);
    const { accessToken } = (await life(60)).body as { accessToken: { expiresOn: string } };
    assert.match(accessToken.expiresOn, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/);
  });

  test('ids are read percent-encoded and plain', async () => {
    const { identity } = (await raw({ path: '/identities' })).body as { identity: { id: string } };
    for (const id of [identity.id, encodeURIComponent(identity.id)])
      assert.equal((await raw({ path: `/identities/${id}/:revokeAccessTokens` })).status, 204);
    assert.equal(
      (await raw({ method: 'DELETE', path: `/identities/${encodeURIComponent(identity.id)}` })).status,
      204,
    );
  });

  test('the same custom id is the same identity, of one resource, and the versions that know it show it', async () => {
    const create = (apiVersion: string, customId: string, key = developmentKey) =>
      raw({ path: '/identities', apiVersion, body: { customId, createTokenWithScopes: ['chat'] } }, key);
    type Shown = { identity: { id: string; customId?: string; lastTokenIssuedAt?: string } };
    const name = 'sally@contoso.example';
    const first = await create('2025-06-30', name);
    const again = await create('2025-03-02-preview', name);
    const [one, two] = [first.body as Shown, again.body as Shown];
    assert.deepEqual([first.status, again.status], [201, 200]);
    assert.equal(one.identity.id, two.identity.id);
    assert.equal(one.identity.customId, name);
    assert.match(one.identity.lastTokenIssuedAt ?? '', /\+00:00$/);
    assert.notEqual(
      ((await create('2025-06-30', name, otherKey)).body as Shown).identity.id,
      one.identity.id,
    );
    const atOnce = await Promise.all([create('2025-06-30', 'twins'), create('2025-06-30', 'twins')]);
    assert.equal(new Set(atOnce.map(({ body }) => (body as Shown).identity.id)).size, 1);
    // Versions before ignore the field, as any they do not know.
    assert.deepEqual(Object.keys(((await create('2023-10-01', name)).body as Shown).identity), ['id']);

    const path = `/identities/${encodeURIComponent(one.identity.id)}`;
    const read = await raw({ method: 'GET', path, apiVersion: '2025-06-30' });
    assert.equal(read.status, 200);
    assert.deepEqual(read.body, two.identity);
    const old = await raw({ method: 'GET', path });
    assert.deepEqual(errorOf(old).slice(0, 2), [400, 'UnsupportedApiVersion']);
    assert.equal((await raw({ method: 'DELETE', path })).status, 204);
    assert.equal((await raw({ method: 'GET', path, apiVersion: '2025-06-30' })).status, 401);
    const anew = (await create('2025-06-30', name)).body as Shown;
    assert.notEqual(anew.identity.id, one.identity.id, 'a custom id outlives its identity');
  });

  test('versions, bodies and credentials that are wrong are told in the words of this API', async () => {
    const cases: readonly (readonly [Partial<HttpRequest>, readonly [number, string, RegExp]])[] = [
      [{ apiVersion: false }, [400, 'ApiVersionUnspecified', /^An API version is required/]],
      [{ apiVersion: '2026-03-12' }, [400, 'UnsupportedApiVersion', /2025-06-30, 2023-10-01/]],
      [{ body: [] }, [400, 'ValidationError', /must be a JSON object/]],
      [{ body: { createTokenWithScopes: 'chat' } }, [400, 'ValidationError', /CreateTokenWithScopes.*array/]],
      [{ body: { createTokenWithScopes: Array(17).fill('chat') } }, [400, 'ValidationError', /16 elements/]],
      [{ credentials: 'none' }, [401, 'Denied', /no Authorization header/]],
      [
        { headers: { 'x-ms-content-sha256': '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' }, body: {} },
        [401, 'Denied', /^Request 'x-ms-content-sha256' differs from generated content hash\.$/],
      ],
    ];
    for (const [request, [status, code, says]] of cases) {
      const found = errorOf(await raw({ path: '/identities', ...request }));
      assert.deepEqual(found.slice(0, 2), [status, code], JSON.stringify(request));
      assert.match(String(found[2]), says);
    }
  });

  test('a resource revokes 500 times in 30 s and no more; others are not its concern', async () => {
    const path = `/identities/8:acs:${developmentResource.id}_nobody/:revokeAccessTokens`;
    await server.clock.advance('31s');
    for (let i = 0; i < 500; i++) await raw({ path });
    const over = await raw({ path });
    assert.deepEqual(
      [...errorOf(over).slice(0, 2), over.headers['retry-after']],
      [429, 'TooManyRequests', '30'],
    );
    assert.equal((await raw({ path }, otherKey)).status, 401);
    await server.clock.advance('31s');
    assert.equal((await raw({ path })).status, 401);
  });
});

describe('a user token at a border', () => {
  const shown = async (token: string): Promise<readonly unknown[]> => {
    const { status, headers, body } = await raw({
      method: 'GET',
      path: '/calling/callConnections/x',
      apiVersion: '2026-03-12',
      https: true,
      credentials: { authorization: `Bearer ${token}` },
    });
    return [status, headers['x-ringback-row'], (body as { error: { message: string } }).error.message];
  };
  const holds = async (token: string): Promise<boolean> => (await shown(token))[1] === 'automation/401/7508';
  const refusedAs = async (token: string, says: RegExp): Promise<void> => {
    const [status, row, message] = await shown(token);
    assert.deepEqual([status, row], [401, 'automation/401/7501']);
    assert.match(String(message), says);
    assert.ok(
      logged.some((line) => line.row === 'automation/401/7501' && says.test(line.detail ?? '')),
      'logged',
    );
  };

  test('holds until it is revoked, and the next one holds at the same instant', async () => {
    const client = clientOf(developmentKey);
    const { user, token } = await client.createUserAndToken(['chat']);
    const { token: second } = await client.getToken(user, ['voip']);
    assert.deepEqual([await holds(token), await holds(second)], [true, true]);
    await client.revokeTokens(user);
    await refusedAs(token, /revoked/);
    await refusedAs(second, /revoked/);
    const { token: third } = await client.getToken(user, ['chat']);
    assert.equal(await holds(third), true);
    await client.deleteUser(user);
    await refusedAs(third, /revoked/);
  });

  test('expires on the clock', async () => {
    const { token } = await clientOf(developmentKey).createUserAndToken(['chat'], {
      tokenExpiresInMinutes: 60,
    });
    await server.clock.advance('59m');
    assert.equal(await holds(token), true);
    await server.clock.advance('1m');
    await refusedAs(token, /expired/);
  });

  test('is refused when it was altered, unsigned, or made by another server', async () => {
    const { token } = await clientOf(developmentKey).createUserAndToken(['chat']);
    const [head = '', body = '', signature = ''] = token.split('.');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = decodeJwt(token);
    await refusedAs(`${head}.${part({ ...claims, acsScope: 'chat,voip' })}.${signature}`, /altered/);
    await refusedAs(`${part({ alg: 'none' })}.${body}.`, /not signed/);
    await refusedAs(`${part({ alg: 'none' })}.${body}.${signature}`, /not signed/);
    await refusedAs(token.slice(0, -4), /altered/);
    await refusedAs('Bearer', /not a JWT/);
    const elsewhere = await startRingback();
    try {
      const strangers = new CommunicationIdentityClient(elsewhere.connectionString, {
        tlsOptions: { ca: elsewhere.ca },
      });
      await refusedAs((await strangers.createUserAndToken(['chat'])).token, /somebody else/);
    } finally {
      await elsewhere.stop();
    }
  });

  test('of the command line is one of these, and revoked like them', async () => {
    const admin = (body: object) => raw({ path: '/ringback/v1/tokens', body, apiVersion: false });
    const reply = await admin({ user: 'alice', scopes: ['chat'] });
    const { token, user } = reply.body as { token: string; user: string };
    assert.equal(user, `8:acs:${developmentResource.id}_alice`);
    assert.equal(await holds(token), true);
    const client = clientOf(developmentKey);
    await client.revokeTokens({ communicationUserId: user });
    await refusedAs(token, /revoked/);
    await client.deleteUser({ communicationUserId: user });
    assert.equal((await admin({ user: 'alice', scopes: ['chat'] })).status, 409);
    const unknown = '8:acs:00000000-0000-0000-0000-000000000000_bob';
    assert.equal((await admin({ user: unknown, scopes: ['chat'] })).status, 409);
  });

  test('ends with a reset', async () => {
    const { token } = await clientOf(developmentKey).createUserAndToken(['chat']);
    await server.reset();
    await refusedAs(token, /revoked/);
  });
});

describe('bad input', () => {
  const create = (body: unknown) => raw({ path: '/identities', apiVersion: '2025-06-30', body });
  const one = (id: string) => raw({ method: 'DELETE', path: `/identities/${id}` });

  test('is refused by name, and the next user is created', async () => {
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ customId: '' }, /CustomId is invalid.*1 to 256 characters/],
      [{ customId: 'a'.repeat(257) }, /CustomId is invalid.*256 characters and has 257/],
      [{ customId: 'line\nbreak' }, /CustomId is invalid.*line breaks/],
      [{ customId: 7 }, /CustomId is invalid.*string/],
      [{ createTokenWithScopes: [null] }, /CreateTokenWithScopes\[0\] is invalid/],
      [{ createTokenWithScopes: ['chat'], expiresInMinutes: { min: 60 } }, /ExpiresInMinutes is invalid/],
    ];
    for (const [body, says] of refused) {
      const [status, code, message] = errorOf(await create(body));
      assert.deepEqual([status, code], [400, 'ValidationError']);
      assert.match(String(message), says);
    }
    let deep: unknown = 'chat';
    for (let i = 0; i < 500; i++) deep = [deep];
    assert.equal((await create({ createTokenWithScopes: deep })).status, 400);
    assert.equal((await create({ customId: 'a'.repeat(2_000_000) })).status, 413);
    assert.equal((await create({ customId: 'ünïcode/%2F', __proto__: null, constructor: 1 })).status, 201);
  });

  test('of ids finds nobody', async () => {
    const ids = ['%00', '8:acs:', '%F0%9F%98%80', '8%3Aacs%3A%5C_x', 'a'.repeat(4000), "x'%20OR%201=1"];
    for (const id of ids) {
      const reply = await one(id);
      assert.deepEqual(errorOf(reply).slice(0, 2), [401, 'IdentityNotOwned'], id.slice(0, 40));
    }
    assert.equal((await one('%E0%A4')).status, 404, 'no percent-encoded UTF-8');
  });
});
