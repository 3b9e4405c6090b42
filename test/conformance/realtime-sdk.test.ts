/** Real-time notifications of the official Chat SDK, whose browser build runs on a device of its own. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { ChatDevice } from '../peers/chat-device.ts';
import {
  identityClient,
  type Person,
  participant,
  person,
  personWith,
  threadOf,
} from '../peers/chat-people.ts';

const settings = 'chat: { rates: none }';

const inOrder = [
  'chatThreadCreated',
  'chatMessageReceived',
  'chatMessageEdited',
  'typingIndicatorReceived',
  'readReceiptReceived',
  'chatThreadPropertiesUpdated',
  'chatMessageDeleted',
  'participantsAdded',
  'participantsRemoved',
  'chatThreadDeleted',
];

const user = (id: string) => ({ kind: 'communicationUser', communicationUserId: id });
/** Dates came over a pipe, as text. */
const ms = (text: unknown): number => Date.parse(String(text));

describe('a device with the official chat client', () => {
  let server: Ringback;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  before(async () => {
    server = await startRingback({ config: settings, clock: 'real' });
    [alice, bob, carol] = await Promise.all([person(server), person(server), person(server)]);
  });
  after(() => server.stop());

  for (const websockets of [true, false]) {
    const how = websockets ? 'a websocket' : 'polling';
    test(`hears every event of its threads over ${how}, in order`, async (t) => {
      const { endpoint, caFile } = server;
      const device = await ChatDevice.start({ endpoint, caFile, token: bob.token, websockets });
      t.after(() => device.kill());
      const stranger = await ChatDevice.start({ endpoint, caFile, token: carol.token, websockets });
      t.after(() => stranger.kill());

      const { chatThread } = await alice.client.createChatThread(
        { topic: 'Lünch at 100%41' },
        {
          participants: [participant(bob.id, 'Bob %41')],
          metadata: { place: '50%25' },
          retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 60 },
        },
      );
      const id = chatThread?.id ?? '';
      const thread = alice.in(id);
      const sent = await thread.sendMessage(
        { content: 'soup "%41" \\ ü 🍲' },
        { senderDisplayName: 'Alice "%"', metadata: { hot: 'yes' } },
      );
      await thread.updateMessage(sent.id, { content: 'cold soup', metadata: { hot: 'no' } });
      await thread.sendTypingNotification({ senderDisplayName: 'Alice' });
      await thread.sendReadReceipt({ chatMessageId: sent.id });
      await thread.updateTopic('Supper');
      await thread.deleteMessage(sent.id);
      const dave = await person(server);
      await thread.addParticipants({ participants: [participant(dave.id, 'Dave')] });
      await thread.removeParticipant({ communicationUserId: dave.id });
      await alice.client.deleteChatThread(id);

      await device.hears('chatThreadDeleted');
      assert.deepEqual(
        device.names().filter((what) => inOrder.includes(what)),
        inOrder,
      );
      assert.deepEqual(
        stranger.names().filter((what) => inOrder.includes(what)),
        [],
      );
      const said = async (what: string) => (await device.hears(what)).value ?? {};

      const created = await said('chatThreadCreated');
      assert.equal(created.threadId, id);
      assert.deepEqual(created.properties, { topic: 'Lünch at 100%41', metadata: { place: '50%25' } });
      assert.deepEqual(created.retentionPolicy, { kind: 'threadCreationDate', deleteThreadAfterDays: 60 });
      const people = created.participants as { id: unknown; displayName: string }[];
      assert.deepEqual(
        people.map(({ id, displayName }) => [id, displayName]).sort(),
        [
          [user(alice.id), ''],
          [user(bob.id), 'Bob %41'],
        ].sort(),
      );

      const received = await said('chatMessageReceived');
      assert.equal(received.id, sent.id);
      assert.equal(received.message, 'soup "%41" \\ ü 🍲');
      assert.equal(received.type, 'Text');
      assert.equal(received.senderDisplayName, 'Alice "%"');
      assert.deepEqual(received.metadata, { hot: 'yes' });
      assert.deepEqual([received.sender, received.recipient], [user(alice.id), user(bob.id)]);

      const edited = await said('chatMessageEdited');
      assert.deepEqual([edited.id, edited.message, edited.metadata], [sent.id, 'cold soup', { hot: 'no' }]);
      assert.ok(ms(edited.editedOn) >= ms(edited.createdOn));
      assert.ok(Number(edited.version) > Number(received.version));

      const typing = await said('typingIndicatorReceived');
      assert.deepEqual([typing.sender, typing.senderDisplayName], [user(alice.id), 'Alice']);
      const read = await said('readReceiptReceived');
      assert.deepEqual([read.chatMessageId, read.sender], [sent.id, user(alice.id)]);
      assert.ok(ms(read.readOn) >= ms(received.createdOn));

      const updated = await said('chatThreadPropertiesUpdated');
      assert.deepEqual(updated.properties, { topic: 'Supper', metadata: { place: '50%25' } });
      const deleted = await said('chatMessageDeleted');
      assert.equal(deleted.id, sent.id);
      assert.ok(ms(deleted.deletedOn) >= ms(edited.editedOn));

      const added = (await said('participantsAdded')).participantsAdded as Record<string, unknown>[];
      assert.deepEqual(
        added.map(({ id, displayName }) => [id, displayName]),
        [[user(dave.id), 'Dave']],
      );
      const removed = (await said('participantsRemoved')).participantsRemoved as Record<string, unknown>[];
      assert.deepEqual(
        removed.map(({ id }) => id),
        [user(dave.id)],
      );
      assert.equal((await said('chatThreadDeleted')).reason, 'deletedByUser');
      await device.stop();
    });
  }

  test('is one of several of its user, and each hears everything', async (t) => {
    const { endpoint, caFile } = server;
    const start = () => ChatDevice.start({ endpoint, caFile, token: bob.token });
    const devices = await Promise.all([start(), start()]);
    t.after(() => Promise.all(devices.map((device) => device.kill())));
    const thread = alice.in(await threadOf(alice, [bob]));
    const { id } = await thread.sendMessage({ content: 'to all of you' });
    for (const device of devices) assert.equal((await device.hears('chatMessageReceived')).value?.id, id);
  });

  test('hears its own messages, and html as such', async (t) => {
    const { endpoint, caFile } = server;
    const device = await ChatDevice.start({ endpoint, caFile, token: alice.token });
    t.after(() => device.kill());
    const thread = alice.in(await threadOf(alice, [bob]));
    await thread.sendMessage({ content: '<b>me</b>' }, { type: 'html' });
    const { value } = await device.hears('chatMessageReceived');
    assert.deepEqual([value?.type, value?.message], ['RichText/Html', '<b>me</b>']);
  });

  test('is told nothing more once it has stopped its notifications', async () => {
    const { endpoint, caFile } = server;
    const [stopped, going] = await Promise.all([
      ChatDevice.start({ endpoint, caFile, token: bob.token }),
      ChatDevice.start({ endpoint, caFile, token: bob.token }),
    ]);
    await stopped.stop();
    const thread = alice.in(await threadOf(alice, [bob]));
    await thread.sendMessage({ content: 'are you there?' });
    await going.hears('chatMessageReceived');
    assert.ok(!stopped.names().includes('chatMessageReceived'));
    await going.stop();
  });

  test('comes back with a newer token when the one it has ends', async (t) => {
    const timed = await startRingback({ config: settings });
    t.after(() => timed.stop());
    const [dora, emil] = await Promise.all([person(timed), person(timed)]);
    const { endpoint, caFile } = timed;
    const device = await ChatDevice.start({ endpoint, caFile, token: emil.token });
    t.after(() => device.kill());
    await timed.clock.advance('23h');
    const newer = await identityClient(timed).getToken({ communicationUserId: emil.id }, ['chat']);
    device.renew(newer.token);
    await timed.clock.advance('2h');
    await device.hears('connected', 2);
    const fresh = await identityClient(timed).getToken({ communicationUserId: dora.id }, ['chat']);
    const sender = personWith(timed, dora.id, fresh.token);
    const thread = sender.in(await threadOf(sender, [emil]));
    const { id } = await thread.sendMessage({ content: 'still here' });
    assert.equal((await device.hears('chatMessageReceived')).value?.id, id);
  });
});
