import net from 'node:net';
import { nextHop } from '../../wire/sip/dialog.ts';
import { type Draft, formatRequest } from '../../wire/sip/format.ts';
import { param } from '../../wire/sip/params.ts';
import { parseUri } from '../../wire/sip/uri.ts';
import type { Protocol, Target } from './api.ts';
import type { ClientTransaction, ClientTransactions, ClientUser } from './client-transactions.ts';
import { type Flow, hostPort } from './flow.ts';
import type { Names } from './names.ts';
import type { Network } from './network.ts';
import { reasonOf } from './network-real.ts';
import type { Transport } from './transport.ts';
import type { WireLog } from './wire-log.ts';

/** RFC 3261 18.1.1: what is larger must not go over UDP when the path MTU is unknown. */
const MAX_DATAGRAM = 1300;
const TYPICAL_VIA = 90;
const NO_TCP_MS = 60_000;
const MAX_NO_TCP = 1024;
const DEFAULT_PORT = 5060;

/** Finds where requests go, and sends them there. */
export class Requester {
  readonly #transport: Transport;
  readonly #network: Network;
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
    this.#network = network;
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
    this.#locate(target, (found) => {
      if (typeof found === 'string') return refuse(user, found);
      if (found.protocol === 'udp' && this.#isLarge(draft) && this.#mayTcp(found)) {
        const flow = this.#transport.flow('tcp', found);
        if (flow) return this.#startLarge(draft, flow, found, key, user, started);
      }
      const flow = this.#transport.flow(found.protocol, found);
      if (!flow) return refuse(user, `no socket to reach ${hostPort(found)}`);
      started(this.#clients.start(draft, flow, key, user));
    });
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
    const protocol = protocolOf(param(uri.params, 'transport'), near?.protocol ?? 'udp');
    // Connections are used again: a peer behind a connection it opened itself can often be reached no other way.
    const usable = protocol === 'tcp' && near?.protocol === 'tcp' && near.open;
    if (usable && near.remote.host === uri.host) {
      use(near);
      return;
    }
    this.#locate({ host: uri.host, port: uri.port ?? DEFAULT_PORT, protocol }, (found) => {
      use(typeof found === 'string' ? back() : (this.#transport.flow(protocol, found) ?? back()));
    });
  }

  #locate(target: Target, use: (found: Target | string) => void): void {
    if (net.isIP(target.host) !== 0) {
      use(target);
      return;
    }
    this.#network.resolve(target.host).then(
      ([host]) => use(host === undefined ? `unknown host ${target.host}` : { ...target, host }),
      (error) => use(`${reasonOf(error)} ${target.host}`),
    );
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
  return named === 'tcp' || named === 'udp' ? named : usual;
}

function refuse(user: ClientUser, why: string): void {
  // The caller of `invite` gets its call before it is told that the call failed.
  queueMicrotask(() => {
    user.failed('transport', why);
    user.ended();
  });
}
