// The published package as its users meet it: packed, installed in an empty folder, started, asked, imported, stopped.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', '.bin', 'node');
const folder = mkdtempSync(join(tmpdir(), 'ringback-pack-'));
const user = join(folder, 'user');
const freePorts = ['--https-port', '0', '--http-port', '0', '--sip-port', '0'];

function run(command, args, cwd) {
  execFileSync(command, args, { cwd, stdio: ['ignore', 2, 2], timeout: 300_000 });
}

function step(line) {
  process.stdout.write(`pack check: ${line}\n`);
}

/** The line with which a started server says that it is ready. */
async function readyLine(server) {
  const lines = createInterface({ input: server.stdout });
  try {
    for await (const line of lines) {
      const said = line.startsWith('{') ? JSON.parse(line) : {};
      if (said.event === 'ready') return said;
    }
  } finally {
    lines.close();
    server.stdout.resume();
  }
  throw new Error(`The server ended before it was ready (exit code ${server.exitCode}).`);
}

async function startAndAsk() {
  const bin = join(user, 'node_modules', 'ringback', 'bin', 'ringback.js');
  const args = [bin, 'start', '--json', '--memory', ...freePorts];
  const server = spawn(node, args, { cwd: user, stdio: ['ignore', 'pipe', 'inherit'], timeout: 60_000 });
  const exited = once(server, 'exit');
  try {
    const { httpEndpoint } = await readyLine(server);
    const health = await fetch(new URL('/health/ready', httpEndpoint));
    assert.equal(health.status, 200, await health.text());
    step(`${httpEndpoint}health/ready answers ${health.status}`);
  } finally {
    server.kill('SIGTERM');
  }
  const [code, signal] = await exited;
  assert.deepEqual({ code, signal }, { code: 0, signal: null }, 'SIGTERM ends the server with exit code 0');
}

try {
  run('npm', ['pack', '--silent', '--pack-destination', folder], root);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  assert.ok(tarball, 'npm pack wrote a tarball');
  mkdirSync(user);
  writeFileSync(join(user, 'package.json'), '{ "name": "user", "private": true, "type": "module" }');
  run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline', join(folder, tarball)],
    user,
  );
  step(`${tarball} is installed`);
  for (const name of [
    'README.md',
    'LICENSE',
    'ringback.sample.yaml',
    'dist/src/testing.d.ts',
    'dist/src/resolve.js',
  ]) {
    assert.ok(existsSync(join(user, 'node_modules', 'ringback', name)), `the package has no ${name}`);
  }

  await startAndAsk();

  const door = `import { startRingback } from 'ringback/testing';
const ringback = await startRingback({});
if (!ringback.connectionString.startsWith('endpoint=')) throw new Error(ringback.connectionString);
await ringback.stop();
`;
  writeFileSync(join(user, 'door.mjs'), door);
  run(node, ['door.mjs'], user);
  // An unresolved type would be `any`, and then this line no error.
  const typed =
    '// @ts-expect-error: it is a string\nexport const wrong: number = ringback.connectionString;\n';
  writeFileSync(join(user, 'door.mts'), `${door}${typed}`);
  const types = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'esnext',
    '--types',
    '',
  ];
  run(join(root, 'node_modules', '.bin', 'tsc'), [...types, 'door.mts'], user);
  step('ringback/testing is imported, with its types');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
