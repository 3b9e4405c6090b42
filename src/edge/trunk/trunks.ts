import { type OutboundLeg, ownTrunk, type TrunkEvent, type TrunkPort } from '../../app/ports/trunk.ts';
import type {
  Authentication,
  DialogId,
  Header,
  InboundCall,
  InboundHandlers,
  Observed,
  SipClock,
  SipEndpoint,
  Target,
} from '../sip/api.ts';
import { createSipEndpoint } from '../sip/endpoint.ts';
import { hostPort } from '../sip/flow.ts';
import { realNetwork } from '../sip/network-real.ts';
import { Admission } from './admission.ts';
import { Health } from './health.ts';
import { takeLeg } from './inbound-leg.ts';
import type { Leg } from './legs.ts';
import { placeLeg } from './outbound-leg.ts';
import { isSelf, ownTrunkAt } from './own-trunk.ts';
import { Registrations } from './registrations.ts';
import type { Trunk, Trunks, TrunksOptions, TrunksStatus } from './trunk.ts';

/** The telephone side: every trunk over one SIP endpoint. */
export function createTrunks(options: TrunksOptions): Trunks {
  return new LiveTrunks(options);
}

class LiveTrunks implements Trunks, TrunkPort {
  readonly port: TrunkPort = this;
  readonly #options: TrunksOptions;
  #trunks: ReadonlyMap<string, Trunk>;
  readonly #admission: Admission;
  readonly #endpoint: SipEndpoint;
  readonly #health: Health;
  readonly #registrations: Registrations;
  readonly #legs = new Map<string, Leg>();
  readonly #ownHost: string;
  #own: Trunk;
  #unusableOffers = 0;

