/** The state of one call. Each part carries exactly what exists in its phase. */
import type { Identifier } from '../ids/identifier.ts';
import type { Instant } from '../ids/instant.ts';
import type { Operation } from '../media/operation.ts';
import type { Recording } from '../media/recording.ts';
import type { AudioStreamSettings, Stream, TranscriptStreamSettings } from '../media/stream.ts';
import type { Header, LocalMedia, RemoteMedia, SipReason } from './leg-events.ts';
import type { Outcome } from './outcome.ts';

/** Milliseconds; frozen into the call when it starts, so that a replay decides alike. */
export interface CallLimits {
  /** How long a phone may ring. */
  readonly ring: number;
  /** How long an offered call waits for an application. */
  readonly offer: number;
  /** Answer to first packet. */
  readonly mediaSetup: number;
  /** Last packet to giving up. */
  readonly mediaLoss: number;
  /** How long the media host may take to give a leg. */
  readonly mediaAnswer: number;
  /** How long the whole call may last. */
  readonly duration: number;
}

/** What both ends of a call share. */
export interface CallHeader {
  readonly callId: string;
  readonly resourceId: string;
  readonly correlationId: string;
  readonly serverCallId: string;
  readonly group: boolean;
  readonly limits: CallLimits;
}

/** Silence watch of a phone leg's media (`reference/behaviours.md` §2). */
export type MediaWatch =
  | { readonly watch: 'exempt' }
  | { readonly watch: 'awaited'; readonly until: Instant }
  | { readonly watch: 'heard' }
  | { readonly watch: 'silent'; readonly until: Instant }
  /** A limit fell due; the media host was asked whether it hears the leg just now. */
  | { readonly watch: 'asked'; readonly about: 'setup' | 'loss' };

export type LegPhase =
  | { readonly phase: 'allocating'; readonly until: Instant; readonly next: 'invite' | 'accept' }
  | {
      readonly phase: 'inviting';
      readonly until: Instant;
      readonly ringing: boolean;
      readonly local?: LocalMedia;
    }
  /** Inbound, ringing at the caller while an application decides. */
  | { readonly phase: 'waiting' }
  /** Inbound, our 200 is out and not acknowledged. */
  | { readonly phase: 'accepting'; readonly local?: LocalMedia }
  | { readonly phase: 'up'; readonly since: Instant; readonly media: MediaWatch }
  | { readonly phase: 'ended'; readonly at: Instant; readonly outcome: Outcome };

/** A phone on a trunk. */
export interface PhoneLeg {
  readonly id: string;
  readonly direction: 'outbound' | 'inbound';
  readonly startedAt: Instant;
  /** The far end. */
  readonly party: Identifier;
  /** The number of ours that it talks to, or the caller id that we show. */
  readonly ours: string;
  readonly displayName?: string;
  /** Absent: no trunk would take it. */
  readonly trunk?: string;
  /** Trunks that have not been tried yet. */
  readonly others?: readonly string[];
  readonly media: boolean;
  /** Counted against the concurrent calls of `ours`. */
  readonly capped: boolean;
  readonly headers: readonly Header[];
  readonly remote?: RemoteMedia;
  /** The far end can be asked by REFER to call somebody else. */
  readonly refers?: boolean;
  /** Once it is answered, it takes the place of this leg (RFC 3891). */
  readonly inPlaceOf?: string;
  /** Somebody has taken its place; we hang up at this instant unless the phone does so first. */
  readonly leavesAt?: Instant;
  /** It was in this other call until an application moved it here. */
  readonly movedFrom?: string;
  /** Handed over to this other leg, out of the group that it was in. */
  readonly apartWith?: string;
  /** How long it may ring, where an invitation says so. */
  readonly ringLimit?: number;
  readonly muted?: boolean;
  /** Put on hold by an application. */
  readonly held?: boolean;
  readonly at: LegPhase;
}

