import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admit } from './access.ts';
import { evolve, type Folded } from './evolve.ts';
import { journalled } from './facts.ts';
import type { Input } from './inputs.ts';
import { alice, bob, carol, noon, resource, TestThread, user } from './thread.fixture.ts';
import type { Thread } from './thread.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('a thread', () => {
  test('begins with its creator among the participants and two messages of the service', () => {
    const thread = new TestThread().create(alice, [bob, bob, alice], { metadata: { a: '1', b: '' } });
    assert.deepEqual(Object.keys(thread.open.participants), [alice.id, bob.id]);
    assert.deepEqual(thread.open.metadata, { a: '1' });
    assert.deepEqual(
      [...thread.messages.values()].map(({ sequence, content, sender }) => [sequence, content.type, sender]),
      [
        [1, 'participantAdded', undefined],
        [2, 'topicUpdated', undefined],
      ],
    );
    assert.deepEqual(
      thread.told.map(({ event, recipients }) => [event.event, recipients]),
      [['chatThreadCreated', [alice.id, bob.id]]],
    );
  });

  test('gives out ids and versions that rise, however many fall into one millisecond', () => {
    const thread = new TestThread().create(alice);
    const ids = Array.from({ length: 50 }, () => thread.send(alice).id);
    assert.ok(ids.every((id, i) => i === 0 || id > (ids[i - 1] ?? 0)));
    thread.at += 1000;
    assert.equal(thread.send(alice).id, thread.at);
    assert.equal(thread.open.sequence, 53);
  });

  test('is the same after its journal is read again, though that says nothing of what was said', () => {
    const thread = new TestThread().create(alice, [bob], { metadata: { k: 'v' } });
    const message = thread.send(alice, 'a secret', { metadata: { also: 'secret' } });
    thread.do({ input: 'edit', by: alice, message, text: 'a secret, again' });
    thread.do({ input: 'read', by: bob, message });
    thread.do({ input: 'add', by: bob, participants: [{ id: carol.id, displayName: 'Carol' }] });
    thread.do({ input: 'remove', by: bob, user: bob.id });
    thread.do({ input: 'update', by: alice, topic: 'other', metadata: { k: '' } });
    thread.do({ input: 'delete-message', by: alice, message: thread.messages.get(message.id) });
    const rows = thread.facts.map((fact) => JSON.stringify(journalled(fact)));
    assert.ok(!rows.some((row) => row.includes('secret')), 'the journal keeps no content');
    let folded: Thread | undefined;
    for (const row of rows) folded = evolve(folded, JSON.parse(row) as Folded);
    assert.deepEqual(folded, thread.thread);
  });

  test('ends when its retention policy says so, and not a millisecond before', () => {
    const retention = { kind: 'threadCreationDate', deleteThreadAfterDays: 30 } as const;
    const thread = new TestThread().create(alice, [bob], { retention });
    thread.at = noon + 30 * dayMs - 1;
    assert.deepEqual(thread.do({ input: 'tick' }), []);
    thread.at += 1;
    assert.deepEqual(thread.do({ input: 'tick' }), ['thread-deleted']);
    const { event, recipients } = thread.told.at(-1)!;
    assert.ok(event.event === 'chatThreadDeleted' && event.deletedBy === undefined);
    assert.equal(event.reason, 'deletedByPolicy');
    assert.deepEqual(recipients, [alice.id, bob.id]);
    assert.deepEqual(thread.do({ input: 'tick' }), []);
    assert.equal(thread.try({ input: 'send', by: alice, type: 'text', text: '' }), 'thread-deleted@thread');
  });

  test('has metadata up to the size of a message, however often it is merged', () => {
    const thread = new TestThread({ messageBytes: 10 }).create(alice, [], { metadata: { a: '1234' } });
    const update = (metadata: Record<string, string>) => thread.try({ input: 'update', by: alice, metadata });
    assert.deepEqual(update({ b: '1234' }), ['thread-updated']);
    assert.equal(update({ c: '', d: '1' }), 'metadata-too-large@thread');
    assert.deepEqual(update({ a: '', d: '1' }), ['thread-updated']);
    const create = { input: 'create', threadId: 'T', by: alice, topic: 't', participants: [] } as const;
    const large = new TestThread({ messageBytes: 10 }).try({ ...create, metadata: { a: '0123456789' } });
    assert.equal(large, 'metadata-too-large@thread');
  });

  test('holds as many participants as it may, at its beginning and later', () => {
    const people = [1, 2, 3].map((n) => ({ id: user(`u${n}`).id }));
    const full = new TestThread({ participants: 3 });
    const create = { input: 'create', threadId: 'T', by: alice, topic: 't', participants: people } as const;
    assert.equal(full.try(create), 'too-many-participants@thread');
    full.do({ ...create, participants: people.slice(0, 2) });
    assert.equal(full.try({ input: 'add', by: alice, participants: people }), 'too-many-participants@thread');
    assert.deepEqual(full.do({ input: 'add', by: alice, participants: people.slice(0, 2) }), []);
  });
});

