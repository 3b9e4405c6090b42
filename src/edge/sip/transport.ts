import net from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ParseLimits } from '../../wire/sip/parse.ts';
import { bracketed } from '../../wire/sip/uri.ts';
import type { Address, Flights, Protocol } from './api.ts';
import { DatagramFlows } from './datagram-flows.ts';
import { type Flow, hostPort } from './flow.ts';
import { listenOnAll } from './listening.ts';
import type { DatagramEvents, Network, StreamListener } from './network.ts';
import { StreamFlow, type StreamFlowUser } from './stream-flow.ts';

export interface TransportOptions {
  readonly network: Network;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly advertise: string | undefined;
  readonly limits: ParseLimits;
  readonly connections: number;
  readonly idleMs: number;
  readonly flights: Flights | undefined;
  /** One message, one character per byte. */
  received(text: string, flow: Flow): void;
  /** Bytes that are no message. */
  broken(why: string, flow: Flow): void;
}

/** Sockets and connections. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #streams = new Map<string, StreamFlow>();
  readonly #streamUser: StreamFlowUser;
  readonly #sentBy = new Map<string, string>();
  #datagrams: readonly DatagramFlows[] = [];
  #listeners: readonly StreamListener[] = [];
  #forgetPort: (() => void) | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#streamUser = {
      limits: options.limits,
      idleMs: options.idleMs,
      flights: options.flights,
      received: options.received,
      broken: options.broken,
      closed: (flow) => {
        const name = hostPort(flow.remote);
        if (this.#streams.get(name) === flow) this.#streams.delete(name);
      },
    };
  }

  get connections(): number {
    return this.#streams.size;
  }

  get port(): number {
    return this.#datagrams[0]?.local.port ?? 0;
  }

  async start(): Promise<readonly Address[]> {
    const { network, hosts, port, flights } = this.#options;
    const listening = await listenOnAll(network, hosts, port, {
      datagram: (host) => this.#datagramEvents(host),
      accepted: (connection) => {
        const flow = new StreamFlow(this.#streamUser, true).use(connection);
        if (this.#streams.size >= this.#options.connections) flow.close();
        else this.#streams.set(hostPort(connection.remote), flow);
        return flow;
      },
    });
    this.#datagrams = listening.datagrams.map((socket) => new DatagramFlows(socket, network, flights));
    this.#listeners = listening.listeners;
    this.#forgetPort = flights?.open(this.port);
    return this.#datagrams.map(({ local }) => local);
  }

  async stop(): Promise<void> {
    this.#forgetPort?.();
    for (const flow of [...this.#streams.values()]) flow.close();
    await Promise.all([...this.#datagrams, ...this.#listeners].map((socket) => socket.close()));
  }

  #datagramEvents(host: string): DatagramEvents {
    const { received, flights, hosts } = this.#options;
    const index = hosts.indexOf(host);
    return {
      received: (bytes, from) => {
        const flows = this.#datagrams[index];
        try {
          // RFC 5626 3.5.1 keep-alives, and what is too short for a start line.
          if (flows && bytes.length > 12) received(bytes.toString('latin1'), flows.flow(from));
        } finally {
          flights?.received('udp', from.port, this.port);
        }
      },
    };
  }

  /** A flow to an address; `undefined` when no socket of that family is open. TCP connections are used again. */
  flow(protocol: Protocol, remote: Address): Flow | undefined {
    const index = this.#socketFor(remote.host);
    const socket = this.#datagrams[index];
    if (!socket) return undefined;
    return protocol === 'udp' ? socket.flow(remote) : this.#stream(remote, this.#options.hosts[index]!);
  }

  #socketFor(host: string): number {
    const family = net.isIP(host);
    return this.#options.hosts.findIndex((own) => net.isIP(own) === family);
  }

  #stream(remote: Address, fromHost: string): Flow | undefined {
    const known = this.#streams.get(hostPort(remote));
    if (known?.open) return known;
    if (this.#streams.size >= this.#options.connections) return undefined;
    const flow = new StreamFlow(this.#streamUser, false);
    flow.use(this.#options.network.connect(remote, fromHost, flow));
    this.#streams.set(hostPort(remote), flow);
    return flow;
  }

  /** host:port under which the peer reaches us: sent-by of Via, and Contact. */
  sentBy(remote: Address): string {
    const key = isLoopback(remote.host)
      ? `loopback ${net.isIPv6(remote.host)}`
      : `${net.isIPv6(remote.host)}`;
    const known = this.#sentBy.get(key);
    if (known !== undefined) return known;
    const own = this.#options.hosts[this.#socketFor(remote.host)] ?? this.#options.hosts[0] ?? '';
    const host = this.#options.advertise ?? (isUnspecified(own) ? interfaceAddress(remote.host) : own);
    const sentBy = `${bracketed(host)}:${this.port}`;
    this.#sentBy.set(key, sentBy);
    return sentBy;
  }
}

function isLoopback(host: string): boolean {
  return host.startsWith('127.') || host === '::1';
}

function isUnspecified(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** An address of this machine that a peer at `remote` can answer to. */
function interfaceAddress(remote: string): string {
  const family = net.isIPv6(remote) ? 'IPv6' : 'IPv4';
  if (isLoopback(remote)) return family === 'IPv6' ? '::1' : '127.0.0.1';
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const usable = addresses.find((a) => a.family === family && !a.internal && !a.address.startsWith('fe80'));
  return usable?.address ?? (family === 'IPv6' ? '::1' : '127.0.0.1');
}
