/** What happened to a call: the journal's vocabulary. `evolve` folds facts into the state, `effects` says what follows. */
import type { Instant } from '../ids/instant.ts';
import type { CallHeader, Connection, MediaWatch, Offer, Participant, PhoneLeg, Transfer } from './call.ts';
import type { Header, LocalMedia, RemoteMedia, SipReason } from './leg-events.ts';
import type { Outcome } from './outcome.ts';

/** How we end a leg that is not ended by the far side. */
export type Farewell = 'none' | 'cancel' | 'hang-up' | 'refuse';

type Body =
  | { readonly fact: 'call-started'; readonly header: CallHeader }
  | { readonly fact: 'connection-opened'; readonly connection: Connection }
  | { readonly fact: 'connection-connected'; readonly connectionId: string; readonly outcome: Outcome }
  | {
      readonly fact: 'connection-ended';
      readonly connectionId: string;
      /** Whether it had been connecting and failed, or ended in the ordinary way. */
      readonly as: 'failed' | 'disconnected';
      readonly outcome: Outcome;
    }
  | {
      readonly fact: 'participants-changed';
      readonly connectionId: string;
      readonly sequence: number;
      readonly participants: readonly Participant[];
    }
  | { readonly fact: 'leg-opened'; readonly leg: PhoneLeg }
  | { readonly fact: 'leg-allocated'; readonly legId: string; readonly local: LocalMedia }
  | { readonly fact: 'leg-ringing'; readonly legId: string; readonly sip: SipReason }
  /** Its trunk did not carry it; the next one is tried. */
  | {
      readonly fact: 'leg-rerouted';
      readonly legId: string;
      readonly trunk: string;
      readonly others: readonly string[];
      readonly because: Outcome;
    }
  | { readonly fact: 'leg-accepting'; readonly legId: string }
  | {
      readonly fact: 'leg-answered';
      readonly legId: string;
      readonly remote?: RemoteMedia;
      readonly watch: MediaWatch;
      readonly refers?: boolean;
    }
  | {
      readonly fact: 'leg-media';
      readonly legId: string;
      readonly remote?: RemoteMedia;
      readonly watch: MediaWatch;
    }
  | { readonly fact: 'leg-bridged'; readonly legId: string; readonly otherLegId: string }
  | {
      readonly fact: 'leg-ended';
      readonly legId: string;
      readonly outcome: Outcome;
      readonly farewell: Farewell;
      readonly sipStatus?: number;
    }
  /** One of several targets of a created call was not reached; the call goes on. */
  | {
      readonly fact: 'target-failed';
      readonly connectionId: string;
      readonly participant: Participant;
      readonly outcome: Outcome;
    }
  | { readonly fact: 'offer-opened'; readonly offer: Offer }
  | { readonly fact: 'offer-delivered'; readonly offerId: string }
  | { readonly fact: 'offer-taken'; readonly offerId: string; readonly connectionId: string }
  | { readonly fact: 'offer-passed-on'; readonly offerId: string }
  | { readonly fact: 'offer-closed'; readonly offerId: string; readonly outcome: Outcome }
  /** `headers`: for the INVITE of the phone that is told to call the target. */
  | { readonly fact: 'transfer-begun'; readonly transfer: Transfer; readonly headers: readonly Header[] }
  | { readonly fact: 'transfer-progress'; readonly transferId: string; readonly sip: SipReason }
  /** The application that was asked redirected the call. */
  | { readonly fact: 'transfer-passed-on'; readonly transferId: string; readonly partId: string }
  | {
      readonly fact: 'transfer-accepted';
      readonly transferId: string;
      readonly outcome: Outcome;
      /** The new place of a leg that asked: it leaves by then. */
      readonly leavesAt?: Instant;
      /** These two go on without the group. */
      readonly apart?: readonly [string, string];
    }
  | { readonly fact: 'transfer-failed'; readonly transferId: string; readonly outcome: Outcome }
  /** A phone asked to be replaced and cannot be now. */
  | {
      readonly fact: 'referral-refused';
      readonly legId: string;
      readonly sipStatus: number;
      readonly why: string;
    }
  | {
      readonly fact: 'tone-heard';
      readonly legId: string;
      readonly tone: string;
      readonly durationMs: number;
    }
  | { readonly fact: 'operation-refused'; readonly operation: string; readonly outcome: Outcome }
  | { readonly fact: 'input-ignored'; readonly input: string; readonly why: string }
  | { readonly fact: 'call-ended'; readonly outcome: Outcome };

export type Fact = Body & { readonly at: Instant };
export type FactKind = Fact['fact'];
export type FactOf<K extends FactKind> = Extract<Fact, { fact: K }>;
/** A fact before it is stamped. */
export type NewFact = Body;
