// Runs the tests: all of them, or the suites, folders and files given (`npm test -- domain src/codes`).
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suiteOf, suites } from './suites.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

function testFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : testFiles(path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

const all = ['src', 'test', 'scenarios']
  .flatMap((folder) => testFiles(join(root, folder)))
  .map((path) => relative(root, path).split(sep).join('/'))
  .sort((a, b) => suites.indexOf(suiteOf(a)) - suites.indexOf(suiteOf(b)) || (a < b ? -1 : 1));

const options = process.argv.slice(2).filter((argument) => argument.startsWith('--'));
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));

function select(name) {
  if (suites.includes(name)) return all.filter((file) => suiteOf(file) === name);
  const path = relative(root, resolve(name)).split(sep).join('/');
  const found = existsSync(resolve(name)) && statSync(resolve(name)).isFile() ? [path] : [];
  return found.length > 0 ? found : all.filter((file) => file.startsWith(`${path}/`));
}

const files = wanted.length === 0 ? all : [...new Set(wanted.flatMap(select))];
if (files.length === 0) {
  console.error(
    `No test matches ${wanted.join(' ')}. Name a file, a folder or a suite: ${suites.join(', ')}.`,
  );
  process.exit(1);
}

const node = join(root, 'node_modules', '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
if (!existsSync(node)) {
  console.error('The Node that runs the tests is not installed. Run "npm ci".');
  process.exit(1);
}

const { status, signal } = spawnSync(
  node,
  [
    '--disable-warning=ExperimentalWarning',
    '--import=./scripts/linger.js',
    '--test',
    '--test-timeout=180000',
    // On two processors Node would run one file at a time; most of them wait for a peer.
    `--test-concurrency=${Math.max(2, availableParallelism() - 1)}`,
    '--test-reporter=./scripts/suite-reporter.js',
    '--test-reporter-destination=stdout',
    ...options,
    ...files,
  ],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compile') },
    shell: process.platform === 'win32',
  },
);
if (signal) console.error(`The tests were ended by ${signal}.`);
process.exitCode = status ?? 1;
