/** The official Chat SDK's browser build on a device of its own: a Node process with `--conditions=browser`. */
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Said {
  readonly what: string;
  readonly value?: Readonly<Record<string, unknown>>;
}

export interface ChatDeviceOptions {
  readonly endpoint: string;
  readonly caFile: string;
  readonly token: string;
  /** False: only polling gets through. */
  readonly websockets?: boolean;
}

const script = fileURLToPath(new URL('chat-device-process.ts', import.meta.url));

export class ChatDevice {
  readonly said: Said[] = [];
  readonly #process: ChildProcess;
  readonly #changes = new EventEmitter();

  constructor({ caFile, endpoint, token, websockets = true }: ChatDeviceOptions) {
    this.#process = fork(script, [], {
      execArgv: ['--conditions=browser'],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
    });
    this.#process.on('message', (said: Said) => {
      this.said.push(said);
      this.#changes.emit('change');
    });
    this.#process.send({ endpoint, token, websockets });
  }

  /** Resolves once the client says that its notifications are connected. */
  static async start(options: ChatDeviceOptions): Promise<ChatDevice> {
    const device = new ChatDevice(options);
    await device.hears('connected');
    return device;
  }

  /** The first `what` that it said, or says. */
  async hears(what: string, count = 1): Promise<Said> {
    const late = AbortSignal.timeout(20_000);
    for (;;) {
      const found = this.said.filter((said) => said.what === what);
      if (found.length >= count) return found[count - 1] as Said;
      await once(this.#changes, 'change', { signal: late }).catch(() => {
        const heard = this.said.map((said) => `${said.what} ${said.what === 'failed' ? said.value : ''}`);
        throw new Error(`the device did not say ${what}; it said ${heard.join(', ') || 'nothing'}`);
      });
    }
  }

  names(): readonly string[] {
    return this.said.map(({ what }) => what);
  }

  /** Has this token when the client asks for a new one. */
  renew(token: string): void {
    this.#process.send({ order: 'renew', token });
  }

  /** Sends the client's farewell, then ends it. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    this.#process.send({ order: 'stop' });
    await this.hears('stopped');
    await this.kill();
  }

  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
