/**
 * From the start of `bin/ringback.js start --json` to its ready line, on new data and again on the same data, and the
 * memory it then takes. Yardsticks: `node -e 0`, and the same start without the compile cache.
 *
 *     node bench/ready.ts [starts on the same data, 4 when absent]
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { median, megabytes, pause, rounded } from './figures.ts';

const again = Number(process.argv[2] ?? 4);
const entry = fileURLToPath(new URL('../bin/ringback.js', import.meta.url));
const settleMs = 2000;

interface Memory {
  readonly rss: number;
  /** Shared pages counted in part; absent where the system does not tell. */
  readonly pss: number;
}

interface Start {
  readonly seconds: number;
  readonly memory?: Memory;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const kilobytes = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;

/** The server and the children it started. */
function memoryOf(pid: number): Memory {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  const all = [pid, ...children].map((one) => ({
    rss: kilobytes(read(`/proc/${one}/status`), 'VmRSS'),
    pss: kilobytes(read(`/proc/${one}/smaps_rollup`), 'Pss'),
  }));
  const sum = (of: (one: Memory) => number): number => all.reduce((total, one) => total + of(one), 0);
  return { rss: sum(({ rss }) => rss), pss: sum(({ pss }) => pss) };
}

async function start(data: string, env: NodeJS.ProcessEnv, withMemory: boolean): Promise<Start> {
  const ports = ['--https-port', '0', '--http-port', '0', '--sip-port', '0'];
  const started = performance.now();
  const child = spawn(process.execPath, [entry, 'start', '--json', '--data', data, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) if (line.includes('"event":"ready"')) break;
  const seconds = (performance.now() - started) / 1000;
  if (withMemory) await pause(settleMs);
  const memory = withMemory ? memoryOf(child.pid ?? 0) : undefined;
  child.kill('SIGTERM');
  child.stdout.resume();
  await exited;
  return { seconds, ...(memory ? { memory } : {}) };
}

async function bareNode(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return (performance.now() - started) / 1000;
}

const directory = mkdtempSync(join(tmpdir(), 'ringback-bench-'));
try {
  const data = join(directory, 'data');
  // A cache of its own, so that the first start is one.
  const cached = { NODE_COMPILE_CACHE: join(directory, 'cache') };
  const first = await start(data, cached, false);
  const later: Start[] = [];
  const uncached: number[] = [];
  const bare: number[] = [];
  for (let n = 0; n < again; n++) {
    later.push(await start(data, cached, n === again - 1));
    uncached.push((await start(data, { NODE_DISABLE_COMPILE_CACHE: '1' }, false)).seconds);
    bare.push(await bareNode());
  }
  const memory = later.at(-1)?.memory;
  console.table([
    {
      'first start s': rounded(first.seconds),
      'later starts s': rounded(median(later.map(({ seconds }) => seconds))),
      'without compile cache s': rounded(median(uncached)),
      'node -e 0 s': rounded(median(bare)),
      'idle RSS MB': megabytes(memory?.rss ?? Number.NaN),
      'idle PSS MB': megabytes(memory?.pss ?? Number.NaN),
    },
  ]);
  console.log('Aim: under 1 s from the second start on, under 220 MB with one media process.');
} finally {
  rmSync(directory, { recursive: true, force: true });
}
