import type { NaptrRecord } from '../../wire/sip/naptr.ts';
import type { SrvRecord } from '../../wire/sip/srv.ts';
import type { Address } from './api.ts';

/** Why bytes could not be sent, for people: `connection refused`, `unknown host`… */
export type Failed = (why: string) => void;

export interface DatagramEvents {
  received(bytes: Buffer, from: Address): void;
}

export interface DatagramSocket {
  readonly local: Address;
  send(bytes: Buffer, to: Address, failed: Failed): void;
  close(): Promise<void>;
}

export interface ConnectionEvents {
  /** For connections of our own only. */
  connected(): void;
  received(bytes: Buffer): void;
  /** Told once, whoever closed it; `why` when it broke. */
  closed(why: string | undefined): void;
}

export interface Connection {
  readonly local: Address;
  readonly remote: Address;
  /** May be called before `connected`; the bytes wait. */
  write(bytes: Buffer): void;
  /** Bytes written that the peer has not taken yet. */
  readonly backlog: number;
  /** Of the certificate that the peer proved to have, when it was asked for one. */
  readonly certificateNames?: readonly string[];
  close(): void;
}

export interface StreamListener {
  readonly local: Address;
  close(): Promise<void>;
}

/** Our side of TLS connections that are taken. PEM. */
export interface TlsServer {
  readonly cert: string;
  readonly key: string;
  /** Authorities that vouch for clients. */
  readonly ca: readonly string[] | undefined;
  readonly requireClient: boolean;
  readonly handshakeMs: number;
  /** Sockets at a time, those in their handshake included. */
  readonly connections: number;
  readonly connectionsPerSource: number;
  /** A handshake failed; `why` is about the client. */
  readonly refused: (client: Address, why: string) => void;
}

/** Our side of TLS connections that are made. PEM. */
export interface TlsClient {
  /** The name the certificate must be for; the address when absent. */
  readonly serverName: string | undefined;
  /** The system's roots when absent. */
  readonly ca: readonly string[] | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
  readonly handshakeMs: number;
}

/** The sockets the stack needs. `realNetwork` and `memoryNetwork` implement it. */
export interface Network {
  /** Rejects with an error that has Node's `code` (`EADDRINUSE`…). */
  bind(at: Address, events: DatagramEvents): Promise<DatagramSocket>;
  listen(
    at: Address,
    accepted: (connection: Connection) => ConnectionEvents,
    tls?: TlsServer,
  ): Promise<StreamListener>;
  connect(to: Address, fromHost: string, events: ConnectionEvents, tls?: TlsClient): Connection;
  /** IP addresses of a name, best first; an IP literal is its own address. Rejects when there is none. */
  resolve(host: string): Promise<readonly string[]>;
  /** SRV records of a name; none when there are none. */
  services(name: string): Promise<readonly SrvRecord[]>;
  /** NAPTR records of a domain; none when there are none. */
  pointers(domain: string): Promise<readonly NaptrRecord[]>;
  /** Asks whether anything listens on a UDP port: calls `refused` if the host says that nothing does. */
  probe(to: Address, refused: Failed): () => void;
}
