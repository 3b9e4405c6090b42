import { type Framed, nextFrame } from '../../wire/sip/frame.ts';
import type { ParseLimits } from '../../wire/sip/parse.ts';
import type { Address, Flights } from './api.ts';
import type { Flow } from './flow.ts';
import type { Connection, ConnectionEvents, Failed } from './network.ts';

const MAX_BACKLOG = 1 << 20;
/** How much longer than a half-sent message an inbound connection without traffic is kept. */
const QUIET_FACTOR = 20;
const pong = Buffer.from('\r\n');

export interface StreamFlowUser {
  readonly limits: ParseLimits;
  readonly idleMs: number;
  readonly flights: Flights | undefined;
  received(text: string, flow: Flow): void;
  broken(why: string, flow: Flow): void;
  closed(flow: StreamFlow): void;
}

/** A TCP connection, ours or theirs. */
export class StreamFlow implements Flow, ConnectionEvents {
  readonly protocol = 'tcp';
  readonly #user: StreamFlowUser;
  readonly #watchers = new Set<Failed>();
  readonly #idle: NodeJS.Timeout | undefined;
  #connection: Connection | undefined;
  #rest: Buffer | undefined;
  #closed = false;
  #connecting: boolean;
  #queued = 0;
  #forgetPort: (() => void) | undefined;
  #deadline: number;

  /** `inbound` connections are closed when they are idle. */
  constructor(user: StreamFlowUser, inbound: boolean) {
    this.#user = user;
    this.#connecting = !inbound;
    this.#deadline = performance.now() + user.idleMs;
    if (inbound) {
      this.#idle = setInterval(() => this.#sweep(), user.idleMs);
      this.#idle.unref();
    }
  }

  use(connection: Connection): this {
    this.#connection = connection;
    return this;
  }

  get local(): Address {
    return this.#connection!.local;
  }

  get remote(): Address {
    return this.#connection!.remote;
  }

  get open(): boolean {
    return !this.#closed;
  }

  send(text: string, failed: Failed): void {
    const connection = this.#connection;
    if (this.#closed || !connection) {
      failed('the connection is closed');
      return;
    }
    if (connection.backlog > MAX_BACKLOG) {
      this.close();
      failed('the peer does not read');
      return;
    }
    // Until it is connected our port is unknown: such messages are counted as coming from port 0.
    if (this.#connecting) this.#queued += 1;
    this.#user.flights?.sent('tcp', this.#connecting ? 0 : this.local.port, this.remote.port);
    connection.write(Buffer.from(text, 'latin1'));
  }

  watch(broken: Failed): () => void {
    this.#watchers.add(broken);
    return () => this.#watchers.delete(broken);
  }

  doubt(): void {}

  close(): void {
    this.#connection?.close();
  }

  connected(): void {
    this.#connecting = false;
    const { flights } = this.#user;
    if (!flights) return;
    this.#forgetPort = flights.open(this.local.port);
    for (let n = this.#queued; n > 0; n--) {
      flights.sent('tcp', this.local.port, this.remote.port);
      flights.received('tcp', 0, this.remote.port);
    }
  }

  received(bytes: Buffer): void {
    const all = this.#rest ? Buffer.concat([this.#rest, bytes]) : bytes;
    this.#rest = undefined;
    let at = 0;
    while (!this.#closed) {
      const frame = nextFrame(all, at, this.#user.limits);
      if (frame.kind === 'broken') {
        this.#user.broken(frame.why, this);
        this.close();
        return;
      }
      at = frame.next;
      if (frame.kind === 'wait') break;
      this.#take(frame);
    }
    if (at < all.length) this.#rest = all.subarray(at);
    else this.#deadline = performance.now() + this.#user.idleMs * QUIET_FACTOR;
  }

  #take(frame: Exclude<Framed, { kind: 'wait' | 'broken' }>): void {
    // The half-sent message that may follow has a full turn again.
    this.#deadline = performance.now() + this.#user.idleMs;
    if (frame.kind === 'ping') {
      this.#connection?.write(pong);
      return;
    }
    try {
      this.#user.received(frame.text, this);
    } finally {
      this.#user.flights?.received('tcp', this.remote.port, this.local.port);
    }
  }

  closed(why: string | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#idle);
    this.#forgetPort?.();
    if (this.#connecting)
      for (let n = this.#queued; n > 0; n--) this.#user.flights?.received('tcp', 0, this.remote.port);
    this.#user.closed(this);
    for (const tell of [...this.#watchers]) tell(why ?? 'connection closed by the peer');
    this.#watchers.clear();
  }

  #sweep(): void {
    if (performance.now() > this.#deadline && this.#watchers.size === 0) this.close();
  }
}