/** The client of a user, and no telephone: its ends have rows of their own. */
export const isClient = ({ party }: Pick<PhoneLeg, 'party'>): boolean => party.kind === 'communicationUser';

/** A call waiting for an application of the resource that owns the target. */
export interface Offer {
  readonly id: string;
  /** Whose applications may take it: the owner of the number or user, not always who calls. */
  readonly resourceId: string;
  readonly target: Identifier;
  readonly from: Identifier;
  readonly displayName?: string;
  readonly openedAt: Instant;
  readonly until: Instant;
  /** Names of the subscriptions that matched. */
  readonly subscriptions: readonly string[];
  /** One of them accepted the event. */
  readonly delivered: boolean;
  readonly headers: readonly Header[];
  /** Of an application that hands the call over, for the one it is handed over to. */
  readonly voipHeaders?: readonly Header[];
  readonly state:
    | { readonly state: 'open' }
    | { readonly state: 'taken'; readonly connectionId: string }
    | { readonly state: 'closed'; readonly outcome: Outcome }
    /** Redirected: another target is tried. */
    | { readonly state: 'passed-on' };
}

/** Websockets of one application, as it set them up with the call. */
export interface Streams {
  readonly audio?: Stream<AudioStreamSettings>;
  readonly transcript?: Stream<TranscriptStreamSettings>;
}

/** A Call Automation application in the call. */
export interface Connection {
  readonly id: string;
  readonly resourceId: string;
  /** `guest`: joined a call that others had set up. */
  readonly role: 'caller' | 'callee' | 'guest';
  readonly muted?: boolean;
  readonly startedAt: Instant;
  readonly identity: Identifier;
  readonly callbackUri: string;
  readonly operationContext?: string;
  readonly apiVersion: string;
  readonly targets: readonly Identifier[];
  readonly source: Identifier;
  readonly sourceCallerId?: string;
  readonly sourceDisplayName?: string;
  /** The number or user that this application answered for. */
  readonly answeredFor?: Identifier;
  /** The speech service to use, as `callIntelligenceOptions` named it. */
  readonly speechEndpoint?: string;
  readonly streams?: Streams;
  /** Of the last ParticipantsUpdated. */
  readonly sequence: number;
  readonly at:
    | { readonly phase: 'connecting' }
    | { readonly phase: 'connected'; readonly since: Instant }
    | { readonly phase: 'ended'; readonly at: Instant; readonly outcome: Outcome };
}

/** Keys of a leg told to an application one by one, until it is stopped. */
export interface ContinuousRecognition {
  readonly connectionId: string;
  /** Of the last key told. */
  readonly sequence: number;
  readonly operationContext?: string;
  readonly callbackUri?: string;
}

/** Somebody being brought into the call by an application. */
export interface Invitation {
  readonly id: string;
  readonly connectionId: string;
  readonly participant: Identifier;
  /** The leg or offer by which it is tried. */
  readonly partId: string;
  readonly operationContext?: string;
  readonly callbackUri?: string;
}

/** A handing over that is under way: to somebody else (an application asks), or of one's place (a phone asks). */
export interface Transfer {
  readonly id: string;
  readonly target: Identifier;
  readonly until: Instant;
  readonly transferee: Identifier;
  /** The leg that is handed over, or that asks. Absent: another application is handed over. */
  readonly legId?: string;
  readonly asked:
    | {
        readonly by: 'application';
        readonly connectionId: string;
        readonly operationContext?: string;
        readonly callbackUri?: string;
      }
    | { readonly by: 'phone' };
  /** Who calls the target: the phone itself, told so by REFER, or we do. */
  readonly how:
    | { readonly how: 'refer'; readonly number: string; readonly told?: SipReason }
    /** `partId`: the leg or offer by which the target is tried. */
    | { readonly how: 'call'; readonly partId: string };
}

