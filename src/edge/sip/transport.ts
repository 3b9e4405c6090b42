import net from 'node:net';
import { networkInterfaces } from 'node:os';
import type { ParseLimits } from '../../wire/sip/parse.ts';
import { bracketed } from '../../wire/sip/uri.ts';
import type { Address, Flights, Protocol, TlsSettings } from './api.ts';
import { DatagramFlows } from './datagram-flows.ts';
import { type Flow, hostPort } from './flow.ts';
import { Guests } from './guests.ts';
import { listenOnAll, listenTls } from './listening.ts';
import type {
  Connection,
  ConnectionEvents,
  DatagramEvents,
  Network,
  StreamListener,
  TlsServer,
} from './network.ts';
import { StreamFlow, type StreamFlowUser } from './stream-flow.ts';

export interface TransportOptions {
  readonly network: Network;
  readonly hosts: readonly string[];
  readonly port: number;
  readonly advertise: string | undefined;
  readonly limits: ParseLimits;
  readonly connections: number;
  readonly connectionsPerSource: number;
  readonly idleMs: number;
  readonly keepAliveMs: number;
  readonly flights: Flights | undefined;
  readonly tls: TlsSettings | undefined;
  /** A client's handshake failed. */
  tlsRefused(client: Address, why: string): void;
  /** One message, one character per byte. */
  received(text: string, flow: Flow): void;
  /** Bytes that are no message. */
  broken(why: string, flow: Flow): void;
}

const HANDSHAKE_MS = 10_000;

/** Sockets and connections. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #streams = new Map<string, StreamFlow>();
  readonly #names = new WeakMap<StreamFlow, string>();
  readonly #streamUser: StreamFlowUser;
  /** By family and nearness of the peer. */
  readonly #ownHosts: (string | undefined)[] = [];
  readonly #guests: Guests<StreamFlow>;
  /** Where TLS is listened on. */
  tlsPort: number | undefined;
  #datagrams: readonly DatagramFlows[] = [];
  #listeners: readonly StreamListener[] = [];
  #forgetPort: (() => void) | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#guests = new Guests(options.connections, options.connectionsPerSource);
    this.#streamUser = {
      limits: options.limits,
      idleMs: options.idleMs,
      keepAliveMs: options.keepAliveMs,
      flights: options.flights,
      received: options.received,
      broken: options.broken,
      closed: (flow) => {
        const name = this.#names.get(flow) ?? '';
        if (this.#streams.get(name) === flow) this.#streams.delete(name);
        this.#guests.left(flow);
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
      accepted: (connection) => this.#accepted('tcp', connection),
    });
    this.#datagrams = listening.datagrams.map((socket) => new DatagramFlows(socket, network, flights));
    this.#listeners = listening.listeners;
    this.#forgetPort = flights?.open(this.port);
    const secure = this.#tlsServer();
    if (secure) await this.#startTls(secure);
    return this.#datagrams.map(({ local }) => local);
  }

  async #startTls(secure: TlsServer): Promise<void> {
    const { network, hosts, tls, flights } = this.#options;
    try {
      const listeners = await listenTls(network, hosts, tls?.port ?? 0, secure, (connection) =>
        this.#accepted('tls', connection),
      );
      this.#listeners = [...this.#listeners, ...listeners];
      this.tlsPort = listeners[0]?.local.port;
    } catch (error) {
      await this.stop();
      throw error;
    }
    const forgetPort = this.#forgetPort;
    const forgetTls = flights?.open(this.tlsPort ?? 0);
    this.#forgetPort = () => {
      forgetPort?.();
      forgetTls?.();
    };
  }

  #tlsServer(): TlsServer | undefined {
    const { tls, connections, connectionsPerSource, tlsRefused } = this.#options;
    if (tls?.port === undefined) return undefined;
    const { cert, key, ca, clientCertificates, handshakeMs = HANDSHAKE_MS } = tls;
    if (cert === undefined || key === undefined)
      throw new Error('TLS needs a certificate and its key to listen');
    const requireClient = clientCertificates === 'required';
    if (requireClient && (ca ?? []).length === 0)
      throw new Error('client certificates cannot be required without an authority that vouches for them');
    return {
      cert,
      key,
      ca,
      requireClient,
      handshakeMs,
      connections,
      connectionsPerSource,
      refused: tlsRefused,
    };
  }

  #accepted(protocol: 'tcp' | 'tls', connection: Connection): ConnectionEvents {
    const flow = new StreamFlow(this.#streamUser, protocol, true).use(connection);
    if (this.#guests.entered(flow)) this.#keep(streamName(protocol, connection.remote), flow);
    else flow.close();
    return flow;
  }

  #keep(name: string, flow: StreamFlow): void {
    this.#streams.set(name, flow);
    this.#names.set(flow, name);
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

  /**
   * A flow to an address; `undefined` when no socket of that family is open. Connections are used again, those over TLS
   * only for the name that their certificate was checked for (RFC 5923 6).
   */
  flow(protocol: Protocol, remote: Address, serverName?: string): Flow | undefined {
    const index = this.#socketFor(remote.host);
    const socket = this.#datagrams[index];
    if (!socket) return undefined;
    if (protocol === 'udp') return socket.flow(remote);
    return this.#stream(protocol, remote, this.#options.hosts[index]!, serverName);
  }

  #socketFor(host: string): number {
    const family = net.isIP(host);
    return this.#options.hosts.findIndex((own) => net.isIP(own) === family);
  }

  #stream(
    protocol: 'tcp' | 'tls',
    { host, port }: Address,
    fromHost: string,
    serverName: string | undefined,
  ): Flow | undefined {
    const remote = { host, port };
    const name = streamName(protocol, remote, serverName);
    const known = this.#streams.get(name);
    if (known?.open) return known;
    if (this.#streams.size - this.#guests.size >= this.#options.connections) return undefined;
    const flow = new StreamFlow(this.#streamUser, protocol, false);
    const { cert, key, ca, handshakeMs = HANDSHAKE_MS } = this.#options.tls ?? {};
    const secure = protocol === 'tls' ? { serverName, cert, key, ca, handshakeMs } : undefined;
    flow.use(this.#options.network.connect(remote, fromHost, flow, secure));
    this.#keep(name, flow);
    return flow;
  }

  /** host:port under which the peer reaches us: sent-by of Via, and Contact. */
  sentBy(remote: Address, protocol: Protocol = 'udp'): string {
    const port = protocol === 'tls' ? (this.tlsPort ?? this.port) : this.port;
    return `${this.#ownHost(remote)}:${port}`;
  }

  #ownHost(remote: Address): string {
    // Asked for each request: an address literal with a colon is one of IPv6.
    const index = (remote.host.includes(':') ? 2 : 0) + (isLoopback(remote.host) ? 1 : 0);
    const known = this.#ownHosts[index];
    if (known !== undefined) return known;
    const own = this.#options.hosts[this.#socketFor(remote.host)] ?? this.#options.hosts[0] ?? '';
    const host = this.#options.advertise ?? (isUnspecified(own) ? interfaceAddress(remote.host) : own);
    const written = bracketed(host);
    this.#ownHosts[index] = written;
    return written;
  }
}

function streamName(protocol: 'tcp' | 'tls', remote: Address, serverName?: string): string {
  return `${protocol} ${hostPort(remote)} ${serverName ?? ''}`;
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
