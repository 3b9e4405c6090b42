/** The contract's part about everything that stands beside the journals. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, entry, facts, index, type Using } from './samples.contract.ts';

export function recordsContract(name: string, using: Using): void {
  describe(`${name}: deliveries, repeats, traces and documents`, () => {
    test('an entry is owed in the order of its stream until an attempt settles it', () =>
      using(async ({ store }) => {
        await store.append(
          facts('a', 1, 1, { entries: [entry('2', { order: 2, callId: 'a' }), entry('1', { callId: 'a' })] }),
        );
        assert.deepEqual(
          store.owed().map((owed) => owed.entry.id),
          ['1', '2'],
        );
        const failed = { at: at + 1, detail: 'refused', durationMs: 3 };
        const taken = { at: at + 9, status: 200, detail: '', durationMs: 2 };
        await store.attempted('1', failed, 'owed');
        await store.attempted('1', taken, 'delivered');
        await store.attempted('forgotten', taken, 'delivered');
        assert.deepEqual(store.deliveries({ callId: 'a', limit: 9 }), [
          { entry: entry('2', { order: 2, callId: 'a' }), state: 'owed', attempts: [] },
          { entry: entry('1', { callId: 'a' }), state: 'delivered', attempts: [failed, taken] },
        ]);
        assert.equal(store.owed().length, 1);
        assert.equal(store.deliveries({ limit: 1 }).length, 1);
      }));

    test('a repeat is remembered with its append until it expires', () =>
      using(async ({ store }) => {
        const record = { key: 'k', bodyHash: 'h', status: 201, body: '{}', expiresAt: at + 10 };
        await store.append(facts('a', 1, 0, { remember: record }));
        assert.deepEqual(store.repeat('k', at + 9), record);
        assert.equal(store.repeat('k', at + 10), undefined);
        await store.remember({ ...record, expiresAt: at + 20 });
        assert.equal(store.repeat('k', at + 10)?.expiresAt, at + 20);
      }));

    test('traces are written behind and come back by time', () =>
      using(async ({ store }) => {
        store.addTrace('leg-1', at + 2, { n: 2 });
        store.addTrace('leg-2', at + 1, { n: 1 });
        store.addTrace('leg-1', at + 2, { n: 3 });
        store.addTrace('leg-3', at, { n: 0 });
        await store.flush();
        await store.flush();
        assert.deepEqual(
          store.traces(['leg-1', 'leg-2']).map(({ trace }) => trace),
          [{ n: 1 }, { n: 2 }, { n: 3 }],
        );
      }));

    test('documents: the last write wins, and undefined forgets', () =>
      using(async ({ store }) => {
        await Promise.all([
          store.putDocument('numbers', 'b', 1),
          store.putDocument('numbers', 'a', { v: 1 }),
        ]);
        await Promise.all([
          store.putDocument('numbers', 'a', { v: 2 }),
          store.putDocument('numbers', 'b', undefined),
        ]);
        assert.deepEqual(store.documents('numbers'), [{ name: 'a', value: { v: 2 } }]);
        assert.deepEqual(store.document('numbers', 'a'), { v: 2 });
        assert.equal(store.document('numbers', 'b'), undefined);
      }));

    test('prune forgets what ended before, and keeps what lives or is owed', () =>
      using(async ({ store }) => {
        const early = at - 1000;
        const ended = { startedAt: early, endedAt: early };
        const many = Array.from({ length: 450 }, (_, i) => `old-${i}`);
        await Promise.all(
          many.map((id) => store.append({ ...facts(id, 1, 1, { index: index(id, ended) }), at: early })),
        );
        await store.append({ ...facts('lone', 1, 1), at: early });
        await store.append({
          ...facts('alive', 1, 1, { index: index('alive', { startedAt: early }) }),
          at: early,
        });
        await store.post([entry('owed', { at: early }), entry('gone', { at: early, order: 2 })]);
        await store.attempted('gone', { at: early, detail: '', durationMs: 1 }, 'given-up');
        store.addTrace('old', early, {});
        await store.flush();
        await store.prune(at);
        assert.deepEqual(
          ['old-0', 'old-449', 'lone', 'alive'].map((id) => store.journal(id).length),
          [0, 0, 0, 1],
        );
        assert.deepEqual(
          store.calls({ limit: 9 }).map(({ callId }) => callId),
          ['alive'],
        );
        assert.equal(store.find('server-old-0'), undefined);
        assert.deepEqual(
          store.deliveries({ limit: 9 }).map(({ entry: { id } }) => id),
          ['owed'],
        );
        assert.deepEqual(store.traces(['old']), []);
      }));

    test('reset forgets everything but the kept collections, and the journal begins anew', () =>
      using(async ({ store }) => {
        await store.append(facts('a', 1, 1, { index: index('a'), entries: [entry('e')] }));
        await Promise.all([store.putDocument('keys', 'k', 1), store.putDocument('numbers', 'n', 1)]);
        store.addTrace('a', at, {});
        await store.reset(['keys']);
        await store.flush();
        assert.deepEqual(
          [store.journal('a'), store.owed(), store.calls({ limit: 1 }), store.traces(['a'])],
          [[], [], [], []],
        );
        assert.deepEqual([store.document('keys', 'k'), store.document('numbers', 'n')], [1, undefined]);
        await store.append(facts('a', 1, 1));
      }));
  });
}
