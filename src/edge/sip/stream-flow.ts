import { type Framed, nextFrame } from '../../wire/sip/frame.ts';
import type { ParseLimits } from '../../wire/sip/parse.ts';
import type { Address, Flights } from './api.ts';
import type { Flow } from './flow.ts';
import type { Connection, ConnectionEvents, Failed } from './network.ts';
import { StreamBuffer } from './stream-buffer.ts';

const MAX_BACKLOG = 1 << 20;
/** How much longer than a half-sent message an inbound connection without traffic is kept. */
const QUIET_FACTOR = 20;
const ping = Buffer.from('\r\n\r\n');
const pong = Buffer.from('\r\n');

export interface StreamFlowUser {
  readonly limits: ParseLimits;
  readonly idleMs: number;
  /** Between the pings on connections of ours; 0: none. */
  readonly keepAliveMs: number;
  readonly flights: Flights | undefined;
  received(text: string, flow: Flow): void;
  broken(why: string, flow: Flow): void;
  closed(flow: StreamFlow): void;
}

/** A TCP or TLS connection, ours or theirs. */
export class StreamFlow implements Flow, ConnectionEvents {
  readonly protocol: 'tcp' | 'tls';
  readonly #user: StreamFlowUser;
  readonly #watchers = new Set<Failed>();
  readonly #idle: NodeJS.Timeout | undefined;
  #connection: Connection | undefined;
  readonly #buffer = new StreamBuffer();
  #searched = 0;
  #wants = 1;
  /** Nothing more is read: what comes cannot be told apart any more, or the peer does not read itself. */
  #deaf = false;
  #closed = false;
  #kept = false;
  #connecting: boolean;
  #queued = 0;
  /** Pings of ours without an answer, answers, whether anything has come since the last ping, and why it was given up. */
  #awaited = 0;
  #pongs = 0;
  #heard = true;
  #gone: string | undefined;
  #forgetPort: (() => void) | undefined;
  #deadline: number;

  /** `inbound` connections are closed when they are idle. */
  constructor(user: StreamFlowUser, protocol: 'tcp' | 'tls', inbound: boolean) {
    this.#user = user;
    this.protocol = protocol;
    this.#connecting = !inbound;
    this.#deadline = performance.now() + user.idleMs;
    if (inbound) {
      this.#idle = setInterval(() => this.#sweep(), user.idleMs);
      this.#idle.unref();
    } else if (user.keepAliveMs > 0) {
      this.#idle = setInterval(() => this.#keepAlive(), user.keepAliveMs);
      this.#idle.unref();
    }
  }

  // RFC 5626 3.5.1 and 4.4.1: a peer that answers pings and then stops to is gone, whatever TCP still believes.
  #keepAlive(): void {
    if (this.#connecting || this.#closed || !this.#connection) return;
    if (this.#pongs > 0 && !this.#heard) {
      this.#gone = 'no answer to keep-alives';
      this.close();
      return;
    }
    this.#heard = false;
    // A peer that never answers owes nothing.
    this.#awaited = Math.min(this.#awaited + 1, 2);
    this.#connection.write(ping);
  }

  /** Takes the pongs out of what came: two of them in a row would look like a ping of the peer's. */
  #withoutPongs(bytes: Buffer): Buffer {
    this.#heard = true;
    if (this.#awaited === 0 || this.#buffer.length > 0) return bytes;
    let count = 0;
    while (bytes[2 * count] === 13 && bytes[2 * count + 1] === 10) count += 1;
    if (count > this.#awaited) return bytes;
    this.#awaited -= count;
    this.#pongs += count;
    return bytes.subarray(2 * count);
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

  get kept(): boolean {
    return this.#kept;
  }

  keep(): void {
    this.#kept = true;
  }

  get certificateNames(): readonly string[] | undefined {
    return this.#connection?.certificateNames;
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
    if (this.#isStuck(connection)) {
      failed('the peer does not read');
      return;
    }
    // Until it is connected our port is unknown: such messages are counted as coming from port 0.
    if (this.#connecting) this.#queued += 1;
    this.#user.flights?.sent(this.protocol, this.#connecting ? 0 : this.local.port, this.remote.port);
    connection.write(Buffer.from(text, 'latin1'));
  }

  #isStuck(connection: Connection): boolean {
    if (connection.backlog <= MAX_BACKLOG) return false;
    this.#deaf = true;
    this.close();
    return true;
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
      flights.sent(this.protocol, this.local.port, this.remote.port);
      flights.received(this.protocol, 0, this.remote.port);
    }
  }

  received(bytes: Buffer): void {
    if (this.#deaf) return;
    const began = this.#buffer.length === 0;
    this.#buffer.append(this.#withoutPongs(bytes));
    while (!this.#closed && !this.#deaf) {
      if (this.#buffer.length < this.#wants) return;
      const frame = nextFrame(this.#buffer.bytes, 0, this.#user.limits, this.#searched);
      if (frame.kind === 'broken') {
        // What follows was cut out of nothing; some of it may look like a message.
        this.#deaf = true;
        this.#user.broken(frame.why, this);
        this.close();
        return;
      }
      this.#buffer.take(frame.next);
      [this.#searched, this.#wants] = frame.kind === 'wait' ? [frame.searched, frame.wants] : [0, 1];
      if (frame.kind === 'wait') {
        // What has begun shall be whole soon, however long the quiet before it might have lasted.
        if (began && this.#buffer.length > 0)
          this.#deadline = Math.min(this.#deadline, performance.now() + this.#user.idleMs);
        return;
      }
      this.#take(frame);
    }
  }

  #take(frame: Exclude<Framed, { kind: 'wait' | 'broken' }>): void {
    // The half-sent message that may follow has a full turn again.
    const patience = this.#buffer.length > 0 ? 1 : QUIET_FACTOR;
    this.#deadline = performance.now() + this.#user.idleMs * patience;
    if (frame.kind === 'ping') {
      if (this.#connection && !this.#isStuck(this.#connection)) this.#connection.write(pong);
      return;
    }
    try {
      this.#user.received(frame.text, this);
    } finally {
      this.#user.flights?.received(this.protocol, this.remote.port, this.local.port);
    }
  }

  closed(why: string | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#idle);
    this.#forgetPort?.();
    if (this.#connecting)
      for (let n = this.#queued; n > 0; n--) this.#user.flights?.received(this.protocol, 0, this.remote.port);
    this.#user.closed(this);
    for (const tell of [...this.#watchers]) tell(why ?? this.#gone ?? 'connection closed by the peer');
    this.#watchers.clear();
  }

  #sweep(): void {
    if (performance.now() > this.#deadline && this.#watchers.size === 0) this.close();
  }
}
