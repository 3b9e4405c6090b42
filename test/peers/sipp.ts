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
  /** Its own address; 127.0.0.1 where absent. */
  readonly host?: '127.0.0.1' | '::1';
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
  /** What stands between `<!-- each -->` and `<!-- /each -->` is repeated with the values of each. */
  readonly each?: readonly Readonly<Record<string, string>>[];
  /** With what stands between `<!-- talks -->` and `<!-- /talks -->`: it plays a tone of 400 ms, then it is silent. */
  readonly talks?: boolean;
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
  /** It takes no more calls, and is done when those that it has are over. */
  finish(): void;
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
  qop: 'auth',
  ring: '0',
  hold: '0',
  linger: '0',
  code: '486',
  reason: 'Busy Here',
  retrans: '50',
};

type Filling = Pick<SippOptions, 'values' | 'each' | 'talks'>;

function fill(source: string, { values, each = [], talks = false }: Filling): string {
  const put = (text: string, all: Readonly<Record<string, string>>): string =>
    text.replace(/@@(\w+)@@/g, (_, name: string) => all[name] ?? '');
  // Its ports for audio are open only where it plays some.
  const given = { ...usual, audio: talks ? '[rtpstream_audio_port]' : '[media_port]', ...values };
  const said = source.replace(/<!-- talks -->([\s\S]*?)<!-- \/talks -->/g, talks ? '$1' : '');
  const repeated = said.replace(/<!-- each -->([\s\S]*?)<!-- \/each -->/g, (_, part: string) =>
    each.map((one) => put(part, { ...given, ...one })).join(''),
  );
  return put(repeated, given);
}

/** 400 ms of a soft tone, as G.711 µ-law at 8 kHz: what a scenario plays. */
const audio = Buffer.alloc(3200, Buffer.from([0xff, 0xc8, 0xbe, 0xc8, 0xff, 0x48, 0x3e, 0x48]));

export async function startSipp(options: SippOptions): Promise<RunningSipp> {
  const folder = mkdtempSync(path.join(tmpdir(), 'sipp-'));
  const source = readFileSync(new URL(`sipp/${options.scenario}.xml`, import.meta.url), 'utf8');
  const scenario = path.join(folder, 'scenario.xml');
  writeFileSync(scenario, fill(source, options));
  writeFileSync(path.join(folder, 'audio.pcmu'), audio);
  const [port, control] = await Promise.all([options.port ?? freePort(), freePort()]);
  const { host = '127.0.0.1', seconds = 20 } = options;
  const errors = path.join(folder, 'errors.log');
  const args = [
    ...['-sf', scenario, '-t', options.protocol === 'tcp' ? 't1' : 'u1'],
    ...['-i', host, '-mi', host, '-p', String(port), '-cp', String(control)],
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
  const table = `${options.protocol ?? 'udp'}${host === '::1' ? '6' : ''}` as const;
  if (options.remote === undefined) await listening(port, table, done);
  const signal = (name: 'SIGUSR1' | 'SIGTERM') => () => void child.kill(name);
  return { host, port, done, finish: signal('SIGUSR1'), stop: signal('SIGTERM') };
}

/** Waits until the callee has its port, which is the case once nobody else can have it. */
async function listening(
  port: number,
  protocol: 'udp' | 'tcp' | 'udp6' | 'tcp6',
  done: Promise<SippResult>,
): Promise<void> {
  let over: SippResult | undefined;
  done.then((result) => {
    over = result;
  });
  const table = `/proc/net/${protocol}`;
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  // Of TCP, 0A is LISTEN: what is left of earlier connections stands in the table too.
  const isIt = (line: string): boolean => {
    const [, local = '', , state] = line.trim().split(/\s+/);
    return local.endsWith(hex) && (protocol.startsWith('udp') || state === '0A');
  };
  for (let tries = 0; tries < 500; tries++) {
    if (over) throw new Error(`sipp ended before it listened: ${over.errors}`);
    if (readFileSync(table, 'utf8').split('\n').some(isIt)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`sipp does not listen on ${port}`);
}
