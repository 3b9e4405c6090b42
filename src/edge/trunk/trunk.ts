import type { Clock } from '../../app/ports/clock.ts';
import type { TracePort } from '../../app/ports/trace.ts';
import type { TrunkEvent, TrunkPort } from '../../app/ports/trunk.ts';
import type {
  Credentials,
  EndpointStats,
  Flights,
  Protocol,
  SessionPolicy,
  Target,
  Timing,
  TlsSettings,
} from '../sip/api.ts';
import type { Network } from '../sip/network.ts';

/** A peer that carries calls. */
export interface Trunk {
  readonly name: string;
  readonly kind: 'carrier' | 'direct-routing';
  /** Name or IP address literal. */
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** `srtp`: with keys by SDES (RFC 4568), and nothing else. `none`: calls without any audio. */
  readonly media: 'rtp' | 'srtp' | 'none';
  /** Offers of ours ask for ICE (RFC 8445); offers of its own that ask for it are answered with it in any case. */
  readonly ice?: boolean;
  /** Addresses, or networks (`192.0.2.0/24`), that its requests may come from; empty: where `host` points, at any time. `none`: it is called only. */
  readonly allow: readonly string[] | 'none';
  /** Name that its certificate must be for; `host` when absent. */
  readonly serverName?: string;
  /** Ask for SRV records of `host` (RFC 3263). */
  readonly srv?: boolean;
  /** What its challenges are answered with. */
  readonly credentials?: Credentials;
  /** What its requests must prove (RFC 3261 22.2). */
  readonly authenticate?: Credentials & { readonly realm: string };
  /** Session timers (RFC 4028), in seconds; those that it asks for when absent. */
  readonly session?: SessionPolicy;
  /**
   * How parties are handed over. `refer`: its phones are asked to, where they can be; `bridge` (when absent): we call the
   * target ourselves. With either, what its phones ask for is accepted; with `none` it is not.
   */
  readonly transfer?: 'refer' | 'bridge' | 'none';
  /** It trusts us to say who calls (RFC 3325). */
  readonly assertedIdentity?: boolean;
  /** Kept registered there. */
  readonly register?: { readonly aor: string; readonly expiresSeconds: number };
}

/** Where requests to a trunk go. */
export function targetOf({ host, port, protocol, serverName, srv }: Trunk): Target {
  return {
    host,
    port,
    protocol,
    ...(serverName === undefined ? {} : { serverName }),
    ...(srv ? { srv } : {}),
  };
}

export interface TrunksOptions {
  readonly trunks: readonly Trunk[];
  /** Addresses to listen on. */
  readonly hosts: readonly string[];
  readonly port: number;
  readonly advertise?: string;
  readonly clock: Clock;
  readonly trace: TracePort;
  readonly newLegId: () => string;
  readonly events: (event: TrunkEvent) => void;
  /** A bug, or a trunk whose address cannot be found out, to be logged. */
  readonly failed?: (error: unknown) => void;
  readonly timing?: Partial<Timing>;
  /** Milliseconds of clock between two OPTIONS to a trunk; 30 s when absent. */
  readonly healthInterval?: number;
  readonly network?: Network;
  readonly flights?: Flights;
  /** SIP over TLS as well. */
  readonly tls?: TlsSettings;
  /** `User-Agent`. */
  readonly product?: string;
}

export interface TrunkStatus {
  readonly name: string;
  readonly kind: Trunk['kind'];
  readonly media: Trunk['media'];
  /** What the last OPTIONS brought. `unknown` before the first answer. */
  readonly state: 'up' | 'down' | 'unknown';
  /** For people: the status line, or why there was none. */
  readonly why: string;
  /** How it stands with the registration there, where one is kept. */
  readonly registration?: string;
  readonly registered?: boolean;
  readonly legs: number;
}

export interface TrunksStatus {
  readonly trunks: readonly TrunkStatus[];
  /** Requests of sources on no allow list. */
  readonly refusedSources: number;
  /** Inbound calls refused with 488. */
  readonly unusableOffers: number;
  readonly sip: EndpointStats;
}

export interface Trunks {
  readonly port: TrunkPort;
  /** Resolves with the SIP port listened on. */
  start(): Promise<number>;
  /** Where TLS is listened on, once started. */
  readonly tlsPort: number | undefined;
  /** Hangs up what is left and waits for it at most so long (a second when absent). */
  stop(deadlineMs?: number): Promise<void>;
  /** Other trunks from now on; live calls go on as they are. Rejects where an `allow` entry is no address or network. */
  use(trunks: readonly Trunk[]): Promise<void>;
  status(): TrunksStatus;
}
