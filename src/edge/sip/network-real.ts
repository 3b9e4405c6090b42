import dgram from 'node:dgram';
import { lookup, resolveNaptr, resolveSrv } from 'node:dns/promises';
import net from 'node:net';
import tls from 'node:tls';
import type { Address } from './api.ts';
import type {
  Connection,
  ConnectionEvents,
  DatagramEvents,
  DatagramSocket,
  Network,
  StreamListener,
  TlsClient,
  TlsServer,
} from './network.ts';
import { certificateNames, tlsReasonOf, tlsServer, tlsSocket } from './network-tls.ts';

const RECEIVE_BUFFER = 4 << 20;
const CONNECT_TIMEOUT_MS = 4000;
const PROBE_MS = 1000;
const LINGER_MS = 2000;

/** Sockets of this machine. */
export function realNetwork(): Network {
  return {
    bind,
    listen,
    connect,
    async resolve(host) {
      if (net.isIP(host) !== 0) return [host];
      const found = await lookup(host, { all: true });
      return found.map(({ address }) => address);
    },
    services: (name) => orNone(resolveSrv(name)),
    pointers: (domain) => orNone(resolveNaptr(domain)),
    probe,
  };
}

function udpSocket(host: string): dgram.Socket {
  const family = net.isIPv6(host) ? 6 : 4;
  return dgram.createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    ipv6Only: family === 6,
    // Every address given to these sockets is a literal; Node's own look-up would cost a turn for each datagram.
    lookup: (address, _options, found) => found(null, address, family),
  });
}

function bind(at: Address, events: DatagramEvents): Promise<DatagramSocket> {
  const socket = udpSocket(at.host);
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address: at.host, port: at.port, exclusive: true }, () => {
      socket.off('error', reject);
      // Errors of single datagrams reach their callback; what comes here concerns no one in particular.
      socket.on('error', () => {});
      enlarge(socket);
      socket.on('message', (bytes, from) => events.received(bytes, { host: from.address, port: from.port }));
      resolve(datagramSocket(socket));
    });
  });
}

function enlarge(socket: dgram.Socket): void {
  try {
    socket.setRecvBufferSize(RECEIVE_BUFFER);
  } catch {
    // The system allows less; its default is what we have then.
  }
}

function datagramSocket(socket: dgram.Socket): DatagramSocket {
  const { address, port } = socket.address();
  let closed = false;
  return {
    local: { host: address, port },
    send(bytes, to, failed) {
      if (closed) return failed('the socket is closed');
      // The source port of a forged datagram, to which Node refuses to send.
      if (to.port === 0) return failed('nothing can be sent to port 0');
      socket.send(bytes, to.port, to.host, (error) => {
        if (error) failed(reasonOf(error));
      });
    },
    close() {
      closed = true;
      return new Promise((done) => socket.close(() => done()));
    },
  };
}

function listen(
  at: Address,
  accepted: (connection: Connection) => ConnectionEvents,
  secure?: TlsServer,
): Promise<StreamListener> {
  const sockets = new Set<net.Socket>();
  const take = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const local = { host: plain(socket.localAddress ?? ''), port: socket.localPort ?? 0 };
    const remote = { host: plain(socket.remoteAddress ?? ''), port: socket.remotePort ?? 0 };
    attach(socket, accepted(connectionOf(socket, () => local, remote)));
  };
  const secured = secure && tlsServer(secure, take);
  const server = secured?.server ?? net.createServer({ noDelay: true, keepAlive: true }, take);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: at.host, port: at.port, ipv6Only: net.isIPv6(at.host), exclusive: true }, () => {
      server.off('error', reject);
      server.on('error', () => {});
      const { address, port } = server.address() as net.AddressInfo;
      resolve({
        local: { host: address, port },
        close() {
          for (const socket of sockets) socket.destroy();
          secured?.destroyAll();
          return new Promise((done) => server.close(() => done()));
        },
      });
    });
  });
}

