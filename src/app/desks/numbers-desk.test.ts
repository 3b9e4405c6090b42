import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { ManualClock } from '../../edge/clock/manual-clock.ts';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import { openStore } from '../../edge/store/open-store.ts';
import { type ConfiguredNumber, NumberHoldings } from './number-holdings.ts';
import type { NumbersAnswer } from './numbers-commands.ts';
import { NumbersDesk } from './numbers-desk.ts';

const configuredNumber = (number: string): ConfiguredNumber => ({
  number,
  resourceId: 'res',
  kind: 'tollFree',
  country: 'US',
  capabilities: { calling: 'inbound', sms: 'none' },
  takesCalls: true,
  placesCalls: false,
  takesTexts: false,
  sendsTexts: false,
});
const wish = {
  country: 'US',
  type: 'tollFree',
  assignment: 'application',
  capabilities: { calling: 'inbound', sms: 'outbound' },
  quantity: 2,
} as const;

function openDesk() {
  const quiet = new QuietWatch();
  const clock = new ManualClock(0, quiet);
  const store = openStore({ file: ':memory:', answerWithin: 50, hold: (what) => quiet.hold(what) });
  const setting = {
    configured: [configuredNumber('+18005550100')] as readonly ConfiguredNumber[],
    changes: 0,
  };
  const holdings = new NumberHoldings({
    store,
    clock,
    configured: () => setting.configured,
    ranges: () => [['+18335550100', '+18335550149']],
  });
  const desk = new NumbersDesk({
    holdings,
    clock,
    ids: { next: randomUUID },
    onChange: () => {
      setting.changes += 1;
    },
  });
  return { desk, holdings, store, clock, setting };
}

function well<T>(answer: NumbersAnswer<T>): T {
  assert.ok(typeof answer !== 'object' || answer === null || !('refused' in answer), JSON.stringify(answer));
  return answer as T;
}

test('who owns a number is known at once, of the configuration and of those that were bought', async (t) => {
  const { desk, holdings, store, setting } = openDesk();
  t.after(() => store.close());
  const { about } = well(await desk.search('res', wish));
  assert.equal(holdings.find('+18335550150'), undefined, 'held, and nobody’s');
  well(await desk.purchase('res', about, false));
  assert.deepEqual(holdings.find('+18335550150'), {
    number: '+18335550150',
    resourceId: 'res',
    kind: 'tollFree',
    country: 'US',
    takesCalls: true,
    placesCalls: false,
    takesTexts: false,
    sendsTexts: true,
  });
  assert.deepEqual(
    holdings.ofResource('res').map(({ number }) => number),
    ['+18005550100', '+18335550150', '+18335550151'],
  );
  assert.deepEqual(holdings.ofResource('other'), []);
  well(await desk.release('res', '+18335550150'));
  assert.equal(holdings.find('+18335550150'), undefined);
  setting.configured = [configuredNumber('+18335550151')];
  assert.equal(holdings.find('+18335550151')?.placesCalls, false, 'what the configuration says counts');
  assert.equal(holdings.find('+18005550100'), undefined);
});

test('what cannot be written is not bought', async () => {
  const { desk, holdings, store, setting } = openDesk();
  const { about } = well(await desk.search('res', wish));
  const before = setting.changes;
  await store.close();
  await assert.rejects(desk.purchase('res', about, false));
  assert.equal(holdings.find('+18335550150'), undefined);
  assert.equal(well(desk.searchResult('res', about)).state, 'held');
  assert.ok(setting.changes > before, 'the plan of calls is made anew without it');
});

test('a number that the configuration takes between search and purchase stays with it', async (t) => {
  const { desk, holdings, store, setting } = openDesk();
  t.after(() => store.close());
  const one = well(await desk.search('res', wish));
  setting.configured = [configuredNumber('+18335550151')];
  const partly = well(await desk.purchase('res', one.about, false));
  assert.deepEqual([partly.status, partly.error?.code], ['failed', 'NumbersPartiallyAcquired']);
  assert.deepEqual(
    holdings.bought().map(({ number }) => number),
    ['+18335550150'],
  );
  const two = well(await desk.search('res', { ...wish, quantity: 1 }));
  setting.configured = [configuredNumber('+18335550152')];
  const not = well(await desk.purchase('res', two.about, false));
  assert.deepEqual([not.status, not.error?.code], ['failed', 'AllNumbersNotAcquired']);
});

test('searches, reservations and operations are forgotten after a month, numbers are not', async (t) => {
  const { desk, holdings, store, clock } = openDesk();
  t.after(() => store.close());
  const old = well(await desk.search('res', { ...wish, quantity: 1 }));
  well(await desk.purchase('res', old.about, false));
  const reservation = randomUUID();
  well(await desk.changeReservation('res', reservation, {}));
  await clock.advance(31 * 24 * 60 * 60 * 1000);
  well(await desk.search('res', wish));
  assert.ok('refused' in desk.searchResult('res', old.about));
  assert.ok('refused' in desk.operation('res', old.id));
  assert.ok('refused' in desk.reservation('res', reservation));
  assert.equal(store.documents('number-searches').length, 1);
  assert.equal(holdings.bought().length, 1);
});
