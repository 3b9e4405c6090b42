import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const page = new URL('../../docs/surfaces/testing.md', import.meta.url);

test('the test on docs/surfaces/testing.md runs as it stands there', (t) => {
  const [, code = ''] = /^```ts\n(.*?)^```/ms.exec(readFileSync(page, 'utf8')) ?? [];
  const places: Readonly<Record<string, string>> = {
    'ringback/testing': new URL('../../src/testing.ts', import.meta.url).href,
    '@azure/communication-call-automation': import.meta.resolve('@azure/communication-call-automation'),
  };
  const folder = mkdtempSync(join(tmpdir(), 'ringback-page-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'page.test.ts');
  writeFileSync(
    file,
    code.replace(/from '([^']+)'/g, (line, name: string) => (places[name] ? `from '${places[name]}'` : line)),
  );
  // Otherwise it reports to the runner of this file, and not by its exit code.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ['--test', file], { env, encoding: 'utf8' });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /pass 1\b/);
});