export interface Call extends CallHeader {
  readonly startedAt: Instant;
  readonly connections: Readonly<Record<string, Connection>>;
  readonly legs: Readonly<Record<string, PhoneLeg>>;
  readonly offers: Readonly<Record<string, Offer>>;
  /** Live ones, in the order they were asked for. */
  readonly operations: readonly Operation[];
  /** By leg. */
  readonly continuous: Readonly<Record<string, ContinuousRecognition>>;
  /** At most one at a time. */
  readonly recording?: Recording;
  /** Open ones. */
  readonly invitations: Readonly<Record<string, Invitation>>;
  /** Those under way. */
  readonly transfers: Readonly<Record<string, Transfer>>;
  /** How many times it was redirected or handed over. */
  readonly hops: number;
  readonly end?: { readonly at: Instant; readonly outcome: Outcome };
}

export interface Participant {
  readonly identifier: Identifier;
  readonly isMuted: boolean;
  readonly isOnHold: boolean;
}

export const liveConnections = (call: Call): readonly Connection[] =>
  Object.values(call.connections).filter((c) => c.at.phase !== 'ended');
export const liveLegs = (call: Call): readonly PhoneLeg[] =>
  Object.values(call.legs).filter((l) => l.at.phase !== 'ended');
/** Offer ids come back from applications, who may send any text: `constructor` names no offer. */
export const offerOf = (call: Call | undefined, id: string): Offer | undefined =>
  call && Object.hasOwn(call.offers, id) ? call.offers[id] : undefined;
/** The phones that talk in the call: not those whose place is taken, nor those handed over out of a group. */
export const talkingLegs = (call: Call): readonly PhoneLeg[] =>
  liveLegs(call).filter(
    (leg) => leg.at.phase === 'up' && leg.leavesAt === undefined && leg.apartWith === undefined,
  );
export const liveTransfers = (call: Call): readonly Transfer[] => Object.values(call.transfers);
export const openOffers = (call: Call): readonly Offer[] =>
  Object.values(call.offers).filter((o) => o.state.state === 'open');

/** Who is in the call now: phones that answered and applications that are connected, callers first. */
export function participants(call: Call): readonly Participant[] {
  const present: { since: Instant; participant: Participant }[] = [];
  for (const leg of talkingLegs(call)) {
    const byThem = leg.remote?.direction === 'sendonly' || leg.remote?.direction === 'inactive';
    const isOnHold = (leg.media && byThem) || leg.held === true;
    present.push({
      since: leg.startedAt,
      participant: { identifier: leg.party, isMuted: leg.muted === true, isOnHold },
    });
  }
  for (const connection of Object.values(call.connections)) {
    if (connection.at.phase !== 'connected') continue;
    const identifier =
      connection.answeredFor?.kind === 'communicationUser' ? connection.answeredFor : connection.identity;
    present.push({
      since: connection.startedAt,
      participant: { identifier, isMuted: connection.muted === true, isOnHold: false },
    });
  }
  return present.sort((a, b) => a.since - b.since).map((p) => p.participant);
}

/** The next instant at which the call wants to be woken; undefined when nothing is due. */
export function nextWake(call: Call): Instant | undefined {
  let next: Instant | undefined;
  const due = (at: Instant): void => {
    if (next === undefined || at < next) next = at;
  };
  for (const leg of liveLegs(call)) {
    if (leg.at.phase === 'allocating' || leg.at.phase === 'inviting') due(leg.at.until);
    if (leg.at.phase === 'up' && (leg.at.media.watch === 'awaited' || leg.at.media.watch === 'silent'))
      due(leg.at.media.until);
    if (leg.leavesAt !== undefined) due(leg.leavesAt);
  }
  for (const transfer of liveTransfers(call)) due(transfer.until);
  for (const offer of openOffers(call)) due(offer.until);
  for (const { at } of call.operations) if (at.phase === 'listening' && at.until !== undefined) due(at.until);
  if (!call.end) due(call.startedAt + call.limits.duration);
  return next;
}
