import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listedRows } from '../codes/catalogue.ts';
import { lookUp } from '../codes/lookup.ts';
import { renderLookup } from './explain-code.ts';

test('a row is told with its advice, reading, printed lines and command', () => {
  const text = renderLookup(lookUp('60486'));
  assert.match(
    text,
    /^Printed as 486\/60486; served as 486\/560486\.\n\ncall\/486\/560486 {2}Called number is busy\n/,
  );
  assert.match(text, /\n {2}What to do: /);
  assert.match(text, /\n {2}Reading: {4}/);
  assert.match(text, /\n {2}Printed as: calling-end 486\/560486, pstn 486\/60486\n/);
  assert.match(text, /\n {2}See it: {5}ringback reproduce call\/486\/560486$/);
});

test('a subcode that is printed without a code says whose choice the code is', () => {
  assert.match(
    renderLookup(lookUp('7501')).replaceAll(/\s+/g, ' '),
    /the 401 beside it is Ringback's choice\./,
  );
});

test('a code alone ends with the rows that have a subcode', () => {
  assert.match(renderLookup(lookUp('480')), /\n\n6 more rows to explain by id:\n {2}call\/480\/10037 {2}/);
});

test('a family member and a whole family are told', () => {
  assert.match(
    renderLookup(lookUp('488/560488')),
    /^call\/488\/560488 {2}Phone side answered 488: media not accept/,
  );
  assert.match(renderLookup(lookUp('560xxx')), /^call\/560xxx {2}Outbound phone call/);
});

test('an unknown code gets its kind and its neighbours', () => {
  const text = renderLookup(lookUp('511405'));
  assert.match(text, /^511405 is not documented\. It looks like a number, resource or trunk/);
  assert.match(text, /\nNearest:\n {2}call\/404\/511404 {2}/);
  assert.match(renderLookup(lookUp('hello')), /^No documented code is hello\.\n/);
});

test('no line of any row is longer than 100 columns', () => {
  const long = listedRows.flatMap((row) =>
    renderLookup(lookUp(row.id))
      .split('\n')
      .filter((line) => line.length > 100),
  );
  assert.deepEqual(long, []);
});

test('the JSON form has the rows in full', () => {
  const known = JSON.parse(renderLookup(lookUp('480'), { json: true }));
  assert.deepEqual([known.query, known.rows[0].id, known.others.length], ['480', 'call/480', 6]);
  const family = JSON.parse(renderLookup(lookUp('560488'), { json: true }));
  assert.deepEqual([family.family.id, family.rows[0].id], ['call/560xxx', 'call/488/560488']);
  const unknown = JSON.parse(renderLookup(lookUp('511405'), { json: true }));
  assert.deepEqual([unknown.rows, unknown.near[0]], [[], 'call/404/511404']);
});
