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
  close(): void;
}

export interface StreamListener {
  readonly local: Address;
  close(): Promise<void>;
}

/** The sockets the stack needs. `realNetwork` and `memoryNetwork` implement it. */
export interface Network {
  /** Rejects with an error that has Node's `code` (`EADDRINUSE`…). */
  bind(at: Address, events: DatagramEvents): Promise<DatagramSocket>;
  listen(at: Address, accepted: (connection: Connection) => ConnectionEvents): Promise<StreamListener>;
  connect(to: Address, fromHost: string, events: ConnectionEvents): Connection;
  /** IP addresses of a name, best first; an IP literal is its own address. Rejects when there is none. */
  resolve(host: string): Promise<readonly string[]>;
  /** Asks whether anything listens on a UDP port: calls `refused` if the host says that nothing does. */
  probe(to: Address, refused: Failed): () => void;
}
