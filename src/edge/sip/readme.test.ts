/** The README's example, run where nothing of this project is but the stack. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { promisify } from 'node:util';

const source = new URL('../../', import.meta.url).pathname;

it('the stack can be lifted out, and its README shows how it is used', { timeout: 30_000 }, async () => {
  const lifted = await mkdtemp(path.join(tmpdir(), 'lifted-'));
  try {
    const filter = (file: string): boolean => !/\.(?:test|fixture)\.ts$/.test(file);
    for (const folder of ['wire/sip', 'edge/sip'])
      await cp(path.join(source, folder), path.join(lifted, folder), { recursive: true, filter });
    const readme = await readFile(path.join(source, 'edge/sip/README.md'), 'utf8');
    const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? '';
    await writeFile(path.join(lifted, 'package.json'), '{ "type": "module" }');
    await writeFile(path.join(lifted, 'edge/sip/example.ts'), example);
    const ran = await promisify(execFile)(process.execPath, ['example.ts'], {
      ...{ cwd: path.join(lifted, 'edge/sip'), timeout: 20_000 },
    });
    assert.deepEqual(ran.stdout.trim().split('\n').sort(), [
      'the caller: 180',
      'the caller: bye local',
      'the phone: bye remote',
    ]);
    assert.equal(ran.stderr, '');
  } finally {
    await rm(lifted, { recursive: true });
  }
});
