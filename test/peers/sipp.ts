/** Runs SIPp, an independent SIP peer, on a scenario file; bounded, and ended by itself. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';

export interface SippOptions {
  /** File in `test/peers/sipp`, without `.xml`. */
  readonly scenario: string;
  readonly protocol?: 'udp' | 'tcp';
  /** As caller: `host:port` of the callee. As callee: absent. */
  readonly remote?: string;
  /** The service (user part) that a caller calls. */
  readonly service?: string;
  /** Its own port; a free one where absent. */
  readonly port?: number;
  readonly calls?: number;
  readonly callsPerSecond?: number;
  /** Replace `@@name@@` in the scenario: SIPp's own keys work neither in pauses nor in status lines. */
  readonly values?: Readonly<Record<string, string>>;
  readonly seconds?: number;
  readonly extra?: readonly string[];
}

export interface SippResult {
  /** 0: every call went as the scenario says. */
  readonly code: number;
  /** What SIPp had to complain about. */
  readonly errors: string;
}

export interface RunningSipp {
  readonly host: string;
  readonly port: number;
  readonly done: Promise<SippResult>;
  stop(): void;
}

/** Why SIPp cannot be used here; with CI=true a missing SIPp is a failure. */
export function sippMissing(): string | false {
  const found = spawnSync('sipp', ['-v'], { stdio: 'ignore' });
  if (!found.error) return false;
  if (process.env.CI === 'true') throw new Error('sipp is missing (Debian package sip-tester)');
  const why = 'SKIPPED: sipp is missing (Debian package sip-tester); the SIP stack meets no foreign peer';
  console.error(why);
  return why;
}

const usual: Readonly<Record<string, string>> = {
  ring: '0',
  hold: '0',
  linger: '0',
  code: '486',
  reason: 'Busy Here',
  retrans: '50',
};

export async function startSipp(options: SippOptions): Promise<RunningSipp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sipp-'));
  const source = readFileSync(new URL(`sipp/${options.scenario}.xml`, import.meta.url), 'utf8');
  const values = { ...usual, ...options.values };
  const scenario = path.join(folder, 'scenario.xml');
  writeFileSync(
    scenario,
    source.replace(/@@(\w+)@@/g, (_, name: string) => values[name] ?? ''),
  );
  const [port, control] = await Promise.all([options.port ?? freePort(), freePort()]);
  const seconds = options.seconds ?? 20;
  const errors = path.join(folder, 'errors.log');
  const args = [
    ...['-sf', scenario, '-t', options.protocol === 'tcp' ? 't1' : 'u1'],
    ...['-i', '127.0.0.1', '-mi', '127.0.0.1', '-p', String(port), '-cp', String(control)],
    ...['-m', String(options.calls ?? 1), '-nostdin', '-trace_err', '-error_file', errors],
    ...['-timeout', String(seconds), '-timeout_error', '-default_behaviors', 'all,-bye'],
    ...(options.remote === undefined
      ? []
      : ['-s', options.service ?? '+15551234567', '-r', String(options.callsPerSecond ?? 10)]),
    ...(options.extra ?? []),
    ...(options.remote === undefined ? [] : [options.remote]),
  ];
  const child = spawn('sipp', args, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, TERM: 'dumb' },
  });
  let spoken = '';
  child.stdout.on('data', () => {});
  child.stderr.on('data', (bytes: Buffer) => {
    spoken = (spoken + bytes.toString()).slice(-4000);
  });
  const kill = setTimeout(() => child.kill('SIGKILL'), (seconds + 5) * 1000);
  const done = new Promise<SippResult>((resolve) => {
    child.on('close', (code) => {
      clearTimeout(kill);
      const logged = existsSync(errors) ? readFileSync(errors, 'utf8') : '';
      rmSync(folder, { recursive: true, force: true });
      resolve({ code: code ?? -1, errors: logged + spoken });
    });
  });
  if (options.remote === undefined) await listening(port, options.protocol ?? 'udp', done);
  return { host: '127.0.0.1', port, done, stop: () => child.kill('SIGTERM') };
}

/** Waits until the callee has its port, which is the case once nobody else can have it. */
async function listening(port: number, protocol: 'udp' | 'tcp', done: Promise<SippResult>): Promise<void> {
  let over: SippResult | undefined;
  done.then((result) => {
    over = result;
  });
  const table = `/proc/net/${protocol}`;
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  for (let tries = 0; tries < 500; tries++) {
    if (over) throw new Error(`sipp ended before it listened: ${over.errors}`);
    if (readFileSync(table, 'utf8').includes(hex)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`sipp does not listen on ${port}`);
}
