/** What can happen to a call. Edges and the desk raise these; `decide` says what follows. */
import type { Identifier } from '../ids/identifier.ts';
import type { CallHeader, Connection } from './call.ts';
import type { Header, LegEvent, MediaEvent, RemoteMedia } from './leg-events.ts';
import type { Situation } from './rulings.ts';

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
