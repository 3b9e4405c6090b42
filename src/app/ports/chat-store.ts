/**
 * Threads and messages that survive a crash. One contract test runs against every implementation (`edge/store`).
 * A promise settles only when what it promises is on disk; promises settle in call order, together with those of `Store`.
 */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Json, OutboxEntry, RepeatRecord } from './store.ts';

/** A fact as journalled. */
export interface ThreadFactRow {
  readonly seq: number;
  readonly at: Instant;
  readonly fact: Json;
}

/** What lists and look-ups need to know of a thread. */
export interface ThreadIndex {
  readonly threadId: string;
  readonly resourceId: string;
  readonly topic: string;
  readonly createdAt: Instant;
  /** Lists are sorted by it: the latest message, or else the creation. */
  readonly activeAt: Instant;
  readonly lastMessageAt?: Instant;
  readonly deletedAt?: Instant;
  /** When the retention policy ends the thread. */
  readonly purgeAt?: Instant;
}

/** A message as it stands; `body` is the domain's `Message`, as JSON. */
export interface MessageRow {
  readonly id: number;
  readonly version: number;
  readonly body: Json;
}

/** All or nothing. */
export interface ThreadAppend {
  readonly threadId: string;
  /** Sequence of the first of `facts`; a place that is taken, or that would leave a gap, fails with `JournalConflict`. */
  readonly fromSeq: number;
  readonly at: Instant;
  readonly facts: readonly { readonly fact: Json; readonly messageId?: number }[];
  /** Written over what was there under their ids. */
  readonly messages: readonly MessageRow[];
  readonly index: ThreadIndex;
  /** Who is in the thread's lists from now on, and who no longer is. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  /** The state after the last of `facts`, so that loading need not fold from the first. */
  readonly snapshot?: Json;
  readonly entries: readonly OutboxEntry[];
  readonly remember?: RepeatRecord;
}

export interface LoadedThread {
  readonly snapshot?: Json;
  /** After the snapshot, in order. */
  readonly facts: readonly ThreadFactRow[];
  /** Of the last fact; 0: there is no such thread. */
  readonly lastSeq: number;
}

/** Messages by version, newest first. */
export interface MessageQuery {
  readonly threadId: string;
  /** Versions below this one. */
  readonly before?: number;
  /** Versions up to this one. */
  readonly until?: number;
  /** Ids from this one on. */
  readonly fromId: number;
  /** Versions from this one on. */
  readonly since?: number;
  readonly limit: number;
}

/** Threads of one user, those with the latest activity first. */
export interface ThreadQuery {
  readonly user: string;
  readonly resourceId: string;
  /** The last of the page before. */
  readonly after?: { readonly activeAt: Instant; readonly threadId: string };
  readonly since?: Instant;
  readonly limit: number;
}

export interface ChatStore {
  append(append: ThreadAppend): Promise<void>;
  load(threadId: string): LoadedThread;
  index(threadId: string): ThreadIndex | undefined;
  message(threadId: string, id: number): MessageRow | undefined;
  messages(query: MessageQuery): readonly MessageRow[];
  threads(query: ThreadQuery): readonly ThreadIndex[];
  /** Threads that this user is in, in any resource. */
  threadsOf(user: string): readonly string[];
  /** Threads in which a message has, or had, this id. */
  threadsWithMessage(id: number): readonly string[];
  /** What the journal has about one message. */
  factsOf(threadId: string, messageId: number): readonly ThreadFactRow[];
  /** The open threads whose retention policy ends them first. */
  nextPurges(limit: number): readonly { readonly threadId: string; readonly purgeAt: Instant }[];
  /** Deleted threads whose messages are still stored. */
  toEmpty(): readonly string[];
  /** Forgets some messages of a deleted thread; true while there are more. */
  empty(threadId: string): Promise<boolean>;
}
