/** A chat thread, without its messages: they are too many to be part of a state that is folded. */
import type { Instant } from '../ids/instant.ts';
import type { Metadata } from './message.ts';

export interface Participant {
  /** Raw id of a user. */
  readonly id: string;
  readonly displayName?: string;
  readonly metadata?: Metadata;
  /** Messages from this id on are theirs to read. */
  readonly shareHistoryTime: number;
}

export type RetentionPolicy =
  | { readonly kind: 'none' }
  /** Days after the thread's creation; 30 to 90. */
  | { readonly kind: 'threadCreationDate'; readonly deleteThreadAfterDays: number };

/** What somebody who was removed may still read: message ids from `from`, nothing that was changed after `until`. */
export interface Window {
  readonly from: number;
  readonly until?: number;
}

export interface Horizon {
  readonly messageId: number;
  readonly readAt: Instant;
}

interface ThreadHeader {
  /** `19:acsV1_…@thread.v2` */
  readonly id: string;
  readonly resourceId: string;
  readonly topic: string;
  readonly createdAt: Instant;
  readonly createdBy: string;
}

export interface OpenThread extends ThreadHeader {
  readonly phase: 'open';
  readonly metadata: Metadata;
  readonly retention: RetentionPolicy;
  readonly participants: Readonly<Record<string, Participant>>;
  readonly former: Readonly<Record<string, Window>>;
  /** How far each participant has read. */
  readonly horizons: Readonly<Record<string, Horizon>>;
  /** The highest message id or version given out. */
  readonly stamp: number;
  /** Of the latest message. */
  readonly sequence: number;
  /** When the latest message of a person came. */
  readonly lastMessageAt?: Instant;
}

export interface DeletedThread extends ThreadHeader {
  readonly phase: 'deleted';
  readonly deletedAt: Instant;
  readonly reason: 'deletedByUser' | 'deletedByPolicy';
  readonly participants: Readonly<Record<string, Participant>>;
}

export type Thread = OpenThread | DeletedThread;

const dayMs = 24 * 60 * 60 * 1000;

/** When the retention policy deletes the thread. */
export function purgeAt({
  createdAt,
  retention,
}: Pick<OpenThread, 'createdAt' | 'retention'>): Instant | undefined {
  return retention.kind === 'none' ? undefined : createdAt + retention.deleteThreadAfterDays * dayMs;
}

/** The next message id or version: the time, unless something of this millisecond or later has it. */
export const nextStamp = ({ stamp }: Pick<OpenThread, 'stamp'>, at: Instant): number =>
  Math.max(at, stamp + 1);
