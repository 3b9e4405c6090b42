import net from 'node:net';
import type { Address } from './api.ts';
import { hostPort } from './flow.ts';
import type {
  Connection,
  ConnectionEvents,
  DatagramEvents,
  DatagramSocket,
  Network,
  StreamListener,
  TlsServer,
} from './network.ts';
import { reasonOf } from './network-real.ts';

export interface Listening {
  readonly datagrams: readonly DatagramSocket[];
  readonly listeners: readonly StreamListener[];
}

export interface ListeningEvents {
  datagram(host: string): DatagramEvents;
  accepted(connection: Connection): ConnectionEvents;
}

const TRIES = 20;

/** Binds TLS of every host to one port, as `listenOnAll` does for UDP and TCP. */
export async function listenTls(
  network: Network,
  hosts: readonly string[],
  port: number,
  tls: TlsServer,
  accepted: ListeningEvents['accepted'],
): Promise<readonly StreamListener[]> {
  for (let left = TRIES; ; left--) {
    const listeners: StreamListener[] = [];
    let trying: Address = { host: hosts[0] ?? '', port };
    try {
      for (const host of hosts) {
        trying = { host, port: listeners[0]?.local.port ?? port };
        listeners.push(await network.listen(trying, accepted, tls));
      }
      return listeners;
    } catch (error) {
      await Promise.all(listeners.map((listener) => listener.close()));
      if (port === 0 && isTaken(error) && left > 1) continue;
      throw cannotListen('TLS', trying, error);
    }
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function cannotListen(protocol: string, at: Address, error: unknown): Error {
  const why = isTaken(error) ? 'it is taken' : reasonOf(error);
  return new Error(`cannot listen on ${protocol} ${hostPort(at)}: ${why}`, { cause: error });
}

/** Binds UDP and TCP of every host to one port; port 0 picks one that is free for all of them. */
export async function listenOnAll(
  network: Network,
  hosts: readonly string[],
  port: number,
  events: ListeningEvents,
): Promise<Listening> {
  for (const host of hosts)
    if (net.isIP(host) === 0) throw new Error(`${host} is no IP address to listen on`);
  for (let left = TRIES; ; left--) {
    const open: { readonly close: () => Promise<void> }[] = [];
    const datagrams: DatagramSocket[] = [];
    const listeners: StreamListener[] = [];
    let trying: Address = { host: hosts[0] ?? '', port };
    let protocol = 'UDP';
    try {
      for (const host of hosts) {
        trying = { host, port: datagrams[0]?.local.port ?? port };
        protocol = 'UDP';
        const socket = await network.bind(trying, events.datagram(host));
        datagrams.push(socket);
        open.push(socket);
        trying = { host, port: socket.local.port };
        protocol = 'TCP';
        const listener = await network.listen(trying, events.accepted);
        listeners.push(listener);
        open.push(listener);
      }
      return { datagrams, listeners };
    } catch (error) {
      await Promise.all(open.map((socket) => socket.close()));
      if (port === 0 && isTaken(error) && left > 1) continue;
      throw cannotListen(protocol, trying, error);
    }
  }
}
