import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { whyPage } from '../scripts/why-page.ts';

test('the example in docs/why.md is what such a call gives', async () => {
  const page = readFileSync(new URL('../docs/why.md', import.meta.url), 'utf8');
  assert.equal(await whyPage(), page, 'docs/why.md differs: run `node scripts/why-page.ts`');
});
