import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countryCodeOf, usualType } from './calling-codes.ts';
import { covers } from './capabilities.ts';
import { catalogue } from './catalogue.ts';
import { areaCodesOf, browse, countryOf, offeringsOf, pick, stocked } from './inventory.ts';

const nobody = new Set<string>();
const known = (code: string) => {
  const country = countryOf(code);
  assert.ok(!('refused' in country));
  return country;
};
const everything = {
  type: 'tollFree',
  assignment: 'application',
  capabilities: { calling: 'inbound', sms: 'none' },
} as const;

test('every number of the catalogue is one of its country, of its kind, and in one block only', () => {
  const seen = new Set<string>();
  for (const country of catalogue) {
    assert.ok(country.offerings.length > 0 && country.blocks.length > 0, country.code);
    for (const { type, first, count, areaCode } of country.blocks) {
      const last = `+${Number(first.slice(1)) + count - 1}`;
      for (const number of [first, last]) {
        assert.match(number, /^\+[1-9]\d{9,13}$/);
        assert.equal(number.length, first.length);
        assert.equal(countryCodeOf(number), country.code, number);
        assert.equal(usualType(number), type, number);
        assert.ok(number.includes(areaCode), `${number} is of area code ${areaCode}`);
        assert.ok(!seen.has(number) || count === 1, number);
        seen.add(number);
      }
      assert.ok(offeringsOf(country, { type }).length > 0, `${country.code} offers ${type} numbers`);
    }
  }
});

test('no number is one of the development configuration, of its ranges or of the simulated carrier', () => {
  for (const number of [
    '+18005550100',
    '+18005550195',
    '+18005559999',
    '+442079460100',
    '+15005552000',
    '+15056400123',
  ])
    assert.equal(stocked(number), undefined, number);
  assert.equal(stocked('+12065550123')?.block.locality, 'Seattle');
  assert.equal(stocked('12065550123'), undefined);
});

test('the same numbers are found wherever the same are taken', () => {
  const us = known('US');
  const wish = { ...everything, quantity: 2 };
  const first = pick(us, wish, nobody);
  assert.deepEqual(first, ['+18335550100', '+18335550101']);
  assert.deepEqual(pick(us, wish, new Set(first as string[])), ['+18335550102', '+18335550103']);
});

test('a search takes from one area code to the next, and says how many there are left', () => {
  const us = known('US');
  const all = pick(us, { ...everything, quantity: 600 }, nobody);
  assert.ok(Array.isArray(all) && all.length === 600);
  const more = pick(us, { ...everything, quantity: 601 }, nobody);
  assert.ok('refused' in more && more.refused.code === 'OutOfStock');
  assert.match(more.refused.message, /has 600 such numbers left, not 601/);
});

test('towns are found by their name however it is spelt, in their state', () => {
  const us = known('us');
  assert.deepEqual(areaCodesOf(us, { type: 'geographic', locality: 'seattle' }), ['206']);
  assert.deepEqual(areaCodesOf(us, { type: 'geographic', locality: 'Seattle', division: 'OR' }), []);
  const unnamed = areaCodesOf(us, { type: 'geographic' });
  assert.ok('refused' in unnamed && unnamed.refused.target === 'locality');
});

test('one looks at a hundred numbers at most, of every town or of the prefix that one names', () => {
  const us = known('US');
  const towns = new Set(browse(us, { type: 'geographic' }, nobody).map(({ number }) => number.slice(0, 5)));
  assert.equal(towns.size, us.blocks.filter(({ type }) => type === 'geographic').length);
  for (const prefix of ['206', '1206', '+1206']) {
    const found = browse(us, { type: 'geographic', prefixes: [prefix] }, new Set(['+12065550100']));
    assert.deepEqual([found.length, found[0]?.number], [99, '+12065550101'], prefix);
  }
  assert.deepEqual(browse(us, { type: 'geographic', capabilities: { sms: 'inbound' } }, nobody), []);
});

test('a number that can do both directions can be had for one', () => {
  assert.equal(covers('inbound+outbound', 'inbound'), true);
  assert.equal(covers('outbound', 'inbound+outbound'), false);
  assert.equal(covers('none', 'none'), true);
});

test('the first digits tell the country, and the kind', () => {
  const expected = {
    '+14165550100': 'CA',
    '+18765550100': 'JM',
    '+15005552000': 'US',
    '+390612345678': 'IT',
    '+35312345678': 'IE',
    '+2121234567': 'MA',
  };
  for (const [number, country] of Object.entries(expected))
    assert.equal(countryCodeOf(number), country, number);
  assert.equal(countryCodeOf('+9991234567'), undefined);
  assert.equal(usualType('+18005550100'), 'tollFree');
  assert.equal(usualType('+447911123456'), 'mobile');
  assert.equal(usualType('+442079460000'), 'geographic');
});
