import type { SessionPolicy } from '../../../wire/sip/session-timer.ts';
import type { Timing } from '../../../wire/sip/transaction.ts';
import type { Network } from '../network.ts';
import type { InboundCall } from './calls.ts';
import type { Address, Authentication, Credentials, Protocol, Target, TlsSettings } from './peers.ts';
import type { InboundHandlers } from './told.ts';

/** Timers that may stand still: all but those that repeat a message (A, E, G, 2xx). */
export interface SipClock {
  after(ms: number, name: string, fire: () => void): () => void;
}

export interface Bounds {
  /** TCP and TLS connections, those taken and those made counted apart: strangers who come must not keep us from going out. */
  readonly connections: number;
  /** Connections taken from one source address. */
  readonly connectionsPerSource: number;
  /** Wall milliseconds an inbound connection may stay without a complete message. */
  readonly idleConnectionMs: number;
  /** Wall milliseconds between the pings on connections of our own (RFC 5626 3.5.1); 0 sends none. */
  readonly keepAliveMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** Refused or malformed messages of one source address that are answered per second; the rest is dropped. */
  readonly refusalsPerSecond: number;
  /** Answers per second to one source that was let in but asks about no dialog we know (481), must prove itself (401) or finds us full (503). */
  readonly strayAnswersPerSecond: number;
  /** Calls, in and out together; further INVITEs get 503. */
  readonly calls: number;
  /** Server transactions; further requests get 503. */
  readonly transactions: number;
  /** Bytes of the requests that server transactions keep; further requests get 503. */
  readonly transactionBytes: number;
}

/**
 * What `admit` is asked about: a request that belongs to no transaction we know, or a response from another host than its
 * request went to (then `method` is that of the request, and `requestUri` is empty).
 */
export interface Approach {
  readonly source: Target;
  readonly method: string;
  readonly requestUri: string;
  /** DNS names and addresses of the certificate it showed, when the connection asked for one. */
  readonly certificateNames?: readonly string[];
}

/** A message that went over a wire, as `observe` is told. */
export interface Observed {
  readonly direction: 'in' | 'out';
  readonly protocol: Protocol;
  readonly local: Address;
  readonly remote: Address;
  /** The message as it was on the wire. */
  readonly text: string;
  /** The same bytes went over the same flow before. */
  readonly repeated: boolean;
  /** `key` of the call it belongs to, when it belongs to one. */
  readonly key?: string;
}

/** See `createFlights`. */
export interface Flights {
  open(port: number): () => void;
  sent(protocol: Protocol, fromPort: number, toPort: number): void;
  received(protocol: Protocol, fromPort: number, toPort: number): void;
}

export interface SipEndpointOptions {
  /** Addresses to listen on, all with the same port. */
  readonly hosts: readonly string[];
  /** 0 picks one that is free for UDP and TCP on every host. */
  readonly port: number;
  /** TLS beside UDP and TCP. */
  readonly tls?: TlsSettings;
  /** Host written into Via and Contact; by default the address listened on, or that of the interface used. */
  readonly advertise?: string;
  readonly clock: SipClock;
  readonly timing?: Partial<Timing>;
  readonly bounds?: Partial<Bounds>;
  /**
   * Session timers (RFC 4028), in seconds. Without `expires` none is asked for, and those the far end asks for are kept;
   * `min` is 90 when absent.
   */
  readonly session?: Partial<SessionPolicy>;
  /** Session timers with a caller, where they differ from `session`. */
  sessionWith?(caller: Target): SessionPolicy | undefined;
  /** In [0, 1): for waiting times and first sequence numbers; `Math.random` when absent. */
  random?(): number;
  /** Real sockets when absent. */
  readonly network?: Network;
  /** `User-Agent` and `Server`. */
  readonly product?: string;
  /** A new call. Returns its handlers; may answer or reject at once. 100 is sent when it did neither. */
  onInvite?(call: InboundCall): InboundHandlers;
  /** Key of a new inbound call; its Call-ID when absent. */
  newKey?(): string;
  /** `true` lets the request in, `false` drops it in silence, a status refuses it (within the bounds). */
  admit?(approach: Approach): boolean | number;
  /** A TLS client was refused in its handshake; `why` is about it, in words: `its certificate has expired`. */
  tlsRefused?(client: Address, why: string): void;
  /** What an admitted request outside a dialog must prove; `undefined`: nothing. Never asked for ACK and CANCEL. */
  authenticate?(approach: Approach): Authentication | undefined;
  /** For requests whose caller gives none: OPTIONS, and the requests of inbound calls. */
  credentials?(target: Target): Credentials | undefined;
  observe?(message: Observed): void;
  /** A handler threw: a bug of this stack or of its user, which must not stop the sockets. A process warning when absent. */
  failed?(error: unknown): void;
  /** Shared by endpoints of one process so that it counts as busy while a message is between two of them. */
  readonly flights?: Flights;
}
