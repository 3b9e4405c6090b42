import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedRows } from '../codes/catalogue.ts';
import { renderCodes } from './codes.ts';

test('the JSON form lists every row with its fields', () => {
  const rows = JSON.parse(renderCodes({ json: true }));
  assert.equal(rows.length, listedRows.length);
  const busy = rows.find((row: { id: string }) => row.id === 'call/486/560486');
  assert.deepEqual(Object.keys(busy), [
    'id',
    'surface',
    'code',
    'subCode',
    'category',
    'name',
    'meaning',
    'advice',
    'printed',
    'reading',
    'standing',
    'reproduce',
  ]);
  assert.equal(busy.reproduce, 'ringback reproduce call/486/560486');
});

test('a row that cannot be brought about has no command, and says why', () => {
  const [row] = JSON.parse(renderCodes({ json: true, search: 'automation/403/7604' }));
  assert.equal(row.reproduce, null);
  assert.equal(row.category, null);
  assert.match(row.why, /Teams/);
});

test('the text form stays within 100 columns, and its last line counts', () => {
  const lines = renderCodes({}).split('\n');
  assert.deepEqual(
    lines.filter((line) => line.length > 100),
    [],
  );
  assert.match(lines.at(-1)!, new RegExp(`^${listedRows.length} rows: \\d+ ruled, `));
  assert.equal(lines.filter((line) => /^[a-z]+\/\d/.test(line)).length, listedRows.length);
});

test('table and words narrow the list', () => {
  assert.match(renderCodes({ table: 'pstn' }), /\n19 rows: /);
  assert.match(
    renderCodes({ table: 'pstn', search: 'busy' }),
    /call\/486\/560486 .* Called number is busy\n/,
  );
  assert.match(renderCodes({ search: 'xyzzy' }), /^No row matches/);
});
