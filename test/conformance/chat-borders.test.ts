/** Attempts across the borders of chat: each is refused with its documented status and body, and logged. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import {
  type Answered,
  all,
  identityClient,
  type Person,
  participant,
  person,
  personWith,
  send,
  threadOf,
} from '../peers/chat-people.ts';

const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
const settings = `
chat: { rates: none, messageBytes: 2000 }
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
`;
const version = 'api-version=2025-03-15';
const forbidden = {
  error: {
    code: 'Forbidden',
    message: "The initiator doesn't have the permission to perform the requested operation.",
  },
};

interface Refusal {
  readonly error: { readonly code: string; readonly message: string };
}
const told = ({ body }: Answered): Refusal['error'] => (body as Refusal).error;

/** Every operation on a thread, as its wire has it. */
const operations = (thread: string, message: string): readonly (readonly [string, string, unknown?])[] => {
  const at = `/chat/threads/${encodeURIComponent(thread)}`;
  const identifier = { communicationUser: { id: '8:acs:x_y' } };
  return [
    ['GET', at],
    ['PATCH', at, { topic: 'x' }],
    ['DELETE', at],
    ['POST', `${at}/messages`, { content: 'x' }],
    ['GET', `${at}/messages`],
    ['GET', `${at}/messages/${message}`],
    ['PATCH', `${at}/messages/${message}`, { content: 'x' }],
    ['DELETE', `${at}/messages/${message}`],
    ['GET', `${at}/participants`],
    ['POST', `${at}/participants/:add`, { participants: [{ communicationIdentifier: identifier }] }],
    ['POST', `${at}/participants/:remove`, identifier],
    ['GET', `${at}/readReceipts`],
    ['POST', `${at}/readReceipts`, { chatMessageId: message }],
    ['POST', `${at}/typing`, {}],
  ];
};

