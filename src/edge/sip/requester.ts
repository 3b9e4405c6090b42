import { nextHop } from '../../wire/sip/dialog.ts';
import { type Draft, formatRequest } from '../../wire/sip/format.ts';
import { param } from '../../wire/sip/params.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { Protocol, Target } from './api.ts';
import type { ClientTransaction, ClientTransactions, ClientUser } from './client-transactions.ts';
import { type Flow, hostPort } from './flow.ts';
import { Locator } from './locator.ts';
import type { Names } from './names.ts';
import type { Network } from './network.ts';
import type { Transport } from './transport.ts';
import type { WireLog } from './wire-log.ts';

/** RFC 3261 18.1.1: what is larger must not go over UDP when the path MTU is unknown. */
const MAX_DATAGRAM = 1300;
const TYPICAL_VIA = 90;
const NO_TCP_MS = 60_000;
const MAX_NO_TCP = 1024;
const DEFAULT_PORT = 5060;
const DEFAULT_TLS_PORT = 5061;

/** Finds where requests go, and sends them there. */
export class Requester {
  readonly #transport: Transport;
  readonly #locator: Locator;
  readonly #clients: ClientTransactions;
  readonly #log: WireLog;
  readonly #names: Names;
  /** UDP peers that refused TCP, and until when that is believed. */
  readonly #noTcp = new Map<string, number>();

  constructor(
    transport: Transport,
    network: Network,
    clients: ClientTransactions,
    log: WireLog,
    names: Names,
  ) {
    this.#transport = transport;
    this.#locator = new Locator(network);
    this.#clients = clients;
    this.#log = log;
    this.#names = names;
  }

