/** What the far side of a phone leg and its media can tell us: values, told by edges, without any verdict. */
import type { RecordingEvent } from '../media/recording.ts';
import type { StreamEvent } from '../media/stream.ts';
import type { OperationEvent } from './operation-events.ts';

export interface MediaAddress {
  /** IP address literal. */
  readonly address: string;
  readonly port: number;
}

/** User name and password of one side of ICE (RFC 8839 5.4). */
export interface IceCredentials {
  readonly ufrag: string;
  readonly password: string;
}

/** Where a leg of ours takes its audio, with the secrets that its description may tell. */
export interface LocalMedia extends MediaAddress {
  /** By crypto suite (RFC 4568 6.2): base64 of an SRTP master key and salt of this leg alone. */
  readonly keys?: Readonly<Record<string, string>>;
  readonly ice?: IceCredentials;
}

/** The far end's SRTP key, which decides the suite for both directions. */
export interface RemoteCrypto {
  readonly suite: string;
  /** Base64 of master key and salt. */
  readonly key: string;
  /** Master key identifier in its packets (RFC 3711 3.1). */
  readonly mki?: { readonly value: number; readonly length: number };
}

export interface RemoteIce extends IceCredentials {
  /** It answers checks and sends none (RFC 8445 2.5): they are ours to send. */
  readonly lite: boolean;
  readonly candidates: readonly (MediaAddress & { readonly priority: number })[];
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
  /** Audio is SRTP. */
  readonly crypto?: RemoteCrypto;
  /** Audio goes where ICE finds a path, and nowhere else. */
  readonly ice?: RemoteIce;
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
  /** It says 200 with no description, or with one that cannot be read. */
  | { readonly how: 'invalid-answer'; readonly why: string }
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

/** What becomes of a REFER of ours (RFC 3515), told by the phone that it was sent to. */
export type ReferStep =
  /** It calls the target; `sip` is what it says of that call so far. */
  | { readonly step: 'progress'; readonly sip: SipReason }
  /** It tells no more; `sip` is what it said last. */
  | { readonly step: 'done'; readonly sip: SipReason }
  /** It did not take the REFER itself. */
  | { readonly step: 'refused'; readonly sip: SipReason };

/** The phone of a leg asks us to call somebody else in its place (RFC 3515). */
export interface ReferralEvent {
  readonly kind: 'referred';
  readonly legId: string;
  /** E.164, or the user part where it is none. */
  readonly to: string;
  /** For the INVITE of the new leg: custom headers of the request, and Replaces where it names a dialog (RFC 3891). */
  readonly headers: readonly Header[];
  /** What Replaces names is another call of ours: the two are to be joined. */
  readonly joins?: true;
}

export interface ArrivedEvent {
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
  /** The leg that it asks to take the place of (RFC 3891). */
  readonly replaces?: string;
  /** Its trunk and its phone take REFER. */
  readonly refers?: boolean;
}

/** What is told of a leg that the call knows. */
export type LegEvent =
  /** A provisional response above 100 to our INVITE. */
  | {
      readonly kind: 'ringing';
      readonly legId: string;
      readonly sip: SipReason;
      readonly remote?: RemoteMedia;
    }
  /** Outbound: the 200 came and was acknowledged. Inbound: our 200 was acknowledged. */
  | {
      readonly kind: 'answered';
      readonly legId: string;
      readonly remote?: RemoteMedia;
      /** Outbound: its trunk and its phone take REFER. */
      readonly refers?: boolean;
    }
  /** The far end changed the session (hold, resume, new address). */
  | { readonly kind: 'media-changed'; readonly legId: string; readonly remote: RemoteMedia }
  | { readonly kind: 'refer'; readonly legId: string; readonly told: ReferStep }
  /** Our own hold or resume is in force. */
  | { readonly kind: 'hold'; readonly legId: string; readonly held: boolean }
  /** The far end did not take our hold or resume; the session is as it was. */
  | { readonly kind: 'hold-refused'; readonly legId: string; readonly held: boolean; readonly sip: SipReason }
  | { readonly kind: 'ended'; readonly legId: string; readonly end: LegEnd };

export type TrunkEvent = ArrivedEvent | ReferralEvent | LegEvent;

export type MediaEvent =
  | { readonly kind: 'allocated'; readonly legId: string; readonly local: LocalMedia }
  /** The media process could not give a leg; `why` is for people. */
  | { readonly kind: 'refused'; readonly legId: string; readonly why: string }
  /** The first packet, or packets again after `silent`. */
  | { readonly kind: 'heard'; readonly legId: string }
  /** No packet for one second of wall time on a leg that had been heard. */
  | { readonly kind: 'silent'; readonly legId: string }
  /** The answer to `ask`: whether a packet came within the last 200 ms of wall time. */
  | {
      readonly kind: 'told';
      readonly legId: string;
      readonly hearing: boolean;
      /** ICE was asked for and has found no path. */
      readonly iceFailed?: true;
      /** What came instead of audio. For people. */
      readonly why?: string;
    }
  /** A key pressed by the far end (RFC 4733), reported once, when it is released. */
  | { readonly kind: 'tone'; readonly legId: string; readonly tone: string; readonly durationMs: number }
  /** What became of a prompt, of keys to be sent, of a voice listened to. */
  | { readonly kind: 'operation'; readonly callId: string; readonly event: OperationEvent }
  | { readonly kind: 'recording'; readonly callId: string; readonly event: RecordingEvent }
  | { readonly kind: 'stream'; readonly callId: string; readonly event: StreamEvent }
  /** The process that carried these legs is gone. */
  | { readonly kind: 'process-died'; readonly legIds: readonly string[]; readonly why: string }
  /** The process that carries these legs is alive and does not answer its heartbeat. */
  | { readonly kind: 'process-mute'; readonly legIds: readonly string[] };