describe('who may do what', () => {
  const attempts = (thread: TestThread): Readonly<Record<string, Input>> => {
    const message = thread.messages.get(thread.send(alice).id);
    return {
      send: { input: 'send', by: alice, type: 'text', text: '' },
      edit: { input: 'edit', by: alice, message, text: '' },
      'delete-message': { input: 'delete-message', by: alice, message },
      read: { input: 'read', by: alice, message },
      type: { input: 'type', by: alice },
      add: { input: 'add', by: alice, participants: [] },
      remove: { input: 'remove', by: alice, user: bob.id },
      update: { input: 'update', by: alice, topic: '' },
      delete: { input: 'delete', by: alice },
    };
  };
  const outcomes = (who: (thread: TestThread) => typeof alice): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.keys(attempts(new TestThread().create(alice, [bob, carol]))).map((name) => {
        const thread = new TestThread().create(alice, [bob, carol]);
        const by = who(thread);
        const input = { ...attempts(thread)[name]!, by } as Input;
        const result = thread.try(input);
        return [name, typeof result === 'string' ? result : 'done'];
      }),
    );
  const everything = (result: string) =>
    Object.fromEntries(Object.keys(attempts(new TestThread().create(alice))).map((name) => [name, result]));

  test('a participant may everything, but for the messages of others', () => {
    assert.deepEqual(
      outcomes(() => alice),
      everything('done'),
    );
    assert.deepEqual(
      outcomes(() => carol),
      {
        ...everything('done'),
        edit: 'somebody-elses-message@thread',
        'delete-message': 'somebody-elses-message@thread',
      },
    );
  });

  test('somebody who is not in the thread, or of another resource, may nothing', () => {
    assert.deepEqual(
      outcomes(() => user('dave')),
      everything('not-a-participant@thread'),
    );
    const namesake = { ...alice, resourceId: '00000000-0000-0000-0000-000000000001' };
    assert.deepEqual(
      outcomes(() => namesake),
      everything('no-such-thread@thread'),
    );
  });

  test('somebody who was removed may nothing that changes anything', () => {
    const removed = (thread: TestThread) => {
      thread.do({ input: 'remove', by: alice, user: carol.id });
      return carol;
    };
    assert.deepEqual(outcomes(removed), everything('no-longer-a-participant@thread'));
  });

  test('scopes bound what a token may, whoever holds it', () => {
    const missing = 'scope-missing@request';
    const without = (...names: string[]) => Object.fromEntries(names.map((name) => [name, missing]));
    assert.deepEqual(
      outcomes(() => user('alice', ['voip'])),
      everything(missing),
    );
    assert.deepEqual(
      outcomes(() => user('alice', ['chat.join', 'voip'])),
      {
        ...everything('done'),
        ...without('update', 'delete'),
      },
    );
    assert.deepEqual(
      outcomes(() => user('alice', ['chat.join.limited'])),
      {
        ...everything('done'),
        ...without('update', 'delete', 'add', 'remove'),
      },
    );
    const create = { input: 'create', threadId: 'T', topic: 't', participants: [] } as const;
    assert.equal(new TestThread().try({ ...create, by: user('alice', ['chat.join']) }), missing);
  });

  test('messages of the service are nobody’s to change', () => {
    const thread = new TestThread().create(alice);
    const [message] = thread.messages.values();
    assert.equal(thread.try({ input: 'edit', by: alice, message, text: '' }), 'system-message@thread');
    assert.equal(thread.try({ input: 'delete-message', by: alice, message }), 'system-message@thread');
  });

  test('a thread that was deleted, or never was, is closed to everybody', () => {
    const thread = new TestThread().create(alice);
    const send = { input: 'send', by: alice, type: 'text', text: '' } as const;
    assert.equal(new TestThread().try(send), 'no-such-thread@thread');
    thread.do({ input: 'delete', by: alice });
    assert.equal(thread.try(send), 'thread-deleted@thread');
    const admitted = admit(thread.thread, alice, 'list messages', noon);
    assert.ok('refused' in admitted);
  });

  test('ids that are names of object properties are ids of nobody', () => {
    const thread = new TestThread().create(alice);
    const odd = { id: 'constructor', resourceId: resource, scopes: ['chat'] };
    assert.equal(thread.try({ input: 'type', by: odd }), 'not-a-participant@thread');
    assert.equal(thread.try({ input: 'remove', by: alice, user: '__proto__' }), 'participant-unknown@thread');
  });
});

