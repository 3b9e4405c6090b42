import { acceptSdp, allow, unsupported } from '../../wire/sip/call.ts';
import { calleeDialog } from '../../wire/sip/dialog.ts';
import { type Draft, formatResponse, type Reply, responseHead } from '../../wire/sip/format.ts';
import type { Answerable, Malformed, Request } from '../../wire/sip/message.ts';
import { type ParseLimits, parseMessage } from '../../wire/sip/parse.ts';
import { hasForeignBody } from '../../wire/sip/sdp-body.ts';
import { toPeople } from '../../wire/sip/syntax.ts';
import type {
  Address,
  EndpointStats,
  InboundCall,
  InboundHandlers,
  InviteOptions,
  OutboundCall,
  OutboundHandlers,
  PingResult,
  SipEndpoint,
  SipEndpointOptions,
  Target,
  Timing,
} from './api.ts';
import { Calls } from './calls.ts';
import { ClientTransactions } from './client-transactions.ts';
import type { Flow } from './flow.ts';
import { Limiter } from './limiter.ts';
import { createNames } from './names.ts';
import type { Network } from './network.ts';
import { realNetwork } from './network-real.ts';
import { type PlaceCallWorld, placeCall, safeUri } from './place-call.ts';
import { Requester } from './requester.ts';
import { type LiveServerTransaction, ServerTransactions } from './server-transactions.ts';
import { takeCall } from './take-call.ts';
import type { RunnerTimers } from './transaction-runner.ts';
import { Transport } from './transport.ts';
import { WireLog } from './wire-log.ts';

const defaultTiming: Timing = { t1: 500, t2: 4000, t4: 5000 };
const defaultBounds = {
  connections: 1000,
  idleConnectionMs: 30_000,
  headerBytes: 65_536,
  bodyBytes: 65_536,
  refusalsPerSecond: 20,
  calls: 100_000,
  transactions: 500_000,
};
const STOP_MS = 1000;
const STOP_POLL_MS = 10;

export function createSipEndpoint(options: SipEndpointOptions): SipEndpoint {
  return new Endpoint(options);
}

class Endpoint implements SipEndpoint {
  readonly #options: SipEndpointOptions;
  readonly #bounds: typeof defaultBounds;
  readonly #limits: ParseLimits;
  readonly #names = createNames();
  readonly #calls = new Calls();
  readonly #log: WireLog;
  readonly #limiter: Limiter;
  readonly #transport: Transport;
  readonly #clients: ClientTransactions;
  readonly #servers: ServerTransactions;
  readonly #requester: Requester;
  readonly #world: PlaceCallWorld;
  #timerCount = 0;
  #malformed = 0;
  #refused = 0;
  #dropped = 0;
  #stopping = false;
  #stopped: Promise<void> | undefined;

