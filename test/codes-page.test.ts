import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { codesPage, withStandings } from '../scripts/codes-page.ts';
import { listedRows } from '../src/codes/catalogue.ts';

test('docs/codes.md is what the catalogue says', () => {
  const page = readFileSync(new URL('../docs/codes.md', import.meta.url), 'utf8');
  assert.ok(page === codesPage(), 'docs/codes.md differs: run `node scripts/codes-page.ts`');
});

test('the page of Call Automation has the standing of every code', () => {
  const page = readFileSync(new URL('../docs/surfaces/call-automation.md', import.meta.url), 'utf8');
  assert.ok(page === withStandings(page, 'automation'), 'run `node scripts/codes-page.ts`');
  for (const { surface, printed } of listedRows) {
    if (surface === 'automation') for (const id of printed) assert.ok(page.includes(`\`${id}\``), id);
  }
});

test('every row has an entry, and every link on the page leads to one', () => {
  const page = codesPage();
  const anchors = new Set([...page.matchAll(/<a id="([^"]+)">/g)].map((match) => match[1]));
  for (const row of listedRows) assert.ok(anchors.has(row.id.replaceAll('/', '-')), row.id);
  const titles = new Set(
    [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]!.toLowerCase().replaceAll(' ', '-')),
  );
  for (const [, target] of page.matchAll(/\]\(#([^)]+)\)/g)) {
    assert.ok(anchors.has(target!) || titles.has(target!), target);
  }
});
