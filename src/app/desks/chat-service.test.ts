import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { alice, bob, carol, done, Room, refused } from './chat-room.fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'ringback-chat-'));
after(() => rmSync(directory, { recursive: true }));

const events = (room: Room): readonly string[] => room.told.map(({ event }) => event.event);

describe('events of a thread', () => {
  test('are told in order, once each, and only when they are stored', async () => {
    const room = new Room();
    const id = await room.thread();
    const sent = Promise.all(Array.from({ length: 20 }, (_, i) => room.send(id, String(i))));
    const typed = room.chats.typing(bob, id, {});
    assert.deepEqual(events(room), ['chatThreadCreated'], 'nothing is told before its append has settled');
    await Promise.all([sent, typed]);
    assert.deepEqual(
      room.told.slice(1).map(({ event }) => ('message' in event ? event.message.sequence : event.event)),
      [...Array.from({ length: 20 }, (_, i) => i + 3), 'typingIndicatorReceived'],
    );
  });

  test('of a store that failed are told to nobody, and the thread goes on as it was stored', async () => {
    const room = new Room();
    const id = await room.thread();
    done(await room.send(id, 'kept'));
    const unlock = room.store.faults.lock();
    const [first, second] = await Promise.all([room.send(id, 'lost'), room.send(id, 'lost too')]);
    assert.deepEqual(refused(first), ['chat/503', 'store-silent@request']);
    assert.deepEqual(refused(second), ['chat/503', 'store-silent@request']);
    assert.ok('refused' in first && first.retryAfterMs !== undefined);
    unlock();
    const again = done(await room.send(id, 'after'));
    assert.deepEqual(room.texts(id), ['after', 'kept']);
    const message = done(room.chats.message(bob, id, String(again)));
    assert.equal(message.sequence, 4, 'no place is left empty by what was not stored');
    assert.deepEqual(events(room).slice(1), ['chatMessageReceived', 'chatMessageReceived']);
  });

  test('reach every listener, whatever another one throws', async () => {
    const troubles: unknown[] = [];
    const room = new Room({ changes: { onTrouble: (error) => troubles.push(error) } });
    const off = room.chats.subscribe(() => {
      throw new Error('a defect');
    });
    const heard: string[] = [];
    room.chats.subscribe(({ event }) => void heard.push(event.event));
    await room.thread();
    off();
    await room.thread();
    assert.deepEqual(heard, ['chatThreadCreated', 'chatThreadCreated']);
    assert.equal(troubles.length, 1);
  });
});

describe('a thread', () => {
  test('is found again by another process, folded from a snapshot and what followed', async () => {
    const file = join(directory, 'again.db');
    const room = new Room({ file });
    const id = await room.thread([bob, carol], { metadata: { a: '1' } });
    for (let i = 0; i < 250; i += 1) done(await room.send(id, String(i)));
    done(await room.chats.update(alice, id, { topic: 'other' }));
    done(await room.chats.remove(alice, id, carol.id));
    const before = room.chats.desk.thread(id);
    await room.store.close();
    const later = new Room({ file });
    const loaded = later.store.chat.load(id);
    assert.ok(loaded.snapshot && loaded.facts.length < 200 && loaded.facts.length > 0);
    assert.deepEqual(later.chats.desk.thread(id), before);
    assert.equal(later.texts(id).length, 198, 'of a page of 200, two are the service’s own');
    assert.equal(later.texts(id, carol).length, 199, 'what came after she went is not hers');
    await later.store.close();
  });

  test('is made once for one request id of a user, also while the first is on its way and after a restart', async () => {
    const file = join(directory, 'once.db');
    const room = new Room({ file });
    const create = (rooms: Room, by = alice) =>
      rooms.chats.create(by, { topic: 't', participants: [] }, 'id');
    const made = await Promise.all([create(room), create(room), create(room)]);
    const ids = new Set(made.map((answer) => done(answer).thread.id));
    assert.equal(ids.size, 1);
    await room.store.close();
    const later = new Room({ file });
    assert.ok(ids.has(done(await create(later)).thread.id));
    assert.ok(!ids.has(done(await create(later, bob)).thread.id));
    await later.clock.advance(3_600_000);
    assert.ok(!ids.has(done(await create(later)).thread.id));
    await later.store.close();
  });

  test('that could not be stored is made by the repetition', async () => {
    const room = new Room();
    const unlock = room.store.faults.lock();
    const create = () => room.chats.create(alice, { topic: 't', participants: [] }, 'id');
    assert.deepEqual(refused(await create()), ['chat/503', 'store-silent@request']);
    unlock();
    const { thread } = done(await create());
    assert.equal(done(await create()).thread.id, thread.id);
    assert.equal(events(room).length, 1);
  });

  test('ends by its retention policy, on the clock, and its messages are forgotten', async () => {
    const room = new Room();
    const id = await room.thread();
    const kept = await room.thread();
    done(await room.send(id));
    done(
      await room.chats.update(bob, id, {
        retention: { kind: 'threadCreationDate', deleteThreadAfterDays: 30 },
      }),
    );
    await room.clock.advance(30 * 86_400_000 - 1);
    assert.equal(done(room.chats.thread(alice, id)).topic, 'topic');
    await room.clock.advance(1);
    await room.clock.advance(0);
    assert.deepEqual(refused(room.chats.thread(alice, id)), ['chat/403', 'thread-deleted@thread']);
    assert.equal(events(room).at(-1), 'chatThreadDeleted');
    assert.deepEqual(room.store.chat.messages({ threadId: id, fromId: 0, limit: 9 }), []);
    assert.equal(done(room.chats.thread(alice, kept)).phase, 'open');
  });

  test('whose policy fell due while nobody ran ends at the next start', async () => {
    const file = join(directory, 'due.db');
    const room = new Room({ file });
    const retention = { kind: 'threadCreationDate', deleteThreadAfterDays: 30 } as const;
    const id = await room.thread([bob], { retention });
    await room.store.close();
    const later = new Room({ file });
    await later.clock.advance(31 * 86_400_000);
    assert.equal(done(later.chats.thread(bob, id)).phase, 'open');
    later.chats.start();
    await later.clock.advance(0);
    assert.deepEqual(refused(later.chats.thread(bob, id)), ['chat/403', 'thread-deleted@thread']);
    await later.store.close();
  });

  test('is left by an identity that is deleted', async () => {
    const room = new Room();
    const [one, two] = [await room.thread([bob, carol]), await room.thread([bob])];
    room.deleteIdentity(bob.id);
    await room.clock.advance(0);
    for (const id of [one, two]) assert.ok(!(bob.id in done(room.chats.thread(alice, id)).participants));
    assert.deepEqual(done(room.chats.threads(bob, {})).items, []);
  });
});

