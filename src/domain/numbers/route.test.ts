import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseNumberPattern } from './number-pattern.ts';
import { type Dialled, type NumberPlan, ownerBehind, ownerOf, routeNumber } from './route.ts';

const both = { takesCalls: true, placesCalls: true };

const plan: NumberPlan = {
  numbers: [
    { ...both, number: '+18005550100', resourceId: 'res', blocked: false },
    { ...both, number: '+18005550106', resourceId: 'res', blocked: false, placesCalls: false },
    { ...both, number: '+18005550107', resourceId: 'res', blocked: false, takesCalls: false },
    { ...both, number: '+18005550109', resourceId: 'res', blocked: false, maxConcurrentCalls: 1 },
    { ...both, number: '+18005550108', resourceId: 'res', blocked: true },
    { ...both, number: '+18005550101', resourceId: 'other', blocked: false },
  ],
  ranges: [['+18005550190', '+18005550199']],
  trunks: [
    { name: 'carrier', kind: 'carrier', media: 'rtp', destinations: ['+1'] },
    { name: 'sbc', kind: 'direct-routing', media: 'rtp', maxConcurrentCallsPerNumber: 2 },
  ],
  routes: [
    { pattern: /\+1500555\d{4}/, trunk: 'carrier' },
    { pattern: /\+49\d+/, trunk: 'sbc' },
    { pattern: /\+44\d+/, trunk: 'carrier' },
  ],
};

const dial = (to: string, from?: string, busy = 0): ReturnType<typeof routeNumber> => {
  const dialled: Dialled = {
    to,
    resourceId: 'res',
    busy: () => busy,
    ...(from === undefined ? {} : { from }),
  };
  return routeNumber(plan, dialled);
};

const because = (route: ReturnType<typeof routeNumber>): string =>
  route.to === 'nowhere' ? route.because : route.to;

test('a number that a route matches whole goes to its trunk', () => {
  assert.equal(because(dial('+15005552000', '+18005550100')), 'trunk');
  assert.equal(because(dial('+150055520001', '+18005550100')), 'no-route');
});

test('a carrier trunk shows only numbers of the resource that are not blocked', () => {
  for (const from of [undefined, '+18005559999', '+18005550101', '+18005550108']) {
    assert.equal(because(dial('+15005552000', from)), 'caller-id-not-owned', String(from));
  }
});

test('direct routing shows any number', () => {
  assert.equal(because(dial('+4930123456', '+4930999999')), 'trunk');
});

test('a destination outside the allow-list is refused', () => {
  assert.equal(because(dial('+442079460100', '+18005550100')), 'destination-not-allowed');
});

test('a number of ours that nobody holds leads nowhere, one that somebody holds to its owner', () => {
  assert.equal(because(dial('+18005550195', '+18005550100')), 'own-number-unassigned');
  assert.deepEqual(dial('+18005550101', '+18005550100'), { to: 'owner', resourceId: 'other' });
  assert.equal(ownerOf(plan, '+15005552000'), undefined);
});

test('a caller id has as many calls at once as its own cap says, else as its trunk says', () => {
  assert.equal(because(dial('+15005552000', '+18005550109', 1)), 'number-cap-reached');
  assert.equal(because(dial('+15005552000', '+18005550100', 50)), 'trunk');
  assert.equal(because(dial('+4930123456', '+4930999999', 2)), 'number-cap-reached');
});

test('a number does what its capabilities say and nothing else', () => {
  assert.equal(because(dial('+15005552000', '+18005550106')), 'caller-id-not-owned');
  assert.equal(because(dial('+15005552000', '+18005550107')), 'trunk');
  assert.equal(because(dial('+18005550107', '+18005550100')), 'own-number-unassigned');
  assert.equal(because(dial('+18005550106', '+18005550100')), 'owner');
});

test('the trunks of all routes that match stand in for each other, in order, where they carry audio alike', () => {
  const route = routeNumber(
    {
      ...plan,
      trunks: [
        ...plan.trunks,
        { name: 'spare', kind: 'carrier', media: 'rtp' },
        { name: 'mute', kind: 'carrier', media: 'none' },
      ],
      routes: [
        ...plan.routes,
        { pattern: /\+1\d+/, trunk: 'mute' },
        { pattern: /\+1500\d+/, trunk: 'spare' },
        { pattern: /\+1\d+/, trunk: 'carrier' },
      ],
    },
    { to: '+15005552000', from: '+18005550100', resourceId: 'res', busy: () => 0 },
  );
  assert.ok(route.to === 'trunk');
  assert.deepEqual([route.trunk.name, route.others], ['carrier', ['spare']]);
});

test('a trunk that may not carry the call is passed over for one that may', () => {
  const route = routeNumber(
    {
      ...plan,
      routes: [
        { pattern: /\+44\d+/, trunk: 'carrier' },
        { pattern: /\+44\d+/, trunk: 'sbc' },
      ],
    },
    { to: '+442079460100', from: '+18005550100', resourceId: 'res', busy: () => 0 },
  );
  assert.equal(route.to === 'trunk' && route.trunk.name, 'sbc');
});

test('a route that a resource set carries its own calls alone, before those of the configuration', () => {
  const pattern = parseNumberPattern('^\\+1500555');
  assert.ok(typeof pattern !== 'string');
  const own: NumberPlan = {
    ...plan,
    trunks: [...plan.trunks, { name: 'own', kind: 'direct-routing', media: 'rtp' }],
    routes: [{ pattern, trunk: 'own', resourceId: 'res' }, ...plan.routes],
  };
  const from = (resourceId: string): string => {
    const route = routeNumber(own, { to: '+15005552000', from: '+18005550100', resourceId, busy: () => 0 });
    return route.to === 'trunk' ? route.trunk.name : route.to;
  };
  assert.equal(from('res'), 'own');
  assert.equal(from('other'), 'nowhere', 'only the carrier, which does not show the number of somebody else');
});

test('over a trunk that a resource set come calls to its own numbers alone', () => {
  const own: NumberPlan = {
    ...plan,
    trunks: [...plan.trunks, { name: 'own', kind: 'direct-routing', media: 'rtp', resourceId: 'res' }],
  };
  assert.equal(ownerBehind(own, '+18005550100', 'own')?.to, 'owner');
  assert.equal(ownerBehind(own, '+18005550101', 'own')?.to, 'nowhere', 'a number of another resource');
  assert.equal(ownerBehind(own, '+18005550101', 'carrier')?.to, 'owner');
  assert.equal(ownerBehind(own, '+15005552000', 'own'), undefined);
});
