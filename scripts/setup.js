// Everything a fresh clone needs before `npm start` and `npm test`. Runs on Node 20 with nothing installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.ringback-lock');

function say(line) {
  process.stderr.write(`${line}\n`);
}

function stop(line) {
  say(line);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

/** The pid of a server that runs from this folder. */
function runningServer() {
  try {
    const { pid } = JSON.parse(readFileSync(join(root, '.ringback', 'server.json'), 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? 'of another user' : undefined;
  }
}

function installPackages() {
  const hash = lockHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const pid = runningServer();
  if (pid !== undefined) {
    stop(
      `The npm packages are out of date, and a server (process ${pid}) is running on them. Stop it, then try again.`,
    );
  }
  say('Installing npm packages (npm ci) ...');
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm, 'ci']] : ['npm', ['ci']];
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32' && command === 'npm',
  });
  if (status !== 0) stop(`npm ci failed${error ? `: ${error.message}` : ''}. Its messages are above.`);
  writeFileSync(stamp, hash);
}

/** Lines of test/peers.txt: Debian package, its command (or, where it has none, a file of it), what for. */
function missingPeers() {
  const lines = readFileSync(join(root, 'test', 'peers.txt'), 'utf8').split('\n');
  return lines
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([name]) => name)
    .map(([name, command]) => ({ name, command }))
    .filter(({ command }) => !(command.startsWith('/') ? existsSync(command) : onPath(command)));
}

function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

function installPeers() {
  const missing = missingPeers();
  if (missing.length === 0) return;
  if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
    const names = missing.map(({ name }) => name);
    say(`Installing ${names.join(', ')} for the tests ...`);
    aptGet('update', '-qq');
    aptGet('install', '-y', '-qq', '--no-install-recommends', ...names);
  }
  const still = missingPeers();
  if (still.length === 0) return;
  const list = still.map(({ name, command }) => `${command} (Debian package ${name})`).join(', ');
  if (process.env.CI === 'true') stop(`Missing for the tests: ${list}. With CI=true that is a failure.`);
  say(`Missing for the tests: ${list}. The tests that need them are SKIPPED.`);
}

function aptGet(...args) {
  spawnSync('apt-get', args, {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

installPackages();
if (process.argv.includes('--test')) installPeers();
