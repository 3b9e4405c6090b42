import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { SubmitEvent } from '../ports/sms-carriers.ts';
import type { SmsRequest } from './sms-commands.ts';
import { accepting, done, handset, Office, ours, resource, statusOf } from './sms-office.fixture.ts';

const lost = { kind: 'lost', why: 'the connection closed' } as SubmitEvent;
const refused = (status: number) => ({ kind: 'refused', status }) as SubmitEvent;
const request: SmsRequest = { from: ours, recipients: [{ to: handset }], text: 'hi', report: false };

describe('a text', () => {
  test('is submitted, taken and reported, and its report is owed once', async () => {
    const office = await Office.open();
    const [id] = await office.send('hello', { tag: 'a tag' });
    assert.equal(office.end(id), 'submitting');
    const [order] = office.acme.orders;
    assert.deepEqual([order?.text, order?.receipt, order?.segment], ['hello', true, undefined]);
    await office.take('77');
    assert.equal(office.end(id), 'sent');
    await office.receipt('77', 'DELIVRD');
    await office.receipt('77', 'DELIVRD');
    assert.equal(office.end(id), 'sms/2000 delivered@reporting');
    const reports = office.events('SMSDeliveryReportReceived');
    assert.deepEqual(
      reports.map(({ messageId, from, to, tag }) => [messageId, from, to, tag]),
      [[id, ours, handset, 'a tag']],
    );
    assert.deepEqual(office.texts.report(resource, id ?? '')?.end?.outcome.row, 'sms/2000');
    assert.equal(office.texts.report('other', id ?? ''), undefined, 'nobody else is told');
  });

  test('of which no report was asked for ends without one', async () => {
    const office = await Office.open();
    const [id] = await office.send('hello', { report: false });
    await office.take('77');
    await office.receipt('77', 'UNDELIV');
    assert.equal(office.end(id), 'sms/5000 undeliverable@reporting');
    assert.deepEqual(office.owed, []);
  });

  test('keeps nothing of what it said once it has ended', async () => {
    const office = await Office.open();
    const [id = ''] = await office.send('a secret');
    await office.take('77');
    assert.equal(office.store.sms.text(id), undefined);
    await office.receipt('77', 'DELIVRD');
    assert.ok(!JSON.stringify(office.store.sms.load(id)).includes('secret'));
  });

  test('that is long goes out in parts, as there is room', async () => {
    const office = await Office.open();
    office.acme.window = 2;
    const [id] = await office.send('x'.repeat(400));
    const { orders } = office.acme;
    assert.deepEqual(
      orders.map(({ segment }) => [segment?.number, segment?.of]),
      [
        [1, 3],
        [2, 3],
      ],
    );
    await office.take('1', orders[0]);
    office.texts.room();
    await office.settle();
    assert.equal(orders.length, 3);
    assert.equal(new Set(orders.map(({ segment }) => segment?.reference)).size, 1);
    await office.take('3', orders[2]);
    await office.take('2', orders[1]);
    assert.equal(office.end(id), 'sent');
  });

  test('waits behind the one before it to the same handset, and behind no other', async () => {
    const office = await Office.open();
    await office.send('one');
    await office.send('two');
    await office.send('other', { recipients: [{ to: '+15005620001' }] });
    assert.deepEqual(office.acme.texts, ['one', 'other']);
    await office.take('1', office.acme.orders[0]);
    assert.deepEqual(office.acme.texts, ['one', 'other', 'two']);
  });

  test('that is throttled is tried again, and keeps its place before the next', async () => {
    const office = await Office.open();
    await office.send('one');
    await office.send('two');
    await office.answer(office.acme.orders[0], refused(0x58));
    await office.clock.advance(999);
    assert.deepEqual(office.acme.texts, ['one']);
    await office.clock.advance(1);
    assert.deepEqual(office.acme.texts, ['one', 'one']);
    await office.take('1');
    assert.deepEqual(office.acme.texts, ['one', 'one', 'two']);
  });

  test('goes to the next carrier when the first is not there, or has been tried enough', async () => {
    const office = await Office.open({ carriers: ['acme', 'other'] });
    const other = office.carriers.get('other')!;
    office.acme.bound = false;
    await office.send('one');
    assert.deepEqual([office.acme.texts, other.texts], [[], ['one']]);
    office.acme.bound = true;
    office.acme.answers = () => lost;
    const [id] = await office.send('two', { recipients: [{ to: '+15005620001' }] });
    await office.clock.advance(10_000);
    assert.deepEqual(
      [office.acme.texts, other.texts],
      [
        ['two', 'two', 'two'],
        ['one', 'two'],
      ],
    );
    assert.equal(office.end(id), 'submitting');
  });

  test('waits for a carrier whose window is full, though another has room', async () => {
    const office = await Office.open({ carriers: ['acme', 'other'] });
    office.acme.window = 0;
    await office.send();
    assert.deepEqual(office.carriers.get('other')?.orders, []);
  });

  test('that no carrier takes in time ends, and lets the next one through', async () => {
    const office = await Office.open();
    office.acme.bound = false;
    const [id] = await office.send('one', { reportTimeoutSeconds: 60 });
    await office.send('two');
    await office.clock.advance(60_000);
    assert.equal(office.end(id), 'sms/5001 never-taken@submitting');
    office.acme.bound = true;
    office.texts.room();
    await office.settle();
    assert.deepEqual(office.acme.texts, ['two']);
  });

  test('is not sent to a handset that opted out while it waited', async () => {
    const office = await Office.open();
    office.acme.bound = false;
    const [id] = await office.send();
    await office.arrives('stop');
    office.acme.bound = true;
    office.texts.room();
    await office.settle();
    assert.equal(office.end(id), 'sms/4007 opted-out@submitting');
    assert.deepEqual(office.acme.orders, []);
  });
});

