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
import type { DialogId, Replaced } from '../../wire/sip/refer.ts';
import type { OfferMethod, OfferResult } from '../../wire/sip/session-offer.ts';
import type { ReferResult } from '../../wire/sip/session-refer.ts';
import type { SessionPolicy } from '../../wire/sip/session-timer.ts';
import type { Timing } from '../../wire/sip/transaction.ts';
import type { Network } from './network.ts';

export type {
  CallEnd,
  DialogId,
  Header,
  OfferMethod,
  OfferResult,
  Q850,
  ReferResult,
  Replaced,
  SessionPolicy,
  Timing,
};

export type Protocol = 'udp' | 'tcp' | 'tls';

export interface Address {
  /** IP address literal, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Where requests are sent to. `host` may be a name here; it is resolved when something is sent. */
export interface Target extends Address {
  readonly protocol: Protocol;
  /** The name the peer's certificate must be for; `host` when absent. */
  readonly serverName?: string;
  /** Ask for the SRV records of the name first (RFC 3263); `port` counts where there are none. */
  readonly srv?: boolean;
}

/** What we answer a 401 or 407 with. */
export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** Answer challenges of this realm only; of any when absent. */
  readonly realm?: string;
}

/** What an inbound request outside a dialog must prove (401, RFC 3261 22.2). */
export interface Authentication {
  readonly realm: string;
  /** Any of these. */
  readonly users: readonly Pick<Credentials, 'user' | 'password'>[];
  /** In the order they are offered; SHA-256 and MD5 when absent. Some peers look at the first one only and know only MD5. */
  readonly algorithms?: readonly ('SHA-256' | 'MD5')[];
}

export interface TlsSettings {
  /** Port to listen on, on every host; 0 picks a free one. Absent: connections are made, none is taken. */
  readonly port?: number;
  /** PEM: our certificate with its chain, and its key. Shown to clients, and to servers that ask for one. */
  readonly cert?: string;
  readonly key?: string;
  /** PEM of the authorities we trust. For servers, the system's roots when absent; for clients, nobody. */
  readonly ca?: readonly string[];
  /** Clients without a certificate of such an authority are refused (mutual TLS). */
  readonly clientCertificates?: 'required';
  /** Wall milliseconds for a handshake; 10 s when absent. */
  readonly handshakeMs?: number;
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
  /**
   * The far end asks us to call somebody else (RFC 3515). The result is 202 to accept, after which `notify` tells what
   * became of it, or the status to refuse with; a missing handler declines.
   */
  refer?(referral: Referral): number;
  /** The far end sent INFO, which has been answered with 200. */
  info?(info: SeenInfo): void;
}

export interface SeenInfo {
  /** Content-Type; empty when there is none. */
  readonly type: string;
  readonly body: string;
  readonly headers: readonly Header[];
}

/** A REFER of the far end. */
export interface Referral {
  readonly to: string;
  /** The dialog that the new call shall take the place of, as whoever `to` leads to sees it. */
  readonly replaces?: Replaced;
  readonly headers: readonly Header[];
  /** What the new call has come to; 100 has been told. A status from 200 is the last one. */
  notify(status: number, reason?: string): void;
}

export interface ReferOptions {
  /** URI to call. */
  readonly to: string;
  /** A call of ours with whoever `to` leads to, that the new one shall take the place of: its `dialog`. */
  readonly replaces?: DialogId;
  readonly headers?: readonly Header[];
  /** What the far end says became of it so far. */
  progress?(status: number, reason: string): void;
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
  /** For every request of the call; those of the endpoint when absent. */
  readonly credentials?: Credentials;
}

