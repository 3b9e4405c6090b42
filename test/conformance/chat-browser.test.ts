/** Real-time chat in Chromium: the official client in pages of two users, over a network that breaks and tokens that end. */
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { type LocalAuthority, openAuthority } from '../../src/edge/tls/authority.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { BrowserDevice, type DeviceOptions, type PageServer, servePage } from '../peers/browser-device.ts';
import { identityClient, type Person, participant, person, threadOf } from '../peers/chat-people.ts';
import { type Chromium, chromiumMissing, openChromium } from '../peers/chromium.ts';
import { openCuttableProxy } from '../peers/cuttable-proxy.ts';
import { openInspectingProxy } from '../peers/inspecting-proxy.ts';

const user = ({ id }: Person) => ({ kind: 'communicationUser', communicationUserId: id });

describe('chat in a browser', { skip: chromiumMissing(), timeout: 60_000 }, () => {
  const logged: string[] = [];
  const opened: BrowserDevice[] = [];
  let server: Ringback;
  let chromium: Chromium;
  let pages: PageServer;
  let office: LocalAuthority;
  let alice: Person;
  let bob: Person;
  before(async () => {
    server = await startRingback({ config: 'chat: { rates: none }', log: (line) => void logged.push(line) });
    const officeFile = join(dirname(server.caFile), 'office.pem');
    office = await openAuthority({ caFile: officeFile });
    [chromium, pages, alice, bob] = await Promise.all([
      openChromium(server.caFile, officeFile),
      servePage(),
      person(server),
      person(server),
    ]);
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((device) => device[Symbol.asyncDispose]()));
  });
  after(async () => {
    await chromium[Symbol.asyncDispose]();
    await pages[Symbol.asyncDispose]();
    await server.stop();
  });

  const deviceOf = async (
    { token }: Pick<Person, 'token'>,
    options: DeviceOptions & { readonly endpoint?: string } = {},
  ): Promise<BrowserDevice> => {
    const { endpoint = server.endpoint } = options;
    const device = await BrowserDevice.open(chromium.browser, pages, { endpoint, token }, options);
    opened.push(device);
    return device;
  };
  /** `Alice 1`, `Alice 2` … by the other user, one after the other. */
  const send = async (threadId: string, from: number, to: number): Promise<void> => {
    for (let n = from; n <= to; n++) await alice.in(threadId).sendMessage({ content: `Alice ${n}` });
  };
  /** Until every device has confirmed what it was sent: a manual clock waits for that. */
  const confirmed = () => server.clock.advance('1s');
  const words = (device: BrowserDevice) => device.of('chatMessageReceived').map(({ message }) => message);
  const numbered = (to: number) => Array.from({ length: to }, (_, n) => `Alice ${n + 1}`);

  test('everything that happens in a thread arrives in the pages of both users, in order', async () => {
    const [a, b] = await Promise.all([deviceOf(alice), deviceOf(bob)]);
    const carol = await person(server);
    const id = await a.page.evaluate(
      async ([other]) => {
        const participants = [{ id: { communicationUserId: other ?? '' }, displayName: 'Bob' }];
        const { chatThread } = await chat.createChatThread({ topic: '100 % lunch' }, { participants });
        return chatThread?.id ?? '';
      },
      [bob.id],
    );
    const [created] = await b.until('chatThreadCreated');
    await a.page.evaluate(async (threadId) => {
      const thread = chat.getChatThreadClient(threadId);
      await thread.sendTypingNotification({ senderDisplayName: 'Al' });
      const { id } = await thread.sendMessage(
        { content: 'Mahlzeit, wer hat Hunger? 🍜' },
        { senderDisplayName: 'Al', metadata: { place: 'canteen' } },
      );
      await thread.updateMessage(id, { content: 'Wer kommt mit?' });
    }, id);
    const [received] = await b.until('chatMessageReceived');
    await b.page.evaluate(
      ([threadId = '', chatMessageId = '']) =>
        chat.getChatThreadClient(threadId).sendReadReceipt({ chatMessageId }),
      [id, String(received?.id)],
    );
    const [receipt] = await a.until('readReceiptReceived');
    await a.page.evaluate(
      async ([threadId = '', messageId = '', communicationUserId = '']) => {
        const thread = chat.getChatThreadClient(threadId);
        await thread.deleteMessage(messageId);
        const id = { communicationUserId };
        await thread.addParticipants({ participants: [{ id, displayName: 'Carol' }] });
        await thread.removeParticipant(id);
        await thread.updateTopic('Dinner');
        await chat.deleteChatThread(threadId);
      },
      [id, String(received?.id), carol.id],
    );
    await Promise.all([a.until('chatThreadDeleted'), b.until('chatThreadDeleted')]);
    assert.deepEqual(
      b.heard.map(({ event }) => event),
      [
        'connected',
        'chatThreadCreated',
        'typingIndicatorReceived',
        'chatMessageReceived',
        'chatMessageEdited',
        'chatMessageDeleted',
        'participantsAdded',
        'participantsRemoved',
        'chatThreadPropertiesUpdated',
        'chatThreadDeleted',
      ],
    );
    assert.deepEqual(created?.threadId, id);
    assert.deepEqual(created?.properties, { topic: '100 % lunch', metadata: {} });
    const { id: messageId, createdOn, version, ...said } = received ?? {};
    assert.ok(createdOn instanceof Date && messageId === version, String(version));
    assert.deepEqual(said, {
      threadId: id,
      sender: user(alice),
      senderDisplayName: 'Al',
      recipient: user(bob),
      type: 'Text',
      message: 'Mahlzeit, wer hat Hunger? 🍜',
      metadata: { place: 'canteen' },
      attachments: [],
    });
    assert.equal(b.of('chatMessageEdited')[0]?.message, 'Wer kommt mit?');
    assert.equal(b.of('chatMessageDeleted')[0]?.id, messageId);
    assert.deepEqual(b.of('typingIndicatorReceived')[0]?.sender, user(alice));
    assert.deepEqual([receipt?.chatMessageId, receipt?.sender], [messageId, user(bob)]);
    for (const [event, list] of [
      ['participantsAdded', 'participantsAdded'],
      ['participantsRemoved', 'participantsRemoved'],
    ] as const) {
      const [told] = b.of(event);
      const people = told?.[list] as { id: unknown; displayName: string }[];
      assert.deepEqual(
        people.map(({ id: who, displayName }) => [who, displayName]),
        [[user(carol), 'Carol']],
      );
    }
    const [renamed] = b.of('chatThreadPropertiesUpdated');
    assert.deepEqual(renamed?.properties, { topic: 'Dinner', metadata: {} });
    assert.equal(b.of('chatThreadDeleted')[0]?.threadId, id);
  });

  test('what happens before the device is registered arrives too, once it is connected', async () => {
    const id = await threadOf(alice, [bob]);
    const registering = Promise.withResolvers<void>();
    const sent = Promise.withResolvers<void>();
    const device = await deviceOf(bob, {
      prepare: (page) =>
        page.route('**/v3/registrations', async (route) => {
          registering.resolve();
          await sent.promise;
          await route.continue();
        }),
    });
    await registering.promise;
    await send(id, 1, 2);
    sent.resolve();
    await send(id, 3, 3);
    await device.until('chatMessageReceived', 3);
    assert.deepEqual(words(device), numbered(3));
  });

  test('after the connection is cut and comes back, nothing is missing and nothing is doubled', async () => {
    const id = await threadOf(alice, [bob]);
    await using proxy = await openCuttableProxy(Number(new URL(server.endpoint).port));
    const device = await deviceOf(bob, { endpoint: `https://localhost:${proxy.port}` });
    await send(id, 1, 2);
    await device.until('chatMessageReceived', 2);
    await confirmed();
    proxy.cut();
    await device.until('disconnected');
    await send(id, 3, 6);
    const { id: last } = await alice.in(id).sendMessage({ content: 'Alice 7' });
    await alice.in(id).updateMessage(last, { content: 'the last' });
    proxy.mend();
    await device.until('chatMessageEdited');
    await send(id, 8, 9);
    await device.until('chatMessageReceived', 9);
    assert.deepEqual(words(device), numbered(9));
    assert.equal(device.of('chatMessageEdited')[0]?.message, 'the last');
  });

  test('nothing is missing where the connection is cut again and again while messages come', async () => {
    const id = await threadOf(alice, [bob]);
    await using proxy = await openCuttableProxy(Number(new URL(server.endpoint).port));
    const device = await deviceOf(bob, { endpoint: `https://localhost:${proxy.port}` });
    for (let cut = 1; cut <= 2; cut++) {
      const sending = send(id, cut * 20 - 19, cut * 20);
      await device.until('chatMessageReceived', cut * 20 - 15);
      proxy.cut();
      await device.until('disconnected', cut);
      proxy.mend();
      await sending;
      await device.until('connected', cut + 1);
    }
    const { id: last } = await alice.in(id).sendMessage({ content: 'the end' });
    await alice.in(id).deleteMessage(last);
    await device.until('chatMessageDeleted');
    // What it has heard and could not confirm before the cut comes again: its id tells.
    assert.deepEqual([...new Set(words(device))], [...numbered(40), 'the end']);
  });

  test('behind a proxy that inspects TLS and knows no websockets, the device polls and hears the same', async () => {
    const id = await threadOf(alice, [bob]);
    await using proxy = await openInspectingProxy(server, office);
    const device = await deviceOf(bob, { endpoint: proxy.endpoint });
    await send(id, 1, 5);
    await device.until('chatMessageReceived', 5);
    await confirmed();
    assert.deepEqual(words(device), numbered(5));
    const passed = new Set(proxy.passed.filter((line) => line.includes('/socket.io/1/xhr-polling/')));
    assert.deepEqual([...passed].map((line) => line.split(' ')[0]).sort(), ['GET', 'OPTIONS', 'POST']);
  });

  test('a token that expires closes the connection, and a new one brings what was missed', async () => {
    const { user: dave, token } = await identityClient(server).createUserAndToken(['chat'], {
      tokenExpiresInMinutes: 60,
    });
    const renewed = Promise.withResolvers<string>();
    const device = await deviceOf({ token }, { newToken: () => renewed.promise });
    const { chatThread } = await alice.client.createChatThread(
      { topic: 'a topic' },
      { participants: [participant(dave.communicationUserId)] },
    );
    const id = chatThread?.id ?? '';
    await device.until('chatThreadCreated');
    // The browser's clock goes along with Ringback's: by it the credential knows that its token is of no use.
    await device.page.clock.setSystemTime(Date.now() + 61 * 60_000);
    await server.clock.advance('61m');
    await device.until('disconnected');
    await send(id, 1, 2);
    renewed.resolve((await identityClient(server).getToken(dave, ['chat'])).token);
    await device.until('connected', 2);
    await send(id, 3, 3);
    await device.until('chatMessageReceived', 3);
    assert.deepEqual(words(device), numbered(3));
  });

  test('a connected device still hears after the clock was moved past its registration', async () => {
    const id = await threadOf(alice, [bob]);
    const device = await deviceOf(bob);
    await server.clock.advance('3h');
    await send(id, 1, 1);
    await device.until('chatMessageReceived');
    await server.clock.advance('3h');
    await send(id, 2, 2);
    await device.until('chatMessageReceived', 2);
    assert.deepEqual(words(device), numbered(2));
  });

  test('a user who is signed out hears no more, and cannot come back', async () => {
    const erin = await person(server);
    const id = await threadOf(alice, [erin]);
    const [device, mine] = await Promise.all([deviceOf(erin), deviceOf(alice)]);
    await send(id, 1, 1);
    await device.until('chatMessageReceived');
    const refused = device.page.waitForResponse((response) => response.status() === 401);
    await identityClient(server).revokeTokens({ communicationUserId: erin.id });
    await device.until('disconnected');
    await refused;
    await send(id, 2, 2);
    await mine.until('chatMessageReceived', 2);
    assert.deepEqual(words(device), numbered(1));
    const closed = logged.map((line) => JSON.parse(line)).filter(({ user }) => user === erin.id);
    assert.deepEqual(
      closed.map(({ why }) => why),
      ['the tokens of its user were revoked'],
    );
  });

  test('a browser that was not told of the local CA refuses the server', async () => {
    await using stranger = await openChromium();
    const page = await stranger.browser.newPage();
    await assert.rejects(page.goto(server.endpoint), /ERR_CERT_AUTHORITY_INVALID/);
  });
});
