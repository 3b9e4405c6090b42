/** `ringback start --json` as a process of its own, which a test may kill. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ReadyLine } from '../../src/main/server-file.ts';

export interface ServerProcess extends AsyncDisposable {
  readonly ready: ReadyLine;
  /** PEM of the local CA. */
  readonly ca: string;
  /** Log lines after the ready line. */
  readonly log: readonly string[];
  readonly pid: number;
  signal(name: NodeJS.Signals): void;
  /** How it ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface ServerProcessOptions {
  readonly data: string;
  readonly flags?: readonly string[];
  /** Settings, as `RINGBACK_…`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly ports?: { readonly http: number };
}

const bin = fileURLToPath(new URL('../../bin/ringback.js', import.meta.url));
const startLimitMs = 20_000;

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const { data, flags = [], settings = {}, ports = { http: 0 } } = options;
  const free = ['--https-port', '0', '--http-port', String(ports.http), '--sip-port', '0'];
  const child = spawn(process.execPath, [bin, 'start', '--json', '--data', data, ...free, ...flags], {
    // Where no ringback.yaml of somebody's lies.
    cwd: data,
    env: { ...process.env, ...settings, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(-4000);
  });
  const exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const log: string[] = [];
  const ready = await new Promise<ReadyLine>((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(
        new Error(`the server was not ready within ${startLimitMs / 1000} s: ${log.join('\n')} ${said}`),
      );
    }, startLimitMs);
    createInterface({ input: child.stdout }).on('line', (line) => {
      const parsed = JSON.parse(line) as { readonly event?: string };
      if (parsed.event !== 'ready') log.push(line);
      else {
        clearTimeout(timer);
        resolve(parsed as ReadyLine);
      }
    });
    exited.then(({ code, signal }) => {
      clearTimeout(timer);
      reject(
        new Error(`the server ended before it was ready (${code ?? signal}): ${log.join('\n')} ${said}`),
      );
    });
  });
  return {
    ready,
    ca: readFileSync(ready.caFile, 'utf8'),
    log,
    pid: child.pid!,
    signal: (name) => child.kill(name),
    exited,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}
