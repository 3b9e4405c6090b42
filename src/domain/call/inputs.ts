/** What can happen to a call. Edges and the desk raise these; `decide` says what follows. */
import type { Identifier } from '../ids/identifier.ts';
import type { Operation, PromptSource } from '../media/operation.ts';
import type { Recording } from '../media/recording.ts';
import type { StreamKind } from '../media/stream.ts';
import type { CallHeader, Connection, PhoneLeg } from './call.ts';
import type { Header, LegEvent, MediaEvent, RemoteMedia } from './leg-events.ts';
import type { OperationEvent } from './operation-events.ts';
import type { Situation } from './situations.ts';

/** Where a target leads, as `domain/numbers/route.ts` found. */
export type Route =
  | {
      readonly to: 'trunk';
      readonly trunk: string;
      /** Tried after it, in order, where it gives 503, refuses or is silent. */
      readonly others?: readonly string[];
      readonly media: boolean;
      readonly capped: boolean;
      readonly from: string;
    }
  /** An owned number or a user: offered to the applications of the resource. */
  | { readonly to: 'applications'; readonly resourceId: string; readonly subscriptions: readonly string[] }
  | { readonly to: 'nowhere'; readonly because: RoutingCause; readonly detail: string };

/** Why a number leads nowhere. */
export type RoutingCause = Situation extends infer S
  ? S extends `${infer Cause}@routing`
    ? Cause
    : never
  : never;

/** A party to be called. `id` becomes its leg id or offer id. */
export interface Target {
  readonly id: string;
  readonly identifier: Identifier;
  readonly route: Route;
}

export type NewConnection = Omit<Connection, 'at' | 'sequence' | 'startedAt'>;

/** By which application, and where the events of what it asks go. */
interface AskedBy {
  readonly connectionId: string;
  readonly operationContext?: string;
  readonly callbackUri?: string;
}

export interface InvitationOrder extends AskedBy {
  readonly id: string;
  readonly target: Target;
  /** Milliseconds; absent: as long as any phone may ring. */
  readonly timeoutMs?: number;
  /** Number shown to a phone. */
  readonly callerId?: string;
  readonly displayName?: string;
  readonly headers: readonly Header[];
  readonly voipHeaders: readonly Header[];
}

export interface RemovalOrder extends AskedBy {
  readonly participant: Identifier;
}

/** Whom a call takes over from another one. */
export interface MoveOrder extends AskedBy {
  /** The connection of the application in the call that they leave. */
  readonly fromConnectionId: string;
}

/** It needs speech, and there is none for it. */
export interface CannotSpeak {
  readonly because:
    | 'speech-not-set-up'
    | 'speech-not-linked'
    | 'speech-of-another-resource'
    | 'speech-model-unsupported';
  readonly detail: string;
}

export interface HoldOrder extends AskedBy {
  /** Of the operation that plays the music. */
  readonly operationId: string;
  readonly participant: Identifier;
  readonly on: boolean;
  /** Heard by whoever is on hold, again and again. */
  readonly music?: PromptSource;
  readonly cannotSpeak?: CannotSpeak;
}

/** What an application asks for when it hands a party of its call over. */
export interface TransferOrder {
  readonly connectionId: string;
  readonly target: Target;
  /** Whom; in a call of two parties it may be absent. */
  readonly transferee?: Identifier;
  readonly operationContext?: string;
  /** Where the events of this transfer go; the connection's own address when absent. */
  readonly callbackUri?: string;
  /** For the INVITE that the target gets. */
  readonly headers: readonly Header[];
  readonly voipHeaders: readonly Header[];
}

/** An INVITE that asks to take the place of a leg (RFC 3891). */
export interface Successor {
  readonly legId: string;
  readonly replaces: string;
  readonly trunk: string;
  readonly media: boolean;
  readonly from: Identifier;
  readonly displayName?: string;
  readonly headers: readonly Header[];
  readonly remote?: RemoteMedia;
  readonly refers?: boolean;
}