function connect(to: Address, fromHost: string, events: ConnectionEvents, secure?: TlsClient): Connection {
  const socket = secure
    ? tlsSocket(to, fromHost, secure)
    : net.connect({ host: to.host, port: to.port, localAddress: fromHost, noDelay: true, keepAlive: true });
  let giveUp = setTimeout(() => socket.destroy(new Error('connection timed out')), CONNECT_TIMEOUT_MS);
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    clearTimeout(giveUp);
    events.connected();
  });
  if (secure) {
    socket.once('connect', () => {
      clearTimeout(giveUp);
      const late = new Error('its TLS handshake took too long');
      giveUp = setTimeout(() => socket.destroy(late), secure.handshakeMs);
    });
  }
  socket.once('close', () => clearTimeout(giveUp));
  attach(socket, events);
  const local = (): Address => ({
    host: plain(socket.localAddress ?? fromHost),
    port: socket.localPort ?? 0,
  });
  return connectionOf(socket, local, to, secure !== undefined);
}

function attach(socket: net.Socket, events: ConnectionEvents): void {
  let why: string | undefined;
  socket.on('data', (bytes) => events.received(bytes));
  socket.on('error', (error) => {
    why = reasonOf(error);
  });
  socket.once('close', () => events.closed(why));
}

function connectionOf(
  socket: net.Socket,
  local: () => Address,
  remote: Address,
  handshaking = false,
): Connection {
  const names = socket instanceof tls.TLSSocket && !handshaking ? certificateNames(socket) : [];
  // Nothing is said to a peer before it is known to be the right one.
  let waiting: Buffer[] | undefined = handshaking ? [] : undefined;
  socket.once('secureConnect', () => {
    for (const bytes of waiting ?? []) socket.write(bytes);
    waiting = undefined;
  });
  return {
    get local() {
      return local();
    },
    remote,
    ...(names.length === 0 ? {} : { certificateNames: names }),
    get backlog() {
      return socket.writableLength;
    },
    write(bytes) {
      if (waiting) waiting.push(bytes);
      else if (!socket.destroyed) socket.write(bytes);
    },
    close() {
      socket.destroySoon();
      // It waits for the peer to take what was written, which one that does not read never does.
      if (!socket.destroyed) setTimeout(() => socket.destroy(), LINGER_MS).unref();
    },
  };
}

async function orNone<Record>(answer: Promise<readonly Record[]>): Promise<readonly Record[]> {
  try {
    return await answer;
  } catch {
    // No such records, or nobody who knows: RFC 3263 4 goes on with the name itself.
    return [];
  }
}

/** IPv4 in IPv6 clothes is IPv4. */
function plain(address: string): string {
  return address.startsWith('::ffff:') ? address.slice(7) : address;
}

/**
 * A connected UDP socket is told of ICMP "port unreachable" (an unconnected one is not), so a keep-alive
 * of RFC 5626 3.5.1 sent from one finds out whether anything listens.
 */
function probe(to: Address, refused: (why: string) => void): () => void {
  if (to.port === 0) return () => {};
  const socket = udpSocket(to.host);
  const timer = setTimeout(() => close(), PROBE_MS);
  let open = true;
  const close = (): void => {
    if (!open) return;
    open = false;
    clearTimeout(timer);
    socket.close();
  };
  socket.on('error', (error) => {
    if (open && 'code' in error && error.code === 'ECONNREFUSED') refused('port unreachable');
    close();
  });
  socket.connect(to.port, to.host, () => {
    if (!open) return;
    socket.send('\r\n\r\n', () => {});
    // The kernel reports the refusal of one datagram when the next is sent, or when it reads.
    socket.on('message', () => {});
  });
  return close;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection reset',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'connection timed out',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EMSGSIZE: 'message too large for a datagram',
};

/** What a system error means, for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return reasons[code] ?? tlsReasonOf(error) ?? error.message;
}
