import type { CallEnd } from '../../../wire/sip/call.ts';
import type { Header } from '../../../wire/sip/header.ts';
import type { Replaced } from '../../../wire/sip/refer.ts';

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
