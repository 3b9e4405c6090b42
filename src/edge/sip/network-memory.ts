import type { NaptrRecord } from '../../wire/sip/naptr.ts';
import type { SrvRecord } from '../../wire/sip/srv.ts';
import type { Address } from './api.ts';
import type { Connection, ConnectionEvents, DatagramEvents, Network } from './network.ts';

export interface MemoryNetworkOptions {
  /** Called for every datagram and stream chunk; its result when that has been delivered or lost. */
  readonly hold?: (what: string) => () => void;
  /** What names resolve to; addresses are known anyway. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly services?: (name: string) => readonly SrvRecord[];
  readonly pointers?: (domain: string) => readonly NaptrRecord[];
  /** What becomes of a datagram: delivered once for each number, that many wall milliseconds later. `[]` loses it, `[0, 0]` doubles it. */
  readonly fate?: (bytes: Buffer, from: Address, to: Address) => readonly number[];
}

const delivered: readonly number[] = [0];

function nameOf({ host, port }: Address): string {
  return `${host}:${port}`;
}

/** A network inside this process, carrying the same bytes as a real one. Ports are its own. */
export function memoryNetwork(options: MemoryNetworkOptions = {}): Network {
  const datagrams = new Map<string, DatagramEvents>();
  const listeners = new Map<string, (connection: Connection) => ConnectionEvents>();
  const hold = options.hold ?? (() => () => {});
  let freePort = 40_000;

  const taken = (at: Address): Error =>
    Object.assign(new Error(`address already in use ${nameOf(at)}`), { code: 'EADDRINUSE' });

  const later = (what: string, ms: number, deliver: () => void): void => {
    const release = hold(what);
    const run = (): void => {
      deliver();
      release();
    };
    if (ms > 0) setTimeout(run, ms);
    else setImmediate(run);
  };

  const place = (at: Address): Address => (at.port === 0 ? { host: at.host, port: ++freePort } : at);

  return {
    async bind(at, events) {
      const local = place(at);
      const name = nameOf(local);
      if (datagrams.has(name)) throw taken(local);
      datagrams.set(name, events);
      return {
        local,
        send(bytes, to) {
          for (const ms of options.fate?.(bytes, local, to) ?? delivered) {
            later(`datagram ${name}>${nameOf(to)}`, ms, () =>
              datagrams.get(nameOf(to))?.received(bytes, local),
            );
          }
        },
        async close() {
          if (datagrams.get(name) === events) datagrams.delete(name);
        },
      };
    },

    async listen(at, accepted) {
      const local = place(at);
      const name = nameOf(local);
      if (listeners.has(name)) throw taken(local);
      listeners.set(name, accepted);
      return {
        local,
        async close() {
          if (listeners.get(name) === accepted) listeners.delete(name);
        },
      };
    },

    connect(to, fromHost, events) {
      const local: Address = { host: fromHost, port: ++freePort };
      const near = new MemoryEnd(local, to, events, later);
      later(`connect ${nameOf(local)}>${nameOf(to)}`, 0, () => {
        const accepted = listeners.get(nameOf(to));
        if (!accepted) return near.lose('connection refused');
        const far = new MemoryEnd(to, local, undefined, later);
        far.events = accepted(far);
        near.join(far);
        events.connected();
      });
      return near;
    },

    async resolve(host) {
      const known = options.names?.[host];
      if (known) return known;
      if (!/^[0-9.]+$|:/.test(host))
        throw Object.assign(new Error(`unknown host ${host}`), { code: 'ENOTFOUND' });
      return [host];
    },

    services: async (name) => options.services?.(name) ?? [],
    pointers: async (domain) => options.pointers?.(domain) ?? [],

    probe(to, refused) {
      let open = true;
      later(`probe ${nameOf(to)}`, 0, () => {
        if (open && !datagrams.has(nameOf(to))) refused('port unreachable');
      });
      return () => {
        open = false;
      };
    },
  };
}

type Later = (what: string, ms: number, deliver: () => void) => void;

/** One end of a stream. */
class MemoryEnd implements Connection {
  readonly local: Address;
  readonly remote: Address;
  readonly backlog = 0;
  events: ConnectionEvents | undefined;
  readonly #later: Later;
  #peer: MemoryEnd | undefined;
  #waiting: Buffer[] = [];
  #closed = false;

  constructor(local: Address, remote: Address, events: ConnectionEvents | undefined, later: Later) {
    this.local = local;
    this.remote = remote;
    this.events = events;
    this.#later = later;
  }

  join(peer: MemoryEnd): void {
    this.#peer = peer;
    peer.#peer = this;
    for (const bytes of this.#waiting.splice(0)) this.write(bytes);
  }

  write(bytes: Buffer): void {
    if (this.#closed) return;
    const peer = this.#peer;
    if (!peer) {
      this.#waiting.push(bytes);
      return;
    }
    this.#later(`stream ${nameOf(this.local)}>${nameOf(this.remote)}`, 0, () => {
      if (!peer.#closed) peer.events?.received(bytes);
    });
  }

  lose(why: string | undefined): void {
    if (this.#closed) return;
    this.#closed = true;
    this.events?.closed(why);
  }

  close(): void {
    // It may be closed before it is joined to its peer, which is told then.
    this.#later(`close ${nameOf(this.local)}`, 0, () => {
      this.lose(undefined);
      this.#peer?.lose(undefined);
    });
  }
}
