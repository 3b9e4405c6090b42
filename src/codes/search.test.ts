import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedRows } from './catalogue.ts';
import { isTable, search, tables } from './search.ts';

test('no criterion lists every row', () => {
  assert.equal(search({}).length, listedRows.length);
});

test('a table lists the rows that stand for its lines, a surface the rows that belong to it', () => {
  assert.equal(search({ table: 'pstn' }).length, 19);
  assert.equal(search({ table: 'calling-end' }).length, 51);
  assert.equal(search({ table: 'generic-subcode' }).length, 118);
  assert.equal(search({ table: 'chat' }).length, 6);
  assert.ok(search({ table: 'call' }).every((row) => row.surface === 'call'));
});

test('all words must occur, in any case and place, and rows named so come first', () => {
  const busy = search({ words: 'BUSY  number' }).map((row) => row.id);
  assert.equal(busy[0], 'call/486/560486');
  assert.deepEqual(
    search({ table: 'sms', words: 'opted out' }).map((row) => row.id),
    ['sms/4007'],
  );
  assert.deepEqual(search({ words: 'xyzzy' }), []);
});

test('tables are known by name', () => {
  assert.ok(tables.every(isTable));
  assert.equal(isTable('pstnn'), false);
});