export type RejectReason = 'none' | 'busy' | 'forbidden';

export type Input =
  | {
      readonly input: 'create';
      readonly header: CallHeader;
      readonly connection: NewConnection;
      readonly targets: readonly Target[];
    }
  | {
      readonly input: 'arrive';
      readonly header: CallHeader;
      readonly legId: string;
      readonly trunk: string;
      readonly media: boolean;
      readonly from: Identifier;
      readonly displayName?: string;
      readonly headers: readonly Header[];
      readonly remote?: RemoteMedia;
      readonly refers?: boolean;
      readonly target: Target;
    }
  | { readonly input: 'answer'; readonly offerId: string; readonly connection: NewConnection }
  | { readonly input: 'reject'; readonly offerId: string; readonly reason: RejectReason }
  | { readonly input: 'redirect'; readonly offerId: string; readonly target: Target }
  | { readonly input: 'hang-up'; readonly connectionId: string }
  | { readonly input: 'terminate'; readonly connectionId: string }
  | { readonly input: 'add'; readonly order: InvitationOrder }
  | ({ readonly input: 'cancel-add'; readonly invitationId: string } & AskedBy)
  | { readonly input: 'remove'; readonly order: RemovalOrder }
  | { readonly input: 'mute'; readonly connectionId: string; readonly participant: Identifier }
  | { readonly input: 'hold'; readonly order: HoldOrder }
  /** These legs leave the call and go on in another one. */
  | { readonly input: 'give'; readonly legIds: readonly string[]; readonly toCallId: string }
  /** They came from there. Without an order: back to where they were. */
  | {
      readonly input: 'take';
      readonly legs: readonly PhoneLeg[];
      readonly fromCallId: string;
      readonly order?: MoveOrder;
    }
  /** They were to come, and that could not be written down. */
  | {
      readonly input: 'move-failed';
      readonly order: MoveOrder;
      readonly participants: readonly Identifier[];
      readonly why: string;
    }
  /** An application joins a call that others have set up. */
  | { readonly input: 'connect'; readonly connection: NewConnection }
  | {
      readonly input: 'operate';
      readonly operation: Omit<Operation, 'requestedAt' | 'at'>;
      /** Ends what runs and waits in its lane. */
      readonly interrupt: boolean;
      readonly cannotSpeak?: CannotSpeak;
    }
  | { readonly input: 'cancel-operations'; readonly connectionId: string }
  | {
      readonly input: 'continuous-tones';
      readonly connectionId: string;
      readonly legId: string;
      readonly on: boolean;
      readonly operationContext?: string;
      readonly callbackUri?: string;
    }
  | { readonly input: 'operation'; readonly event: OperationEvent }
  | { readonly input: 'start-recording'; readonly recording: Omit<Recording, 'requestedAt' | 'state'> }
  | {
      readonly input: 'change-recording';
      readonly recordingId: string;
      readonly change: 'pause' | 'resume' | 'stop';
    }
  | {
      readonly input: 'stream';
      readonly connectionId: string;
      readonly kind: StreamKind;
      readonly ask: 'start' | 'stop' | 'update';
      readonly locale?: string;
      readonly speechModel?: string;
      readonly cannotSpeak?: CannotSpeak;
      readonly operationContext?: string;
      readonly callbackUri?: string;
    }
  | { readonly input: 'offer-delivered'; readonly offerId: string }
  | { readonly input: 'transfer'; readonly order: TransferOrder }
  /** The phone of a leg asks that its place be given to this target. */
  | {
      readonly input: 'refer';
      readonly legId: string;
      readonly target: Target;
      readonly headers: readonly Header[];
    }
  | { readonly input: 'succeed'; readonly successor: Successor }
  | { readonly input: 'trunk'; readonly event: LegEvent }
  | { readonly input: 'media'; readonly event: MediaEvent }
  | { readonly input: 'tick' }
  | { readonly input: 'restarted' }
  | { readonly input: 'stopping' };
