import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { done, handset, Office, ours, resource } from './sms-office.fixture.ts';

const received = (office: Office) =>
  office.events('SMSReceived').map(({ text, segmentCount }) => [text, segmentCount]);

describe('a handset’s text', () => {
  test('is told to the subscriptions of the number’s resource', async () => {
    const office = await Office.open();
    await office.arrives('hello');
    const [event] = office.events('SMSReceived');
    assert.deepEqual([event?.from, event?.to, event?.text, event?.segmentCount], [handset, ours, 'hello', 1]);
    assert.match(String(event?.messageId), /^Incoming_20261103120000[\da-f-]{36}$/);
    assert.equal(office.store.sms.index(String(event?.messageId))?.direction, 'in');
  });

  test('to a number that is nobody’s, or takes none, is noted and told to nobody', async () => {
    const office = await Office.open();
    for (const to of ['+18005559999', '+18005550101'])
      await office.texts.delivered({ kind: 'arrived', carrier: 'acme', from: handset, to, text: 'hello' });
    assert.deepEqual([office.strays.length, office.owed], [2, []]);
  });

  test('in parts is put together, in whatever order they come, and however often', async () => {
    const office = await Office.open();
    await office.arrives('c', [7, 3, 3]);
    await office.arrives('a', [7, 1, 3]);
    await office.arrives('a', [7, 1, 3]);
    assert.deepEqual(received(office), []);
    await office.arrives('b', [7, 2, 3]);
    assert.deepEqual(received(office), [['abc', 3]]);
    assert.equal(office.store.sms.countParts(), 0);
    await Promise.all([office.arrives('x', [8, 1, 2]), office.arrives('y', [8, 2, 2])]);
    assert.deepEqual(received(office).at(-1), ['xy', 2], 'both at once, too');
  });

  test('of which a part never comes is delivered as far as it came', async () => {
    const office = await Office.open();
    await office.arrives('c', [7, 3, 3]);
    await office.clock.advance(30_000);
    await office.arrives('a', [7, 1, 3]);
    await office.clock.advance(29_999);
    assert.deepEqual(received(office), []);
    await office.clock.advance(1);
    await office.settle();
    assert.deepEqual(received(office), [['ac', 2]]);
  });

  test('is not acknowledged by a store that cannot keep it', async () => {
    const office = await Office.open();
    const mend = office.store.faults.lose();
    await assert.rejects(office.arrives('hello'), { name: 'StoreFailed' });
    await assert.rejects(office.arrives('a', [7, 1, 2]), { name: 'StoreFailed' });
    mend();
    await office.arrives('hello');
    assert.deepEqual(received(office), [['hello', 1]]);
  });
});

describe('keywords', () => {
  test('opt out and in, of that number alone, and are told like any text', async () => {
    const office = await Office.open();
    const isOut = async (from = ours) =>
      done(await office.texts.optOuts(resource, 'check', from, [handset]))[0]?.isOptedOut;
    await office.arrives('STOP');
    assert.deepEqual([await isOut(), await isOut('CONTOSO')], [true, false]);
    const [id] = await office.send();
    assert.equal(office.end(id), 'sms/4007 opted-out@accepting');
    await office.arrives('unstop');
    assert.equal(await isOut(), false);
    await office.arrives('stop it');
    assert.equal(await isOut(), false);
    assert.equal(received(office).length, 3);
  });

  test('are answered where that is configured, also to those who have just left', async () => {
    const replies = { stop: 'Goodbye.', help: 'Ask us.' };
    const office = await Office.open({ changes: { replies } });
    await office.arrives('Stop');
    await office.take('1');
    await office.arrives('HELP');
    await office.take('2');
    await office.arrives('START');
    assert.deepEqual(office.acme.texts, ['Goodbye.', 'Ask us.']);
    assert.ok(office.facts.includes('keyword-answered'));
    assert.deepEqual(office.events('SMSDeliveryReportReceived'), []);
  });
});

describe('opt-outs', () => {
  test('are added, checked and removed for each recipient, wrong ones named', async () => {
    const office = await Office.open();
    const ask = async (what: 'add' | 'check' | 'remove') =>
      done(await office.texts.optOuts(resource, what, ours, [handset, '12'])).map(
        ({ isOptedOut }) => isOptedOut,
      );
    assert.deepEqual(await ask('check'), [false, undefined]);
    assert.deepEqual(await ask('add'), [true, undefined]);
    assert.deepEqual(await ask('check'), [true, undefined]);
    assert.deepEqual(await ask('remove'), [false, undefined]);
    const foreign = await office.texts.optOuts('other', 'check', ours, [handset]);
    assert.ok('refused' in foreign);
  });
});
