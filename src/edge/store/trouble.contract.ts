/** The contract's part about locks, full disks, lost connections and the end. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { at, endings, facts, type Using } from './samples.contract.ts';

export function troubleContract(name: string, using: Using): void {
  describe(`${name}: when the store is in trouble`, () => {
    test('a lock that is released in time only delays, and readers do not notice it', () =>
      using(
        async ({ store }) => {
          await store.append(facts('a', 1));
          const unlock = store.faults.lock();
          const waiting = endings({
            first: store.append(facts('a', 3)),
            second: store.append(facts('b', 1)),
          });
          // Three turns: the first of them meets the lock.
          for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
          assert.equal(store.journal('a').length, 2);
          unlock();
          assert.deepEqual(await waiting, ['first stored', 'second stored']);
        },
        { answerWithin: 5000 },
      ));

    test('a lock that stays is answered with StoreSilent, and the next append works once it is gone', () =>
      using(async ({ store }) => {
        const unlock = store.faults.lock();
        const ended = await endings({
          first: store.append(facts('a', 1)),
          second: store.append(facts('b', 1)),
        });
        assert.deepEqual(ended, ['first StoreSilent', 'second StoreSilent']);
        unlock();
        await store.append(facts('a', 1));
        assert.equal(store.journal('a').length, 2);
      }));

    test('a full disk is answered with StoreFailed, and the next append works once there is room', () =>
      using(async ({ store }) => {
        await store.append(facts('a', 1));
        const makeRoom = store.faults.fill();
        assert.deepEqual(
          await endings({ first: store.append(facts('a', 3)), second: store.append(facts('b', 1)) }),
          ['first StoreFailed', 'second StoreFailed'],
        );
        makeRoom();
        await store.append(facts('a', 3));
        assert.equal(store.journal('a').length, 4);
      }));

    test('a lost connection is answered with StoreFailed, and what was stored is there when it is back', () =>
      using(async ({ store }) => {
        await store.append(facts('a', 1));
        const restore = store.faults.lose();
        assert.deepEqual(await endings({ lost: store.append(facts('a', 3)) }), ['lost StoreFailed']);
        assert.throws(() => store.journal('a'), { name: 'StoreFailed' });
        restore();
        await store.append(facts('a', 3));
        assert.equal(store.journal('a').length, 4);
      }));

    test('traces that cannot be written fail nobody', () =>
      using(async ({ store }) => {
        const makeRoom = store.faults.fill();
        store.addTrace('a', at, {});
        for (let turn = 0; turn < 3; turn += 1) await new Promise(setImmediate);
        makeRoom();
        await store.flush();
        assert.equal(store.traces(['a']).length, 1);
      }));

    test('closing writes what was accepted, and a closed store refuses', () =>
      using(async ({ store }) => {
        const accepted = store.append(facts('a', 1));
        const closing = store.close();
        await accepted;
        await closing;
        assert.deepEqual(await endings({ late: store.append(facts('a', 3)), flush: store.flush() }), [
          'late StoreFailed',
          'flush StoreFailed',
        ]);
        assert.throws(() => store.alive(), { name: 'StoreFailed' });
      }));

    test('the process is held busy exactly while a write is pending', () => {
      const held: string[] = [];
      const hold = (what: string) => {
        held.push(what);
        return () => void held.pop();
      };
      return using(
        async ({ store }) => {
          const written = store.append(facts('a', 1));
          const more = store.append(facts('b', 1));
          assert.deepEqual(held, ['a store write']);
          await Promise.all([written, more]);
          assert.deepEqual(held, []);
        },
        { answerWithin: 60, hold },
      );
    });
  });
}
