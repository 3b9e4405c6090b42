/** The contract's part about texts. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PartRow, SmsAppend } from '../../app/ports/sms-store.ts';
import { at, endings, entry, type Using } from './samples.contract.ts';

const indexOf = (messageId: string, extra = {}) => ({
  messageId,
  resourceId: 'dev',
  direction: 'out' as const,
  from: '+18005550100',
  to: '+15005620000',
  at,
  ...extra,
});

/** A message that joins the queue `a,b`. */
const joining = (messageId: string, lane: string, due = at): SmsAppend => ({
  messageId,
  fromSeq: 1,
  at,
  facts: [{ fact: 'message-accepted' }],
  index: indexOf(messageId, { reportDue: due + 1000 }),
  queue: { kind: 'join', queue: 'a,b', lane, due, text: `says ${messageId}` },
  entries: [],
});

const later = (messageId: string, extra: Partial<SmsAppend>): SmsAppend => ({
  messageId,
  fromSeq: 2,
  at,
  facts: [{ fact: 'something' }],
  entries: [],
  ...extra,
});

const part = (number: number, extra: Partial<PartRow> = {}): PartRow => ({
  key: 'k',
  number,
  of: 3,
  at: at + number,
  carrier: 'a',
  from: '+1',
  to: '+2',
  text: `part ${number}`,
  ...extra,
});

