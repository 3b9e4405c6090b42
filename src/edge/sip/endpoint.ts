import { acceptSdp, allow, supported, unsupported } from '../../wire/sip/call.ts';
import { calleeDialog } from '../../wire/sip/dialog.ts';
import { type Draft, formatResponse, type Reply, responseHead } from '../../wire/sip/format.ts';
import type { Answerable, Malformed, Request } from '../../wire/sip/message.ts';
import { type ParseLimits, parseMessage } from '../../wire/sip/parse.ts';
import { hasForeignBody } from '../../wire/sip/sdp-body.ts';
import { tooBrief } from '../../wire/sip/session-timer.ts';
import { toPeople } from '../../wire/sip/syntax.ts';
import type {
  Address,
  Approach,
  Credentials,
  EndpointStats,
  InboundCall,
  InboundHandlers,
  InviteOptions,
  OutboundCall,
  OutboundHandlers,
  PingResult,
  RegisterOptions,
  Registration,
  RegistrationState,
  SipEndpoint,
  SipEndpointOptions,
  Target,
  Timing,
} from './api.ts';
import { AuthorizingSender, authorizing, Keyring, type Sender } from './authorizing.ts';
import { Calls } from './calls.ts';
import { ClientTransactions } from './client-transactions.ts';
import { DigestGuard } from './digest-guard.ts';
import { type Flow, hostPort } from './flow.ts';
import { Limiter } from './limiter.ts';
import { createNames } from './names.ts';
import type { Network } from './network.ts';
import { realNetwork } from './network-real.ts';
import { type PlaceCallWorld, placeCall, safeUri } from './place-call.ts';
import { LiveRegistration } from './register.ts';
import { replacing } from './replacing.ts';
import { Requester } from './requester.ts';
import { type LiveServerTransaction, ServerTransactions } from './server-transactions.ts';
import { takeCall } from './take-call.ts';
import type { RunnerTimers } from './transaction-runner.ts';
import { Transport } from './transport.ts';
import { WireLog } from './wire-log.ts';

