#!/usr/bin/env node
// Plain JavaScript, so that an older Node can read it and hand over to the one that Ringback brings along.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const file = fileURLToPath(import.meta.url);
const here = dirname(file);

/** The first version whose `node:sqlite` and type stripping we rely on. */
const wanted = [24, 15];

/** Tells the second process that there is no third. Not RINGBACK_…: those are settings, and unknown ones are refused. */
const handedOver = '_RINGBACK_HANDED_OVER';

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major > wanted[0] || (major === wanted[0] && minor >= wanted[1]);
}

/** `node_modules/.bin/node` of this folder or of one above it. */
function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  for (let folder = here; ; folder = dirname(folder)) {
    for (const candidate of [
      join(folder, 'node_modules', 'node', 'bin', name),
      join(folder, 'node_modules', '.bin', name),
    ]) {
      if (existsSync(candidate)) return candidate;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function handOver(node) {
  const child = spawn(node, [...process.execArgv, file, ...process.argv.slice(2)], {
    stdio: 'inherit',
    env: { ...process.env, [handedOver]: '1' },
  });
  const onTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both of us; passing it on would make a second one, which kills.
      if (signal !== 'SIGINT' || !onTerminal) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    console.error(`${node} cannot be run: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exitCode = code ?? 1;
      return;
    }
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

async function run() {
  // The cache keeps what type stripping and compiling cost at the first start.
  createRequire(import.meta.url)('node:module').enableCompileCache();
  const source = join(here, '..', 'src', 'cli', 'main.ts');
  // Node strips no types under node_modules, so the published package brings JavaScript.
  const inClone = existsSync(source) && !here.split(sep).includes('node_modules');
  await import(pathToFileURL(inClone ? source : join(here, '..', 'dist', 'src', 'cli', 'main.js')).href);
}

if (isNewEnough(process.versions.node)) {
  await run();
} else {
  const node = process.env[handedOver] ? undefined : findNode();
  if (node) {
    handOver(node);
  } else {
    console.error(
      `Ringback needs Node ${wanted.join('.')} or newer; this is ${process.versions.node}. ` +
        'In a clone, "npm ci" brings it along; elsewhere, install it.',
    );
    process.exitCode = 1;
  }
}