describe('messages', () => {
  test('may have so many bytes, metadata and all, counted in UTF-8', () => {
    const thread = new TestThread({ messageBytes: 12 }).create(alice);
    const send = (text: string, metadata = {}) =>
      thread.try({ input: 'send', by: alice, type: 'text', text, metadata });
    assert.deepEqual(send('👋äé–'), ['message-sent'], '4 + 2 + 2 + 3 = 11 bytes');
    assert.deepEqual(send('👋👋', { ab: 'cd' }), ['message-sent']);
    for (const text of ['👋👋👋.', 'ää\ud800ää\ud800', 'x'.repeat(13)])
      assert.equal(
        send(text),
        new TextEncoder().encode(text).length > 12 ? 'message-too-large@thread' : 'ok',
      );
    const message = thread.send(alice, 'short');
    assert.equal(
      thread.try({ input: 'edit', by: alice, message, metadata: { key: 'too much' } }),
      'message-too-large@thread',
    );
  });

  test('an edit keeps what it does not name and takes away what it names empty', () => {
    const thread = new TestThread().create(alice);
    const message = thread.send(alice, 'one', { metadata: { a: '1', b: '2' }, senderDisplayName: 'Al' });
    thread.at += 1000;
    assert.deepEqual(thread.do({ input: 'edit', by: alice, message }), []);
    thread.do({ input: 'edit', by: alice, message, metadata: { a: '' } });
    const { content, metadata, senderDisplayName, editedAt, createdAt, version, id } = thread.last;
    assert.deepEqual(
      [content, metadata, senderDisplayName],
      [{ type: 'text', text: 'one' }, { b: '2' }, 'Al'],
    );
    assert.deepEqual([editedAt, createdAt, version, id], [noon + 1000, noon, noon + 1000, message.id]);
  });

  test('what was deleted says nothing, stays deleted and cannot be edited', () => {
    const thread = new TestThread().create(alice, [bob]);
    const message = thread.send(alice, 'oops', { metadata: { a: '1' } });
    thread.do({ input: 'delete-message', by: alice, message });
    const gone = thread.last;
    assert.deepEqual([gone.content, gone.metadata], [{ type: 'text', text: '' }, undefined]);
    assert.deepEqual(thread.do({ input: 'delete-message', by: alice, message: gone }), []);
    assert.equal(
      thread.try({ input: 'edit', by: alice, message: gone, text: 'back' }),
      'message-deleted@thread',
    );
  });

  test('who comes later sees from their share-history time on, by default from now', () => {
    const thread = new TestThread().create(alice);
    const early = thread.send(alice, 'early');
    thread.do({ input: 'add', by: alice, participants: [{ id: bob.id }] });
    thread.do({
      input: 'add',
      by: alice,
      participants: [{ id: carol.id, shareHistoryTime: early.id }],
    });
    assert.equal(thread.try({ input: 'read', by: bob, message: early }), 'message-hidden@thread');
    assert.deepEqual(thread.do({ input: 'read', by: carol, message: early }), ['message-read']);
    thread.do({ input: 'edit', by: alice, message: early, text: 'changed' });
    assert.deepEqual(thread.told.at(-1)?.recipients, [alice.id, carol.id], 'bob is not told of it either');
    thread.send(alice);
    assert.deepEqual(thread.told.at(-1)?.recipients, [alice.id, bob.id, carol.id]);
  });
});

describe('notices', () => {
  test('a receipt moves forward only, and its reader is not told of it', () => {
    const thread = new TestThread().create(alice, [bob]);
    const [first, second] = [thread.send(alice), thread.send(alice)];
    assert.deepEqual(thread.do({ input: 'read', by: bob, message: second }), ['message-read']);
    assert.deepEqual(thread.told.at(-1)?.recipients, [alice.id]);
    assert.deepEqual(thread.do({ input: 'read', by: bob, message: first }), []);
    assert.equal(thread.open.horizons[bob.id]?.messageId, second.id);
    assert.equal(thread.try({ input: 'read', by: bob, message: undefined }), 'message-unknown@thread');
  });

  test('in a large thread they are taken and go nowhere', () => {
    const thread = new TestThread({ noticesUpTo: 1 }).create(alice, [bob]);
    const message = thread.send(alice);
    assert.deepEqual(thread.do({ input: 'read', by: bob, message }), []);
    assert.deepEqual(thread.do({ input: 'type', by: bob }), []);
  });

  test('who is removed is told so, with those who stay', () => {
    const thread = new TestThread().create(alice, [bob, carol]);
    thread.do({ input: 'remove', by: alice, user: bob.id });
    const { event, recipients } = thread.told.at(-1)!;
    assert.equal(event.event, 'participantsRemoved');
    assert.deepEqual(recipients, [alice.id, carol.id, bob.id]);
    thread.send(alice);
    assert.deepEqual(thread.told.at(-1)?.recipients, [alice.id, carol.id]);
  });

  test('an identity that is deleted leaves its threads', () => {
    const thread = new TestThread().create(alice, [bob]);
    assert.deepEqual(thread.do({ input: 'user-deleted', user: bob.id }), [
      'participants-removed',
      'message-sent',
    ]);
    assert.deepEqual(thread.do({ input: 'user-deleted', user: bob.id }), []);
  });
});