describe('across the borders of chat', () => {
  const log: string[] = [];
  let server: Ringback;
  let alice: Person;
  let bob: Person;
  let stranger: Person;
  let foreigner: Person;
  let thread: string;
  let message: string;
  before(async () => {
    server = await startRingback({ config: settings, log: (line) => log.push(line) });
    [alice, bob, stranger, foreigner] = await Promise.all([
      person(server),
      person(server),
      person(server),
      person(server, ['chat'], { accessKey: otherKey }),
    ]);
    thread = await threadOf(alice, [bob]);
    message = (await alice.in(thread).sendMessage({ content: 'private' })).id;
  });
  after(() => server.stop());

  /** Each operation in turn; what each was answered, by its request line. */
  const attempt = async (who: Person, id = thread): Promise<readonly (readonly [string, Answered])[]> => {
    const answers: [string, Answered][] = [];
    for (const [method, path, body] of operations(id, message))
      answers.push([`${method} ${path}`, await who.raw(method, `${path}?${version}`, body)]);
    return answers;
  };

  test('a stranger, a user of another resource and a thread that never was look the same', async () => {
    const nowhere = `19:acsV1_${'x'.repeat(43)}@thread.v2`;
    for (const [who, id] of [
      [stranger, thread],
      [foreigner, thread],
      [alice, nowhere],
      [alice, 'no-thread-id'],
    ] as const)
      for (const [request, answer] of await attempt(who, id)) {
        assert.deepEqual([answer.status, answer.body], [403, forbidden], request);
        assert.equal(answer.headers['x-ringback-row'], 'chat/403');
      }
    const why = log.filter((line) => line.includes('request-refused')).map((line) => JSON.parse(line));
    for (const situation of ['not-a-participant@thread', 'no-such-thread@thread'])
      assert.ok(
        why.some((line) => line.situation === situation && line.row === 'chat/403' && line.detail),
        `the log tells of ${situation}`,
      );
    assert.equal((await alice.in(thread).getMessage(message)).content?.message, 'private');
  });

  test('a stranger sees nothing in the list of threads', async () => {
    assert.deepEqual(await all(stranger.client.listChatThreads()), []);
    assert.deepEqual(await all(foreigner.client.listChatThreads()), []);
  });

  test('a removed participant reads what was, and is told that it was removed', async () => {
    // Ids are times: another one than that of the message which is asked for.
    await server.clock.advance('1s');
    const id = await threadOf(alice, [bob]);
    const said = await alice.in(id).sendMessage({ content: 'before' });
    await alice.in(id).removeParticipant({ communicationUserId: bob.id });
    assert.equal((await bob.in(id).getMessage(said.id)).content?.message, 'before');
    for (const [request, answer] of await attempt(bob, id)) {
      if (/GET \S+\/messages$/.test(request)) assert.equal(answer.status, 200, request);
      else if (/GET \S+\/messages\/\d+$/.test(request)) assert.equal(answer.status, 404, request);
      else {
        assert.equal(answer.status, 403, request);
        assert.match(told(answer).message, /was removed/);
      }
    }
    await alice.in(id).addParticipants({ participants: [participant(bob.id)] });
    await bob.in(id).sendMessage({ content: 'again' });
  });

  test('the messages of somebody else, and of the service, are theirs', async () => {
    await assert.rejects(bob.in(thread).updateMessage(message, { content: 'mine' }), {
      statusCode: 403,
      code: 'Forbidden',
    });
    await assert.rejects(bob.in(thread).deleteMessage(message), { statusCode: 403 });
    const service = (await all(alice.in(thread).listMessages())).find(({ type }) => type === 'topicUpdated');
    await assert.rejects(alice.in(thread).updateMessage(service?.id ?? '', { content: 'x' }), {
      statusCode: 403,
    });
  });

  test('a message of another thread is none of this one', async () => {
    const other = await threadOf(alice, [bob]);
    await assert.rejects(bob.in(other).getMessage(message), { statusCode: 404, code: 'NotFound' });
    await assert.rejects(bob.in(other).sendReadReceipt({ chatMessageId: message }), { statusCode: 404 });
  });

  test('scopes bound what a token may', async () => {
    const tokens = identityClient(server);
    const withScopes = async (...scopes: ('chat' | 'voip' | 'chat.join' | 'chat.join.limited')[]) => {
      const { token } = await tokens.getToken({ communicationUserId: alice.id }, scopes);
      return personWith(server, alice.id, token);
    };
    const voip = await withScopes('voip');
    for (const [request, answer] of await attempt(voip)) {
      assert.equal(answer.status, 403, request);
      assert.equal(told(answer).code, 'Forbidden');
      assert.match(told(answer).message, /scope/);
    }
    await assert.rejects(all(voip.client.listChatThreads()), { statusCode: 403, code: 'Forbidden' });
    const join = await withScopes('chat.join');
    await assert.rejects(join.client.createChatThread({ topic: 'x' }), {
      statusCode: 403,
      code: 'Forbidden',
    });
    await assert.rejects(join.in(thread).updateTopic('x'), { statusCode: 403 });
    await assert.rejects(join.client.deleteChatThread(thread), { statusCode: 403 });
    await join.in(thread).addParticipants({ participants: [participant(bob.id)] });
    const limited = await withScopes('chat.join.limited');
    const sent = await limited.in(thread).sendMessage({ content: 'limited' });
    await limited.in(thread).updateMessage(sent.id, { content: 'limited, still' });
    await assert.rejects(limited.in(thread).addParticipants({ participants: [participant(bob.id)] }), {
      statusCode: 403,
    });
    await assert.rejects(limited.in(thread).removeParticipant({ communicationUserId: bob.id }), {
      statusCode: 403,
    });
  });

  test('a token that is missing, altered, unsigned, expired or revoked opens nothing', async () => {
    const get = (token: string | undefined, path = '/chat/threads') =>
      send(server, token, 'GET', `${path}?${version}`);
    const [head = '', claims = '', signature = ''] = alice.token.split('.');
    const altered = Buffer.from(
      Buffer.from(claims, 'base64url').toString().replace('"chat"', '"chat,voip"'),
    ).toString('base64url');
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    const [carl, dora] = await Promise.all([person(server), person(server)]);
    await identityClient(server).revokeTokens({ communicationUserId: carl.id });
    await identityClient(server).deleteUser({ communicationUserId: dora.id });
    for (const [what, token] of Object.entries({
      missing: undefined,
      altered: `${head}.${altered}.${signature}`,
      'cut off': `${head}.${claims}.${signature.slice(0, -8)}`,
      unsigned: `${unsigned}.${claims}.`,
      'no token': 'x'.repeat(100),
      revoked: carl.token,
      'of nobody': dora.token,
    })) {
      const answer = await get(token);
      assert.equal(answer.status, 401, what);
      assert.equal(told(answer).code, 'Unauthorized', what);
      assert.match(told(answer).message, /^Request is not authorized\./, what);
      assert.equal(answer.headers['x-ringback-row'], 'chat/401', what);
    }
    await assert.rejects(all(carl.client.listChatThreads()), { statusCode: 401, code: 'Unauthorized' });
    const brief = await identityClient(server).getToken({ communicationUserId: bob.id }, ['chat'], {
      tokenExpiresInMinutes: 60,
    });
    assert.equal((await get(brief.token)).status, 200);
    await server.clock.advance('61m');
    assert.equal((await get(brief.token)).status, 401);
    assert.ok(!log.some((line) => line.includes(signature)), 'no token is in the log');
  });

  test('an access key is no user, and plain HTTP takes no token', async () => {
    const signed = await send(server, undefined, 'GET', `/chat/threads?${version}`, undefined, {
      authorization: 'HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=AAAA',
    });
    assert.deepEqual([signed.status, told(signed).code], [401, 'Unauthorized']);
    const plain = await fetch(`${server.httpEndpoint}chat/threads?${version}`, {
      headers: { authorization: `Bearer ${alice.token}` },
    });
    assert.equal(plain.status, 426);
    assert.equal(((await plain.json()) as Refusal).error.code, 'UpgradeRequired');
  });

  test('what is no request of chat is refused in its words, by the field', async () => {
    const at = `/chat/threads/${encodeURIComponent(thread)}`;
    const cases: readonly (readonly [string, string, unknown, number, RegExp])[] = [
      ['POST', `/chat/threads?${version}`, {}, 400, /Topic is invalid/],
      ['POST', `/chat/threads?${version}`, '{"topic":', 400, /not valid JSON.*position/],
      ['POST', `/chat/threads?${version}`, `${'['.repeat(60_000)}`, 400, /not valid JSON/],
      ['POST', `${at}/messages?${version}`, { content: 'x'.repeat(2001) }, 400, /2000 bytes.*has 2001/],
      ['POST', `${at}/messages?${version}`, { content: 'x', type: 'topicUpdated' }, 400, /Type/],
      [
        'PATCH',
        `${at}?${version}`,
        { retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 91 } },
        400,
        /30 to 90/,
      ],
      ['POST', `${at}/participants/:add?${version}`, { participants: Array(201).fill({}) }, 400, /200/],
      ['GET', `${at}/messages?${version}&maxPageSize=0`, undefined, 400, /MaxPageSize/],
      ['GET', `${at}/messages?${version}&syncState=00`, undefined, 400, /SyncState/],
      ['GET', `${at}/messages?${version}&startTime=soon`, undefined, 400, /StartTime/],
      ['GET', `${at}/messages/1?${version}`, undefined, 404, /does not exist/],
      ['GET', `${at}/messages/${'9'.repeat(2000)}?${version}`, undefined, 404, /does not exist/],
      ['GET', at, undefined, 400, /API version is required/],
      ['GET', `${at}?api-version=2020-01-01`, undefined, 400, /2025-03-15/],
    ];
    for (const [method, path, body, status, words] of cases) {
      const answer = await alice.raw(method, path, body);
      assert.equal(answer.status, status, `${method} ${path}`);
      assert.match(told(answer).message, words);
    }
    const answer = await alice.raw('PUT', `${at}?${version}`, {});
    assert.equal(answer.status, 405);
  });

  test('a thread has as many participants as it may', async () => {
    const id = await threadOf(alice, [bob]);
    const tokens = identityClient(server);
    const created = await Promise.all(Array.from({ length: 249 }, () => tokens.createUser()));
    const people = created.map(({ communicationUserId }) => participant(communicationUserId));
    await alice.in(id).addParticipants({ participants: people.slice(0, 200) });
    await assert.rejects(alice.in(id).addParticipants({ participants: people.slice(200) }), {
      statusCode: 400,
      code: 'BadRequest',
      message: /250 participants/,
    });
    await alice.in(id).addParticipants({ participants: people.slice(201) });
    const sizes: number[] = [];
    for await (const page of alice.in(id).listParticipants().byPage()) sizes.push(page.length);
    assert.deepEqual(sizes, [200, 50]);
    const said = await alice.in(id).sendMessage({ content: 'to all' });
    await bob.in(id).sendReadReceipt({ chatMessageId: said.id });
    assert.deepEqual(await all(alice.in(id).listReadReceipts()), [], 'large threads keep no receipts');
  });
});

test('rates are those that are documented, and the client waits as long as it is told', async (t) => {
  const server = await startRingback({ clock: 'real' });
  t.after(() => server.stop());
  const alice = await person(server);
  const thread = await threadOf(alice, []);
  const path = `/chat/threads/${encodeURIComponent(thread)}/typing?${version}`;
  const statuses: number[] = [];
  for (let i = 0; i < 6; i += 1) statuses.push((await alice.raw('POST', path, {})).status);
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
  const over = await alice.raw('POST', path, {});
  assert.equal(told(over).code, 'TooManyRequests');
  assert.match(told(over).message, /^Rate limit exceeded\./);
  const wait = Number(over.headers['retry-after']);
  assert.ok(wait >= 1 && wait <= 10, `Retry-After is ${wait}`);
  await assert.rejects(alice.in(thread).sendTypingNotification(), {
    statusCode: 429,
    code: 'TooManyRequests',
  });
});