describe('ten thousand texts', () => {
  test('wait on disk while the carrier is down, and go out in order, none twice', async () => {
    const office = await Office.open({ changes: { onFact: () => {} } });
    office.acme.bound = false;
    const handsets = Array.from({ length: 100 }, (_, i) => `+150056200${String(i).padStart(2, '0')}`);
    for (let round = 0; round < 100; round += 1) {
      const recipients = handsets.map((to) => ({ to }));
      await office.texts.send(resource, { ...request, recipients, text: `${round}` });
    }
    await office.settle();
    assert.equal(office.texts.desk.size, 0, 'none of them is in memory');
    office.acme.answers = accepting;
    office.acme.bound = true;
    office.texts.room();
    for (let turns = 0; office.acme.orders.length < 10_000 && turns < 100_000; turns += 1)
      await new Promise((resolve) => setImmediate(resolve));
    assert.equal(office.acme.orders.length, 10_000);
    const seen = new Map<string, number>();
    for (const { to, text } of office.acme.orders) {
      assert.equal(Number(text), seen.get(to) ?? 0, `${to}: out of order`);
      seen.set(to, Number(text) + 1);
    }
    await office.settle();
    assert.deepEqual(
      [...seen.values()].filter((count) => count !== 100),
      [],
    );
    assert.deepEqual([office.texts.desk.size, office.store.sms.queues()], [0, []]);
  });
});

describe('receipts', () => {
  test('that overtake the answer with their id wait for it', async () => {
    const office = await Office.open();
    const [id] = await office.send();
    const receipt = office.receipt('77', 'DELIVRD');
    await office.take('77');
    await receipt;
    assert.equal(office.end(id), 'sms/2000 delivered@reporting');
    assert.deepEqual(office.strays, []);
  });

  test('for texts that nobody sent are noted and acknowledged', async () => {
    const office = await Office.open();
    await office.receipt('nobody', 'DELIVRD');
    assert.deepEqual(office.strays, ['nobody']);
  });

  test('are not acknowledged by a store that cannot keep them', async () => {
    const office = await Office.open();
    const [id] = await office.send();
    await office.take('77');
    const mend = office.store.faults.lose();
    await assert.rejects(office.receipt('77', 'DELIVRD'), { name: 'StoreFailed' });
    mend();
    await office.receipt('77', 'DELIVRD');
    assert.equal(office.end(id), 'sms/2000 delivered@reporting');
  });
});

describe('when the process ends', () => {
  test('what was accepted is sent, in order, and what was on its way is sent again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'ringback-sms-'));
    const file = join(directory, 'ringback.db');
    const first = await Office.open({ file });
    const [one] = await first.send('one');
    const [two] = await first.send('two');
    await first.store.close();
    const second = await Office.open({ file });
    await second.settle();
    assert.deepEqual(second.acme.texts, ['one']);
    await second.take('1');
    await second.take('2');
    assert.deepEqual(second.acme.texts, ['one', 'two']);
    assert.deepEqual([second.end(one), second.end(two)], ['sent', 'sent']);
    await second.receipt('1', 'DELIVRD');
    await second.clock.advance(3_600_000);
    assert.deepEqual(
      [second.end(one), second.end(two)],
      ['sms/2000 delivered@reporting', 'sms/5002 report-time-out@reporting'],
    );
    await second.store.close();
    rmSync(directory, { recursive: true });
  });

  test('and the store was in trouble meanwhile, nothing stays behind', async () => {
    const office = await Office.open();
    const [id] = await office.send();
    const mend = office.store.faults.lose();
    office.texts.submitted({
      kind: 'accepted',
      orderId: office.acme.orders[0]?.orderId ?? '',
      carrierMessageId: '1',
    });
    await office.settle();
    assert.equal(office.troubles.length > 0, true);
    mend();
    await office.clock.advance(1000);
    await office.settle();
    assert.deepEqual(office.acme.texts, ['hello', 'hello'], 'whether it was taken is not known');
    await office.take('2');
    assert.equal(office.end(id), 'sent');
  });
});

