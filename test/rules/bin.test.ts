import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from './source-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringback-bin-'));
after(() => rmSync(folder, { recursive: true }));

/** A clone whose command line exits with the code it is given, or says "up" and waits for SIGTERM. */
function makeClone(name: string, { withNode }: { readonly withNode: boolean }): string {
  const clone = join(folder, name);
  for (const below of ['bin', 'src/cli', 'node_modules']) mkdirSync(join(clone, below), { recursive: true });
  cpSync(join(root, 'bin/ringback.js'), join(clone, 'bin/ringback.js'));
  writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    join(clone, 'src/cli/main.ts'),
    `const [first]: readonly string[] = process.argv.slice(2);
     if (first === 'wait') {
       const forEver = setInterval(() => undefined, 1000);
       process.once('SIGTERM', () => { clearInterval(forEver); process.exitCode = 5; });
       console.log('up');
     } else process.exitCode = Number(first);`,
  );
  // What an old Node would say of itself; the one it hands over to tells the truth.
  writeFileSync(
    join(clone, 'old.mjs'),
    `if (!process.env._RINGBACK_HANDED_OVER)
       Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.0' } });`,
  );
  if (withNode) {
    mkdirSync(join(clone, 'node_modules/.bin'));
    symlinkSync(process.execPath, join(clone, 'node_modules/.bin/node'));
  }
  return clone;
}

function start(clone: string, argument: string, { old }: { readonly old: boolean }) {
  const before = old ? ['--import', join(clone, 'old.mjs')] : [];
  return spawn(process.execPath, [...before, join(clone, 'bin/ringback.js'), argument], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

for (const old of [false, true]) {
  describe(old ? 'bin/ringback.js on an old Node' : 'bin/ringback.js', () => {
    const clone = makeClone(`old-${old}`, { withNode: old });

    test('passes arguments in and the exit code out', async () => {
      const [code] = await once(start(clone, '7', { old }), 'exit');
      assert.equal(code, 7);
    });

    test('passes SIGTERM on', async () => {
      const child = start(clone, 'wait', { old });
      await once(child.stdout, 'data');
      child.kill('SIGTERM');
      assert.deepEqual(await once(child, 'exit'), [5, null]);
    });

    test('ends by the signal that ended the command', async () => {
      const child = start(clone, 'wait', { old });
      await once(child.stdout, 'data');
      child.kill('SIGHUP');
      assert.deepEqual(await once(child, 'exit'), [null, 'SIGHUP']);
    });
  });
}

test('bin/ringback.js on an old Node with no other says what to do', async () => {
  const child = start(makeClone('bare', { withNode: false }), '0', { old: true });
  const said = (await child.stderr.toArray()).join('');
  assert.match(said, /needs Node 24\.15 or newer; this is 18\.20\.0.*npm ci/);
  assert.equal(child.exitCode ?? (await once(child, 'exit'))[0], 1);
});
