/** What the far side of a phone leg and its media can tell us: values, told by edges, without any verdict. */

export interface MediaAddress {
  /** IP address literal. */
  readonly address: string;
  readonly port: number;
}

export type MediaDirection = 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';

/** What the far end's SDP says about its audio. */
export interface RemoteMedia extends MediaAddress {
  readonly codec: 'PCMU' | 'PCMA';
  readonly payloadType: number;
  /** Payload type of RFC 4733 events, when offered. */
  readonly telephoneEvent?: number;
  /** As the far end states it: `sendonly` and `inactive` mean that it holds the call. */
  readonly direction: MediaDirection;
}

export interface SipReason {
  readonly code: number;
  readonly message: string;
}

/** How a phone leg ended, told by the trunk. `status` values are the far end's own words, never ours. */
export type LegEnd =
  /** A final response 300-699 of the far end to our INVITE. */
  | { readonly how: 'final'; readonly sip: SipReason; readonly q850?: SipReason }
  /** Our CANCEL was confirmed (487, or nothing within 64*T1). */
  | { readonly how: 'cancel-confirmed' }
  /** Timer B: no reply at all. */
  | { readonly how: 'no-reply' }
  /** Refused, reset or unresolvable; `why` is for people. */
  | { readonly how: 'unreachable'; readonly why: string }
  /** The far end's answer carries no audio we can use. */
  | { readonly how: 'unusable-media'; readonly why: string }
  /** BYE from the far end. */
  | { readonly how: 'hung-up'; readonly q850?: SipReason }
  /** The far end's CANCEL of an inbound call. */
  | { readonly how: 'cancelled'; readonly q850?: SipReason }
  /** Our 200 was never acknowledged. */
  | { readonly how: 'not-acknowledged' };

export interface Header {
  readonly name: string;
  readonly value: string;
}

export type TrunkEvent =
  | {
      readonly kind: 'arrived';
      readonly legId: string;
      readonly trunk: string;
      /** E.164 where the far end gives a number; `anonymous` otherwise. */
      readonly from: string;
      readonly displayName?: string;
      readonly to: string;
      /** Absent: the INVITE carried no SDP (we offer in the 200) or the trunk has `media: none`. */
      readonly remote?: RemoteMedia;
      /** User-To-User and X- headers. */
      readonly headers: readonly Header[];
    }
  /** A provisional response above 100 to our INVITE. */
  | {
      readonly kind: 'ringing';
      readonly legId: string;
      readonly sip: SipReason;
      readonly remote?: RemoteMedia;
    }
  /** Outbound: the 200 came and was acknowledged. Inbound: our 200 was acknowledged. */
  | { readonly kind: 'answered'; readonly legId: string; readonly remote?: RemoteMedia }
  /** The far end changed the session (hold, resume, new address). */
  | { readonly kind: 'media-changed'; readonly legId: string; readonly remote: RemoteMedia }
  | { readonly kind: 'ended'; readonly legId: string; readonly end: LegEnd };

export type MediaEvent =
  | { readonly kind: 'allocated'; readonly legId: string; readonly local: MediaAddress }
  /** The media process could not give a leg; `why` is for people. */
  | { readonly kind: 'refused'; readonly legId: string; readonly why: string }
  /** The first packet, or packets again after `silent`. */
  | { readonly kind: 'heard'; readonly legId: string }
  /** No packet for one second of wall time on a leg that had been heard. */
  | { readonly kind: 'silent'; readonly legId: string }
  /** The answer to `ask`: whether a packet came within the last 200 ms of wall time. */
  | { readonly kind: 'told'; readonly legId: string; readonly hearing: boolean }
  /** A key pressed by the far end (RFC 4733), reported once, when it is released. */
  | { readonly kind: 'tone'; readonly legId: string; readonly tone: string; readonly durationMs: number }
  /** The process that carried these legs is gone. */
  | { readonly kind: 'process-died'; readonly legIds: readonly string[]; readonly why: string }
  /** The process that carries these legs is alive and does not answer its heartbeat. */
  | { readonly kind: 'process-mute'; readonly legIds: readonly string[] };
