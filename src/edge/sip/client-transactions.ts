import net from 'node:net';
import { type Draft, formatRequest } from '../../wire/sip/format.ts';
import { header } from '../../wire/sip/header.ts';
import {
  type InviteClient,
  type InviteClientEvent,
  startInviteClient,
  stepInviteClient,
} from '../../wire/sip/invite-client.ts';
import type { Response } from '../../wire/sip/message.ts';
import {
  type RequestClient,
  type RequestClientEvent,
  startRequestClient,
  stepRequestClient,
} from '../../wire/sip/request-client.ts';
import type { ClientContext, Timing } from '../../wire/sip/transaction.ts';
import { parseTopVia, type Via } from '../../wire/sip/via.ts';
import type { Flow } from './flow.ts';
import type { Names } from './names.ts';
import { type RunnerTimers, TransactionRunner, type TransactionUser } from './transaction-runner.ts';
import type { WireLog } from './wire-log.ts';

export interface ClientUser {
  response(response: Response): void;
  failed(why: 'timeout' | 'transport', detail: string): void;
  /** The transaction is gone; nothing more comes from it. */
  ended(): void;
}

export interface ClientTransaction {
  readonly flow: Flow;
  /** Via value, which CANCEL shares. */
  readonly via: string;
  abandon(): void;
}

interface Entry {
  readonly method: string;
  readonly callId: string;
  readonly cseq: number;
  /** Where the request went. */
  readonly host: string;
  /** What it says of us. */
  readonly own: Via | undefined;
  readonly key: string | undefined;
  /** Bytes of the response heard last, to tell repetitions. */
  last: string;
  settled: boolean;
  respond(response: Response): void;
  drop(): void;
}

/** Client transactions by branch (RFC 3261 17.1.3). */
export class ClientTransactions {
  readonly #log: WireLog;
  readonly #timers: RunnerTimers;
  readonly #timing: Timing;
  readonly #names: Names;
  readonly #sentBy: (flow: Flow) => string;
  readonly #trusts: (flow: Flow, method: string) => boolean;
  readonly #entries = new Map<string, Entry>();

  constructor(
    log: WireLog,
    timers: RunnerTimers,
    timing: Timing,
    names: Names,
    sentBy: (flow: Flow) => string,
    trusts: (flow: Flow, method: string) => boolean = () => true,
  ) {
    this.#log = log;
    this.#timers = timers;
    this.#timing = timing;
    this.#names = names;
    this.#sentBy = sentBy;
    this.#trusts = trusts;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Transactions of calls that wait for a final response. */
  get pending(): number {
    let pending = 0;
    for (const { settled, key } of this.#entries.values()) if (!settled && key !== undefined) pending += 1;
    return pending;
  }

  via(flow: Flow, branch: string): string {
    return `SIP/2.0/${flow.protocol.toUpperCase()} ${this.#sentBy(flow)};branch=${branch};rport`;
  }

  /** `cancels`: the transaction that a CANCEL is about, whose branch it shares (RFC 3261 9.1). */
  start(
    draft: Draft,
    flow: Flow,
    key: string | undefined,
    user: ClientUser,
    cancels?: ClientTransaction,
  ): ClientTransaction {
    const via = cancels?.via ?? this.via(flow, this.#names.branch());
    const id = entryId(branchOf(via), draft.method);
    const context: ClientContext = {
      text: formatRequest(draft, via),
      reliable: flow.protocol !== 'udp',
      timing: this.#timing,
    };
    let failed = (_why: string): void => {};
    const transactionUser: TransactionUser = {
      send: (text, repeated) => {
        this.#log.send(flow, text, repeated, key, failed);
        if (repeated) flow.doubt();
      },
      deliver: (response) => user.response(response),
      failed: (why, detail) => user.failed(why, detail),
      ended: () => {
        unwatch();
        this.#entries.delete(id);
        user.ended();
      },
    };
    const unwatch = flow.watch((why) => failed(why));
    const started =
      draft.method === 'INVITE'
        ? this.#startInvite(draft, via, context, transactionUser)
        : this.#startRequest(context, transactionUser);
    failed = started.fail;
    const { respond, drop } = started;
    const { method, callId, cseq } = draft;
    const { host } = flow.remote;
    this.#entries.set(id, {
      method,
      callId,
      cseq,
      host,
      own: parseTopVia(via),
      key,
      last: '',
      settled: false,
      respond,
      drop,
    });
    started.begin();
    return { flow, via, abandon: started.abandon };
  }

  #startInvite(draft: Draft, via: string, context: ClientContext, user: TransactionUser) {
    const runner = new TransactionRunner<InviteClient, InviteClientEvent>(
      { phase: 'terminated' },
      (state, event) => stepInviteClient(state, event, context),
      (timer) => ({ kind: 'timer', timer: timer as 'A' | 'B' | 'D' | 'M' }),
      user,
      this.#timers,
    );
    return {
      begin: () => runner.start(startInviteClient(context)),
      respond: (response: Response) =>
        runner.feed({
          kind: 'response',
          response,
          ack: () => formatRequest(failureAck(draft, response), via),
        }),
      fail: (detail: string) => runner.feed({ kind: 'transport-failed', detail }),
      abandon: () => runner.feed({ kind: 'abandon' }),
      drop: () => runner.drop(),
    };
  }

