import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { root } from './source-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringback-setup-'));
after(() => rmSync(folder, { recursive: true }));

let clones = 0;

/** A clone with an npm that notes that it ran, a test peer that does not exist, and no program on the path. */
function makeClone() {
  clones += 1;
  const clone = join(folder, String(clones));
  for (const below of ['scripts', 'test', 'node_modules', '.ringback', 'empty']) {
    mkdirSync(join(clone, below), { recursive: true });
  }
  cpSync(join(root, 'scripts/setup.js'), join(clone, 'scripts/setup.js'));
  writeFileSync(join(clone, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(clone, 'package-lock.json'), '{ "first": true }');
  writeFileSync(join(clone, 'test/peers.txt'), '# what for\nsome-package some-peer # a test\n');
  writeFileSync(
    join(clone, 'npm.js'),
    `import { writeFileSync } from 'node:fs'; writeFileSync('npm-ran', process.argv[2]);`,
  );
  const setUp = (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) => {
    const ran = join(clone, 'npm-ran');
    rmSync(ran, { force: true });
    const { status, stderr } = spawnSync(process.execPath, [join(clone, 'scripts/setup.js'), ...args], {
      encoding: 'utf8',
      env: { PATH: join(clone, 'empty'), npm_execpath: join(clone, 'npm.js'), ...env },
    });
    return { status, said: stderr, installed: existsSync(ran) };
  };
  const write = (path: string, text: string) => writeFileSync(join(clone, path), text);
  return { setUp, write };
}

describe('scripts/setup.js', () => {
  test('installs packages when the lock file is new, and only then', () => {
    const { setUp, write } = makeClone();
    assert.deepEqual([setUp().installed, setUp().installed], [true, false]);
    write('package-lock.json', '{ "second": true }');
    assert.deepEqual([setUp().installed, setUp().installed], [true, false]);
  });

  test('never installs under a running server, and says which', () => {
    const { setUp, write } = makeClone();
    write('.ringback/server.json', JSON.stringify({ pid: process.pid }));
    const { status, said, installed } = setUp();
    assert.deepEqual([status, installed], [1, false]);
    assert.match(said, new RegExp(`process ${process.pid}\\) is running`));
    const gone = spawnSync(process.execPath, ['--version']).pid;
    write('.ringback/server.json', JSON.stringify({ pid: gone }));
    assert.equal(setUp().installed, true);
  });

  test('names missing test peers, and takes them for a failure in CI only', () => {
    const { setUp } = makeClone();
    assert.doesNotMatch(setUp().said, /some-peer/);
    const atHome = setUp(['--test']);
    assert.equal(atHome.status, 0);
    assert.match(atHome.said, /some-peer \(Debian package some-package\).*SKIPPED/);
    const inCi = setUp(['--test'], { CI: 'true' });
    assert.equal(inCi.status, 1);
    assert.match(inCi.said, /CI=true/);
  });

  test('knows a package without a command by a file of it', () => {
    const { setUp, write } = makeClone();
    write('test/peers.txt', `a-package ${join(folder, 'is-not-there')}\n`);
    assert.match(setUp(['--test']).said, /is-not-there \(Debian package a-package\)/);
    write('test/peers.txt', `a-package ${process.execPath}\n`);
    assert.equal(setUp(['--test'], { CI: 'true' }).status, 0);
  });
});
