import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOf, familyRow } from './families.ts';

test('a documented pair keeps its row', () => {
  const busy = familyRow('560', 486);
  assert.equal(busy.id, 'call/486/560486');
  assert.equal(busy.listed, true);
  assert.equal(busy.row.category, 'Success');
  assert.equal('id' in busy.row, false);
  assert.equal(familyRow('540', 487).id, 'call/487/540487');
  assert.equal(familyRow('560', 0).id, 'call/0/560000');
});

test('any other SIP response gets a row of the same shape, without a category', () => {
  const refused = familyRow('560', 488);
  assert.equal(refused.id, 'call/488/560488');
  assert.equal(refused.listed, false);
  assert.deepEqual([refused.row.code, refused.row.subCode, refused.row.category], [488, 560488, undefined]);
  assert.equal(refused.row.name, 'Phone side answered 488: media not acceptable');
  assert.equal(refused.row.standing, 'ruled');
  assert.match(refused.row.advice, /`\+15005554880`/);
});

test('a response with no name of its own is explained by its class', () => {
  assert.equal(familyRow('560', 599).row.name, 'Phone side answered 599');
  assert.match(familyRow('560', 599).row.advice, /^The phone side has a fault of its own/);
  assert.match(familyRow('540', 499).row.advice, /^The phone side objects/);
});

test('the number that answers without sending audio is not offered as an example', () => {
  assert.doesNotMatch(familyRow('560', 410).row.advice, /simulated/);
});

test('inbound pairs that are not listed wait for their capability', () => {
  const { row } = familyRow('540', 503);
  assert.equal(row.standing, 'not yet');
  assert.notEqual(row.why, undefined);
});

test('a subcode belongs to a family when its last digits are a final response or 000', () => {
  assert.deepEqual(familyOf(560488), { prefix: '560', sipStatus: 488 });
  assert.deepEqual(familyOf(540000), { prefix: '540', sipStatus: 0 });
  for (const other of [560180, 560999, 510403, 60486, 560]) assert.equal(familyOf(other), undefined);
});
