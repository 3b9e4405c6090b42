import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  changeSipConfiguration,
  emptySipConfiguration,
  isInUse,
  routesFor,
  type SipChange,
  type SipConfiguration,
} from './sip-configuration.ts';

const trunk = { port: 5061, enabled: true };
const route = { name: 'all', numberPattern: '^\\+\\d+$', trunks: ['sbc.example.com'] };
const configured: SipConfiguration = {
  domains: { 'example.com': { enabled: true } },
  trunks: { 'sbc.example.com': trunk },
  routes: [route],
};
const changed = (change: SipChange, before = configured): SipConfiguration => {
  const result = changeSipConfiguration(before, change);
  assert.ok('ok' in result, JSON.stringify(result));
  return result.ok;
};
const fault = (change: SipChange, before = configured): string => {
  const result = changeSipConfiguration(before, change);
  return 'fault' in result ? result.fault.code : 'none';
};

test('what a change does not name stays, what it sets to null goes', () => {
  const more = changed({ trunks: { 'two.example.com': { port: 5062 } } });
  assert.deepEqual(Object.keys(more.trunks), ['sbc.example.com', 'two.example.com']);
  assert.deepEqual(more.trunks['two.example.com'], { port: 5062, enabled: true });
  assert.deepEqual(changed({ trunks: { 'two.example.com': null } }, more).trunks, configured.trunks);
  const off = changed({ trunks: { 'sbc.example.com': { enabled: false } } });
  assert.deepEqual(off.trunks['sbc.example.com'], { port: 5061, enabled: false });
  assert.deepEqual(changed({ routes: [] }).routes, []);
});

test('a trunk goes with its routes and a domain with its trunks, not before them', () => {
  assert.equal(fault({ trunks: { 'sbc.example.com': null } }), 'MissingTrunk');
  assert.equal(fault({ trunks: { 'sbc.example.com': null }, routes: [] }), 'none');
  assert.equal(fault({ domains: { 'example.com': null } }), 'DomainInUse');
  const all = { domains: { 'example.com': null }, trunks: { 'sbc.example.com': null }, routes: [] };
  assert.deepEqual(changed(all), emptySipConfiguration);
});

test('a name that is no domain name, or one that differs in its letters only, is no trunk', () => {
  for (const fqdn of ['-1', 'sbc', '10.0.0.1', '::1', 'a..b', 'a_b.example.com', '', `${'x'.repeat(64)}.com`])
    assert.equal(fault({ trunks: { [fqdn]: trunk } }), 'InvalidTrunkFqdn', fqdn);
  assert.equal(fault({ trunks: { 'SBC.example.com': trunk } }), 'InvalidTrunkFqdn');
});

test('there may be 250 trunks', () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`sbc${i}.example.com`, trunk]));
  assert.equal(fault({ trunks: many(249) }), 'none');
  assert.equal(fault({ trunks: many(250) }), 'TooManyTrunks');
});

test('a trunk is used when it and its domains are enabled', () => {
  assert.equal(isInUse(configured, 'sbc.example.com'), true);
  assert.equal(
    isInUse(changed({ domains: { 'example.com': { enabled: false } } }), 'sbc.example.com'),
    false,
  );
  assert.equal(
    isInUse(changed({ trunks: { 'sbc.example.com': { enabled: false } } }), 'sbc.example.com'),
    false,
  );
  assert.equal(isInUse(configured, 'other.example.com'), false);
});

test('the routes of a number come in the order in which they were set', () => {
  const german = { name: 'German', numberPattern: '^\\+49', trunks: [] };
  const both = changed({ routes: [route, german] });
  assert.deepEqual(routesFor(both, '+4930123'), [route, german]);
  assert.deepEqual(routesFor(both, '+4420'), [route]);
});
