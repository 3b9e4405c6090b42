/** What others are told of chat: Event Grid in both schemas, and the story of a message. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { run } from '../../src/cli/run.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Person, participant, person, threadOf } from '../peers/chat-people.ts';
import { type Answer, type Received, Receiver } from './webhook-receiver.ts';

interface GridEvent {
  readonly type: string;
  readonly subject: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Takes events of either schema. */
function take({ method, headers, body }: Received): Answer {
  if (method === 'OPTIONS') return { status: 200, headers: { 'webhook-allowed-origin': '*' } };
  if (headers['aeg-event-type'] !== 'SubscriptionValidation') return { status: 200 };
  const [event] = JSON.parse(body);
  return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
}

const eventsOf = (webhook: Receiver): readonly GridEvent[] =>
  webhook.received.flatMap(({ method, headers, body }) => {
    if (method === 'OPTIONS' || headers['aeg-event-type'] === 'SubscriptionValidation') return [];
    const value = JSON.parse(body);
    const event = Array.isArray(value) ? value[0] : value;
    const type = String(event.eventType ?? event.type).replace('Microsoft.Communication.', '');
    return [{ type, subject: event.subject, data: event.data }];
  });

describe('what others are told of chat', () => {
  let server: Ringback;
  let webhook: Receiver;
  let alice: Person;
  let bob: Person;
  before(async () => {
    server = await startRingback({ config: 'chat: { rates: none }' });
    webhook = await Receiver.open(take);
    [alice, bob] = await Promise.all([person(server), person(server)]);
  });
  after(async () => {
    await server.stop();
    await webhook.close();
  });

  const subscribe = async (name: string, more: object): Promise<void> => {
    const body = { name, endpoint: webhook.url(`/${name}`), ...more };
    const { state, reason } = (await signedRequest(server.server.ready, 'POST', 'subscriptions', body)) as {
      readonly state: string;
      readonly reason?: string;
    };
    assert.equal(state, 'Succeeded', reason);
  };
  const unsubscribe = (name: string) =>
    signedRequest(server.server.ready, 'DELETE', `subscriptions/${name}`, undefined);

  /** So many events, whatever their order. */
  const received = (count: number): Promise<readonly GridEvent[]> =>
    until(`${count} events`, async () => {
      const events = eventsOf(webhook);
      if (events.length === count) return { is: events };
      return { notYet: `there are ${events.length}: ${events.map(({ type }) => type).join(', ')}` };
    });

  for (const schema of ['eventgrid', 'cloudevents'] as const) {
    test(`every event of a thread, for each user and for the thread, as ${schema}`, async () => {
      webhook.received.length = 0;
      await subscribe(schema, { schema });
      const carol = await person(server);
      const id = await threadOf(alice, [bob], 'Lunch');
      const { id: messageId } = await alice
        .in(id)
        .sendMessage({ content: 'hi' }, { senderDisplayName: 'Al', metadata: { k: 'v' } });
      await alice.in(id).updateMessage(messageId, { content: 'hello' });
      await alice.in(id).deleteMessage(messageId);
      await bob.in(id).updateTopic('Dinner');
      await bob.in(id).addParticipants({ participants: [participant(carol.id, 'Carol')] });
      await bob.in(id).removeParticipant({ communicationUserId: carol.id });
      await bob.in(id).sendTypingNotification();
      await alice.client.deleteChatThread(id);
      const events = await received(2 + 1 + (2 + 1) * 4 + (3 + 1) * 2 + 1 + (2 + 1));
      const counts = Object.fromEntries(
        [...Map.groupBy(events, ({ type }) => type)].map(([type, of]) => [type, of.length]),
      );
      assert.deepEqual(counts, {
        ChatThreadCreated: 1,
        ChatThreadCreatedWithUser: 2,
        ChatMessageReceivedInThread: 1,
        ChatMessageReceived: 2,
        ChatMessageEditedInThread: 1,
        ChatMessageEdited: 2,
        ChatMessageDeletedInThread: 1,
        ChatMessageDeleted: 2,
        ChatThreadPropertiesUpdated: 1,
        ChatThreadPropertiesUpdatedPerUser: 2,
        ChatThreadParticipantAdded: 1,
        ChatParticipantAddedToThreadWithUser: 3,
        ChatThreadParticipantRemoved: 1,
        ChatParticipantRemovedFromThreadWithUser: 3,
        ChatTypingIndicatorReceivedInThread: 1,
        ChatThreadDeleted: 1,
        ChatThreadWithUserDeleted: 2,
      });
      const forBob = events.find(
        ({ type, subject }) => type === 'ChatMessageReceived' && subject.endsWith(bob.id),
      );
      assert.equal(forBob?.subject, `thread/${id}/sender/${alice.id}/recipient/${bob.id}`);
      const { transactionId, composeTime, version, ...data } = forBob?.data ?? {};
      assert.match(String(transactionId), /^[0-9a-f-]{36}$/);
      assert.ok(!Number.isNaN(Date.parse(String(composeTime))));
      assert.equal(version, Number(messageId));
      const identifier = ({ id: rawId }: Person) => ({ rawId, communicationUser: { id: rawId } });
      assert.deepEqual(data, {
        messageId,
        messageBody: 'hi',
        type: 'Text',
        senderId: alice.id,
        senderCommunicationIdentifier: identifier(alice),
        senderDisplayName: 'Al',
        metadata: { k: 'v' },
        recipientId: bob.id,
        recipientCommunicationIdentifier: identifier(bob),
        threadId: id,
      });
      const gone = events.find(({ type }) => type === 'ChatMessageDeletedInThread');
      assert.ok(gone && !('messageBody' in gone.data) && 'deleteTime' in gone.data);
      const added = events.find(({ type }) => type === 'ChatThreadParticipantAdded');
      assert.equal(added?.subject, `thread/${id}/participantadded/${carol.id}`);
      assert.deepEqual(added?.data.participantAdded, {
        displayName: 'Carol',
        participantCommunicationIdentifier: identifier(carol),
      });
      await unsubscribe(schema);
    });
  }

  test('a subscription for one recipient gets what is meant for that one', async () => {
    webhook.received.length = 0;
    await subscribe('bob', { events: ['ChatMessageReceived'], subjectEndsWith: `/recipient/${bob.id}` });
    const id = await threadOf(alice, [bob]);
    await alice.in(id).sendMessage({ content: 'for bob' });
    const [event] = await received(1);
    assert.equal(event?.data.recipientId, bob.id);
    await unsubscribe('bob');
  });

  test('explain tells what happened to a message, without what it said', async () => {
    await subscribe('told', { events: ['ChatMessageReceived'] });
    const id = await threadOf(alice, [bob]);
    await server.clock.advance('1s');
    const { id: messageId } = await alice.in(id).sendMessage({ content: 'a secret' });
    await alice.in(id).updateMessage(messageId, { content: 'another secret' });
    await bob.in(id).sendReadReceipt({ chatMessageId: messageId });
    const explain = async (...more: string[]): Promise<{ readonly code: number; readonly text: string }> => {
      const lines: string[] = [];
      const key = [
        '--connection-string',
        server.connectionString.replace(server.endpoint, server.httpEndpoint),
      ];
      const out = {
        line: (text: string) => void lines.push(text),
        note: (text: string) => void lines.push(text),
      };
      const none = { data: undefined, connectionString: undefined };
      const code = await run(['explain', messageId, ...more, ...key], out, none);
      return { code, text: lines.join('\n') };
    };
    const told = await until('both deliveries in the story', async () => {
      const { code, text } = await explain();
      assert.equal(code, 0, text);
      const delivered = text.match(/\(delivered\)/g)?.length ?? 0;
      return delivered === 2 ? { is: text } : { notYet: text };
    });
    for (const words of [
      `Message ${messageId} of thread ${id} ("a topic")`,
      /^edited; sent 2\S+ by 8:acs:/m,
      `sent by ${alice.id}: text, the thread's message 3`,
      /edited by its sender: version \d+/,
      `read by ${bob.id}`,
      `ChatMessageReceived for ${bob.id} to subscription told: 200`,
      /Read by:\n {2}8:acs:\S+ at 2/,
    ])
      if (typeof words === 'string') assert.ok(told.includes(words), `${words} in ${told}`);
      else assert.match(told, words);
    assert.doesNotMatch(told, /secret/);
    const [story] = (JSON.parse((await explain('--json')).text) as { messages: { state: string }[] })
      .messages;
    assert.equal(story?.state, 'edited');
    await unsubscribe('told');
  });
});