  constructor(options: SipEndpointOptions) {
    this.#options = options;
    const timing = { ...defaultTiming, ...options.timing };
    this.#bounds = { ...defaultBounds, ...options.bounds };
    this.#limits = { headerBytes: this.#bounds.headerBytes, bodyBytes: this.#bounds.bodyBytes };
    this.#limiter = new Limiter(this.#bounds.refusalsPerSecond);
    const network: Network = options.network ?? realNetwork();
    this.#log = new WireLog(options.observe && ((message) => this.#guard(() => options.observe?.(message))));
    const timers: RunnerTimers = {
      clock: options.clock,
      counted: (change) => {
        this.#timerCount += change;
      },
    };
    this.#transport = new Transport({
      network,
      hosts: options.hosts,
      port: options.port,
      advertise: options.advertise,
      limits: this.#limits,
      connections: this.#bounds.connections,
      idleMs: this.#bounds.idleConnectionMs,
      flights: options.flights,
      received: (text, flow) => this.#guard(() => this.#receive(text, flow)),
      broken: () => {
        this.#malformed += 1;
      },
    });
    const sentBy = (flow: Flow): string => this.#transport.sentBy(flow.remote);
    this.#clients = new ClientTransactions(this.#log, timers, timing, this.#names, sentBy);
    this.#servers = new ServerTransactions(this.#log, timers, timing, (request, flow) =>
      this.#returnFlow(request, flow),
    );
    this.#requester = new Requester(this.#transport, network, this.#clients, this.#log, this.#names);
    this.#world = {
      calls: this.#calls,
      names: this.#names,
      timers,
      timing,
      requester: this.#requester,
      product: options.product === undefined ? [] : [{ name: 'User-Agent', value: options.product }],
      contact: (target) => this.#contact(target),
      bug: (error) => this.#bug(error),
    };
  }

  start(): Promise<readonly Address[]> {
    return this.#transport.start();
  }

  stop(deadlineMs = STOP_MS): Promise<void> {
    this.#stopped ??= this.#stop(deadlineMs);
    return this.#stopped;
  }

  async #stop(deadlineMs: number): Promise<void> {
    this.#stopping = true;
    for (const call of this.#calls.all()) this.#guard(() => call.stop());
    const deadline = performance.now() + deadlineMs;
    while (this.#clients.pending > 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
    }
    for (const call of this.#calls.all()) call.drop();
    this.#clients.drop();
    this.#servers.drop();
    await this.#transport.stop();
  }

  invite(options: InviteOptions, handlers: OutboundHandlers): OutboundCall {
    return placeCall(this.#world, options, handlers);
  }

  options(target: Target, done: (result: PingResult) => void): void {
    const uri = safeUri(`sip:${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`);
    const contact = this.#contact(target);
    const draft: Draft = {
      method: 'OPTIONS',
      uri,
      callId: this.#names.callId(),
      cseq: 1,
      from: `${contact};tag=${this.#names.tag()}`,
      to: `<${uri}>`,
      routes: [],
      headers: [{ name: 'Contact', value: contact }, acceptSdp, ...this.#world.product],
    };
    const tell = (result: PingResult): void => this.#guard(() => done(result));
    this.#requester.request(draft, target, undefined, {
      response({ status, reason }) {
        if (status >= 200) tell({ kind: 'response', status, reason: toPeople(reason) });
      },
      failed: (why, detail) =>
        tell(why === 'timeout' ? { kind: 'timeout' } : { kind: 'transport', why: detail }),
      ended: () => {},
    });
  }

  stats(): EndpointStats {
    return {
      calls: this.#calls.size,
      clientTransactions: this.#clients.size,
      serverTransactions: this.#servers.size,
      connections: this.#transport.connections,
      timers: this.#timerCount,
      received: this.#log.received,
      sent: this.#log.sent,
      retransmitted: this.#log.retransmitted,
      malformed: this.#malformed,
      refused: this.#refused,
      dropped: this.#dropped,
    };
  }

  #contact(target: Target): string {
    return `<sip:${this.#transport.sentBy(target)}${target.protocol === 'tcp' ? ';transport=tcp' : ''}>`;
  }

  /** Where responses go (RFC 3261 18.2.2, RFC 3581 4): where the request came from. */
  #returnFlow(request: Request, flow: Flow): Flow {
    const { via } = request;
    if (flow.protocol === 'udp' ? via.rport : flow.open) return flow;
    const remote = { host: flow.remote.host, port: via.port ?? 5060 };
    return this.#transport.flow(flow.protocol, remote) ?? flow;
  }

  #receive(text: string, flow: Flow): void {
    this.#log.received += 1;
    const parsed = parseMessage(text, this.#limits);
    if ('malformed' in parsed) {
      this.#onMalformed(parsed, flow);
      return;
    }
    const { message } = parsed;
    if (message.kind === 'request') {
      this.#onRequest(message, flow);
      return;
    }
    if (!this.#clients.receive(message, flow)) this.#dropped += 1;
  }

  #onMalformed({ status, partial }: Malformed, flow: Flow): void {
    this.#malformed += 1;
    if (partial && partial.method !== 'ACK') this.#refuse(partial, { status }, flow);
    else this.#dropped += 1;
  }

  /** Answers without keeping a transaction, at most so often for each source. */
  #refuse(request: Answerable, reply: Reply, flow: Flow): void {
    if (!this.#limiter.allows(flow.remote.host)) {
      this.#dropped += 1;
      return;
    }
    this.#refused += 1;
    const head = responseHead(request, flow.remote.host, flow.remote.port);
    this.#log.send(flow, formatResponse(head, reply, this.#names.tag()), false, undefined);
  }

  #onRequest(request: Request, flow: Flow): void {
    const known = this.#servers.find(request);
    if (request.method === 'ACK') {
      this.#onAck(request, flow, known);
      return;
    }
    if (known) {
      this.#log.saw(flow, request.text, true, known.key);
      known.repeat();
      return;
    }
    const admitted = this.#options.admit?.({
      source: { ...flow.remote, protocol: flow.protocol },
      method: request.method,
      requestUri: request.uri,
    });
    if (admitted === false) {
      this.#dropped += 1;
      return;
    }
    if (typeof admitted === 'number') {
      this.#refuse(request, { status: admitted }, flow);
      return;
    }
    if (this.#servers.size >= this.#bounds.transactions) {
      this.#refuse(request, { status: 503 }, flow);
      return;
    }
    if (request.method === 'CANCEL') {
      this.#onCancel(request, flow);
      return;
    }
    const call = request.toTag === '' ? undefined : this.#calls.find(request);
    if (request.method === 'INVITE' && !call && request.toTag === '') {
      this.#onInvite(request, flow);
      return;
    }
    const transaction = this.#serve(request, flow, call?.key);
    if (transaction.answered) return;
    const refusal = this.#refusal(request) ?? (call ? undefined : this.#outsideDialog(request));
    if (refusal) transaction.reply(refusal);
    else call?.request(transaction);
  }

  #serve(request: Request, flow: Flow, key: string | undefined, toTag?: string): LiveServerTransaction {
    const merged = this.#servers.isMerged(request);
    const transaction = this.#servers.start(request, flow, toTag ?? this.#names.tag());
    transaction.key = key;
    this.#log.saw(flow, request.text, false, key);
    // RFC 3261 8.2.2.2.
    if (merged) transaction.reply({ status: 482 });
    return transaction;
  }

  /** What is wrong with a request whatever it is for. */
  #refusal(request: Request): Reply | undefined {
    const required = unsupported(request);
    if (required !== undefined) return { status: 420, headers: [{ name: 'Unsupported', value: required }] };
    // RFC 3261 8.2.2.1.
    if (!/^(?:sips?|tel):/i.test(request.uri)) return { status: 416 };
    return undefined;
  }

  #outsideDialog(request: Request): Reply {
    // RFC 3261 12.2.2.
    if (request.toTag !== '') return { status: 481 };
    // RFC 3261 11.2.
    if (request.method === 'OPTIONS')
      return { status: this.#stopping ? 503 : 200, headers: [allow, acceptSdp] };
    // RFC 3261 15.1.2 and RFC 3311 5.2: these make sense inside a dialog only.
    if (request.method === 'BYE' || request.method === 'UPDATE') return { status: 481 };
    return { status: 405, headers: [allow] };
  }

  #onAck(request: Request, flow: Flow, known: LiveServerTransaction | undefined): void {
    const call = this.#calls.find(request);
    const repeated = call ? call.isRepeatedAck(request.text) : (known?.acked ?? false);
    this.#log.saw(flow, request.text, repeated, call?.key ?? known?.key);
    known?.ack();
    if (call) call.ack(request);
    else if (!known) this.#dropped += 1;
  }

  #onCancel(request: Request, flow: Flow): void {
    const cancelled = this.#servers.findCancelled(request);
    // RFC 3261 9.2: the same To tag as the response to the INVITE.
    const transaction = this.#serve(request, flow, cancelled?.key, cancelled?.toTag);
    transaction.reply({ status: cancelled ? 200 : 481 });
    cancelled?.onCancel?.(request);
  }

  #onInvite(request: Request, flow: Flow): void {
    const merged = this.#servers.isMerged(request);
    const key = merged ? undefined : (this.#options.newKey?.() ?? request.callId);
    const transaction = this.#serve(request, flow, key);
    if (merged) return;
    const dialog = calleeDialog(request, transaction.toTag);
    const refusal =
      this.#refusal(request) ??
      this.#inviteRefusal(request) ??
      (dialog ? undefined : { status: 400, reason: 'No Contact' });
    if (refusal || !dialog || key === undefined) {
      transaction.reply(refusal ?? { status: 400 });
      return;
    }
    const onInvite = this.#options.onInvite ?? declineAll;
    try {
      takeCall(this.#world, transaction, dialog, key, onInvite);
    } catch (error) {
      this.#bug(error);
      transaction.reply({ status: 500 });
      this.#calls.remove(transaction.toTag);
    }
  }

  #inviteRefusal(request: Request): Reply | undefined {
    // RFC 3261 8.2.3.
    if (hasForeignBody(request)) return { status: 415, headers: [acceptSdp] };
    if (this.#stopping || this.#calls.size >= this.#bounds.calls) return { status: 503 };
    return undefined;
  }

  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#bug(error);
    }
  }

  #bug(error: unknown): void {
    if (this.#options.failed) this.#options.failed(error);
    else process.emitWarning(error instanceof Error ? error : String(error));
  }
}

function declineAll(call: InboundCall): InboundHandlers {
  call.reject(480);
  return { ended: () => {} };
}