  /** `started` is told each transaction: a second one when a large request falls back to UDP. */
  request(
    draft: Draft,
    target: Target,
    key: string | undefined,
    user: ClientUser,
    started: (transaction: ClientTransaction) => void = () => {},
  ): void {
    // RFC 3261 26.2.2: a sips: URI is reached over TLS on every hop.
    if (isSips(draft.uri) && target.protocol !== 'tls') {
      refuse(user, 'a sips: URI needs TLS');
      return;
    }
    this.#locator.locate(target, (found) => {
      if (typeof found === 'string') return refuse(user, found);
      this.#try(found, draft, key, user, started);
    });
  }

  // RFC 3263 4.3: a server that cannot be reached, says 503 or nothing at all is followed by the next one.
  #try(
    servers: readonly Target[],
    draft: Draft,
    key: string | undefined,
    user: ClientUser,
    started: (transaction: ClientTransaction) => void,
  ): void {
    const [server, ...others] = servers;
    if (!server) return;
    if (others.length === 0) {
      this.#requestAt(server, draft, key, user, started);
      return;
    }
    let heard = false;
    let left = false;
    const next = (): void => {
      left = true;
      this.#locator.avoid(server);
      this.#try(others, draft, key, user, started);
    };
    const first: ClientUser = {
      response: (response) => {
        if (left) return;
        if (response.status === 503 && !heard) return next();
        heard = true;
        user.response(response);
      },
      failed: (why, detail) => {
        if (heard) user.failed(why, detail);
        else if (!left) next();
      },
      ended: () => {
        if (!left) user.ended();
      },
    };
    this.#requestAt(server, draft, key, first, started);
  }

  #requestAt(
    found: Target,
    draft: Draft,
    key: string | undefined,
    user: ClientUser,
    started: (transaction: ClientTransaction) => void,
  ): void {
    if (found.protocol === 'udp' && this.#isLarge(draft) && this.#mayTcp(found)) {
      const flow = this.#transport.flow('tcp', found);
      if (flow) {
        this.#startLarge(draft, flow, found, key, user, started);
        return;
      }
    }
    const flow = this.#transport.flow(found.protocol, found, found.serverName);
    if (flow) started(this.#clients.start(draft, flow, key, user));
    else refuse(user, `no socket to reach ${hostPort(found)}`);
  }

  requestOver(
    flow: Flow,
    draft: Draft,
    key: string | undefined,
    user: ClientUser,
    cancels?: ClientTransaction,
  ): void {
    this.#clients.start(draft, flow, key, user, cancels);
  }

  /** Sends an ACK of a 2xx; the result sends the same bytes again. */
  ack(draft: Draft, near: Flow | undefined, key: string | undefined): () => void {
    let again = (): void => {};
    this.routeInDialog(draft, near, (flow) => {
      if (typeof flow === 'string') return;
      const text = formatRequest(draft, this.#clients.via(flow, this.#names.branch()));
      this.#log.send(flow, text, false, key);
      again = () => this.#log.send(flow, text, true, key);
    });
    return () => again();
  }

  /** The flow for a request inside a dialog; `near` is the flow its call came or went over. A string says why there is none. */
  routeInDialog(draft: Draft, near: Flow | undefined, use: (flow: Flow | string) => void): void {
    const uri = parseUri(nextHop(draft));
    const back = (): Flow | string => (near?.open ? near : 'nowhere to send to');
    if (!uri || uri.scheme === 'tel') {
      use(back());
      return;
    }
    const named = protocolOf(param(uri.params, 'transport'), near?.protocol ?? 'udp');
    const protocol = uri.scheme === 'sips' ? 'tls' : named;
    // Connections are used again: a peer behind a connection it opened itself can often be reached no other way.
    const usable = protocol !== 'udp' && near?.protocol === protocol && near.open;
    if (usable && near.remote.host === uri.host) {
      use(near);
      return;
    }
    const port = uri.port ?? (protocol === 'tls' ? DEFAULT_TLS_PORT : DEFAULT_PORT);
    // RFC 3263 4.2: a port in the URI leaves nothing for SRV records to say.
    this.#locator.locate({ host: uri.host, port, protocol, srv: uri.port === undefined }, (found) => {
      const [server] = typeof found === 'string' ? [] : found;
      use((server && this.#transport.flow(protocol, server, server.serverName)) ?? back());
    });
  }

  #isLarge(draft: Draft): boolean {
    return formatRequest(draft, '').length + TYPICAL_VIA > MAX_DATAGRAM;
  }

  #mayTcp(target: Target): boolean {
    const until = this.#noTcp.get(hostPort(target));
    return until === undefined || until < performance.now();
  }

  // RFC 3261 18.1.1: over TCP, and over UDP after all when the peer does not take connections.
  #startLarge(
    draft: Draft,
    flow: Flow,
    target: Target,
    key: string | undefined,
    user: ClientUser,
    started: (transaction: ClientTransaction) => void,
  ): void {
    let heard = false;
    let fellBack = false;
    const transaction = this.#clients.start(draft, flow, key, {
      response: (response) => {
        heard = true;
        user.response(response);
      },
      failed: (why, detail) => {
        const udp = why === 'transport' && !heard ? this.#transport.flow('udp', target) : undefined;
        if (!udp) return user.failed(why, detail);
        fellBack = true;
        if (this.#noTcp.size >= MAX_NO_TCP) this.#noTcp.clear();
        this.#noTcp.set(hostPort(target), performance.now() + NO_TCP_MS);
        started(this.#clients.start(draft, udp, key, user));
      },
      ended: () => {
        if (!fellBack) user.ended();
      },
    });
    started(transaction);
  }
}

function protocolOf(transport: string | undefined, usual: Protocol): Protocol {
  const named = transport?.toLowerCase();
  return named === 'tcp' || named === 'udp' || named === 'tls' ? named : usual;
}

function isSips(uri: string): boolean {
  return /^sips:/i.test(uri);
}

function refuse(user: ClientUser, why: string): void {
  // The caller of `invite` gets its call before it is told that the call failed.
  queueMicrotask(() => {
    user.failed('transport', why);
    user.ended();
  });
}
