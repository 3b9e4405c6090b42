import type { OutboundLeg, TrunkEvent, TrunkPort } from '../../app/ports/trunk.ts';
import type {
  Authentication,
  InboundCall,
  InboundHandlers,
  Observed,
  SipClock,
  SipEndpoint,
  Target,
} from '../sip/api.ts';
import { createSipEndpoint } from '../sip/endpoint.ts';
import { hostPort } from '../sip/flow.ts';
import { Health } from './health.ts';
import { takeLeg } from './inbound-leg.ts';
import type { Leg } from './legs.ts';
import { placeLeg } from './outbound-leg.ts';
import { Registrations } from './registrations.ts';
import { Sources } from './sources.ts';
import type { Trunk, Trunks, TrunksOptions, TrunksStatus } from './trunk.ts';

/** The telephone side: every trunk over one SIP endpoint. */
export function createTrunks(options: TrunksOptions): Trunks {
  return new LiveTrunks(options);
}

class LiveTrunks implements Trunks, TrunkPort {
  readonly port: TrunkPort = this;
  readonly #options: TrunksOptions;
  #trunks: ReadonlyMap<string, Trunk>;
  #sources: Sources;
  readonly #endpoint: SipEndpoint;
  readonly #health: Health;
  readonly #registrations: Registrations;
  readonly #legs = new Map<string, Leg>();
  readonly #ownHost: string;
  #refusedSources = 0;
  #unusableOffers = 0;

  constructor(options: TrunksOptions) {
    this.#options = options;
    this.#trunks = new Map(options.trunks.map((trunk) => [trunk.name, trunk]));
    this.#sources = new Sources(options.trunks);
    this.#ownHost = options.advertise ?? options.hosts[0] ?? '127.0.0.1';
    const { timing, network, flights, product, advertise, failed, tls } = options;
    this.#endpoint = createSipEndpoint({
      hosts: options.hosts,
      port: options.port,
      clock: sipClock(options.clock),
      newKey: options.newLegId,
      onInvite: (call) => this.#onInvite(call),
      admit: ({ source }) => this.#admit(source.host),
      authenticate: ({ source }) => this.#authenticationOf(source),
      credentials: (target) => this.#trunkAt(target)?.credentials,
      observe: (message) => this.#trace(message),
      ...(timing && { timing }),
      ...(network && { network }),
      ...(tls && { tls }),
      ...(flights && { flights }),
      ...(product === undefined ? {} : { product }),
      ...(advertise === undefined ? {} : { advertise }),
      ...(failed && { failed }),
    });
    this.#registrations = new Registrations(this.#endpoint);
    this.#health = new Health(
      this.#endpoint,
      options.clock,
      options.trunks,
      options.healthInterval ?? 30_000,
    );
  }

  use(trunks: readonly Trunk[]): void {
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    this.#sources = new Sources(trunks);
    this.#health.use(trunks);
    this.#registrations.use(trunks);
  }

  get tlsPort(): number | undefined {
    return this.#endpoint.tlsPort;
  }

  async start(): Promise<number> {
    const [address] = await this.#endpoint.start();
    this.#health.start();
    this.#registrations.use([...this.#trunks.values()]);
    return address?.port ?? 0;
  }

  async stop(deadlineMs?: number): Promise<void> {
    this.#health.stop();
    await this.#endpoint.stop(deadlineMs);
  }

  status(): TrunksStatus {
    const legs = [...this.#legs.values()];
    return {
      trunks: [...this.#trunks.values()].map(({ name, kind, media }) => ({
        name,
        kind,
        media,
        ...this.#health.of(name),
        ...registrationOf(this.#registrations.of(name)),
        legs: legs.filter((leg) => leg.trunk === name).length,
      })),
      refusedSources: this.#refusedSources,
      unusableOffers: this.#unusableOffers,
    };
  }

  invite(leg: OutboundLeg): void {
    const trunk = this.#trunks.get(leg.trunk);
    if (!trunk) {
      const end = { how: 'unreachable', why: `there is no trunk ${leg.trunk}` } as const;
      queueMicrotask(() => this.#emit({ kind: 'ended', legId: leg.legId, end }));
      return;
    }
    const world = {
      endpoint: this.#endpoint,
      ownHost: this.#ownHost,
      emit: (event: TrunkEvent) => this.#emit(event),
      ended: (legId: string) => this.#forget(legId),
    };
    this.#legs.set(leg.legId, placeLeg(world, trunk, leg));
  }

  cancel(legId: string): void {
    const leg = this.#legs.get(legId);
    if (leg?.direction === 'out') leg.call.cancel();
  }

  ring(legId: string): void {
    const leg = this.#legs.get(legId);
    if (leg?.direction === 'in') leg.call.ring();
  }

  accept(legId: string, local: Parameters<TrunkPort['accept']>[1]): void {
    const leg = this.#legs.get(legId);
    if (leg?.direction === 'in') leg.accept(local);
  }

  refuse(legId: string, status: number): void {
    const leg = this.#legs.get(legId);
    if (leg?.direction === 'in') leg.call.reject(status);
  }

  hangUp(legId: string): void {
    this.#legs.get(legId)?.call.bye();
  }

  #onInvite(call: InboundCall): InboundHandlers {
    const trunk = this.#sources.trunkOf(call);
    if (!trunk) {
      call.reject(403);
      return { ended: () => {} };
    }
    const world = {
      ownHost: this.#ownHost,
      emit: (event: TrunkEvent) => this.#emit(event),
      arrived: (legId: string, leg: Leg) => this.#legs.set(legId, leg),
      ended: (legId: string) => this.#forget(legId),
      unusable: () => {
        this.#unusableOffers += 1;
      },
    };
    return takeLeg(world, trunk, call);
  }

  /** Trunks that share an address are told apart by their port, as far as it can be. */
  #trunkAt({ host, port }: Target): Trunk | undefined {
    const candidates = [...this.#trunks.values()].filter((trunk) => this.#sources.allowsFor(trunk, host));
    return candidates.find((trunk) => trunk.port === port) ?? candidates[0];
  }

  #authenticationOf(source: Target): Authentication | undefined {
    const proof = this.#trunkAt(source)?.authenticate;
    return proof && { realm: proof.realm, users: [{ user: proof.user, password: proof.password }] };
  }

  #admit(host: string): true | number {
    if (this.#sources.allows(host)) return true;
    this.#refusedSources += 1;
    return 403;
  }

  #emit(event: TrunkEvent): void {
    this.#options.events(event);
  }

  #forget(legId: string): void {
    this.#legs.delete(legId);
  }

  #trace({ key, direction, protocol, local, remote, text, repeated }: Observed): void {
    if (key === undefined) return;
    this.#options.trace.add({
      kind: 'sip',
      legId: key,
      at: this.#options.clock.now(),
      direction,
      transport: transports[protocol],
      local: hostPort(local),
      remote: hostPort(remote),
      message: text,
      repeated,
    });
  }
}

const transports = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;

const registrationOf = (registration: string | undefined): { readonly registration?: string } =>
  registration === undefined ? {} : { registration };

function sipClock(clock: TrunksOptions['clock']): SipClock {
  return { after: (ms, name, fire) => clock.at(clock.now() + ms, name, fire) };
}
