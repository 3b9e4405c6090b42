/** The telephone side as the desk sees it. Implemented by `edge/trunk` over `edge/sip`; knows no subcode. */
import type { Header, LocalMedia } from '../../domain/call/leg-events.ts';

export type {
  ArrivedEvent,
  Header,
  IceCredentials,
  LegEnd,
  LegEvent,
  LocalMedia,
  MediaAddress,
  MediaDirection,
  ReferralEvent,
  ReferStep,
  RemoteMedia,
  SipReason,
  TrunkEvent,
} from '../../domain/call/leg-events.ts';

/** The trunk that leads to ourselves, by which two calls are joined; no trunk of the configuration can have this name. */
export const ownTrunk = '(own)';

export interface OutboundLeg {
  readonly callId: string;
  readonly legId: string;
  readonly trunk: string;
  /** E.164. */
  readonly to: string;
  readonly from: string;
  readonly displayName?: string;
  /** Further headers of the INVITE: User-To-User, X-…, Replaces. */
  readonly headers: readonly Header[];
  /** Absent exactly for trunks with `media: none`. */
  readonly local?: LocalMedia;
}

/** Every method returns at once; what comes of it comes back as a `TrunkEvent`. Unknown leg ids are ignored. */
export interface TrunkPort {
  invite(leg: OutboundLeg): void;
  /** Ends an outbound leg that is not answered yet. */
  cancel(legId: string): void;
  /** Sends 180 on an inbound leg. */
  ring(legId: string): void;
  /** Answers an inbound leg with 200. */
  accept(legId: string, local: LocalMedia | undefined): void;
  /** Answers an inbound leg with a failure. */
  refuse(legId: string, status: number): void;
  /** BYE on an answered leg. */
  hangUp(legId: string): void;
  /** Asks the phone of an answered leg to call this number, with these headers in its INVITE (RFC 3515). Told as `refer`. */
  refer(legId: string, number: string, headers: readonly Header[]): void;
  /** Tells the phone of a leg that asked us by REFER what became of it: a provisional status, or the final one. */
  notify(legId: string, status: number): void;
  /** Stops or lets go on what is sent in an answered leg, by a new offer to its phone. Told as `hold` or `hold-refused`. */
  hold(legId: string): void;
  resume(legId: string): void;
}
