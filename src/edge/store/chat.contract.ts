/** The contract's part about threads and messages. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ThreadAppend } from '../../app/ports/chat-store.ts';
import { at, endings, entry, type Using } from './samples.contract.ts';

/** Facts of one message each. */
function said(
  threadId: string,
  fromSeq: number,
  ids: readonly number[],
  extra: Partial<ThreadAppend> = {},
): ThreadAppend {
  return {
    threadId,
    fromSeq,
    at,
    facts: ids.map((id) => ({ fact: { said: id }, messageId: id })),
    messages: ids.map((id) => ({ id, version: id, body: { text: `message ${id}` } })),
    index: { threadId, resourceId: 'dev', topic: 'topic', createdAt: at, activeAt: at },
    joined: [],
    left: [],
    entries: [],
    ...extra,
  };
}

const ids = (rows: readonly { readonly id: number }[]) => rows.map(({ id }) => id);
const everything = { threadId: 'a', fromId: 0, limit: 100 };

export function chatContract(name: string, using: Using): void {
  describe(`${name}: threads`, () => {
    test('are loaded from their facts, and from the latest snapshot on', () =>
      using(async ({ store: { chat } }) => {
        await Promise.all([chat.append(said('a', 1, [1, 2])), chat.append(said('b', 1, [9]))]);
        assert.deepEqual(chat.load('a'), {
          facts: [
            { seq: 1, at, fact: { said: 1 } },
            { seq: 2, at, fact: { said: 2 } },
          ],
          lastSeq: 2,
        });
        await chat.append(said('a', 3, [3], { snapshot: { folded: 3 } }));
        assert.deepEqual(chat.load('a'), { snapshot: { folded: 3 }, facts: [], lastSeq: 3 });
        await chat.append(said('a', 4, [4]));
        assert.deepEqual(ids(chat.load('a').facts.map(({ seq }) => ({ id: seq }))), [4]);
        assert.deepEqual(chat.load('nobody'), { facts: [], lastSeq: 0 });
      }));

    test('refuse facts whose place is taken or that would leave a gap, whole', () =>
      using(async ({ store }) => {
        const { chat } = store;
        const ended = await endings({
          first: chat.append(said('a', 1, [1])),
          rival: chat.append(said('a', 1, [2], { entries: [entry('e')], joined: ['rival'] })),
          gap: chat.append(said('a', 3, [3])),
          other: chat.append(said('b', 1, [1])),
        });
        assert.deepEqual(ended, [
          'first stored',
          'rival JournalConflict',
          'gap JournalConflict',
          'other stored',
        ]);
        assert.deepEqual(ids(chat.messages(everything)), [1]);
        assert.deepEqual([store.owed(), chat.threadsOf('rival')], [[], []]);
      }));

    test('store what is owed and what is remembered with their facts', () =>
      using(async ({ store }) => {
        const remember = { key: 'k', bodyHash: '', status: 201, body: 'a', expiresAt: at + 10 };
        await store.chat.append(said('a', 1, [1], { entries: [entry('e', { callId: 'a/1' })], remember }));
        assert.deepEqual(store.deliveries({ callId: 'a/1', limit: 9 }).length, 1);
        assert.deepEqual(store.repeat('k', at), remember);
      }));

    test('of a user are listed by their latest activity, in pages', () =>
      using(async ({ store: { chat } }) => {
        const activity: Readonly<Record<string, number>> = { a: 5, b: 7, c: 5, d: 1 };
        for (const [threadId, activeAt] of Object.entries(activity)) {
          const index = { threadId, resourceId: 'dev', topic: '', createdAt: 0, activeAt };
          await chat.append(said(threadId, 1, [1], { index, joined: ['alice'] }));
        }
        const foreign = { threadId: 'f', resourceId: 'other', topic: '', createdAt: 0, activeAt: 9 };
        await chat.append(said('f', 1, [1], { index: foreign, joined: ['alice'] }));
        const query = { user: 'alice', resourceId: 'dev', limit: 2 };
        const list = (more = {}) => chat.threads({ ...query, ...more }).map(({ threadId }) => threadId);
        assert.deepEqual(list(), ['b', 'c']);
        assert.deepEqual(list({ after: { activeAt: 5, threadId: 'c' } }), ['a', 'd']);
        assert.deepEqual(list({ since: 5, limit: 9 }), ['b', 'c', 'a']);
        await chat.append(said('d', 2, [2], { joined: ['alice'], left: ['alice'] }));
        await chat.append(said('c', 2, [2], { left: ['alice'] }));
        assert.deepEqual(chat.threadsOf('alice'), ['a', 'b', 'd', 'f']);
      }));
  });

  describe(`${name}: messages`, () => {
    test('are listed by version, newest first, within bounds, and found by id', () =>
      using(async ({ store: { chat } }) => {
        await chat.append(said('a', 1, [1, 2, 3, 4]));
        await chat.append(
          said('a', 5, [], {
            facts: [{ fact: {}, messageId: 2 }],
            messages: [{ id: 2, version: 5, body: {} }],
          }),
        );
        assert.deepEqual(ids(chat.messages(everything)), [2, 4, 3, 1]);
        assert.deepEqual(ids(chat.messages({ ...everything, limit: 2, before: 5 })), [4, 3]);
        assert.deepEqual(ids(chat.messages({ ...everything, fromId: 2 })), [2, 4, 3]);
        assert.deepEqual(ids(chat.messages({ ...everything, until: 4 })), [4, 3, 1]);
        assert.deepEqual(ids(chat.messages({ ...everything, since: 4 })), [2, 4]);
        assert.deepEqual(chat.message('a', 2), { id: 2, version: 5, body: {} });
        assert.equal(chat.message('b', 2), undefined);
        assert.equal(chat.factsOf('a', 2).length, 2);
        await chat.append(said('b', 1, [2]));
        assert.deepEqual(chat.threadsWithMessage(2), ['a', 'b']);
      }));

    test('of a deleted thread go in portions, and the thread with them when it is old', () =>
      using(async ({ store }) => {
        const { chat } = store;
        const many = Array.from({ length: 1200 }, (_, i) => i + 1);
        await chat.append(said('a', 1, many));
        await chat.append(said('b', 1, [1], { joined: ['alice'] }));
        const index = {
          threadId: 'a',
          resourceId: 'dev',
          topic: '',
          createdAt: at,
          activeAt: at,
          deletedAt: at,
        };
        await chat.append(said('a', 1201, [], { facts: [{ fact: {} }], index, joined: ['alice'] }));
        assert.deepEqual(chat.toEmpty(), ['a']);
        const more = [await chat.empty('a'), await chat.empty('a'), await chat.empty('a')];
        assert.deepEqual(more, [true, true, false]);
        assert.deepEqual([chat.toEmpty(), chat.messages(everything)], [[], []]);
        await store.prune(at);
        assert.equal(chat.index('a')?.deletedAt, at);
        await store.prune(at + 1);
        assert.deepEqual(
          [chat.index('a'), chat.load('a').lastSeq, chat.threadsOf('alice')],
          [undefined, 0, ['b']],
        );
      }));

    test('open threads are given by the time at which they end', () =>
      using(async ({ store: { chat } }) => {
        for (const [threadId, purgeAt] of Object.entries({ a: 30, b: 10, c: 20 })) {
          const index = { threadId, resourceId: 'dev', topic: '', createdAt: 0, activeAt: 0, purgeAt };
          await chat.append(said(threadId, 1, [1], { index }));
        }
        await chat.append(said('none', 1, [1]));
        assert.deepEqual(chat.nextPurges(2), [
          { threadId: 'b', purgeAt: 10 },
          { threadId: 'c', purgeAt: 20 },
        ]);
      }));

    test('and threads are wiped by reset', () =>
      using(async ({ store }) => {
        await store.chat.append(said('a', 1, [1], { joined: ['alice'], snapshot: {} }));
        await store.reset([]);
        const { chat } = store;
        assert.deepEqual(
          [chat.load('a').lastSeq, chat.messages(everything), chat.threadsOf('alice'), chat.index('a')],
          [0, [], [], undefined],
        );
        await chat.append(said('a', 1, [1]));
      }));

    test('are refused by a store in trouble, and taken once it is mended', () =>
      using(async ({ store }) => {
        const { chat } = store;
        await chat.append(said('a', 1, [1]));
        const makeRoom = store.faults.fill();
        assert.deepEqual(await endings({ full: chat.append(said('a', 2, [2])) }), ['full StoreFailed']);
        makeRoom();
        const restore = store.faults.lose();
        assert.throws(() => chat.messages(everything), { name: 'StoreFailed' });
        restore();
        await chat.append(said('a', 2, [2]));
        assert.deepEqual(ids(chat.messages(everything)), [2, 1]);
      }));
  });
}
