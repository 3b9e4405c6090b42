/** What the admin API (`/ringback/v1`, design.md §2) can ask of the server. Values are JSON as they go over the wire. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Scope } from '../../domain/ids/scope.ts';
import type { Explanation, Timeline } from '../explain/timeline.ts';
import type { NumberKind } from './owned-numbers.ts';
import type { CarrierStatus } from './sms-carriers.ts';
import type { Delivery } from './store.ts';

export interface ListedCall {
  readonly callId: string;
  readonly connectionIds: readonly string[];
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly from: string;
  readonly to: readonly string[];
  /** How it ended; absent while it is alive. */
  readonly row?: string;
  readonly name?: string;
}

export type ProvisioningState = 'Creating' | 'Succeeded' | 'AwaitingManualAction' | 'Failed';

export interface SubscriptionDefinition {
  readonly name: string;
  readonly endpoint: string;
  /** Event types without `Microsoft.Communication.`; absent: all. */
  readonly events?: readonly string[];
  readonly schema?: 'eventgrid' | 'cloudevents';
  readonly resource?: string;
  readonly subjectBeginsWith?: string;
  readonly subjectEndsWith?: string;
  readonly maxDeliveryAttempts?: number;
  readonly eventTimeToLiveMinutes?: number;
  /** Directory for dead letters. */
  readonly deadLetter?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface SubscriptionStatus extends SubscriptionDefinition {
  readonly state: ProvisioningState;
  /** Why it is not `Succeeded`, in words. */
  readonly reason?: string;
  readonly validationUrl?: string;
  readonly since: string;
}

export interface TrunkStatus {
  readonly name: string;
  readonly kind: 'carrier' | 'direct-routing';
  readonly target: string;
  readonly media: 'rtp' | 'srtp' | 'none';
  readonly health: 'up' | 'down' | 'unknown';
  readonly why?: string;
  readonly liveCalls: number;
  readonly routes: readonly string[];
}

export interface NumberStatus {
  /** E.164; a short code without plus. */
  readonly number: string;
  readonly resource: string;
  readonly kind: NumberKind;
  /** `bought`: through the phone numbers API. */
  readonly origin: 'configuration' | 'bought';
  readonly liveCalls: number;
  readonly maxConcurrentCalls?: number;
  readonly blocked: boolean;
}

/** Each breaks a real part of ours; none says what comes of it. */
export type Fault =
  /** Another connection holds the database's lock. */
  | 'store-locked'
  /** The database may not grow. */
  | 'store-full'
  /** The database connection is closed. */
  | 'store-lost'
  /** The media process is stopped (SIGSTOP). */
  | 'media-stopped'
  /** The media process is killed (SIGKILL). */
  | 'media-killed'
  /** No packet reaches the media process. */
  | 'media-deaf';

export interface Advanced {
  readonly now: string;
  /** What fell due, in order. */
  readonly fired: readonly { readonly at: string; readonly what: string }[];
  /** Set when the process did not become quiet: what is still busy. */
  readonly busy?: readonly string[];
}

/** Of reading the configuration again. */
export type Reloaded =
  /** Taken over: the keys that differ. */
  | { readonly changed: readonly string[] }
  /** Nothing was taken over, and why not. */
  | { readonly refused: string };

/** `taken`: the name belongs to a subscription with other settings. */
export type Subscribed = { readonly subscription: SubscriptionStatus } | { readonly taken: string };
export type Validated =
  | { readonly subscription: SubscriptionStatus }
  | { readonly unknown: true }
  /** The endpoint answered wrongly, or not at all within its time. */
  | { readonly broken: string }
  | { readonly silent: string };

/** What a simulated client does with calls. */
export const endpointBehaviours = [
  'rings',
  'accepts',
  'accepts-mute',
  'declines',
  'busy',
  'plays-dead',
] as const;

export interface EndpointStatus {
  /** Raw id. */
  readonly user: string;
  readonly does: (typeof endpointBehaviours)[number];
}

export interface MessageLine {
  readonly at: string;
  /** `notice`: an event that went to a device, or that its device confirmed. */
  readonly kind: 'fact' | 'notice' | 'delivery';
  readonly text: string;
}

/** What happened to a chat message, without what it said. */
export interface MessageStory {
  readonly messageId: string;
  readonly threadId: string;
  readonly topic: string;
  readonly resourceId: string;
  /** Raw id; absent for what the service says. */
  readonly sender?: string;
  readonly type: string;
  readonly sequence: number;
  readonly sentAt: string;
  readonly state: 'sent' | 'edited' | 'deleted' | 'gone with its thread';
  /** Whoever has read up to this message or further; `upTo`: the message that the latest receipt named. */
  readonly readBy: readonly { readonly user: string; readonly readAt: string; readonly upTo: string }[];
  readonly entries: readonly MessageLine[];
}

/** What happened to a text, without what it said. */
export interface TextStory {
  readonly surface: 'sms';
  readonly messageId: string;
  readonly resourceId: string;
  readonly direction: 'out' | 'in';
  readonly from: string;
  readonly to: string;
  readonly at: string;
  readonly parts: number;
  /** `queued`, `submitting`, `sent` and `ended` of what was sent; `received`. */
  readonly state: string;
  /** How it ended; of what was sent, once it has. */
  readonly end?: {
    readonly row: string;
    readonly code: number;
    readonly name: string;
    readonly situation: string;
    readonly detail?: string;
    readonly meaning: string;
    readonly advice: string;
    readonly reproduce: string;
  };
  readonly entries: readonly MessageLine[];
}

export interface Administration {
  calls(limit: number): readonly ListedCall[];
  timeline(id: string): Timeline | undefined;
  explain(id: string): Explanation | undefined;
  /** Of each thread that has a message of this id (they are unique in their thread only), or of the text. */
  messages(id: string): readonly (MessageStory | TextStory)[];
  /** Call-log records (`reference/call-logs.md` §2), one per participant that has ended. */
  summary(id: string): readonly unknown[] | undefined;
  /** The SIP messages of a call as a capture file (libpcap), without secrets. */
  capture(id: string): Uint8Array | undefined;
  subscriptions(): readonly SubscriptionStatus[];
  subscribe(definition: SubscriptionDefinition): Promise<Subscribed>;
  unsubscribe(name: string): Promise<boolean>;
  validate(name: string): Promise<Validated>;
  /** The manual handshake: a GET of the subscription's validation URL; false when id or token do not fit. */
  validateManually(query: Readonly<Record<string, string>>): Promise<boolean>;
  deliveries(filter: { readonly callId?: string; readonly limit: number }): readonly Delivery[];
  numbers(): readonly NumberStatus[];
  trunks(): readonly TrunkStatus[];
  /** Of texts. */
  carriers(): readonly CarrierStatus[];
  faults(): readonly Fault[];
  /** Undefined: done. A text: why not. */
  breakPart(fault: Fault): Promise<string | undefined>;
  mend(fault?: Fault): Promise<void>;
  now(): Instant;
  clockMode(): 'real' | 'manual';
  advance(ms: number): Promise<Advanced>;
  /** Places a call from the simulated carrier; undefined where there is none. */
  dial(call: {
    readonly from: string;
    readonly to: string;
    readonly forMs?: number;
  }): Promise<{ readonly sipCallId: string } | undefined>;
  /**
   * A simulated handset texts one of our numbers; undefined: there is none on this server. Resolves once the text is
   * kept; rejects with the reason in words where it was not taken.
   */
  readonly text:
    | ((text: { readonly from: string; readonly to: string; readonly text: string }) => Promise<void>)
    | undefined;
  /** Calling clients of users, simulated inside the process. */
  endpoints(): readonly EndpointStatus[];
  register(endpoint: EndpointStatus): Promise<void>;
  /** False where the user had none. */
  unregister(user: string): boolean;
  token(request: {
    readonly user: string;
    readonly scopes: readonly Scope[];
    readonly minutes: number;
  }): Promise<
    | { readonly user: string; readonly token: string; readonly expiresOn: string }
    | { readonly refused: string }
  >;
  /** Reads the configuration again: numbers, trunks and routes change under a running server. */
  reload(): Promise<Reloaded>;
  reset(): Promise<void>;
}
