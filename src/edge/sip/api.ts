/**
 * What users of the SIP stack see. Nothing here, and nothing below it, knows what the calls are for.
 *
 * ```ts
 * const endpoint = createSipEndpoint({ hosts: ['127.0.0.1'], port: 0, clock: wallClock, onInvite });
 * const [at] = await endpoint.start();
 * const call = endpoint.invite({ target, requestUri, from, to, sdp }, { answered, ended });
 * ```
 */
import type { CallEnd } from '../../wire/sip/call.ts';
import type { Header } from '../../wire/sip/header.ts';
import type { Q850 } from '../../wire/sip/reason.ts';
import type { Timing } from '../../wire/sip/transaction.ts';
import type { Network } from './network.ts';

export type { CallEnd, Header, Q850, Timing };

export type Protocol = 'udp' | 'tcp';

export interface Address {
  /** IP address literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where requests are sent to. `host` may be a name here; it is resolved when something is sent. */
export interface Target extends Address {
  readonly protocol: Protocol;
}

/** A `From`, `To` or `P-Asserted-Identity` value. */
export interface Party {
  /** `sip:`, `sips:` or `tel:` URI as it was sent, without header parameters. */
  readonly uri: string;
  readonly displayName?: string;
}

/** A response as its receiver sees it. `headers` holds every header, names in lower case, long form. */
export interface SeenResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly Header[];
  readonly sdp?: string;
}

/** An INVITE as its receiver sees it. */
export interface SeenInvite {
  readonly requestUri: string;
  readonly from: Party;
  readonly to: Party;
  readonly callId: string;
  readonly headers: readonly Header[];
  /** Absent: the caller expects our offer in the answer. */
  readonly sdp?: string;
}

/** Handlers that both directions share. They are called from the event loop, never from inside a method of the call. */
export interface CallHandlers {
  ended(end: CallEnd): void;
  /**
   * The far end offers again (re-INVITE, UPDATE), or answers an INVITE of ours that carried no SDP.
   * `undefined`: a re-INVITE without SDP, which wants our offer. The result is the SDP to send back;
   * `undefined` (and a missing handler) refuses with 488 and leaves the session as it was.
   */
  offer?(sdp: string | undefined): string | undefined;
  /** The ACK of such an offerless re-INVITE brought the far end's answer. */
  offerAnswered?(sdp: string): void;
}

export interface OutboundHandlers extends CallHandlers {
  /** A provisional response above 100. Repeated bytes are told once. */
  progress?(response: SeenResponse): void;
  /** The 2xx came and has been acknowledged. */
  answered?(response: SeenResponse): void;
}

export interface InboundHandlers extends CallHandlers {
  /** Our 200 was acknowledged. `sdp` is the far end's answer when the INVITE carried none. */
  acknowledged?(sdp: string | undefined): void;
}

export interface InviteOptions {
  readonly target: Target;
  readonly requestUri: string;
  /** URIs, without angle brackets. */
  readonly from: string;
  readonly to: string;
  readonly displayName?: string;
  readonly sdp?: string;
  /** Further headers. */
  readonly headers?: readonly Header[];
  /** Named in what `observe` is told; the Call-ID when absent. */
  readonly key?: string;
}

export interface OutboundCall {
  readonly key: string;
  readonly callId: string;
  /** Before the answer. Waits for a provisional response if none has come (RFC 3261 9.1). Idempotent. */
  cancel(headers?: readonly Header[]): void;
  /** After the answer; before it, the same as `cancel`. Idempotent. */
  bye(headers?: readonly Header[]): void;
}

export interface InboundCall {
  readonly key: string;
  readonly invite: SeenInvite;
  readonly source: Target;
  /** 180. */
  ring(headers?: readonly Header[]): void;
  /** A provisional response 101-199, with early media when `sdp` is given. */
  progress(status: number, sdp?: string, headers?: readonly Header[]): void;
  /** 200 with SDP. Repeated until it is acknowledged. */
  answer(sdp: string, headers?: readonly Header[]): void;
  /** A final response 300-699. `reason` is the reason phrase. */
  reject(status: number, reason?: string, headers?: readonly Header[]): void;
  /** After `answer`; waits for the ACK (RFC 3261 15). Before it, the same as `reject(480)`. */
  bye(headers?: readonly Header[]): void;
  /** Never answers this INVITE at all, not even with 100: for peers that play dead. */
  ignore(): void;
}

export type PingResult =
  /** Any final response proves that the peer is alive. */
  | { readonly kind: 'response'; readonly status: number; readonly reason: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'transport'; readonly why: string };

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

/** Timers that may stand still: all but those that repeat a message (A, E, G, 2xx). */
export interface SipClock {
  after(ms: number, name: string, fire: () => void): () => void;
}

export interface Bounds {
  /** TCP connections, in and out together. */
  readonly connections: number;
  /** Wall milliseconds an inbound connection may stay without a complete message. */
  readonly idleConnectionMs: number;
  readonly headerBytes: number;
  readonly bodyBytes: number;
  /** Refused or malformed messages of one source address that are answered per second; the rest is dropped. */
  readonly refusalsPerSecond: number;
  /** Calls, in and out together; further INVITEs get 503. */
  readonly calls: number;
  /** Server transactions; further requests get 503. */
  readonly transactions: number;
}

/** What `admit` is asked about: a request that belongs to no transaction we know. */
export interface Approach {
  readonly source: Target;
  readonly method: string;
  readonly requestUri: string;
}

export interface SipEndpointOptions {
  /** Addresses to listen on, all with the same port. */
  readonly hosts: readonly string[];
  /** 0 picks one that is free for UDP and TCP on every host. */
  readonly port: number;
  /** Host written into Via and Contact; by default the address listened on, or that of the interface used. */
  readonly advertise?: string;
  readonly clock: SipClock;
  readonly timing?: Partial<Timing>;
  readonly bounds?: Partial<Bounds>;
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
  observe?(message: Observed): void;
  /** A handler threw: a bug of this stack or of its user, which must not stop the sockets. A process warning when absent. */
  failed?(error: unknown): void;
  /** Shared by endpoints of one process so that it counts as busy while a message is between two of them. */
  readonly flights?: Flights;
}

/** See `createFlights`. */
export interface Flights {
  open(port: number): () => void;
  sent(protocol: Protocol, fromPort: number, toPort: number): void;
  received(protocol: Protocol, fromPort: number, toPort: number): void;
}

export interface EndpointStats {
  readonly calls: number;
  readonly clientTransactions: number;
  readonly serverTransactions: number;
  readonly connections: number;
  readonly timers: number;
  readonly received: number;
  readonly sent: number;
  readonly retransmitted: number;
  readonly malformed: number;
  readonly refused: number;
  readonly dropped: number;
}

export interface SipEndpoint {
  /** Resolves with the addresses listened on; rejects with an `Error` that names host:port and why. */
  start(): Promise<readonly Address[]>;
  /** Ends what is left (CANCEL, BYE, 503), waits for it at most `deadlineMs` of wall time, closes every socket. */
  stop(deadlineMs?: number): Promise<void>;
  invite(options: InviteOptions, handlers: OutboundHandlers): OutboundCall;
  /** OPTIONS outside a dialog. */
  options(target: Target, done: (result: PingResult) => void): void;
  stats(): EndpointStats;
}
