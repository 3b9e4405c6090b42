/** The whole server in a process of its own, as `ringback start` runs it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ReadyLine } from '../src/main/server-file.ts';
import { ask } from './child.ts';
import { pause } from './figures.ts';
import type { Probed, ProbeOrder } from './server-probe.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const startWithinMs = 20_000;
const stopWithinMs = 10_000;

export interface BenchServer {
  readonly ready: ReadyLine;
  readonly pid: number;
  /** Of the data, which outlives `kill` and goes with `stop`. */
  readonly directory: string;
  probe(collect?: boolean): Promise<Probed>;
  /** `kill -9` */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export const numbersOfPeer = (n: number): string => `+4420${String(n % 1e8).padStart(8, '0')}`;

/** `sipPort`: where the peer listens. */
const trunkTo = (sipPort: number, media: 'rtp' | 'none'): string => `
destinations: { allow: ['+44'] }
trunks:
  - { name: bench, kind: direct-routing, host: 127.0.0.1, port: ${sipPort}, protocol: udp, media: ${media} }
routes:
  - { pattern: '\\+4420\\d{8}', trunk: bench, priority: 1 }
`;

const configuration = (settings: string): string => `
allowHttpCallbacks: true
httpsPort: 0
httpPort: 0
sipPort: 0
${settings}`;

async function readyLine(file: string, child: ChildProcess): Promise<ReadyLine> {
  const until = performance.now() + startWithinMs;
  while (performance.now() < until && child.exitCode === null) {
    try {
      return JSON.parse(readFileSync(file, 'utf8')) as ReadyLine;
    } catch {
      await pause(20);
    }
  }
  throw new Error('the server did not start; what it said stands above');
}

/** `RINGBACK_BENCH_PROFILE=DIRECTORY` leaves a CPU profile of the server there. */
const profiling = (): readonly string[] => {
  const directory = process.env.RINGBACK_BENCH_PROFILE;
  return directory === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${directory}`];
};

/** With a SIP trunk to a peer of the bench. */
export const startServer = (sipPort: number, media: 'rtp' | 'none' = 'none'): Promise<BenchServer> =>
  startServerWith(trunkTo(sipPort, media));

/** The journal is on disk, as everywhere outside tests. `directory`: of a server that was killed. */
export async function startServerWith(
  settings: string,
  directory = mkdtempSync(join(tmpdir(), 'ringback-bench-')),
): Promise<BenchServer> {
  const config = join(directory, 'ringback.yaml');
  writeFileSync(config, configuration(settings));
  const data = join(directory, 'data');
  const { RINGBACK_BENCH_PROFILE: _, ...env } = process.env;
  const child = fork(here('../bin/ringback.js'), ['start', '--config', config, '--data', data], {
    execArgv: ['--expose-gc', ...profiling(), '--import', here('server-probe.ts')],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env,
  });
  const exited = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const killer = setTimeout(() => child.kill('SIGKILL'), stopWithinMs);
    await exited;
    clearTimeout(killer);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const ready = await readyLine(join(data, 'server.json'), child);
    return {
      ready,
      pid: child.pid ?? 0,
      directory,
      probe: (collect = false) => ask<Probed>(child, { collect } satisfies ProbeOrder),
      kill: async () => {
        child.kill('SIGKILL');
        await exited;
        rmSync(join(data, 'server.json'), { force: true });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