const defaultTiming: Timing = { t1: 500, t2: 4000, t4: 5000 };
const defaultBounds = {
  connections: 1000,
  connectionsPerSource: 250,
  idleConnectionMs: 30_000,
  keepAliveMs: 25_000,
  headerBytes: 65_536,
  bodyBytes: 65_536,
  refusalsPerSecond: 20,
  strayAnswersPerSecond: 1000,
  calls: 100_000,
  transactions: 500_000,
  transactionBytes: 1 << 29,
};
/** RFC 4028 4. */
const MIN_SESSION = 90;
/** RFC 3261 15.1.2, RFC 3311 5.2, RFC 3262 3: outside a dialog they are owed 481. */
const insideOnly: ReadonlySet<string> = new Set(['BYE', 'UPDATE', 'PRACK', 'NOTIFY', 'INFO']);
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
  readonly #strays: Limiter;
  readonly #transport: Transport;
  readonly #clients: ClientTransactions;
  readonly #servers: ServerTransactions;
  readonly #requester: Requester;
  readonly #guarded = new DigestGuard();
  readonly #world: PlaceCallWorld;
  readonly #registrations = new Set<LiveRegistration>();
  readonly #keyrings = new Map<string, Keyring>();
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
    this.#strays = new Limiter(this.#bounds.strayAnswersPerSecond);
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
      connectionsPerSource: this.#bounds.connectionsPerSource,
      idleMs: this.#bounds.idleConnectionMs,
      keepAliveMs: this.#bounds.keepAliveMs,
      flights: options.flights,
      tls: options.tls,
      tlsRefused: (client, why) => {
        this.#refused += 1;
        this.#guard(() => options.tlsRefused?.(client, why));
      },
      received: (text, flow) => this.#guard(() => this.#receive(text, flow)),
      broken: () => {
        this.#malformed += 1;
      },
    });
    const sentBy = (flow: Flow): string => this.#transport.sentBy(flow.remote, flow.protocol);
    const trusts = (flow: Flow, method: string): boolean => {
      const source = { ...flow.remote, protocol: flow.protocol };
      return (options.admit?.({ source, method, requestUri: '' }) ?? true) === true;
    };
    this.#clients = new ClientTransactions(this.#log, timers, timing, this.#names, sentBy, trusts);
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
      session: { min: MIN_SESSION, ...options.session },
      random: options.random ?? Math.random,
      contact: (target, uri) => this.#contact(target, uri),
      credentials: (target) => this.#credentials(target),
      bug: (error) => this.#bug(error),
    };
  }

  get tlsPort(): number | undefined {
    return this.#transport.tlsPort;
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
    for (const registration of this.#registrations) registration.stop();
    while ((this.#clients.pending > 0 || this.#registrations.size > 0) && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, STOP_POLL_MS));
    }
    for (const call of this.#calls.all()) call.drop();
    for (const registration of this.#registrations) registration.drop();
    this.#clients.drop();
    this.#servers.drop();
    await this.#transport.stop();
  }

  invite(options: InviteOptions, handlers: OutboundHandlers): OutboundCall {
    return placeCall(this.#world, options, handlers);
  }

  register(options: RegisterOptions, onState?: (state: RegistrationState) => void): Registration {
    const { names, timers, product } = this.#world;
    const credentials = options.credentials ?? this.#credentials(options.registrar);
    const registration = new LiveRegistration(
      {
        ...{ names, timers, product },
        sender: authorizing(this.#requester, credentials, names),
        contact: this.#contact(options.registrar, options.aor),
        forget: (one) => this.#registrations.delete(one),
        bug: (error) => this.#bug(error),
      },
      options,
      onState,
    );
    this.#registrations.add(registration);
    return registration;
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
    this.#senderTo(target).request(draft, target, undefined, {
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

  #credentials(target: Target): Credentials | undefined {
    return this.#options.credentials?.(target);
  }

  /** For requests outside calls: what a peer has asked for is remembered. */
  #senderTo(target: Target): Sender {
    const credentials = this.#credentials(target);
    if (!credentials) return this.#requester;
    const name = `${target.protocol} ${hostPort(target)} ${credentials.user} ${credentials.realm ?? ''}`;
    const known = this.#keyrings.get(name);
    const keyring = known ?? new Keyring(credentials, this.#names);
    if (!known) this.#keyrings.set(name, keyring);
    return new AuthorizingSender(this.#requester, keyring);
  }

  #contact(target: Target, uri = ''): string {
    const sentBy = this.#transport.sentBy(target, target.protocol);
    // RFC 3261 8.1.1.8: who is called by a sips: URI is called back by one.
    if (/^sips:/i.test(uri)) return `<sips:${sentBy}>`;
    return `<sip:${sentBy}${target.protocol === 'udp' ? '' : `;transport=${target.protocol}`}>`;
  }

  /** Where responses go (RFC 3261 18.2.2, RFC 3581 4): where the request came from. */
  #returnFlow(request: Request, flow: Flow): Flow {
    const { via } = request;
    if (flow.protocol === 'udp' ? via.rport : flow.open) return flow;
    const remote = { host: flow.remote.host, port: via.port ?? (flow.protocol === 'tls' ? 5061 : 5060) };
    return this.#transport.flow(flow.protocol, remote) ?? flow;
  }

  #receive(text: string, flow: Flow): void {
    this.#log.received += 1;
    const parsed = parseMessage(text, this.#limits);
    if ('malformed' in parsed) {
      this.#onMalformed(parsed, flow, text.length);
      return;
    }
    const { message } = parsed;
    if (message.kind === 'request') {
      this.#onRequest(message, flow);
      return;
    }
    if (!this.#clients.receive(message, flow)) this.#dropped += 1;
  }

  #onMalformed({ status, partial }: Malformed, flow: Flow, bytes: number): void {
    this.#malformed += 1;
    if (partial && partial.method !== 'ACK') this.#refuse(partial, { status }, flow, bytes);
    else this.#dropped += 1;
  }

  /**
   * Answers without keeping a transaction, at most so often for each source, and with no more bytes than came from it:
   * the address of a datagram may be forged, and its owner shall not be flooded by us.
   */
  #refuse(request: Answerable, reply: Reply, flow: Flow, bytes: number): void {
    const { host } = flow.remote;
    const text = this.#limiter.allows(host) ? this.#statelessAnswer(request, reply, flow) : undefined;
    if (text === undefined || (flow.protocol === 'udp' && !this.#limiter.affords(host, bytes, text.length))) {
      this.#dropped += 1;
      return;
    }
    this.#refused += 1;
    this.#log.send(flow, text, false, undefined);
  }

  /** Answers somebody we let in without keeping a transaction: a flood of these leaves nothing behind. */
  #answerStray(request: Request, reply: Reply, flow: Flow): void {
    if (!this.#strays.allows(flow.remote.host)) {
      this.#dropped += 1;
      return;
    }
    this.#refused += 1;
    this.#log.saw(flow, request.text, false, undefined);
    this.#log.send(flow, this.#statelessAnswer(request, reply, flow), false, undefined);
  }

  #statelessAnswer(request: Answerable, reply: Reply, flow: Flow): string {
    const head = responseHead(request, flow.remote.host, flow.remote.port);
    return formatResponse(head, reply, this.#names.tagOf(head.rest));
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
    const approach: Approach = {
      source: { ...flow.remote, protocol: flow.protocol },
      method: request.method,
      requestUri: request.uri,
      ...(flow.certificateNames && { certificateNames: flow.certificateNames }),
    };
    const admitted = this.#options.admit?.(approach);
    if (admitted === false) {
      this.#dropped += 1;
      return;
    }
    if (typeof admitted === 'number') {
      this.#refuse(request, { status: admitted }, flow, request.text.length);
      return;
    }
    if (this.#isFull(request)) {
      this.#answerStray(request, { status: 503 }, flow);
      return;
    }
    if (request.method === 'CANCEL') {
      this.#onCancel(request, flow);
      return;
    }
    const call = request.toTag === '' ? undefined : this.#calls.find(request);
    // Inside a dialog our tag, which nobody can guess, stands for the credentials that made it.
    const proof = request.toTag === '' ? this.#prove(request, approach, flow) : undefined;
    if (proof === false) return;
    if (request.method === 'INVITE' && !call && request.toTag === '') {
      this.#onInvite(request, flow, proof);
      return;
    }
    if (!call && (request.toTag !== '' || insideOnly.has(request.method))) {
      this.#answerStray(request, this.#refusal(request) ?? { status: 481 }, flow);
      return;
    }
    const transaction = this.#serve(request, flow, call?.key);
    if (transaction.answered) return;
    const refusal = this.#refusal(request) ?? (call ? undefined : this.#outsideDialog(request));
    if (refusal) transaction.reply(refusal);
    else call?.request(transaction);
  }

  /** The user a request proves to come from; `undefined` when it need not, false when it was challenged. */
  #prove(request: Request, approach: Approach, flow: Flow): string | undefined | false {
    const authentication = this.#options.authenticate?.(approach);
    if (!authentication) return undefined;
    const verdict = this.#guarded.verify(request, authentication);
    if (verdict.kind === 'proven') return verdict.user;
    // Guesses are bounded like everything that is refused; the first request of every call has no credentials yet.
    if (verdict.wrong) this.#refuse(request, verdict.reply, flow, request.text.length);
    else this.#answerStray(request, verdict.reply, flow);
    return false;
  }

  #serve(request: Request, flow: Flow, key: string | undefined, toTag?: string): LiveServerTransaction {
    flow.keep?.();
    const merged = this.#servers.isMerged(request);
    const transaction = this.#servers.start(request, flow, toTag ?? this.#names.tag());
    transaction.key = key;
    this.#log.saw(flow, request.text, false, key);
    // RFC 3261 8.2.2.2.
    if (merged) transaction.reply({ status: 482 });
    return transaction;
  }

  /** Nothing more can be kept. What belongs to calls that are up still gets in while there is room for transactions. */
  #isFull({ method, toTag }: Request): boolean {
    if (this.#servers.size >= this.#bounds.transactions) return true;
    if (this.#servers.bytes >= this.#bounds.transactionBytes) return true;
    return method === 'INVITE' && toTag === '' && this.#calls.size >= this.#bounds.calls;
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
    // RFC 3261 11.2.
    if (request.method === 'OPTIONS')
      return { status: this.#stopping ? 503 : 200, headers: [allow, acceptSdp, supported] };
    // RFC 3515 2.4.2: calls are referred, not endpoints.
    if (request.method === 'REFER') return { status: 603 };
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
    if (!cancelled) {
      this.#answerStray(request, { status: 481 }, flow);
      return;
    }
    // RFC 3261 9.2: the same To tag as the response to the INVITE.
    const transaction = this.#serve(request, flow, cancelled.key, cancelled.toTag);
    transaction.reply({ status: 200 });
    cancelled.onCancel?.(request);
  }

  #onInvite(request: Request, flow: Flow, user: string | undefined): void {
    const merged = this.#servers.isMerged(request);
    const key = merged ? undefined : (this.#options.newKey?.() ?? request.callId);
    const transaction = this.#serve(request, flow, key);
    if (merged) return;
    transaction.user = user;
    const dialog = calleeDialog(request, transaction.toTag);
    const replaced = replacing(request, this.#calls);
    const refusal =
      this.#refusal(request) ??
      this.#inviteRefusal(request) ??
      (replaced && 'refusal' in replaced ? replaced.refusal : undefined) ??
      (dialog ? undefined : { status: 400, reason: 'No Contact' });
    if (refusal || !dialog || key === undefined) {
      transaction.reply(refusal ?? { status: 400 });
      return;
    }
    const onInvite = this.#options.onInvite ?? declineAll;
    try {
      const replaces = replaced && 'replaces' in replaced ? replaced.replaces : undefined;
      takeCall(this.#world, transaction, dialog, key, replaces, onInvite);
    } catch (error) {
      this.#bug(error);
      transaction.reply({ status: 500 });
      this.#calls.remove(transaction.toTag);
    }
  }

  #inviteRefusal(request: Request): Reply | undefined {
    // RFC 3261 8.2.3.
    if (hasForeignBody(request)) return { status: 415, headers: [acceptSdp] };
    if (this.#stopping) return { status: 503 };
    return tooBrief(request, this.#world.session);
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
