import type { Header } from '../../../wire/sip/header.ts';
import type { DialogId } from '../../../wire/sip/refer.ts';
import type { OfferMethod, OfferResult } from '../../../wire/sip/session-offer.ts';
import type { ReferResult } from '../../../wire/sip/session-refer.ts';
import type { SessionPolicy } from '../../../wire/sip/session-timer.ts';
import type { Credentials, Target } from './peers.ts';
import type { SeenInvite } from './told.ts';

export interface ReferOptions {
  /** URI to call. */
  readonly to: string;
  /** A call of ours with whoever `to` leads to, that the new one shall take the place of: its `dialog`. */
  readonly replaces?: DialogId;
  readonly headers?: readonly Header[];
  /** What the far end says became of it so far. */
  progress?(status: number, reason: string): void;
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
  /** Session timers of this call; those of the endpoint when absent. */
  readonly session?: SessionPolicy;
}

/** What either direction can do. */
export interface Call {
  /** Named in what `observe` is told. */
  readonly key: string;
  /**
   * Offers a changed session: hold, resume, other media. Waits for what is under way; a clash with an offer of the far
   * end is tried again (RFC 3261 14.1). Never rejects. UPDATE only where the far end's `Allow` names it. Before the answer
   * nothing but UPDATE, once both sides have described themselves reliably (RFC 3311 5.1): one at a time, a clash is told.
   */
  offer(sdp: string, method?: OfferMethod): Promise<OfferResult>;
  /** Asks the far end to call somebody else (RFC 3515). Settles when it tells no more of it; never rejects. */
  refer(options: ReferOptions): Promise<ReferResult>;
  /** Names the call to others, once it is answered. */
  readonly dialog: DialogId | undefined;
}

export interface OutboundCall extends Call {
  readonly callId: string;
  /** Before the answer. Waits for a provisional response if none has come (RFC 3261 9.1). Idempotent. */
  cancel(headers?: readonly Header[]): void;
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

export interface InboundCall extends Call {
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
  /** After `answer`; waits for the ACK (RFC 3261 15). Before it, the same as `reject(480)`. */
  bye(headers?: readonly Header[]): void;
  /** Never answers this INVITE at all, not even with 100: for peers that play dead. */
  ignore(): void;
}
