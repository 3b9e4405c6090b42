/** Real sockets that can be gone from one moment to the next, as when a process is killed or a cable is cut. */
import type { Connection, ConnectionEvents, Network } from '../../src/edge/sip/network.ts';
import { realNetwork } from '../../src/edge/sip/network-real.ts';

export interface MortalNetwork {
  readonly network: Network;
  /** Closes every socket without a word. */
  die(): Promise<void>;
  /** Closes the connections; who listens goes on. */
  cut(): void;
}

export function mortalNetwork(): MortalNetwork {
  const real = realNetwork();
  const sockets = new Set<() => Promise<void>>();
  const connections = new Set<Connection>();
  const once = <T extends { close(): Promise<void> }>(socket: T): T => {
    let closed: Promise<void> | undefined;
    const close = (): Promise<void> => {
      closed ??= socket.close();
      return closed;
    };
    sockets.add(close);
    return { ...socket, close };
  };
  const watched = (connection: Connection, events: ConnectionEvents): ConnectionEvents => {
    connections.add(connection);
    return {
      connected: () => events.connected(),
      received: (bytes) => events.received(bytes),
      closed(why) {
        connections.delete(connection);
        events.closed(why);
      },
    };
  };
  const cut = (): void => {
    for (const connection of connections) connection.close();
  };
  return {
    network: {
      ...real,
      bind: async (at, events) => once(await real.bind(at, events)),
      listen: async (at, accepted, tls) =>
        once(await real.listen(at, (connection) => watched(connection, accepted(connection)), tls)),
    },
    cut,
    async die() {
      cut();
      await Promise.all([...sockets].map((close) => close()));
    },
  };
}