export interface OutboundCall {
  readonly key: string;
  readonly callId: string;
  /** Before the answer. Waits for a provisional response if none has come (RFC 3261 9.1). Idempotent. */
  cancel(headers?: readonly Header[]): void;
  /**
   * Offers a changed session: hold, resume, other media. Waits for what is under way; a clash with an offer of the far
   * end is tried again (RFC 3261 14.1). Never rejects. UPDATE only where the far end's `Allow` names it.
   */
  offer(sdp: string, method?: OfferMethod): Promise<OfferResult>;
  /** Asks the far end to call somebody else (RFC 3515). Settles when it tells no more of it; never rejects. */
  refer(options: ReferOptions): Promise<ReferResult>;
  /** Names the call to others, once it is answered. */
  readonly dialog: DialogId | undefined;
  /** After the answer; before it, the same as `cancel`. Idempotent. */
  bye(headers?: readonly Header[]): void;
}

export interface ProgressOptions {
  readonly headers?: readonly Header[];
  /**
   * Repeated until the caller acknowledges it (RFC 3262), when the caller can; when the caller requires it, every
   * provisional response is. What is said meanwhile waits; what was described in it is not described again.
   */
  readonly reliable?: boolean;
}

export interface InboundCall {
  readonly key: string;
  readonly invite: SeenInvite;
  readonly source: Target;
  /**
   * The call it asks to take the place of (RFC 3891), by its key. Whoever answers this one hangs up that one.
   */
  readonly replaces?: { readonly key: string; readonly earlyOnly: boolean };
  /** The user it authenticated as, when `authenticate` asked for that. */
  readonly user?: string;
  /** 180. */
  ring(options?: ProgressOptions): void;
  /** A provisional response 101-199, with early media when `sdp` is given. */
  progress(status: number, sdp?: string, options?: ProgressOptions): void;
  /** 200 with SDP. Repeated until it is acknowledged. */
  answer(sdp: string, headers?: readonly Header[]): void;
  /** A final response 300-699. `reason` is the reason phrase. */
  reject(status: number, reason?: string, headers?: readonly Header[]): void;
  /**
   * Offers a changed session: hold, resume, other media. Waits for what is under way; a clash with an offer of the far
   * end is tried again (RFC 3261 14.1). Never rejects. UPDATE only where the far end's `Allow` names it.
   */
  offer(sdp: string, method?: OfferMethod): Promise<OfferResult>;
  /** Asks the far end to call somebody else (RFC 3515). Settles when it tells no more of it; never rejects. */
  refer(options: ReferOptions): Promise<ReferResult>;
  /** Names the call to others, once it is answered. */
  readonly dialog: DialogId | undefined;
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

export interface RegisterOptions {
  readonly registrar: Target;
  /** Address of record, a `sip:` or `sips:` URI; its host is the domain that is registered with. */
  readonly aor: string;
  /** URI to be called at; by default where this endpoint listens. */
  readonly contact?: string;
  /** Seconds asked for; 3600 when absent. The registrar decides. */
  readonly expires?: number;
  readonly credentials?: Credentials;
}

/** `retryInMs`: milliseconds of clock until the next attempt. */
export type RegistrationState =
  | { readonly kind: 'registering' }
  /** `expires`: the seconds the registrar granted; it is refreshed before they are over. */
  | { readonly kind: 'registered'; readonly expires: number }
  /** `why`: the status line, or what kept us from having one. `status` is the registrar's. */
  | {
      readonly kind: 'failed';
      readonly why: string;
      readonly status?: number;
      readonly retryInMs: number;
    }
  | { readonly kind: 'unregistered' };

export interface Registration {
  readonly state: RegistrationState;
  /** Takes the binding back; resolves when the registrar has answered, or will not. Idempotent. */
  stop(): Promise<void>;
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
  /** Where TLS is listened on, once started. */
  readonly tlsPort: number | undefined;
  /** Registers, refreshes and, at the end, takes back (RFC 3261 10). Also taken back by `stop` of the endpoint. */
  register(options: RegisterOptions, onState?: (state: RegistrationState) => void): Registration;
  /** OPTIONS outside a dialog. */
  options(target: Target, done: (result: PingResult) => void): void;
  stats(): EndpointStats;
}