  constructor(options: TrunksOptions) {
    this.#options = options;
    this.#trunks = new Map(options.trunks.map((trunk) => [trunk.name, trunk]));
    this.#ownHost = options.advertise ?? options.hosts[0] ?? '127.0.0.1';
    this.#own = ownTrunkAt(this.#ownHost, options.port);
    const everyMs = options.healthInterval ?? usualInterval;
    const { timing, flights, product, advertise, failed, tls } = options;
    const network = options.network ?? realNetwork();
    this.#admission = new Admission({
      network,
      clock: options.clock,
      everyMs,
      legs: () => this.#legs.keys(),
      moved: (names) => this.#registrations.use([...this.#trunks.values()], names),
      failed: (error) => failed?.(error),
    });
    this.#endpoint = createSipEndpoint({
      hosts: options.hosts,
      port: options.port,
      clock: sipClock(options.clock),
      newKey: options.newLegId,
      onInvite: (call) => this.#onInvite(call),
      network,
      admit: ({ source }) => isSelf(source, this.#own) || this.#admission.admit(source),
      authenticate: ({ source }) => this.#authenticationOf(source),
      credentials: (target) => this.#trunkAt(target)?.credentials,
      sessionWith: (caller) => this.#trunkAt(caller)?.session,
      tlsRefused: ({ host }, why) => this.#admission.tlsRefused(host, why),
      observe: (message) => this.#trace(message),
      ...(timing && { timing }),
      ...(tls && { tls }),
      ...(flights && { flights }),
      ...(product === undefined ? {} : { product }),
      ...(advertise === undefined ? {} : { advertise }),
      ...(failed && { failed }),
    });
    this.#registrations = new Registrations(this.#endpoint);
    this.#health = new Health(this.#endpoint, options.clock, options.trunks, everyMs);
  }

  async use(trunks: readonly Trunk[]): Promise<void> {
    const sources = await this.#admission.find(trunks);
    this.#trunks = new Map(trunks.map((trunk) => [trunk.name, trunk]));
    const moved = this.#admission.use(sources);
    this.#health.use(trunks);
    this.#registrations.use(trunks, moved);
  }

  get tlsPort(): number | undefined {
    return this.#endpoint.tlsPort;
  }

  async start(): Promise<number> {
    const trunks = [...this.#trunks.values()];
    this.#admission.use(await this.#admission.find(trunks));
    const [address] = await this.#endpoint.start();
    this.#health.start();
    this.#registrations.use(trunks);
    const port = address?.port ?? 0;
    this.#own = ownTrunkAt(this.#options.hosts[0] ?? this.#ownHost, port);
    return port;
  }

  async stop(deadlineMs?: number): Promise<void> {
    this.#health.stop();
    this.#admission.stop();
    this.#registrations.stop();
    await this.#endpoint.stop(deadlineMs);
  }

  status(): TrunksStatus {
    const legs = [...this.#legs.values()];
    return {
      trunks: [...this.#trunks.values()].map(({ name, kind, media }) => ({
        name,
        kind,
        media,
        ...this.#healthOf(name),
        ...this.#registrations.of(name),
        legs: legs.filter((leg) => leg.trunk === name).length,
      })),
      refusedSources: this.#admission.refused,
      unusableOffers: this.#unusableOffers,
      sip: this.#endpoint.stats(),
    };
  }

  #healthOf(name: string): ReturnType<Health['of']> {
    const { state, why } = this.#health.of(name);
    return { state, why: [why, ...this.#admission.notesOn(name)].join('; ') };
  }

  invite(leg: OutboundLeg): void {
    const trunk = leg.trunk === ownTrunk ? this.#own : this.#trunks.get(leg.trunk);
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
      trunkOfDialog: this.#trunkOfDialog,
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

  refer(legId: string, number: string, headers: readonly Header[]): void {
    const leg = this.#legs.get(legId);
    leg?.midCall.refer(leg.call, number, headers);
  }

  notify(legId: string, status: number): void {
    this.#legs.get(legId)?.midCall.notify(status);
  }

  hold(legId: string): void {
    const leg = this.#legs.get(legId);
    leg?.midCall.hold(leg.call, true);
  }

  resume(legId: string): void {
    const leg = this.#legs.get(legId);
    leg?.midCall.hold(leg.call, false);
  }

  /** Of the leg whose dialog this is (RFC 3891). */
  readonly #trunkOfDialog = ({ callId, localTag, remoteTag }: DialogId): string | undefined =>
    [...this.#legs.values()].find(
      ({ call: { dialog } }) =>
        dialog?.callId === callId && dialog.localTag === localTag && dialog.remoteTag === remoteTag,
    )?.trunk;

  #onInvite(call: InboundCall): InboundHandlers {
    // From us to us goes only what takes the place of a leg.
    const fromUs = isSelf(call.source, this.#own) && call.replaces !== undefined;
    const trunk = fromUs ? this.#own : this.#admission.sources.trunkOf(call);
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
      trunkOfDialog: this.#trunkOfDialog,
    };
    return takeLeg(world, trunk, call);
  }

  #authenticationOf(source: Target): Authentication | undefined {
    if (isSelf(source, this.#own)) return undefined;
    const proof = this.#trunkAt(source)?.authenticate;
    return proof && { realm: proof.realm, users: [{ user: proof.user, password: proof.password }] };
  }

  #trunkAt(target: Target): Trunk | undefined {
    return this.#admission.sources.trunkAt(target);
  }

  #emit(event: TrunkEvent): void {
    this.#options.events(event);
  }

  #forget(legId: string): void {
    this.#legs.delete(legId);
    this.#admission.ended(legId);
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
      message: masked(text),
      repeated,
    });
  }
}

/** Keys of SRTP and passwords of ICE would let who reads the journal listen in. The length stays, for captures. */
const masked = (text: string): string =>
  text.replace(
    /^(a=(?:crypto:.*inline:|ice-pwd:))([^|;\s]+)/gm,
    (_, before: string, secret: string) => before + 'x'.repeat(secret.length),
  );

/** Milliseconds between two looks at a trunk. */
const usualInterval = 30_000;

const transports = { udp: 'UDP', tcp: 'TCP', tls: 'TLS' } as const;

function sipClock(clock: TrunksOptions['clock']): SipClock {
  return { after: (ms, name, fire) => clock.at(clock.now() + ms, name, fire) };
}