  #startRequest(context: ClientContext, user: TransactionUser) {
    const runner = new TransactionRunner<RequestClient, RequestClientEvent>(
      { phase: 'terminated' },
      (state, event) => stepRequestClient(state, event, context),
      (timer) => ({ kind: 'timer', timer: timer as 'E' | 'F' | 'K' }),
      user,
      this.#timers,
    );
    return {
      begin: () => runner.start(startRequestClient(context)),
      respond: (response: Response) => runner.feed({ kind: 'response', response }),
      fail: (detail: string) => runner.feed({ kind: 'transport-failed', detail }),
      abandon: () => {},
      drop: () => runner.drop(),
    };
  }

  /** Hands a response to its transaction; false when it belongs to none. */
  receive(response: Response, flow: Flow): boolean {
    const entry = this.#entries.get(entryId(response.via.branch, response.cseqMethod));
    if (
      !entry ||
      !answers(response, entry) ||
      !(sameHost(flow.remote.host, entry.host) || this.#trusts(flow, response.cseqMethod))
    ) {
      this.#log.saw(flow, response.text, false, undefined);
      return false;
    }
    const repeated = entry.last === response.text;
    entry.last = response.text;
    if (response.status >= 200) entry.settled = true;
    this.#log.saw(flow, response.text, repeated, entry.key);
    entry.respond(response);
    return true;
  }

  drop(): void {
    for (const entry of this.#entries.values()) entry.drop();
    this.#entries.clear();
  }
}

/** RFC 3261 17.1.3 asks for branch and method alone, 18.1.2 for our sent-by; the rest is what only a forger gets wrong. */
function answers(response: Response, { method, callId, cseq, own }: Entry): boolean {
  const { host, port } = response.via;
  return (
    method === response.cseqMethod &&
    cseq === response.cseq &&
    callId === response.callId &&
    host.toLowerCase() === own?.host.toLowerCase() &&
    (port ?? 5060) === (own.port ?? 5060)
  );
}

function sameHost(one: string, other: string): boolean {
  return one === other || (net.isIPv6(one) && net.isIPv6(other) && canonical(one) === canonical(other));
}

function canonical(address: string): string {
  return new net.SocketAddress({ address, family: 'ipv6' }).address;
}

function entryId(branch: string, method: string): string {
  return method === 'CANCEL' ? `${branch} CANCEL` : branch;
}

function branchOf(via: string): string {
  const at = via.indexOf(';branch=') + 8;
  return via.slice(at, via.indexOf(';', at));
}

// RFC 3261 17.1.1.3: the ACK of a failure, except that its To is the response's.
function failureAck(invite: Draft, response: Response): Draft {
  const { uri, callId, cseq, from, routes } = invite;
  const to = header(response.headers, 'to') ?? invite.to;
  return { method: 'ACK', uri, callId, cseq, from, to, routes, headers: [] };
}
