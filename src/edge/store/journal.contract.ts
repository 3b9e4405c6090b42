/** The contract's part about journals and the calls beside them. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Store } from '../../app/ports/store.ts';
import { at, endings, entry, facts, index, type Using } from './samples.contract.ts';

export function journalContract(name: string, using: Using): void {
  describe(`${name}: the journal`, () => {
    test('gives back what was appended, in order, and nothing for an unknown call', () =>
      using(async ({ store }) => {
        await Promise.all([
          store.append(facts('a', 1)),
          store.append(facts('b', 1, 1)),
          store.append(facts('a', 3)),
        ]);
        assert.deepEqual(
          store.journal('a').map(({ seq, fact }) => [seq, fact]),
          [1, 2, 3, 4].map((number) => [number, { kind: 'noted', number }]),
        );
        assert.deepEqual(store.journal('b'), [
          { callId: 'b', seq: 1, at, fact: { kind: 'noted', number: 1 } },
        ]);
        assert.deepEqual(store.journal('nobody'), []);
      }));

    test('refuses facts whose place is taken, and only those of its group', () =>
      using(async ({ store }) => {
        const ended = await endings({
          first: store.append(facts('a', 1)),
          rival: store.append(facts('a', 2)),
          other: store.append(facts('b', 1)),
        });
        assert.deepEqual(ended, ['first stored', 'rival JournalConflict', 'other stored']);
        assert.equal(store.journal('a').length, 2);
      }));

    test('refuses facts that would leave a gap, as after an append that failed', () =>
      using(async ({ store }) => {
        assert.deepEqual(await endings({ later: store.append(facts('a', 2)) }), ['later JournalConflict']);
      }));

    test('stores all or nothing of one append', () =>
      using(async ({ store }) => {
        await store.post([entry('taken')]);
        const ended = await endings({
          before: store.append(facts('a', 1)),
          spoilt: store.append(
            facts('b', 1, 2, { index: index('b'), entries: [entry('new'), entry('taken')] }),
          ),
          after: store.append(facts('c', 1)),
        });
        assert.deepEqual(ended, ['before stored', 'spoilt StoreFailed', 'after stored']);
        assert.deepEqual(store.journal('b'), []);
        assert.equal(store.find('b'), undefined);
        assert.deepEqual(
          store.owed().map((owed) => owed.entry.id),
          ['taken'],
        );
        assert.deepEqual([store.journal('a').length, store.journal('c').length], [2, 2]);
      }));

    test('refuses an owner whose epoch is over', (t) =>
      using(async ({ store, second }) => {
        if (!second) return t.skip('nobody else can open this data');
        await store.append(facts('a', 1));
        const next = second();
        const ended = await endings({
          facts: store.append(facts('a', 3)),
          entries: store.post([entry('e')]),
          document: store.putDocument('numbers', 'n', {}),
        });
        assert.deepEqual(ended, [
          'facts JournalConflict',
          'entries JournalConflict',
          'document JournalConflict',
        ]);
        await next.append(facts('a', 3));
        assert.equal(next.journal('a').length, 4);
        await next.close();
      }));
  });

  describe(`${name}: the calls`, () => {
    test('are found by their id and by every alias, as last written', () =>
      using(async ({ store }) => {
        await store.append(facts('a', 1, 1, { index: index('a') }));
        const ended = index('a', { endedAt: at + 5, row: 'call/0/0', aliases: ['server-a', 'leg-1'] });
        await store.append(facts('a', 2, 1, { index: ended }));
        for (const id of ['a', 'server-a', 'leg-1']) assert.deepEqual(store.find(id), ended);
        assert.equal(store.find('leg-2'), undefined);
      }));

    test('are listed newest first, in the order they came within one millisecond', () =>
      using(async ({ store }) => {
        const starts = { b: at, a: at, old: at - 1000, foreign: at + 1 };
        for (const [callId, startedAt] of Object.entries(starts)) {
          const resourceId = callId === 'foreign' ? 'other' : 'dev';
          await store.append(facts(callId, 1, 1, { index: index(callId, { startedAt, resourceId }) }));
        }
        const ids = (filter: Parameters<Store['calls']>[0]) =>
          store.calls(filter).map(({ callId }) => callId);
        assert.deepEqual(ids({ limit: 10 }), ['foreign', 'a', 'b', 'old']);
        assert.deepEqual(ids({ limit: 2, resourceId: 'dev' }), ['a', 'b']);
        assert.equal(store.countCalls('dev', at), 2);
        assert.equal(store.countCalls('dev', at - 1000), 3);
      }));

    test('without an end are alive', () =>
      using(async ({ store }) => {
        await store.append(facts('a', 1, 1, { index: index('a') }));
        await store.append(facts('b', 1, 1, { index: index('b') }));
        await store.append(facts('a', 2, 1, { index: index('a', { endedAt: at + 1 }) }));
        assert.deepEqual(store.alive(), ['b']);
      }));
  });
}
