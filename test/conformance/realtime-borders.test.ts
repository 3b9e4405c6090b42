/** Real-time notifications across borders and under ill treatment, from a device that speaks the protocol by hand. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { until } from '../../scenarios/stage/wait.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { identityClient, type Person, participant, person, send, threadOf } from '../peers/chat-people.ts';
import { type Granted, RawDevice } from '../peers/raw-device.ts';

const settings = `
chat:
  rates: none
  devices: 4
  unconfirmedNotifications: 20
`;
const received = 200;

const device = (server: Ringback, who: Pick<Person, 'token'>, registrationId?: string): Promise<RawDevice> =>
  new RawDevice({ server, token: who.token, ...(registrationId ? { registrationId } : {}) }).connect();

const texts = ({ heard }: RawDevice): readonly unknown[] =>
  heard.filter(({ eventId }) => eventId === received).map(({ messageBody }) => messageBody);

const hears = (one: RawDevice, text: string): Promise<void> =>
  one.until((d) => texts(d).includes(text), `the message ${text}`);

const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `text ${i}`);

describe('real-time notifications', () => {
  let server: Ringback;
  const lines: Record<string, unknown>[] = [];
  let alice: Person;
  let bob: Person;
  before(async () => {
    server = await startRingback({
      config: settings,
      clock: 'real',
      log: (line) => lines.push(JSON.parse(line) as Record<string, unknown>),
    });
    [alice, bob] = await Promise.all([person(server), person(server)]);
  });
  after(() => server.stop());

  /** Which end of a device the log tells of, once it does. */
  const toldWhy = (one: RawDevice): Promise<string> =>
    until('the log tells why', async () => {
      const id = one.granted?.connectparams.sr;
      const line = lines.find((l) => l.event === 'device-disconnected' && l.device === id);
      return line ? { is: String(line.why) } : { notYet: 'no such line' };
    });

  test('wait for a device whose connection broke, and come in order, none missing and none twice', async () => {
    const one = await device(server, bob);
    const thread = alice.in(await threadOf(alice, [bob]));
    await thread.sendMessage({ content: 'before' });
    await hears(one, 'before');
    one.cut();
    for (const content of numbered(10)) await thread.sendMessage({ content });
    await one.connect();
    await hears(one, 'text 9');
    assert.deepEqual(texts(one), ['before', ...numbered(10)]);
    await one.leave();
  });

  test('come again after a break where the device had not confirmed them', async () => {
    const one = await device(server, bob);
    const thread = alice.in(await threadOf(alice, [bob]));
    one.confirms = false;
    await thread.sendMessage({ content: 'lost on the way' });
    await hears(one, 'lost on the way');
    one.confirms = true;
    one.cut();
    await one.connect();
    await one.until((d) => texts(d).length === 2, 'the same message again');
    await thread.sendMessage({ content: 'next' });
    await hears(one, 'next');
    assert.deepEqual(texts(one), ['lost on the way', 'lost on the way', 'next']);
    await one.leave();
  });

  test('stop for somebody who was removed, who is told so last', async () => {
    const one = await device(server, bob);
    const id = await threadOf(alice, [bob]);
    await alice.in(id).removeParticipant({ communicationUserId: bob.id });
    await alice.in(id).sendMessage({ content: 'behind his back' });
    const other = await threadOf(alice, [bob]);
    await alice.in(other).sendMessage({ content: 'and now' });
    await hears(one, 'and now');
    const ofThread = one.heard.filter(({ threadId, groupId }) => threadId === id || groupId === id);
    assert.deepEqual(
      ofThread.map(({ eventId }) => eventId),
      [257, 261],
    );
    await one.leave();
  });

  test('of history that somebody may not see do not reach them', async () => {
    const carol = await person(server);
    const id = await threadOf(alice, []);
    const { id: old } = await alice.in(id).sendMessage({ content: 'old' });
    await alice.in(id).addParticipants({ participants: [participant(carol.id)] });
    const one = await device(server, carol);
    await alice.in(id).updateMessage(old, { content: 'old, edited' });
    await alice.in(id).sendMessage({ content: 'new' });
    await hears(one, 'new');
    assert.deepEqual(
      one.heard.map(({ eventId }) => eventId),
      [received],
    );
    await one.leave();
  });

  test('go to nobody with the token, the session or the socket of somebody else', async () => {
    const one = await device(server, bob, 'bobs');
    const mallory = new RawDevice({ server, token: alice.token });
    mallory.granted = one.granted;
    // A session of her own instead of his.
    const opened = (await mallory.allocate()).body as Granted;
    assert.notEqual(opened.connectparams.sr, one.granted?.connectparams.sr);
    assert.equal((await mallory.register()).status, 404);
    await assert.rejects(mallory.handshake(), /404/);
    const socketId = await one.handshake();
    const polling = `/socket.io/1/xhr-polling/${socketId}`;
    assert.equal((await mallory.ask('GET', polling)).status, 404);
    assert.equal((await mallory.ask('POST', polling, '2::')).status, 404);
    // Ends nobody's registration but her own.
    assert.equal((await mallory.ask('DELETE', '/v3/registrations/bobs')).status, 200);
    const thread = alice.in(await threadOf(alice, [bob]));
    await thread.sendMessage({ content: 'for bob' });
    await hears(one, 'for bob');
    await one.leave();
  });

  test('are refused to tokens that are missing, of another scope, altered or revoked', async () => {
    const voice = await person(server, ['voip']);
    const revoked = await person(server);
    await identityClient(server).revokeTokens({ communicationUserId: revoked.id });
    const tokens: readonly (readonly [string, number])[] = [
      ['', 401],
      ['nonsense', 401],
      [`${bob.token.slice(0, -4)}AAAA`, 401],
      [revoked.token, 401],
      [voice.token, 403],
    ];
    for (const [token, status] of tokens) {
      for (const [method, path] of [
        ['POST', '/v4/a'],
        ['GET', '/socket.io/1/'],
        ['POST', '/v3/registrations'],
        ['DELETE', '/v3/registrations/any'],
      ] as const) {
        const headers: Record<string, string> = token === '' ? {} : { 'x-skypetoken': token };
        const answer = await send(server, undefined, method, path, undefined, headers);
        assert.equal(answer.status, status, `${method} ${path} with ${token.slice(0, 10)}`);
        const { error } = answer.body as { error: { code: string; message: string } };
        assert.equal(error.code, status === 401 ? 'Unauthorized' : 'Forbidden');
      }
    }
  });

  test('end at once when the tokens of their user are revoked', async () => {
    const carol = await person(server);
    const one = await device(server, carol);
    await identityClient(server).revokeTokens({ communicationUserId: carol.id });
    await one.until((d) => d.closed !== undefined, 'the end of the connection');
    assert.match(one.frames.at(-1) ?? '', /^0:::\{"reason":"unauthorized"/);
    assert.match(await toldWhy(one), /revoked/);
    const fresh = await identityClient(server).getToken({ communicationUserId: carol.id }, ['chat']);
    const again = await device(server, fresh);
    const thread = alice.in(await threadOf(alice, [carol]));
    await thread.sendMessage({ content: 'welcome back' });
    await hears(again, 'welcome back');
    await again.leave();
  });

  test('of more devices than a user may have are refused with 429, and the others go on', async () => {
    const carol = await person(server);
    const four = await Promise.all(numbered(4).map((_, i) => device(server, carol, `device-${i}`)));
    const fifth = new RawDevice({ server, token: carol.token });
    const refused = await fifth.allocate();
    assert.equal(refused.status, 429);
    assert.equal(refused.headers['retry-after'], '60');
    assert.match(JSON.stringify(refused.body), /4 devices connected, as many as it may \(chat\.devices\)/);
    const thread = alice.in(await threadOf(alice, [carol]));
    await thread.sendMessage({ content: 'to four' });
    await Promise.all(four.map((one) => hears(one, 'to four')));
    // One that goes makes room.
    await four[0]?.leave();
    assert.equal((await fifth.allocate()).status, 200);
    await Promise.all(four.slice(1).map((one) => one.leave()));
  });

  test('of a device that confirms nothing are dropped at the bound, it is told so, and others lose nothing', async () => {
    const carol = await person(server);
    const [slow, quick] = await Promise.all([device(server, carol, 'slow'), device(server, carol, 'quick')]);
    slow.confirms = false;
    const thread = alice.in(await threadOf(alice, [carol]));
    for (const content of numbered(25)) await thread.sendMessage({ content });
    await slow.until((d) => d.closed !== undefined, 'the end of the connection');
    assert.match(slow.frames.at(-1) ?? '', /^0:::\{"reason":"serviceunavailable".*more than 20 events/);
    await hears(quick, 'text 24');
    assert.deepEqual(texts(quick), numbered(25));
    slow.confirms = true;
    const before = slow.frames.length;
    await slow.connect();
    assert.ok(slow.frames.slice(before).some((frame) => frame.includes('trouter.message_loss')));
    await thread.sendMessage({ content: 'after the loss' });
    await hears(slow, 'after the loss');
    await Promise.all([slow.leave(), quick.leave()]);
  });

  test('of a device that reads nothing are bounded, and it is cut off', async () => {
    const carol = await person(server);
    const [deaf, quick] = await Promise.all([device(server, carol, 'deaf'), device(server, carol, 'quick')]);
    deaf.deafen();
    const thread = alice.in(await threadOf(alice, [carol]));
    const large = 'x'.repeat(20_000);
    for (let i = 0; i < 25; i++) await thread.sendMessage({ content: `${large} ${i}` });
    assert.match(await toldWhy(deaf), /20 events/);
    await hears(quick, `${large} 24`);
    deaf.cut();
    await quick.leave();
  });

  test('open one socket for each handshake', async () => {
    const one = await device(server, bob);
    const socketId = await one.handshake();
    await one.open(socketId);
    const again = new WebSocket(
      new URL(`/socket.io/1/websocket/${socketId}`, server.endpoint.replace('https', 'wss')),
      {
        ca: server.ca,
      },
    );
    const status = await new Promise((resolve) => {
      again.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode);
      });
      again.on('error', () => {});
    });
    assert.equal(status, 401);
    await one.leave();
  });

  test('replace the connection that the device had before', async () => {
    const one = await device(server, bob);
    const first = new RawDevice({ server, token: bob.token });
    first.granted = one.granted;
    await first.open(await first.handshake());
    await one.until((d) => d.closed !== undefined, 'the end of the first connection');
    assert.equal(one.frames.at(-1), '0:::dup');
    await first.leave();
  });

  const broken: readonly (readonly [string, string | Buffer, RegExp])[] = [
    ['no frame', 'hello', /no frame of socket\.io/],
    ['an event that is no JSON', '5:1+::{', /no JSON/],
    ['an event without a name', '5:1+::{"args":[]}', /no name/],
    ['an answer that names no push', '3:::{"status":200}', /no number and status/],
    ['binary', Buffer.from([1, 2, 3]), /binary/],
    ['more than a frame may have', 'x'.repeat(70_000), /Max payload size/],
    ['a payload with a wrong length', '\ufffd99\ufffd2::', /length/],
  ];
  for (const [what, frame, why] of broken) {
    test(`end with the reason where a device says ${what}`, async () => {
      const one = await device(server, bob);
      one.say(frame);
      await one.until((d) => d.closed !== undefined, 'the end of the connection');
      assert.match(await toldWhy(one), why);
    });
  }

  test('take confirmations that were given before, or for nothing, for nothing', async () => {
    const one = await device(server, bob);
    for (const id of [1, 1, -5, 1e15]) one.say(`3:::{"id":${id},"status":200}`);
    one.say('6:::7+[]');
    one.say('2::');
    one.say('5:9+::{"name":"ping"}');
    await one.until(({ frames }) => frames.includes('6:::9+["pong"]'), 'the answer to a ping');
    const thread = alice.in(await threadOf(alice, [bob]));
    await thread.sendMessage({ content: 'still there' });
    await hears(one, 'still there');
    await one.leave();
  });

  test('want a registration that can be read', async () => {
    const one = await device(server, bob);
    const transports = { TROUTER: [{ path: one.granted?.surl, ttl: 60 }] };
    const faults: readonly (readonly [unknown, RegExp])[] = [
      ['{', /JSON/],
      [{ transports }, /RegistrationId/],
      [{ registrationId: 'a b', transports }, /RegistrationId/],
      [{ registrationId: 'a' }, /Path/],
      [{ registrationId: 'a', transports: { TROUTER: [{ path: 'https://x/v4/f/', ttl: 1 }] } }, /Path/],
      [{ registrationId: 'a', transports: { TROUTER: [{ path: one.granted?.surl, ttl: -1 }] } }, /Ttl/],
    ];
    for (const [body, why] of faults) {
      const { status, body: answer } = await one.ask('POST', '/v3/registrations', body);
      assert.equal(status, 400, JSON.stringify(body));
      assert.match(JSON.stringify(answer), why);
    }
    await one.leave();
  });

  test('are not told over a plain connection', async () => {
    const one = await device(server, bob);
    const socketId = await one.handshake();
    const plain = new WebSocket(
      `${server.httpEndpoint.replace('http', 'ws')}socket.io/1/websocket/${socketId}`,
    );
    const status = await new Promise((resolve) => {
      plain.on('unexpected-response', (_request, response) => {
        response.resume();
        resolve(response.statusCode);
      });
      plain.on('error', () => {});
    });
    assert.equal(status, 404);
    await one.leave();
  });

  test('stand in what is explained of a message: to which device it went, and that it has it', async () => {
    const one = await device(server, bob);
    const thread = alice.in(await threadOf(alice, [bob]));
    const { id } = await thread.sendMessage({ content: 'explain me' });
    await hears(one, 'explain me');
    const story = await until('the story has the device', async () => {
      const told = JSON.stringify(
        await signedRequest(server.server.ready, 'GET', `messages/${id}`, undefined),
      );
      return told.includes('acknowledged') || told.includes('confirmed') ? { is: told } : { notYet: told };
    });
    assert.match(story, new RegExp(one.granted?.connectparams.sr ?? 'no session'));
    await one.leave();
  });
});

test('a registration that has ended keeps nothing for a device that is away', async (t) => {
  const server = await startRingback({ config: settings });
  t.after(() => server.stop());
  const [alice, bob] = await Promise.all([person(server), person(server)]);
  const one = await device(server, bob);
  const thread = alice.in(await threadOf(alice, [bob]));
  one.cut();
  await thread.sendMessage({ content: 'kept' });
  await server.clock.advance('1h');
  await one.connect();
  await hears(one, 'kept');
  one.cut();
  await server.clock.advance('2h');
  await thread.sendMessage({ content: 'too late' });
  const before = one.frames.length;
  await one.connect();
  await thread.sendMessage({ content: 'in time' });
  await hears(one, 'in time');
  assert.ok(one.frames.slice(before).some((frame) => frame.includes('trouter.message_loss')));
  assert.deepEqual(texts(one), ['kept', 'in time']);
  one.cut();
});
