/**
 * What must survive a crash. One contract test runs against every implementation (`edge/store`).
 * A promise settles only when what it promises is on disk; promises of one store settle in call order.
 */
import type { Instant } from '../../domain/ids/instant.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** A fact as journalled. `fact` is a `Fact` of the domain, as JSON. */
export interface JournalRow {
  readonly callId: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly at: Instant;
  readonly fact: Json;
}

/** What lists and look-ups need to know of a call, kept beside its journal. */
export interface CallIndex {
  readonly callId: string;
  readonly resourceId: string;
  readonly startedAt: Instant;
  readonly endedAt?: Instant;
  /** Row id of the call's end. */
  readonly row?: string;
  readonly from: string;
  readonly to: readonly string[];
  /** Other ids that find this call: connection ids, server call id, correlation id, leg ids, offer ids. */
  readonly aliases: readonly string[];
}

/** An event owed to somebody. Entries of one `stream` are delivered in `order`; streams do not wait for each other. */
export interface OutboxEntry {
  /** The event's id on the wire. */
  readonly id: string;
  readonly callId?: string;
  readonly stream: string;
  readonly order: number;
  readonly at: Instant;
  readonly to: Json;
  readonly event: Json;
}

export interface DeliveryAttempt {
  readonly at: Instant;
  /** HTTP status, absent when no answer came. */
  readonly status?: number;
  /** The first 2 kB of the answer's body, or why there was none. */
  readonly detail: string;
  readonly durationMs: number;
}

/** `owed`: to be tried (again); `delivered`; `given-up`: no more attempts, `dead-lettered`: given up and written to the dead letter. */
export type DeliveryState = 'owed' | 'delivered' | 'given-up' | 'dead-lettered';

export interface Delivery {
  readonly entry: OutboxEntry;
  readonly state: DeliveryState;
  readonly attempts: readonly DeliveryAttempt[];
}

/** Key resource, route and request id; kept 1 h of clock (`design.md` §4). */
export interface RepeatRecord {
  readonly key: string;
  /** SHA-256 of the body, base64. */
  readonly bodyHash: string;
  readonly status: number;
  readonly body: string;
  readonly expiresAt: Instant;
}

export interface Append {
  readonly callId: string;
  /** Sequence of the first of `facts`; a row that exists already fails the append with `JournalConflict`. */
  readonly fromSeq: number;
  readonly at: Instant;
  readonly facts: readonly Json[];
  readonly entries: readonly OutboxEntry[];
  readonly index?: CallIndex;
  readonly remember?: RepeatRecord;
}

export interface CallFilter {
  readonly resourceId?: string;
  readonly limit: number;
}

export interface DeliveryFilter {
  readonly callId?: string;
  readonly limit: number;
}

/** Another owner wrote this call's journal, or this owner's epoch is over. */
export class JournalConflict extends Error {
  override readonly name = 'JournalConflict';
}
/** The store did not answer in time (busy, locked). */
export class StoreSilent extends Error {
  override readonly name = 'StoreSilent';
}
/** The store answered with a failure (full, broken, closed). */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

/** The append's signal aborted before it was written. */
export class AppendAborted extends Error {
  override readonly name = 'AppendAborted';
}

/** Written in group commits, once per turn of the event loop; all or none of an `Append`. */
export interface Store {
  /** An append whose `signal` aborts before it is written is not written; it rejects with `AppendAborted`. */
  append(append: Append, signal?: AbortSignal): Promise<void>;
  /** The whole journal of a call in order; empty when unknown. */
  journal(callId: string): readonly JournalRow[];
  /** The call that this id (call id or alias) belongs to. */
  find(id: string): CallIndex | undefined;
  /** Newest first. */
  calls(filter: CallFilter): readonly CallIndex[];
  /** Calls with no `endedAt`: what a restart must end. */
  alive(): readonly string[];
  countCalls(resourceId: string, since: Instant): number;

  /** Adds entries that belong to no journal (subscription handshakes do not; test events do). */
  post(entries: readonly OutboxEntry[]): Promise<void>;
  owed(): readonly Delivery[];
  deliveries(filter: DeliveryFilter): readonly Delivery[];
  /** Records an attempt and the state after it. */
  attempted(entryId: string, attempt: DeliveryAttempt, state: DeliveryState): Promise<void>;

  repeat(key: string, at: Instant): RepeatRecord | undefined;
  remember(record: RepeatRecord): Promise<void>;

  /** Written behind: joins the next group commit, loss on a crash is accepted. */
  addTrace(subjectId: string, at: Instant, trace: Json): void;
  traces(
    subjectIds: readonly string[],
  ): readonly { readonly subjectId: string; readonly at: Instant; readonly trace: Json }[];

  /** Small named documents (subscriptions, numbers, keys): last write wins. */
  document(collection: string, name: string): Json | undefined;
  documents(collection: string): readonly { readonly name: string; readonly value: Json }[];
  putDocument(collection: string, name: string, value: Json | undefined): Promise<void>;

  /** Forgets journals, deliveries, repeats and traces older than `before`. */
  prune(before: Instant): Promise<void>;
  /** Forgets everything but documents named in `keep` collections. */
  reset(keep: readonly string[]): Promise<void>;
  /** Resolves when everything accepted so far, traces included, is on disk. */
  flush(): Promise<void>;
  close(): Promise<void>;
}