describe('a request', () => {
  test('is refused where its sender is nobody’s, another’s, silent or no sender at all', async () => {
    const office = await Office.open();
    const refusal = async (from: string, resourceId = resource) => {
      const answer = await office.texts.send(resourceId, { ...request, from });
      return 'refused' in answer ? answer.refused.situation : 'ok';
    };
    assert.equal(await refusal('+18005559999'), 'sender-not-owned@request');
    assert.equal(await refusal(ours, 'other'), 'sender-not-owned@request');
    assert.equal(await refusal('+18005550101'), 'sender-not-owned@request');
    assert.equal(await refusal('12345'), 'sender-not-owned@request');
    assert.equal(await refusal('not a sender'), 'sms-argument@request');
    assert.equal(await refusal('CONTOSO'), 'ok');
  });

  test('has a result for each recipient, in their order', async () => {
    const office = await Office.open();
    const recipients = [{ to: '12' }, { to: handset }, { to: '+9991234567' }].map((one) => one);
    const items = done(await office.texts.send(resource, { ...request, recipients }));
    assert.deepEqual(items.map(statusOf), [400, 202, 400]);
    assert.deepEqual(
      items.map(({ to }) => to),
      ['12', handset, '+9991234567'],
    );
  });

  test('that cannot be stored says so for each recipient, and nothing is sent', async () => {
    const office = await Office.open();
    const lock = office.store.faults.lock();
    const items = done(await office.texts.send(resource, request));
    lock();
    assert.deepEqual(items.map(statusOf), [503]);
    await office.settle();
    assert.deepEqual(office.acme.orders, []);
  });

  test('that is repeated for a recipient sends no second text', async () => {
    const office = await Office.open();
    const repeatability = {
      repeatabilityRequestId: '5f1f9d6e-6f0b-4a64-9ba7-1a8f8a2d4c11',
      repeatabilityFirstSent: 'Mon, 01 Apr 2019 06:22:03 GMT',
    };
    const recipients = [{ to: handset, ...repeatability }];
    const send = async (more: Partial<SmsRequest> = {}) =>
      done(await office.texts.send(resource, { ...request, recipients, ...more }))[0];
    const [first, meanwhile] = await Promise.all([send(), send()]);
    const again = await send();
    assert.deepEqual([meanwhile, again], [first, first]);
    assert.equal(statusOf(await send({ text: 'other' })), 400, 'the same id for another text');
    await office.settle();
    assert.equal(office.acme.orders.length, 1);
    await office.clock.advance(3_600_000);
    assert.notDeepEqual(await send(), first, 'an hour later it is forgotten');
  });

  test('is told when its repeatability cannot be read', async () => {
    const office = await Office.open();
    const id = { repeatabilityRequestId: 'x' };
    const sent = { repeatabilityFirstSent: 'Mon, 01 Apr 2019 06:22:03 GMT' };
    for (const wrong of [id, sent, { ...id, repeatabilityFirstSent: 'yesterday' }]) {
      const recipients = [{ to: handset, ...wrong }];
      const [item] = done(await office.texts.send(resource, { ...request, recipients }));
      assert.deepEqual([statusOf(item), item && 'repeatability' in item], [400, true]);
    }
    assert.deepEqual(office.acme.orders, []);
  });

  test('is held to the documented rates, and let through when they have passed', async () => {
    const base = await Office.open();
    const policy = { rates: 'documented', fraud: { withinMs: 1 }, unverifiedPerDay: 0, routes: [] } as const;
    const office = await Office.open({ changes: { policy: { ...policy, of: () => undefined } } });
    const recipients = Array.from({ length: 100 }, () => ({ to: handset }));
    const send = () => office.texts.send(resource, { ...request, recipients });
    done(await send());
    done(await send());
    const third = await send();
    assert.ok('refused' in third && third.refused.situation === 'too-many-requests@request');
    assert.equal(third.retryAfterMs, 60_000);
    await office.clock.advance(60_000);
    done(await send());
    await base.store.close();
  });

  test('meets the bounds of its number, each with its own end', async () => {
    const routes = [{ carrier: 'acme', senders: ['e164'] as const, pattern: /./, receipts: true }];
    const bounded = async (own: object): Promise<readonly string[]> => {
      const policy = { rates: 'none', fraud: { withinMs: 3_600_000 }, unverifiedPerDay: 1, routes } as const;
      const of = () => ({ tollFree: true, entitled: true, verified: true, ...own });
      const office = await Office.open({ changes: { policy: { ...policy, of } } });
      const ids = [...(await office.send()), ...(await office.send())];
      return ids.map((id) => office.end(id));
    };
    assert.deepEqual(await bounded({ volume: 1 }), ['submitting', 'sms/4000 volume-above-rule@accepting']);
    assert.deepEqual(await bounded({ perDay: 1 }), ['submitting', 'sms/4008 quota-used-up@accepting']);
    assert.deepEqual(await bounded({ verified: false }), [
      'submitting',
      'sms/4010 toll-free-unverified@accepting',
    ]);
    assert.deepEqual((await bounded({ entitled: false }))[0], 'sms/4009 not-entitled@accepting');
  });
});
