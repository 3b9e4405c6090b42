import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DueList } from './due-list.ts';
import { ManualClock } from './manual-clock.ts';
import { QuietWatch } from './quiet-watch.ts';
import { RealClock } from './real-clock.ts';

test('what is due comes out by instant, and first come first served among equals', () => {
  const list = new DueList();
  const seen: string[] = [];
  for (const [due, name] of [
    [5, 'e'],
    [1, 'a'],
    [3, 'c1'],
    [3, 'c2'],
    [2, 'b'],
  ] as const) {
    list.add({ due, name, fire: () => {} });
  }
  for (let due = list.take(9); due; due = list.take(9)) seen.push(due.name);
  assert.deepEqual(seen, ['a', 'b', 'c1', 'c2', 'e']);
});

test('a thousand cancelled entries leave nothing behind', () => {
  const list = new DueList();
  for (let i = 0; i < 1000; i += 1) list.add({ due: 1000 - i, name: 'x', fire: () => {} })();
  list.add({ due: 7, name: 'kept', fire: () => {} });
  assert.equal(list.size, 1);
  assert.equal(list.take(9)?.name, 'kept');
});

test('a manual clock fires in order what falls due, also what is set while it moves', async () => {
  const clock = new ManualClock(1000, new QuietWatch());
  const seen: number[] = [];
  clock.at(1500, 'first', () => {
    seen.push(clock.now());
    clock.at(1800, 'second', () => seen.push(clock.now()));
  });
  clock.at(2001, 'later', () => seen.push(-1));
  const { fired } = await clock.advance(1000);
  assert.deepEqual(seen, [1500, 1800]);
  assert.deepEqual(
    fired.map((f) => f.what),
    ['first', 'second'],
  );
  assert.equal(clock.now(), 2000);
});

test('a manual clock waits while the process is busy and names what kept it', async () => {
  const quiet = new QuietWatch();
  const clock = new ManualClock(0, quiet, 30);
  quiet.hold('store write');
  clock.at(10, 'never', () => assert.fail('fired while busy'));
  assert.deepEqual(await clock.advance(20), { fired: [], busy: ['store write'] });
  assert.equal(clock.now(), 0);
});

test('a hold with a limit lets go by itself', async () => {
  const quiet = new QuietWatch();
  quiet.hold('an answer that never comes', 5);
  assert.deepEqual(await quiet.settled(1000), []);
});

test('a real clock fires what is due and keeps what was cancelled silent', async () => {
  const clock = new RealClock();
  const cancel = clock.at(Date.now() + 1, 'cancelled', () => assert.fail('it was cancelled'));
  cancel();
  await new Promise<void>((resolve) => clock.at(Date.now() + 5, 'fires', resolve));
  clock.stop();
});
