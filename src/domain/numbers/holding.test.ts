import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buySearch, holds, type Search, search, searchHold, withCapabilities } from './holding.ts';
import { buyReservation, changeReservation, type Reservation, reservationAt } from './reservation.ts';

const minutes = 60_000;
const nobody = new Set<string>();
const asked = { id: 'one', resourceId: 'res', at: 0, taken: nobody };
const wish = {
  country: 'US',
  type: 'tollFree',
  assignment: 'application',
  capabilities: { calling: 'inbound', sms: 'outbound' },
  quantity: 2,
} as const;
const found = (change: Partial<Parameters<typeof search>[0]> = {}): Search => {
  const result = search({ ...wish, ...change }, asked);
  assert.ok(!('refused' in result), JSON.stringify(result));
  return result;
};
const codeOf = (answer: object): string | undefined =>
  'refused' in answer ? (answer as { refused: { code: string } }).refused.code : undefined;

test('what a search found is held for 16 minutes and bought as it was wanted', () => {
  const one = found();
  assert.deepEqual([holds(one, searchHold - 1), holds(one, searchHold)], [true, false]);
  const bought = buySearch(one, { agreed: false, at: 5 });
  assert.ok(Array.isArray(bought));
  assert.deepEqual(
    bought.map(({ number, capabilities, boughtAt }) => [number, capabilities, boughtAt]),
    [
      ['+18335550100', wish.capabilities, 5],
      ['+18335550101', wish.capabilities, 5],
    ],
  );
});

test('a search that is over, bought, given back or empty leaves nothing to buy', () => {
  const buy = (one: Search, at = 0) => codeOf(buySearch(one, { agreed: true, at }));
  assert.equal(buy(found(), searchHold), 'ReservationExpired');
  assert.equal(buy({ ...found(), state: 'given-back' }), 'ReservationExpired');
  assert.equal(buy({ ...found(), state: 'bought' }), 'SearchAlreadyPurchased');
  const empty = found({ quantity: 1_000_000 });
  assert.deepEqual([empty.state, empty.numbers, holds(empty, 0)], ['out-of-stock', [], false]);
  assert.equal(buy(empty), 'OutOfStock');
});

test('capabilities change within what the number offers', () => {
  const [bought] = buySearch(found(), { agreed: false, at: 0 }) as readonly Parameters<
    typeof withCapabilities
  >[0][];
  assert.ok(bought);
  const changed = withCapabilities(bought, { calling: 'inbound+outbound' });
  assert.deepEqual('refused' in changed || changed.capabilities, {
    calling: 'inbound+outbound',
    sms: 'outbound',
  });
  assert.equal(codeOf(withCapabilities(bought, {})), 'BadRequest');
  const local = { ...bought, number: '+12065550100', type: 'geographic' as const };
  assert.equal(codeOf(withCapabilities(local, { sms: 'inbound' })), 'BadRequest');
});

const wanted = {
  country: 'US',
  type: 'tollFree',
  assignment: 'application',
  capabilities: wish.capabilities,
} as const;
const reserve = (
  change: Parameters<typeof changeReservation>[1],
  before?: Reservation,
  at = 0,
  taken = nobody,
) => {
  const result = changeReservation(before, change, { id: 'r', resourceId: 'res', at, taken });
  assert.ok(!('refused' in result), JSON.stringify(result));
  return result;
};

test('a reservation lives 15 minutes from its last change, and two hours at most', () => {
  let { reservation } = reserve({ '18335550100': wanted });
  assert.equal(reservation.expiresAt, 15 * minutes);
  for (let at = 10 * minutes; at < 120 * minutes; at += 10 * minutes) {
    reservation = reserve({}, reservation, at).reservation;
    assert.equal(reservation.expiresAt, Math.min(at + 15 * minutes, 120 * minutes));
  }
  assert.equal(reservationAt(reservation, 120 * minutes - 1).status, 'active');
  const over = reservationAt(reservation, 120 * minutes);
  assert.deepEqual([over.status, over.numbers['18335550100']?.status], ['expired', 'expired']);
  const late = changeReservation(over, {}, { id: 'r', resourceId: 'res', at: 121 * minutes, taken: nobody });
  assert.equal(codeOf(late), 'ReservationNotActive');
});

test('a number that cannot be had is told apart from those that are reserved, and why', () => {
  const { reservation, failed } = reserve(
    {
      '18335550100': wanted,
      '18335550101': wanted,
      '12065550100': wanted,
      '18335550102': { ...wanted, assignment: 'person' },
      '4930123456': { ...wanted, country: 'DE' },
    },
    undefined,
    0,
    new Set(['+18335550101']),
  );
  assert.deepEqual(Object.keys(reservation.numbers), ['18335550100']);
  const why = Object.fromEntries(Object.entries(failed).map(([id, { error }]) => [id, error?.message ?? '']));
  assert.match(why['18335550101'] ?? '', /taken/);
  assert.match(why['12065550100'] ?? '', /geographic number of US, not tollFree/);
  assert.match(why['18335550102'] ?? '', /persons/);
  assert.match(why['4930123456'] ?? '', /not among the numbers/);
});

test('numbers that are in a reservation already stay as they are, though they are taken by it', () => {
  const { reservation } = reserve({ '18335550100': wanted });
  const again = reserve({ '18335550100': wanted }, reservation, 1, new Set(['+18335550100']));
  assert.deepEqual([Object.keys(again.failed), again.reservation.numbers], [[], reservation.numbers]);
  assert.deepEqual(reserve({ '18335550100': null }, reservation).reservation.numbers, {});
});

test('a reservation has a hundred numbers at most, under their digits', () => {
  const many = Object.fromEntries(
    Array.from({ length: 101 }, (_, i) => [`1${8335550100 + (i < 100 ? i : 110_000_000)}`, wanted]),
  );
  const asking = { id: 'r', resourceId: 'res', at: 0, taken: nobody };
  assert.match(JSON.stringify(changeReservation(undefined, many, asking)), /may have 100 numbers/);
  assert.equal(codeOf(changeReservation(undefined, { '+18335550100': wanted }, asking)), 'BadRequest');
});

test('a reservation is bought once, and not when it is empty', () => {
  const { reservation } = reserve({ '18335550100': wanted });
  const done = buyReservation(reservation, { agreed: false, at: 7, lost: nobody });
  assert.ok(!('refused' in done));
  assert.deepEqual(
    [done.reservation.status, done.reservation.numbers['18335550100']?.status, done.bought[0]?.boughtAt],
    ['completed', 'purchased', 7],
  );
  const lost = buyReservation(reservation, { agreed: false, at: 7, lost: new Set(['+18335550100']) });
  assert.ok(!('refused' in lost));
  assert.equal(lost.reservation.numbers['18335550100']?.error?.code, 'FailedToPurchaseNumber');
  assert.equal(
    codeOf(buyReservation(done.reservation, { agreed: false, at: 8, lost: nobody })),
    'ReservationNotActive',
  );
  assert.equal(
    codeOf(buyReservation({ ...reservation, numbers: {} }, { agreed: false, at: 8, lost: nobody })),
    'BadRequest',
  );
});
