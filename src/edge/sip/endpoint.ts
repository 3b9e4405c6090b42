import type { Request } from '../../wire/sip/message.ts';
import type {
  Address,
  Bounds,
  EndpointStats,
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
} from './api.ts';
import { authorizing } from './authorizing.ts';
import type { CallsWorld } from './call-world.ts';
import { Calls } from './calls.ts';
import { ClientTransactions } from './client-transactions.ts';
import { newCounts } from './counts.ts';
import { defaultBounds, defaultTiming, MIN_SESSION } from './defaults.ts';
import type { Flow } from './flow.ts';
import { createNames } from './names.ts';
import { realNetwork } from './network-real.ts';
import { Pings } from './ping.ts';
import { placeCall } from './place-call.ts';
import { Receiver } from './receiver.ts';
import { LiveRegistration } from './register.ts';
import { Requester } from './requester.ts';
import { ServerTransactions } from './server-transactions.ts';
import { StatelessAnswers } from './stateless-answers.ts';
import type { RunnerTimers } from './transaction-runner.ts';
import { Transport } from './transport.ts';
import { WireLog } from './wire-log.ts';

const STOP_MS = 1000;
const STOP_POLL_MS = 10;

export function createSipEndpoint(options: SipEndpointOptions): SipEndpoint {
  return new Endpoint(options);
}

/** Puts the parts together; what each of them does stands in its own file. */
class Endpoint implements SipEndpoint {
  readonly #options: SipEndpointOptions;
  readonly #counts = newCounts();
  readonly #calls = new Calls();
  readonly #log: WireLog;
  readonly #transport: Transport;
  readonly #clients: ClientTransactions;
  readonly #servers: ServerTransactions;
  readonly #receiver: Receiver;
  readonly #world: CallsWorld;
  readonly #pings: Pings;
  readonly #registrations = new Set<LiveRegistration>();
  #stopped: Promise<void> | undefined;

  constructor(options: SipEndpointOptions) {
    this.#options = options;
    const timing = { ...defaultTiming, ...options.timing };
    const bounds: Bounds = { ...defaultBounds, ...options.bounds };
    const network = options.network ?? realNetwork();
    const names = createNames();
    const timers: RunnerTimers = {
      clock: options.clock,
      counted: (change) => {
        this.#counts.timers += change;
      },
    };
    this.#log = new WireLog(options.observe && ((message) => this.#guard(() => options.observe?.(message))));
    this.#transport = new Transport({
      network,
      hosts: options.hosts,
      port: options.port,
      advertise: options.advertise,
      limits: { headerBytes: bounds.headerBytes, bodyBytes: bounds.bodyBytes },
      connections: bounds.connections,
      connectionsPerSource: bounds.connectionsPerSource,
      idleMs: bounds.idleConnectionMs,
      keepAliveMs: bounds.keepAliveMs,
      flights: options.flights,
      tls: options.tls,
      tlsRefused: (client, why) => {
        this.#counts.refused += 1;
        this.#guard(() => options.tlsRefused?.(client, why));
      },
      received: (text, flow) => this.#guard(() => this.#receiver.receive(text, flow)),
      broken: () => {
        this.#counts.malformed += 1;
      },
    });
    const sentBy = (flow: Flow): string => this.#transport.sentBy(flow.remote, flow.protocol);
    const trusts = (flow: Flow, method: string): boolean => {
      const source = { ...flow.remote, protocol: flow.protocol };
      return (options.admit?.({ source, method, requestUri: '' }) ?? true) === true;
    };
    const returnFlow = (request: Request, flow: Flow): Flow => this.#returnFlow(request, flow);
    this.#clients = new ClientTransactions(this.#log, timers, timing, names, sentBy, trusts);
    this.#servers = new ServerTransactions(this.#log, timers, timing, returnFlow);
    const session = { min: MIN_SESSION, ...options.session };
    this.#world = {
      calls: this.#calls,
      names,
      timers,
      timing,
      requester: new Requester(this.#transport, network, this.#clients, this.#log, names),
      product: options.product === undefined ? [] : [{ name: 'User-Agent', value: options.product }],
      session,
      sessionWith: (caller) => options.sessionWith?.(caller) ?? session,
      random: options.random ?? Math.random,
      contact: (target, uri) => this.#contact(target, uri),
      credentials: (target) => options.credentials?.(target),
      bug: (error) => this.#bug(error),
    };
    this.#receiver = new Receiver({
      options,
      bounds,
      world: this.#world,
      clients: this.#clients,
      servers: this.#servers,
      stateless: new StatelessAnswers(this.#log, names, this.#counts, bounds),
      log: this.#log,
      counts: this.#counts,
    });
    this.#pings = new Pings(this.#world);
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
    this.#receiver.stopping = true;
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
    const { names, timers, product, requester, bug } = this.#world;
    const credentials = options.credentials ?? this.#world.credentials(options.registrar);
    const registration = new LiveRegistration(
      {
        ...{ names, timers, product, bug },
        sender: authorizing(requester, credentials, names),
        contact: this.#contact(options.registrar, options.aor),
        forget: (one) => this.#registrations.delete(one),
      },
      options,
      onState,
    );
    this.#registrations.add(registration);
    return registration;
  }

  options(target: Target, done: (result: PingResult) => void): void {
    this.#pings.ping(target, (result) => this.#guard(() => done(result)));
  }

  stats(): EndpointStats {
    return {
      calls: this.#calls.size,
      clientTransactions: this.#clients.size,
      serverTransactions: this.#servers.size,
      connections: this.#transport.connections,
      received: this.#log.received,
      sent: this.#log.sent,
      retransmitted: this.#log.retransmitted,
      ...this.#counts,
    };
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
