import type { Address, Flights } from './api.ts';
import type { Flow } from './flow.ts';
import { hostPort } from './flow.ts';
import type { DatagramSocket, Failed, Network } from './network.ts';

const MAX_PROBES = 64;

/** Flows over one UDP socket. */
export class DatagramFlows {
  readonly #socket: DatagramSocket;
  readonly #network: Network;
  readonly #flights: Flights | undefined;
  /** Who is waiting for an answer from a peer that did not give any, and the probe that asks it. */
  readonly #doubted = new Map<string, { readonly watchers: Set<Failed>; stop(): void }>();

  constructor(socket: DatagramSocket, network: Network, flights: Flights | undefined) {
    this.#socket = socket;
    this.#network = network;
    this.#flights = flights;
  }

  get local(): Address {
    return this.#socket.local;
  }

  flow(remote: Address): Flow {
    return new DatagramFlow(this, remote);
  }

  send(text: string, remote: Address, failed: Failed): void {
    this.#flights?.sent('udp', this.#socket.local.port, remote.port);
    this.#socket.send(Buffer.from(text, 'latin1'), remote, failed);
  }

  probe(remote: Address, watcher: Failed): () => void {
    const name = hostPort(remote);
    const known = this.#doubted.get(name);
    if (known) {
      known.watchers.add(watcher);
      return () => known.watchers.delete(watcher);
    }
    if (this.#doubted.size >= MAX_PROBES) return () => {};
    const watchers = new Set([watcher]);
    const stop = this.#network.probe(remote, (why) => {
      this.#doubted.delete(name);
      for (const tell of [...watchers]) tell(why);
    });
    // A probe that hears nothing has learned nothing; the next repetition asks again.
    const forget = setTimeout(() => end(), 1000);
    const end = (): void => {
      clearTimeout(forget);
      stop();
      if (this.#doubted.get(name)?.watchers === watchers) this.#doubted.delete(name);
    };
    this.#doubted.set(name, { watchers, stop: end });
    return () => {
      watchers.delete(watcher);
      if (watchers.size === 0) end();
    };
  }

  async close(): Promise<void> {
    for (const { stop } of [...this.#doubted.values()]) stop();
    await this.#socket.close();
  }
}

class DatagramFlow implements Flow {
  readonly protocol = 'udp';
  readonly open = true;
  readonly remote: Address;
  readonly #flows: DatagramFlows;
  #broken: Failed | undefined;
  #stopProbe: (() => void) | undefined;

  constructor(flows: DatagramFlows, remote: Address) {
    this.#flows = flows;
    this.remote = remote;
  }

  get local(): Address {
    return this.#flows.local;
  }

  send(text: string, failed: Failed): void {
    this.#flows.send(text, this.remote, failed);
  }

  watch(broken: Failed): () => void {
    this.#broken = broken;
    return () => {
      this.#broken = undefined;
      this.#stopProbe?.();
    };
  }

  doubt(): void {
    if (!this.#broken) return;
    this.#stopProbe?.();
    this.#stopProbe = this.#flows.probe(this.remote, (why) => this.#broken?.(why));
  }

  close(): void {}
}
