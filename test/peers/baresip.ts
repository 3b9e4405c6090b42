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
  readonly transport: 'udp' | 'tcp' | 'tls';
  /** Where it takes SIP; TLS one above. */
  readonly port: number;
  /**
   * For TLS, PEM. Without one it shows none to servers, and takes no call over TLS. (Whose certificate a server shows
   * does not matter to it: baresip 1.0 checks none.)
   */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** The user part of its address. */
  readonly user: string;
  /** User parts of further lines that it answers. */
  readonly lines?: readonly string[];
  /** `manual`: it rings until it is told what to do. */
  readonly answers: 'auto' | 'manual';
  /** Default: G.711, either law. */
  readonly codecs?: string;
  /** Calls at a time; the next is busy. */
  readonly calls?: number;
  /** Keys in SDP for what it speaks, and nothing in the clear. */
  readonly encryption?: 'srtp-mand';
  /** It offers ICE and checks; of an address that is not loopback, which is the only one that it names. */
  readonly nat?: 'ice';
  /** WAV file that it plays once into each call, 8 kHz mono; default: a tone of 440 Hz without end. */
  readonly says?: string;
  /** Folder for WAV files of what it hears, as long as it hears anything, complete once the call is over. */
  readonly recordings?: string;
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

const ownPem = 'own.pem';

/** A file is read as it is; the tone is made in stereo at 48 kHz only. */
const source = ({ says }: BaresipOptions): readonly string[] =>
  says === undefined
    ? ['audio_source ausine,440', 'ausrc_srate 48000', 'ausrc_channels 2']
    : [`audio_source aufile,${says}`, 'ausrc_srate 8000', 'ausrc_channels 1'];

const settings = (options: BaresipOptions, control: number, folder: string): string =>
  [
    `sip_listen 127.0.0.1:${options.port}`,
    'net_interface 127.0.0.1',
    ...(options.certificate ? [`sip_certificate ${path.join(folder, ownPem)}`] : []),
    `call_max_calls ${options.calls ?? 4}`,
    'call_local_timeout 600',
    ...source(options),
    // There is nobody to play to.
    ...['audio_player aufile,/dev/null', 'audio_alert aufile,/dev/null'],
    ...['auplay_srate 8000', 'auplay_channels 1', 'rtcp_mux yes'],
    ...(options.recordings === undefined ? [] : ['module sndfile.so', `snd_path ${options.recordings}`]),
    `module_path ${modules.find((folder) => existsSync(folder)) ?? modules[0]}`,
    ...['g711', 'g722', 'aufile', 'ausine', 'srtp', 'ice'].map((name) => `module ${name}.so`),
    ...['account', 'menu', 'ctrl_tcp'].map((name) => `module_app ${name}.so`),
    `ctrl_tcp_listen 127.0.0.1:${control}`,
    '',
  ].join('\n');

const g711 = 'PCMU/8000/1,PCMA/8000/1';

const account = (options: BaresipOptions): string => {
  const { user, port, transport, answers, codecs = g711, encryption, nat } = options;
  const media = [...(encryption ? [`mediaenc=${encryption}`] : []), ...(nat ? [`medianat=${nat}`] : [])];
  return `<sip:${user}@127.0.0.1:${port};transport=${transport}>;${[
    ...['regint=0', `answermode=${answers}`, `audio_codecs=${codecs}`, 'ptime=20'],
    ...media,
  ].join(';')}\n`;
};

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
    writeFileSync(path.join(folder, 'config'), settings(options, control, folder));
    const { certificate } = options;
    // It reads both from one file.
    if (certificate) writeFileSync(path.join(folder, ownPem), certificate.cert + certificate.key);
    writeFileSync(
      path.join(folder, 'accounts'),
      [options.user, ...(options.lines ?? [])].map((user) => account({ ...options, user })).join(''),
    );
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
    const last = setTimeout(() => this.#child.kill('SIGKILL'), 1000);
    await exited;
    clearTimeout(last);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
