/** The door of operations that are for users: whose token opens it, and what others are told. */
import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Outcome } from '../../app/desks/refusals.ts';
import type { JudgedToken } from '../../app/ports/identities.ts';
import { createAuthenticate } from './credentials.ts';
import { openDoor, resource } from './door.fixture.ts';
import type { Exchange, Reply } from './exchange.ts';
import type { Operation } from './operation.ts';
import { requestPath } from './request-path.ts';
import { createRouter } from './router.ts';

const rawId = `8:acs:${resource.id}_00000020-0000-4000-8000-00000000000a`;
const holder = {
  userRawId: rawId,
  resourceId: resource.id,
  scopes: ['chat.join'],
  expiresAt: 1,
  tokenId: 't',
} as const;

const say: Operation = {
  name: 'say',
  method: 'POST',
  path: '/things/{id}',
  access: 'user',
  scopes: ['chat', 'chat.join'],
  versioned: true,
  versions: ['2025-01-01', '2024-01-01'],
  repeatable: false,
  refusals: { body: ({ situation }: Outcome) => ({ own: situation }) },
  run: (x) => ({ status: 200, body: `${x.user?.rawId} ${x.params[0]} ${x.apiVersion}` }),
};

interface Given {
  readonly headers?: Readonly<Record<string, string>>;
  readonly judged?: JudgedToken;
  readonly secure?: boolean;
  readonly draining?: boolean;
  readonly query?: string;
}

async function ask({ headers = {}, judged = holder, secure = true, draining = false, query }: Given) {
  const judgedTokens: string[] = [];
  const judge = async (token: string): Promise<JudgedToken> => {
    judgedTokens.push(token);
    return judged;
  };
  const { identities } = openDoor().deps;
  const { deps } = openDoor({ draining: () => draining, identities: { ...identities, judge } });
  const serve = requestPath(deps, {
    route: createRouter([say]),
    authenticate: createAuthenticate(deps, () => []),
    repeatably: (x, operation) => operation.run(x),
    underWay: () => 1,
  });
  const x: Exchange = {
    raw: { headers } as IncomingMessage,
    response: {} as ServerResponse,
    method: 'POST',
    target: '/things/one',
    path: '/things/one',
    query: query ?? 'api-version=2024-01-01',
    headers,
    secure,
    requestId: 'r',
    operation: undefined,
    params: [],
    apiVersion: '',
    body: Buffer.alloc(0),
    bodyHash: '',
    resource: undefined,
    accessKey: undefined,
    user: undefined,
  };
  const reply: Reply = await serve(x);
  return { reply, x, judgedTokens };
}

const bearer = { authorization: 'Bearer token' };

describe('an operation for users', () => {
  test('is done for the holder of a token with one of its scopes, and knows who that is', async () => {
    const { reply, x, judgedTokens } = await ask({ headers: bearer });
    assert.deepEqual([reply.status, reply.body], [200, `${rawId} one 2024-01-01`]);
    assert.deepEqual(judgedTokens, ['token']);
    assert.equal(x.resource?.id, resource.id);
    assert.deepEqual(x.user?.scopes, ['chat.join']);
  });

  test('takes the token from the header of the realtime services too', async () => {
    assert.equal((await ask({ headers: { 'x-skypetoken': 'token' } })).reply.status, 200);
  });

  const refused: Readonly<Record<string, readonly [Given, number, string]>> = {
    'without credentials': [{}, 401, 'no-credentials'],
    'with an access key': [{ headers: { authorization: 'HMAC-SHA256 x' } }, 401, 'not-a-user'],
    'with a token without the scope': [
      { headers: bearer, judged: { ...holder, scopes: ['voip', 'chat.join.limited'] } },
      403,
      'scope-missing',
    ],
    'with an expired token': [{ headers: bearer, judged: { refused: 'expired' } }, 401, 'token-expired'],
    'with a revoked token': [{ headers: bearer, judged: { refused: 'revoked' } }, 401, 'token-revoked'],
    "with somebody else's token": [{ headers: bearer, judged: { refused: 'foreign' } }, 401, 'token-foreign'],
    'with an unsigned token': [{ headers: bearer, judged: { refused: 'unsigned' } }, 401, 'token-unsigned'],
    'with no token at all': [{ headers: bearer, judged: { refused: 'malformed' } }, 401, 'token-malformed'],
    'over plain http': [{ headers: bearer, secure: false }, 426, 'token-on-plain-http'],
    'while the server drains': [{ headers: bearer, draining: true }, 503, 'draining'],
    'in a version of another API': [
      { headers: bearer, query: 'api-version=2026-03-12' },
      400,
      'api-version-unknown',
    ],
  };
  for (const [what, [given, status, cause]] of Object.entries(refused)) {
    test(`is refused ${what}, in the words of its API`, async () => {
      const { reply, x } = await ask(given);
      assert.deepEqual([reply.status, reply.refused?.situation], [status, `${cause}@request`]);
      const body = JSON.parse(reply.body ?? '');
      // The answer about versions is the same everywhere.
      if (cause === 'api-version-unknown') assert.match(body.error.message, /2025-01-01, 2024-01-01/);
      else assert.deepEqual(body, { own: `${cause}@request` });
      if (cause === 'token-on-plain-http') assert.equal(x.user, undefined);
    });
  }
});
