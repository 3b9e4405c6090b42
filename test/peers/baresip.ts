/** baresip, an independent phone with real audio and no screen or sound card: driven over its control port, and ended. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../../scenarios/stage/wait.ts';
import { freePort } from './free-port.ts';
import { Netstrings, netstring } from './netstring.ts';

export interface BaresipOptions {
  readonly transport: 'udp' | 'tcp';
  /** Where it takes SIP. */
  readonly port: number;
  /** The user part of its address. */
  readonly user: string;
  /** `manual`: it rings until it is told what to do. */
  readonly answers: 'auto' | 'manual';
  /** Default: G.711, either law. */
  readonly codecs?: string;
  /** Calls at a time; the next is busy. */
  readonly calls?: number;
  /** It ends by itself after this many seconds, whatever becomes of the test. */
  readonly seconds?: number;
}

/** What it reports: `CALL_INCOMING`, `CALL_ESTABLISHED`, `CALL_CLOSED` and so on. */
export interface PhoneEvent {
  readonly type: string;
  readonly param?: string;
}

/** Why baresip cannot be used here; with CI=true a missing baresip is a failure. */
export function baresipMissing(): string | false {
  const found = spawnSync('baresip', ['-h'], { stdio: 'ignore' });
  if (!found.error) return false;
  if (process.env.CI === 'true') throw new Error('baresip is missing (Debian package baresip-core)');
  const why = 'SKIPPED: baresip is missing (Debian package baresip-core); no foreign phone is heard';
  console.error(why);
  return why;
}

/** Debian puts modules into one of these. */
const modules = ['/usr/lib/baresip/modules', '/usr/local/lib/baresip/modules'];

const settings = (options: BaresipOptions, control: number): string =>
  [
    `sip_listen 127.0.0.1:${options.port}`,
    'net_interface 127.0.0.1',
    `call_max_calls ${options.calls ?? 4}`,
    'call_local_timeout 600',
    // A tone of 440 Hz, which this source makes in stereo at 48 kHz only; what it hears goes nowhere.
    ...['audio_source ausine,440', 'ausrc_srate 48000', 'ausrc_channels 2'],
    ...['audio_player aufile,/dev/null', 'audio_alert aufile,/dev/null'],
    ...['auplay_srate 8000', 'auplay_channels 1'],
    `module_path ${modules.find((folder) => existsSync(folder)) ?? modules[0]}`,
    ...['g711', 'g722', 'aufile', 'ausine'].map((name) => `module ${name}.so`),
    ...['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen 127.0.0.1:${control}`,
    '',
  ].join('\n');

const g711 = 'PCMU/8000/1,PCMA/8000/1';

const account = ({ user, port, transport, answers, codecs = g711 }: BaresipOptions): string =>
  `<sip:${user}@127.0.0.1:${port};transport=${transport}>;regint=0;answermode=${answers};audio_codecs=${codecs};ptime=20\n`;

interface Reply {
  readonly response?: boolean;
  readonly ok?: boolean;
  readonly data?: string;
}

/** With the next one free as well, where it listens for TLS. */
export const phonePort = (): Promise<number> => freePort(2);

export class Baresip implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #socket: Socket;
  readonly #folder: string;
  readonly #events: PhoneEvent[] = [];
  readonly #asked: ((reply: Reply) => void)[] = [];
  readonly #said: () => string;

  private constructor(child: ChildProcess, socket: Socket, folder: string, said: () => string) {
    this.#child = child;
    this.#socket = socket;
    this.#folder = folder;
    this.#said = said;
    const netstrings = new Netstrings();
    socket.on('data', (bytes: Buffer) => {
      for (const text of netstrings.take(bytes)) {
        const message = JSON.parse(text) as Reply & PhoneEvent;
        if (message.response) this.#asked.shift()?.(message);
        else this.#events.push(message);
      }
    });
    // Its end is seen by its exit.
    socket.on('error', () => {});
  }

  static async start(options: BaresipOptions): Promise<Baresip> {
    const folder = mkdtempSync(path.join(tmpdir(), 'baresip-'));
    const control = await phonePort();
    writeFileSync(path.join(folder, 'config'), settings(options, control));
    writeFileSync(path.join(folder, 'accounts'), account(options));
    writeFileSync(path.join(folder, 'contacts'), '');
    const args = ['-f', folder, '-v', '-t', String(options.seconds ?? 60)];
    const child = spawn('baresip', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (bytes: Buffer) => {
        said = (said + bytes.toString()).slice(-4000);
      });
    const socket = await until('the control port of baresip', async () => {
      if (child.exitCode !== null) throw new Error(`baresip ended with ${child.exitCode}: ${said}`);
      const trying = connect(control, '127.0.0.1');
      return once(trying, 'connect').then(
        () => ({ is: trying }),
        (error) => ({ notYet: `${error}; it says ${said}` }),
      );
    }).catch((error: unknown) => {
      child.kill('SIGKILL');
      throw error;
    });
    return new Baresip(child, socket, folder, () => said);
  }

  /** One command of its menu (`dial`, `accept`, `hangup`, `hold`, `resume`, `sndcode`); fails when it does. */
  async do(command: string, params?: string): Promise<string> {
    const answered = new Promise<Reply>((resolve) => this.#asked.push(resolve));
    this.#socket.write(
      netstring(JSON.stringify({ command, ...(params === undefined ? {} : { params }), token: 'x' })),
    );
    const { ok, data = '' } = await answered;
    if (!ok) throw new Error(`baresip cannot ${command} ${params ?? ''}: ${data}`);
    return data;
  }

  /** The next event of this type that was not given out yet. */
  next(type: string): Promise<PhoneEvent> {
    return until(`${type} of baresip`, async () => {
      const index = this.#events.findIndex((event) => event.type === type);
      const [event] = index < 0 ? [] : this.#events.splice(index, 1);
      if (event) return { is: event };
      const others = this.#events.map((other) => other.type).join(', ');
      return { notYet: `there were ${others || 'none'}; it says ${this.#said()}` };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#child.exitCode === null && this.#child.signalCode === null;
    const exited = running ? once(this.#child, 'exit') : undefined;
    this.#socket.destroy();
    this.#child.kill('SIGTERM');
    // It says goodbye to its calls first; a peer that does not answer must not keep the test.
    const last = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(last);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
