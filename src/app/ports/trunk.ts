/** The telephone side as the desk sees it. Implemented by `edge/trunk` over `edge/sip`; knows no subcode. */
import type { MediaAddress } from '../../domain/call/leg-events.ts';

export type {
  Header,
  LegEnd,
  MediaAddress,
  MediaDirection,
  RemoteMedia,
  SipReason,
  TrunkEvent,
} from '../../domain/call/leg-events.ts';

export interface OutboundLeg {
  readonly callId: string;
  readonly legId: string;
  readonly trunk: string;
  /** E.164. */
  readonly to: string;
  readonly from: string;
  readonly displayName?: string;
  /** Absent exactly for trunks with `media: none`. */
  readonly local?: MediaAddress;
}

/** Every method returns at once; what comes of it comes back as a `TrunkEvent`. Unknown leg ids are ignored. */
export interface TrunkPort {
  invite(leg: OutboundLeg): void;
  /** Ends an outbound leg that is not answered yet. */
  cancel(legId: string): void;
  /** Sends 180 on an inbound leg. */
  ring(legId: string): void;
  /** Answers an inbound leg with 200. */
  accept(legId: string, local: MediaAddress | undefined): void;
  /** Answers an inbound leg with a failure. */
  refuse(legId: string, status: number): void;
  /** BYE on an answered leg. */
  hangUp(legId: string): void;
}
