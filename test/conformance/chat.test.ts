/** Every method of the official chat client but those of real time, with two and three users. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { all, identityClient, type Person, participant, person, threadOf } from '../peers/chat-people.ts';

const settings = 'chat: { rates: none }';
const threadId = /^19:acsV1_[\w-]{43}@thread\.v2$/;

describe('the official chat client', () => {
  let server: Ringback;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  before(async () => {
    server = await startRingback({ config: settings });
    [alice, bob, carol] = await Promise.all([person(server), person(server), person(server)]);
  });
  after(() => server.stop());

  test('creates a thread, whose first messages say who is in it and what it is about', async () => {
    const { chatThread, invalidParticipants } = await alice.client.createChatThread(
      { topic: 'Lunch' },
      { participants: [participant(bob.id, 'Bob')], metadata: { place: 'canteen', none: '' } },
    );
    assert.equal(invalidParticipants, undefined);
    assert.match(chatThread?.id ?? '', threadId);
    assert.equal(chatThread?.topic, 'Lunch');
    assert.deepEqual(chatThread?.createdBy, { kind: 'communicationUser', communicationUserId: alice.id });
    assert.deepEqual(chatThread?.metadata, { place: 'canteen' });
    assert.deepEqual(chatThread?.retentionPolicy, { kind: 'none' });
    assert.equal(chatThread?.createdOn.getMilliseconds(), 0);
    const messages = await all(bob.in(chatThread?.id ?? '').listMessages());
    assert.deepEqual(
      messages.map(({ type, sequenceId }) => [type, sequenceId]),
      [
        ['topicUpdated', '2'],
        ['participantAdded', '1'],
      ],
    );
    assert.equal(messages[0]?.content?.topic, 'Lunch');
    const added = messages[1]?.content?.participants ?? [];
    assert.deepEqual(
      added.map(({ id, displayName, shareHistoryTime }) => [id, displayName, shareHistoryTime?.getTime()]),
      [
        [{ kind: 'communicationUser', communicationUserId: alice.id }, undefined, 0],
        [{ kind: 'communicationUser', communicationUserId: bob.id }, 'Bob', 0],
      ],
    );
    assert.deepEqual(messages[1]?.content?.initiator, {
      kind: 'communicationUser',
      communicationUserId: alice.id,
    });
  });

  test('gets one thread for one idempotency token, whoever else uses the same', async () => {
    const idempotencyToken = 'the same token';
    const create = (who: Person) =>
      who.client.createChatThread({ topic: 'once' }, { idempotencyToken, participants: [] });
    const [first, twice, others] = await Promise.all([create(alice), create(alice), create(bob)]);
    const later = await create(alice);
    assert.equal(twice.chatThread?.id, first.chatThread?.id);
    assert.deepEqual(later, first);
    assert.notEqual(others.chatThread?.id, first.chatThread?.id);
  });

  test('creates a thread in spite of participants who cannot be in it, and names them', async () => {
    const unknown = `${alice.id.slice(0, alice.id.indexOf('_'))}_00000000-0000-0000-0000-00000000dead`;
    const foreign = '8:acs:00000000-0000-0000-0000-000000000001_00000000-0000-0000-0000-000000000002';
    const asked = [participant(bob.id), participant(unknown), participant(foreign)];
    const made = await alice.client.createChatThread({ topic: 'some' }, { participants: asked });
    const expected = [
      { target: unknown, code: '404', message: 'Not found' },
      { target: foreign, code: '403', message: 'Permissions check failed' },
    ];
    assert.deepEqual(made.invalidParticipants, expected);
    const thread = alice.in(made.chatThread?.id ?? '');
    assert.equal((await all(thread.listParticipants())).length, 2);
    const added = await thread.addParticipants({
      participants: [participant(foreign), participant(carol.id)],
    });
    assert.deepEqual(added.invalidParticipants, [expected[1]]);
    assert.equal((await all(thread.listParticipants())).length, 3);
    assert.deepEqual(await thread.addParticipants({ participants: [participant(carol.id)] }), {});
    assert.equal((await all(thread.listParticipants())).length, 3);
  });

  test('lists the threads of a user, the latest activity first, and pages through them', async () => {
    const dave = await person(server);
    const ids: string[] = [];
    for (const topic of ['one', 'two', 'three']) {
      ids.push(await threadOf(dave, [], topic));
      await server.clock.advance('5s');
    }
    await dave.in(ids[0] ?? '').sendMessage({ content: 'up' });
    const pages: string[][] = [];
    for await (const page of dave.client.listChatThreads({ maxPageSize: 2 }).byPage())
      pages.push(page.map(({ topic }) => topic));
    assert.deepEqual(pages, [['one', 'three'], ['two']]);
    const [first] = await all(dave.client.listChatThreads());
    assert.ok(first?.lastMessageReceivedOn instanceof Date);
    const startTime = new Date((first?.lastMessageReceivedOn.getTime() ?? 0) - 8_000);
    assert.deepEqual(
      (await all(dave.client.listChatThreads({ startTime }))).map(({ topic }) => topic),
      ['one', 'three'],
    );
  });

  test('updates topic, metadata and retention policy, and a new topic is a message', async () => {
    const id = await threadOf(alice, [bob]);
    await alice.in(id).updateTopic('New topic');
    await bob.in(id).updateProperties({ metadata: { a: '1', b: '2' } });
    await bob.in(id).updateProperties({
      metadata: { a: '' },
      retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 60 },
    });
    const properties = await bob.in(id).getProperties();
    assert.equal(properties.topic, 'New topic');
    assert.deepEqual(properties.metadata, { b: '2' });
    assert.deepEqual(properties.retentionPolicy, { kind: 'threadCreationDate', deleteThreadAfterDays: 60 });
    const [latest] = await all(bob.in(id).listMessages());
    assert.deepEqual([latest?.type, latest?.content?.topic], ['topicUpdated', 'New topic']);
  });

  test('sends text and html, and gets them back as they were sent, without what html must not have', async () => {
    const id = await threadOf(alice, [bob]);
    const sent = await alice
      .in(id)
      .sendMessage({ content: 'Grüße <b> 👋' }, { senderDisplayName: 'Alice', metadata: { k: 'v' } });
    const html = await alice.in(id).sendMessage(
      {
        content: '<p onclick="x()">Hi <b>you</b><script>alert(1)</script><a href="javascript:x">l</a></p>',
      },
      { type: 'html' },
    );
    const message = await bob.in(id).getMessage(sent.id);
    assert.deepEqual(
      [message.id, message.type, message.version, message.sequenceId],
      [sent.id, 'text', sent.id, '3'],
    );
    assert.deepEqual(message.content, { message: 'Grüße <b> 👋', attachments: [] });
    assert.deepEqual(message.sender, { kind: 'communicationUser', communicationUserId: alice.id });
    assert.equal(message.senderDisplayName, 'Alice');
    assert.deepEqual(message.metadata, { k: 'v' });
    const formatted = await bob.in(id).getMessage(html.id);
    assert.equal(formatted.type, 'html');
    assert.equal(formatted.content?.message, '<p>Hi <b>you</b><a>l</a></p>');
  });

  test('edits and deletes messages, and the list has what changed last first', async () => {
    const id = await threadOf(alice, [bob]);
    const [one, two] = [
      await alice.in(id).sendMessage({ content: 'one' }, { metadata: { keep: '1', drop: '2' } }),
      await alice.in(id).sendMessage({ content: 'two' }),
    ];
    await server.clock.advance('2s');
    await alice.in(id).updateMessage(one.id, { content: 'ONE', metadata: { drop: '' } });
    const edited = await bob.in(id).getMessage(one.id);
    assert.equal(edited.content?.message, 'ONE');
    assert.deepEqual(edited.metadata, { keep: '1' });
    assert.ok((edited.editedOn?.getTime() ?? 0) >= edited.createdOn.getTime() + 2000);
    assert.ok(Number(edited.version) > Number(two.id));
    await alice.in(id).deleteMessage(two.id);
    const deleted = await bob.in(id).getMessage(two.id);
    assert.equal(deleted.content?.message, '');
    assert.ok(deleted.deletedOn instanceof Date);
    const listed = (await all(bob.in(id).listMessages())).map((message) => message.id);
    assert.deepEqual(listed.slice(0, 2), [two.id, one.id]);
    await alice.in(id).deleteMessage(two.id);
  });

  test('pages through messages, and from a start time', async () => {
    const id = await threadOf(alice, [bob]);
    for (let i = 0; i < 5; i += 1) await alice.in(id).sendMessage({ content: String(i) });
    await server.clock.advance('10s');
    const marked = await alice.in(id).sendMessage({ content: 'late' });
    const sizes: number[] = [];
    const seen: string[] = [];
    for await (const page of bob.in(id).listMessages({ maxPageSize: 3 }).byPage()) {
      sizes.push(page.length);
      seen.push(...page.map(({ content }) => content?.message ?? '-'));
    }
    assert.deepEqual(sizes, [3, 3, 2]);
    assert.deepEqual(seen, ['late', '4', '3', '2', '1', '0', '-', '-']);
    const { createdOn } = await bob.in(id).getMessage(marked.id);
    const since = await all(bob.in(id).listMessages({ startTime: createdOn }));
    assert.deepEqual(
      since.map(({ content }) => content?.message),
      ['late'],
    );
  });

  test('adds and removes participants, with what each may read of before and after', async () => {
    const id = await threadOf(alice, []);
    const early = await alice.in(id).sendMessage({ content: 'early' });
    await server.clock.advance('1s');
    const shared = await alice.in(id).sendMessage({ content: 'shared' });
    const { createdOn } = await alice.in(id).getMessage(shared.id);
    await alice.in(id).addParticipants({ participants: [participant(bob.id, 'Bob')] });
    await alice
      .in(id)
      .addParticipants({ participants: [{ ...participant(carol.id), shareHistoryTime: createdOn }] });
    const texts = async (who: Person) =>
      (await all(who.in(id).listMessages())).map(({ type, content }) => content?.message ?? type);
    assert.deepEqual(await texts(bob), ['participantAdded', 'participantAdded']);
    assert.deepEqual(await texts(carol), ['participantAdded', 'participantAdded', 'shared']);
    await assert.rejects(bob.in(id).getMessage(shared.id), { statusCode: 404, code: 'NotFound' });
    await assert.rejects(carol.in(id).getMessage(early.id), { statusCode: 404 });

    await bob.in(id).removeParticipant({ communicationUserId: carol.id });
    const after = await alice.in(id).sendMessage({ content: 'after' });
    await alice.in(id).updateMessage(shared.id, { content: 'changed' });
    assert.deepEqual(await texts(carol), ['participantAdded', 'participantAdded']);
    await assert.rejects(carol.in(id).getMessage(after.id), { statusCode: 404 });
    await assert.rejects(carol.in(id).sendMessage({ content: 'still here?' }), {
      statusCode: 403,
      code: 'Forbidden',
    });
    assert.equal((await texts(alice))[1], 'after');
    assert.deepEqual(
      (await all(carol.client.listChatThreads())).filter((thread) => thread.id === id),
      [],
    );
    await bob.in(id).removeParticipant({ communicationUserId: bob.id });
    assert.deepEqual(
      (await all(alice.in(id).listParticipants())).map((one) => one.id),
      [{ kind: 'communicationUser', communicationUserId: alice.id }],
    );
  });

  test('pages through participants', async () => {
    const people = await Promise.all([1, 2, 3].map(() => person(server)));
    const id = await threadOf(alice, people);
    const sizes: number[] = [];
    for await (const page of alice.in(id).listParticipants({ maxPageSize: 3 }).byPage())
      sizes.push(page.length);
    assert.deepEqual(sizes, [3, 1]);
    assert.equal((await all(alice.in(id).listParticipants({ skip: 3 }))).length, 1);
  });

  test('sends read receipts, of which the newest counts, and typing notices', async () => {
    const id = await threadOf(alice, [bob]);
    const first = await alice.in(id).sendMessage({ content: '1' });
    const second = await alice.in(id).sendMessage({ content: '2' });
    await bob.in(id).sendReadReceipt({ chatMessageId: second.id });
    await bob.in(id).sendReadReceipt({ chatMessageId: first.id });
    await alice.in(id).sendReadReceipt({ chatMessageId: second.id });
    const receipts = await all(alice.in(id).listReadReceipts());
    assert.deepEqual(
      receipts.map(({ sender, chatMessageId }) => [sender, chatMessageId]),
      [bob, alice].map((who) => [{ kind: 'communicationUser', communicationUserId: who.id }, second.id]),
    );
    assert.ok(receipts.every(({ readOn }) => readOn instanceof Date));
    const sizes: number[] = [];
    for await (const page of alice.in(id).listReadReceipts({ maxPageSize: 1 }).byPage())
      sizes.push(page.length);
    assert.deepEqual(sizes, [1, 1]);
    assert.equal(await bob.in(id).sendTypingNotification({ senderDisplayName: 'Bob' }), true);
    assert.equal(await alice.in(id).sendTypingNotification(), true);
  });

  test('deletes a thread, for everybody and at once', async () => {
    const id = await threadOf(alice, [bob], 'short-lived');
    await bob.client.deleteChatThread(id);
    for (const attempt of [
      () => alice.in(id).getProperties(),
      () => alice.in(id).sendMessage({ content: 'gone' }),
      () => all(alice.in(id).listMessages()),
      () => alice.client.deleteChatThread(id),
    ])
      await assert.rejects(attempt, { statusCode: 403, code: 'Forbidden' });
    const listed = (await all(alice.client.listChatThreads())).find((thread) => thread.id === id);
    assert.ok(listed?.deletedOn instanceof Date);
  });

  test('an identity that is deleted leaves its threads, and what it said stays', async () => {
    const frank = await person(server);
    const id = await threadOf(alice, [frank]);
    const { id: messageId } = await frank.in(id).sendMessage({ content: 'good-bye' });
    await identityClient(server).deleteUser({ communicationUserId: frank.id });
    const there = await until('he is gone', async () => {
      const found = await all(alice.in(id).listParticipants());
      return found.length === 1 ? { is: found } : { notYet: `${found.length} are there` };
    });
    assert.deepEqual(there[0]?.id, { kind: 'communicationUser', communicationUserId: alice.id });
    assert.equal((await alice.in(id).getMessage(messageId)).content?.message, 'good-bye');
    await assert.rejects(frank.in(id).sendMessage({ content: 'me again' }), { statusCode: 401 });
  });
});