describe('messages', () => {
  test('are edited as they stand, also while they are on their way to the store', async () => {
    const room = new Room();
    const id = await room.thread();
    const message = done(await room.send(id, 'one'));
    const edits = ['two', 'three', 'four'].map((text) =>
      room.chats.edit(alice, id, String(message), { text }),
    );
    const metadata = room.chats.edit(alice, id, String(message), { metadata: { k: 'v' } });
    for (const answer of await Promise.all([...edits, metadata])) done(answer);
    const { content, metadata: kept } = done(room.chats.message(bob, id, String(message)));
    assert.deepEqual([content, kept], [{ type: 'text', text: 'four' }, { k: 'v' }]);
    for (const odd of ['', '-1', '1e3', '0x10', '９', `${message}.0`, '1'.repeat(300)])
      assert.deepEqual(refused(room.chats.message(bob, id, odd)), ['chat/404', 'message-unknown@thread']);
  });

  test('are seen by who was removed as they were when they went', async () => {
    const room = new Room();
    const id = await room.thread([bob, carol]);
    const kept = done(await room.send(id, 'kept'));
    const changed = done(await room.send(id, 'to be changed'));
    done(await room.chats.remove(alice, id, bob.id));
    done(await room.chats.edit(alice, id, String(changed), { text: 'a secret' }));
    done(await room.send(id, 'later'));
    assert.deepEqual(room.texts(id, bob), ['kept']);
    assert.equal(done(room.chats.message(bob, id, String(kept))).id, kept);
    const hidden = refused(room.chats.message(bob, id, String(changed)));
    assert.deepEqual(hidden, ['chat/404', 'message-hidden@thread']);
    for (const answer of [
      room.chats.thread(bob, id),
      room.chats.participants(bob, id, { skip: 0 }),
      room.chats.receipts(bob, id, { skip: 0 }),
    ])
      assert.deepEqual(refused(answer), ['chat/403', 'no-longer-a-participant@thread']);
  });
});

describe('rates', () => {
  test('are those that are documented, on the clock, in both windows', async () => {
    const room = new Room({ changes: { rates: 'documented' } });
    const id = await room.thread();
    for (let round = 0; round < 3; round += 1) {
      for (let i = 0; i < 10; i += 1) done(await room.send(id));
      const over = await room.send(id);
      assert.deepEqual(refused(over), ['chat/429', 'rate-reached@thread']);
      assert.ok('refused' in over);
      assert.equal(over.retryAfterMs, 10_000);
      await room.clock.advance(10_000);
    }
    const over = await room.send(id);
    assert.ok(
      'refused' in over && over.retryAfterMs === 30_000,
      'thirty in a minute, the first half a minute ago',
    );
    assert.match(over.refused.detail ?? '', /in 60 s: 30 are/);
    const other = await room.thread();
    done(await room.send(other));
    await room.clock.advance(30_000);
    done(await room.send(id));
  });

  test('count nothing that was refused, and do not tell strangers anything', async () => {
    const room = new Room({ changes: { rates: 'documented' } });
    const id = await room.thread([bob]);
    for (let i = 0; i < 40; i += 1)
      assert.deepEqual(refused(await room.send(id, '', carol)), ['chat/403', 'not-a-participant@thread']);
    for (let i = 0; i < 5; i += 1) done(await room.chats.typing(bob, id, {}));
    assert.equal(refused(await room.chats.typing(bob, id, {}))[0], 'chat/429');
    done(await room.chats.typing(alice, id, {}));
    done(await room.send(id));
  });
});
