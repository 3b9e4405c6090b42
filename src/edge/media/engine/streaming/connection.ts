/** The websocket of a stream: connected, and connected again when it was lost. */
import type { StreamEvent, StreamFault } from '../../../../domain/media/stream.ts';
import type { Where } from '../../messages.ts';
import { type Dial, dial } from './dial.ts';
import type { StreamLimits } from './limits.ts';
import { LiveSocket } from './live-socket.ts';

type Without<T, K extends string> = T extends T ? Omit<T, K> : never;
/** What becomes of it; after `closed` and `failed` nothing more. */
export type ConnectionEvent = Without<StreamEvent, 'connectionId' | 'stream'>;

export interface ConnectionOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly limits: StreamLimits;
  /** Asked before every attempt: addresses change, and tokens expire. */
  readonly where: () => Promise<Where>;
  /** The first message of every connection. */
  readonly greeting: () => string;
  readonly heard: (text: string) => void;
  readonly tell: (event: ConnectionEvent) => void;
  /** What somebody who looks for a fault wants to read. */
  readonly note: (note: string) => void;
}

export class StreamConnection {
  readonly #options: ConnectionOptions;
  #dial: Dial | undefined;
  #live: LiveSocket | undefined;
  #pause: NodeJS.Timeout | undefined;
  #wasOpen = false;
  /** Since there last was a steady connection. */
  #attempts = 0;
  #lostAt = 0;
  #state: 'on' | 'closing' | 'over' = 'on';

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  open(): void {
    void this.#attempt(this.#options.limits.handshakeMs);
  }

  /** Lost where there is no connection, or where what was said before is not read. */
  sendAudio(text: string): void {
    if (this.#state === 'on') this.#live?.outgoing.audio(text);
  }

  /** Lost where there is no connection. */
  send(text: string): void {
    if (this.#state === 'on') this.#live?.outgoing.whole(text);
  }

  /** Says goodbye; then comes `closed`. */
  close(): void {
    if (this.#state !== 'on') return;
    if (this.#live) {
      this.#state = 'closing';
      this.#live.close(1000);
      return;
    }
    this.drop();
    this.#options.tell({ now: 'closed' });
  }

  /** It cannot go on, and `failed` is told. `code`: of RFC 6455 7.4.1. */
  giveUp(code: 1007 | 1008 | 1011, fault: StreamFault, why: string): void {
    if (this.#state !== 'on') return;
    this.#live?.close(code, why.slice(0, mostReason));
    this.#dial?.abandon();
    this.#fail(fault, why);
  }

  /** At once and without a word. */
  drop(): void {
    this.#state = 'over';
    clearTimeout(this.#pause);
    this.#dial?.abandon();
    this.#live?.terminate();
  }

  async #attempt(handshakeMs: number): Promise<void> {
    const { url, headers, where } = this.#options;
    const found = await where();
    if (this.#state !== 'on') return;
    if ('fault' in found) {
      this.#missed(found.fault, found.why);
      return;
    }
    const { addresses, authorization, roots } = found;
    this.#dial = dial({ url, addresses, roots, handshakeMs, headers: { ...headers, authorization } });
    const dialled = await this.#dial.done;
    this.#dial = undefined;
    if ('fault' in dialled) {
      if (this.#state === 'on') this.#missed(dialled.fault, dialled.why);
    } else if (this.#state === 'on') this.#opened(dialled.socket);
    else dialled.socket.terminate();
  }

  #opened(socket: ConstructorParameters<typeof LiveSocket>[0]): void {
    const { limits, greeting, heard, tell } = this.#options;
    const live = new LiveSocket(socket, limits, {
      heard: (text) => {
        if (this.#state === 'on') heard(text);
      },
      gone: (why, wrong) => {
        this.#live = undefined;
        const { dropped } = live.outgoing;
        if (dropped > 0) this.#options.note(`${dropped} frames of audio were not read in time, and dropped`);
        if (this.#state === 'on' && wrong) this.#fail('bad-request', why);
        else if (this.#state === 'on') this.#lost(live, why);
        else if (this.#state === 'closing') {
          this.#state = 'over';
          tell({ now: 'closed' });
        }
      },
    });
    this.#live = live;
    live.outgoing.whole(greeting());
    tell({ now: this.#wasOpen ? 'restored' : 'open' });
    this.#wasOpen = true;
  }

  #lost({ openedAt }: LiveSocket, why: string): void {
    this.#lostAt = performance.now();
    // Who takes every connection and drops it again does not get one for ever.
    if (this.#lostAt - openedAt >= this.#options.limits.steadyMs) this.#attempts = 0;
    this.#options.tell({ now: 'interrupted', why });
    this.#again(why);
  }

  #missed(fault: StreamFault, why: string): void {
    if (this.#wasOpen) this.#again(why);
    else this.#fail(fault, why);
  }

  #again(why: string): void {
    const { redialMs, lostMs, handshakeMs } = this.#options.limits;
    const pause = redialMs[this.#attempts];
    const left = this.#lostAt + lostMs - performance.now() - (pause ?? 0);
    if (pause === undefined || left <= 0) {
      this.#fail('lost', why);
      return;
    }
    this.#attempts += 1;
    this.#pause = setTimeout(() => void this.#attempt(Math.min(handshakeMs, left)), pause);
  }

  #fail(fault: StreamFault, why: string): void {
    this.#state = 'over';
    clearTimeout(this.#pause);
    this.#options.tell({ now: 'failed', fault, why });
  }
}

/** Characters of a reason; RFC 6455 5.5 allows 123 bytes. */
const mostReason = 100;
