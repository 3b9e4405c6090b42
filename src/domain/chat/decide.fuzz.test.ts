/** Thousands of made-up thread histories: whatever is asked by whomever in whatever order, these hold. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { one, type Random, seeded } from '../../../test/fuzz/random.ts';
import type { Actor } from './access.ts';
import { evolve, type Folded } from './evolve.ts';
import { journalled } from './facts.ts';
import type { Input } from './inputs.ts';
import { alice, bob, carol, noon, TestThread, user } from './thread.fixture.ts';
import type { Thread } from './thread.ts';

const people: readonly Actor[] = [
  alice,
  bob,
  carol,
  user('dave'),
  user('alice', ['chat.join.limited']),
  user('eve', ['chat'], '00000000-0000-0000-0000-000000000001'),
];

function anything(next: Random, thread: TestThread): Input {
  const by = one(next, people);
  const known = [...thread.messages.values()];
  // One beyond the last: there is none of that id.
  const message = known[next(known.length + 1)];
  const user = one(next, people).id;
  const inputs: readonly Input[] = [
    { input: 'create', threadId: 'T', by, topic: 't', participants: [{ id: user }] },
    { input: 'update', by, topic: 'new', metadata: { [`k${next(3)}`]: next(2) === 0 ? '' : 'v' } },
    { input: 'update', by, retention: { kind: 'threadCreationDate', deleteThreadAfterDays: 30 } },
    { input: 'add', by, participants: [{ id: user }, { id: user, shareHistoryTime: noon + next(50) }] },
    { input: 'remove', by, user },
    { input: 'user-deleted', user },
    { input: 'send', by, type: one(next, ['text', 'html']), text: 'x'.repeat(next(30)) },
    { input: 'edit', by, message, text: 'y'.repeat(next(30)), metadata: { a: 'b' } },
    { input: 'delete-message', by, message },
    { input: 'read', by, message },
    { input: 'type', by },
    { input: 'tick' },
    ...(next(20) === 0 ? [{ input: 'delete', by } as const] : []),
  ];
  return one(next, inputs);
}

test('histories of threads hold together', () => {
  let told = 0;
  for (let seed = 1; seed <= 400; seed += 1) {
    const next = seeded(seed);
    const thread = new TestThread({ participants: 4, messageBytes: 25, noticesUpTo: 3 });
    thread.create(alice, [bob]);
    let version = thread.open.stamp;
    let sequence = thread.open.sequence;
    for (let step = 0; step < 60; step += 1) {
      if (next(4) === 0) thread.at += next(20_000);
      const input = anything(next, thread);
      if (input.input === 'create') continue;
      const before = thread.thread;
      const factsBefore = thread.facts.length;
      const toldBefore = thread.told.length;
      const result = thread.try(input);
      const context = `seed ${seed}, step ${step}: ${input.input}`;
      if (typeof result === 'string') {
        assert.equal(thread.thread, before, `${context}: refused, and something changed`);
        continue;
      }
      const now = thread.thread as Thread;
      for (const fact of thread.facts.slice(factsBefore)) {
        if (fact.fact === 'message-sent') {
          assert.equal(fact.message.sequence, sequence + 1, `${context}: a gap in the sequence`);
          sequence += 1;
        }
        const given = 'message' in fact ? fact.message.version : 'version' in fact ? fact.version : undefined;
        if (given === undefined) continue;
        assert.ok(given > version, `${context}: version ${given} after ${version}`);
        version = given;
      }
      for (const { event, recipients } of thread.told.slice(toldBefore)) {
        told += 1;
        const gone = event.event === 'participantsRemoved' ? event.participants.map(({ id }) => id) : [];
        for (const id of recipients)
          assert.ok(id in now.participants || gone.includes(id), `${context}: ${id} is told and not there`);
        assert.equal(new Set(recipients).size, recipients.length, `${context}: somebody is told twice`);
        if ('message' in event)
          for (const id of recipients)
            assert.ok((now.participants[id]?.shareHistoryTime ?? 0) <= event.message.id, context);
      }
      assert.ok(Object.keys(now.participants).length <= 4, context);
    }
    let folded: Thread | undefined;
    for (const fact of thread.facts)
      if (fact.fact !== 'typing')
        folded = evolve(folded, JSON.parse(JSON.stringify(journalled(fact))) as Folded);
    assert.deepEqual(folded, thread.thread, `seed ${seed}: the journal folds to the same state`);
  }
  assert.ok(told > 2000, `only ${told} events`);
});