export function smsContract(name: string, using: Using): void {
  describe(`${name}: texts`, () => {
    test('are journalled in order; a place that is taken and a gap are refused whole', () =>
      using(async ({ store }) => {
        const { sms } = store;
        const ended = await endings({
          first: sms.append(joining('m', 'lane')),
          rival: sms.append({ ...joining('m', 'lane'), entries: [entry('e')] }),
          gap: sms.append(later('m', { fromSeq: 3 })),
        });
        assert.deepEqual(ended, ['first stored', 'rival JournalConflict', 'gap JournalConflict']);
        assert.deepEqual(sms.load('m'), {
          facts: [{ seq: 1, at, fact: { fact: 'message-accepted' } }],
          lastSeq: 1,
        });
        assert.deepEqual(sms.load('nobody'), { facts: [], lastSeq: 0 });
        assert.deepEqual([sms.index('m')?.reportDue, store.owed()], [at + 1000, []]);
        const end = { endedAt: at + 5, row: 'sms/2000' };
        await sms.append(later('m', { index: indexOf('m', end), entries: [entry('e')] }));
        assert.deepEqual(sms.index('m'), indexOf('m', end));
        assert.equal(store.owed().length, 1);
      }));

    test('leave the queue in the order of their lane, and no lane waits for another', () =>
      using(async ({ store: { sms } }) => {
        await Promise.all([
          sms.append(joining('m1', 'x')),
          sms.append(joining('m2', 'x')),
          sms.append(joining('m3', 'y')),
          sms.append(joining('m4', 'x')),
        ]);
        assert.deepEqual(sms.ready('a,b', at, 9), ['m1', 'm3']);
        assert.deepEqual(sms.ready('a,b', at, 1), ['m1']);
        assert.deepEqual([sms.ready('a,b', at - 1, 9), sms.ready('b', at, 9)], [[], []]);
        await sms.append(later('m1', { queue: { kind: 'take' } }));
        assert.deepEqual(sms.ready('a,b', at, 9), ['m3']);
        assert.equal(sms.text('m1'), 'says m1');
        await sms.append(later('m1', { fromSeq: 3, queue: { kind: 'leave', due: at + 7 } }));
        assert.deepEqual([sms.ready('a,b', at + 7, 9), sms.text('m1')], [['m3', 'm2'], undefined]);
        await sms.append(later('m2', { queue: { kind: 'leave', due: at } }));
        assert.deepEqual(sms.ready('a,b', at, 9), ['m3', 'm4']);
        assert.deepEqual(sms.queues(), [{ queue: 'a,b', length: 2 }]);
      }));

    test('wait in another queue until they are due again', () =>
      using(async ({ store: { sms } }) => {
        await sms.append(joining('m', 'x'));
        await sms.append(later('m', { queue: { kind: 'wait', queue: 'b', due: at + 60 } }));
        assert.deepEqual([sms.ready('a,b', at + 99, 9), sms.ready('b', at + 59, 9)], [[], []]);
        assert.deepEqual([sms.nextReady('b', at), sms.nextReady('b', at + 60)], [at + 60, undefined]);
        assert.deepEqual(sms.ready('b', at + 60, 9), ['m']);
      }));

    test('that were taken from the queue and did not leave it are ready again after a crash', () =>
      using(async ({ store: { sms } }) => {
        await sms.append(joining('m1', 'x'));
        await sms.append(joining('m2', 'x'));
        await sms.append(joining('m3', 'y'));
        await sms.append(later('m1', { queue: { kind: 'take' } }));
        await sms.append(later('m3', { queue: { kind: 'wait', queue: 'a,b', due: at + 60 } }));
        await sms.recover(at);
        assert.deepEqual(sms.ready('a,b', at + 30, 9), ['m1']);
        assert.deepEqual(sms.ready('a,b', at + 60, 9), ['m1', 'm3']);
      }));

    test('are found by the ids that carriers gave their parts, and an id given out again is the later one’s', () =>
      using(async ({ store: { sms } }) => {
        const id = { carrier: 'a', carrierMessageId: '77', segment: 2 };
        await sms.append({ ...joining('m1', 'x'), carrierIds: [id] });
        assert.deepEqual(sms.findByCarrierId('a', '77'), { messageId: 'm1', segment: 2 });
        assert.equal(sms.findByCarrierId('b', '77'), undefined);
        await sms.append({ ...joining('m2', 'x'), carrierIds: [{ ...id, segment: 1 }] });
        assert.deepEqual(sms.findByCarrierId('a', '77'), { messageId: 'm2', segment: 1 });
      }));

    test('are overdue when no receipt is waited for any more, and are forgotten long after their end', () =>
      using(async ({ store }) => {
        const { sms } = store;
        assert.equal(sms.nextReportDue(), undefined);
        await sms.append(joining('m1', 'x', at + 10));
        await sms.append(joining('m2', 'y'));
        assert.equal(sms.nextReportDue(), at + 1000);
        assert.deepEqual(sms.overdue(at + 1000, 9), ['m2']);
        assert.deepEqual(sms.overdue(at + 2000, 9), ['m2', 'm1']);
        const index = indexOf('m2', { endedAt: at, row: 'sms/5002' });
        await sms.append(later('m2', { index, queue: { kind: 'leave', due: at } }));
        assert.deepEqual(sms.overdue(at + 2000, 9), ['m1']);
        await store.prune(at);
        assert.equal(sms.index('m2')?.row, 'sms/5002');
        await store.prune(at + 1);
        assert.deepEqual(
          [sms.index('m2'), sms.load('m2').lastSeq, sms.load('m1').lastSeq],
          [undefined, 0, 1],
        );
      }));

    test('are wiped by reset, and what was to become of them', () =>
      using(async ({ store }) => {
        const { sms } = store;
        const optOut = { resourceId: 'dev', sender: '+1', recipient: '+2' };
        await sms.append({ ...joining('m1', 'x'), optOuts: [{ ...optOut, since: at }] });
        await sms.keepPart(part(1));
        await store.reset([]);
        assert.deepEqual([sms.queues(), sms.load('m1').lastSeq, sms.isOptedOut(optOut)], [[], 0, false]);
        assert.deepEqual([sms.countParts(), sms.nextReportDue()], [0, undefined]);
      }));

    test('are refused by a store in trouble, and taken once it is mended', () =>
      using(async ({ store }) => {
        const { sms } = store;
        const makeRoom = store.faults.fill();
        const queue = { kind: 'join', queue: 'a,b', lane: 'x', due: at, text: 'x'.repeat(100_000) } as const;
        const full = sms.append({ ...joining('m', 'x'), queue });
        assert.deepEqual(await endings({ full }), ['full StoreFailed']);
        makeRoom();
        const restore = store.faults.lose();
        assert.throws(() => sms.ready('a,b', at, 1), { name: 'StoreFailed' });
        restore();
        await sms.append(joining('m', 'x'));
        assert.deepEqual(sms.ready('a,b', at, 1), ['m']);
      }));
  });

  describe(`${name}: opt-outs`, () => {
    test('are of one sender of one resource and one recipient, until they are lifted', () =>
      using(async ({ store: { sms } }) => {
        const optOut = { resourceId: 'dev', sender: '+1', recipient: '+2' };
        await sms.setOptOuts([{ ...optOut, since: at }]);
        await sms.append({ ...joining('m1', 'x'), optOuts: [{ ...optOut, since: at + 1 }] });
        assert.equal(sms.isOptedOut(optOut), true);
        for (const other of [{ resourceId: 'other' }, { sender: '+3' }, { recipient: '+3' }])
          assert.equal(sms.isOptedOut({ ...optOut, ...other }), false);
        await sms.append(later('m1', { optOuts: [{ ...optOut, since: undefined }] }));
        assert.equal(sms.isOptedOut(optOut), false);
      }));
  });

  describe(`${name}: parts of texts`, () => {
    test('are kept until their message is whole; a part that comes twice counts once', () =>
      using(async ({ store: { sms } }) => {
        await sms.keepPart(part(3));
        await sms.keepPart(part(1));
        await sms.keepPart(part(1, { text: 'again' }));
        await sms.keepPart(part(1, { key: 'other', at: at + 9 }));
        assert.deepEqual(sms.parts('k'), [part(1), part(3)]);
        assert.deepEqual([sms.countParts(), sms.oldestParts()], [3, { key: 'k', at: at + 1 }]);
        await sms.append({ ...joining('m', 'x'), dropParts: 'k' });
        assert.deepEqual([sms.parts('k'), sms.oldestParts()?.key], [[], 'other']);
      }));
  });
}
