/**
 * Texts that survive a crash: their journals, the queue before the carriers, opt-outs, and parts that wait for the others.
 * One contract test runs against every implementation (`edge/store`). A promise settles only when what it promises is on
 * disk; promises settle in call order, together with those of `Store`. Reads see what is on disk.
 */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Json, OutboxEntry, RepeatRecord } from './store.ts';

/** A fact as journalled. */
export interface SmsFactRow {
  readonly seq: number;
  readonly at: Instant;
  readonly fact: Json;
}

export interface SmsIndex {
  readonly messageId: string;
  readonly resourceId: string;
  readonly direction: 'out' | 'in';
  readonly from: string;
  readonly to: string;
  readonly at: Instant;
  /** Until then receipts are waited for; absent once it has ended. */
  readonly reportDue?: Instant;
  readonly endedAt?: Instant;
  /** Row id of its end. */
  readonly row?: string;
}

/**
 * Messages of one `lane` (sender and recipient) leave the queue in the order in which they joined it: only the first of a
 * lane is ever ready. `queue` names the carriers that may take a message, in order.
 */
export type QueueChange =
  | {
      readonly kind: 'join';
      readonly queue: string;
      readonly lane: string;
      readonly due: Instant;
      /** What it says; forgotten when it leaves. */
      readonly text: string;
    }
  /** Not ready again before a `wait`, or the next `recover`. */
  | { readonly kind: 'take' }
  | { readonly kind: 'wait'; readonly queue: string; readonly due: Instant }
  /** The next one of its lane is ready from `due` on. */
  | { readonly kind: 'leave'; readonly due: Instant };

export interface OptOut {
  readonly resourceId: string;
  /** One of our numbers, short codes or names. */
  readonly sender: string;
  readonly recipient: string;
}

export interface OptOutChange extends OptOut {
  /** Undefined: it is lifted. */
  readonly since: Instant | undefined;
}

export interface PartRow {
  /** Names the message that it is a part of. */
  readonly key: string;
  readonly number: number;
  readonly of: number;
  readonly at: Instant;
  readonly carrier: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** All or nothing. */
export interface SmsAppend {
  readonly messageId: string;
  /** Sequence of the first of `facts`; a place that is taken, or that would leave a gap, fails with `JournalConflict`. */
  readonly fromSeq: number;
  readonly at: Instant;
  readonly facts: readonly Json[];
  readonly index?: SmsIndex;
  readonly queue?: QueueChange;
  /** Under which the carrier will speak of a part. An id that was given out before belongs to this one from now on. */
  readonly carrierIds?: readonly {
    readonly carrier: string;
    readonly carrierMessageId: string;
    readonly segment: number;
  }[];
  readonly optOuts?: readonly OptOutChange[];
  /** Key of parts that are a message now. */
  readonly dropParts?: string;
  readonly entries: readonly OutboxEntry[];
  readonly remember?: RepeatRecord;
}

export interface LoadedSms {
  readonly facts: readonly SmsFactRow[];
  /** Of the last fact; 0: there is no such message. */
  readonly lastSeq: number;
}

export interface SmsStore {
  append(append: SmsAppend): Promise<void>;
  load(messageId: string): LoadedSms;
  index(messageId: string): SmsIndex | undefined;
  /** Messages of this queue that are ready at `at`, those that are longest so first. */
  ready(queue: string, at: Instant, limit: number): readonly string[];
  /** When the next message of this queue that is not ready at `at` will be. */
  nextReady(queue: string, at: Instant): Instant | undefined;
  /** What a queued message says. */
  text(messageId: string): string | undefined;
  queues(): readonly { readonly queue: string; readonly length: number }[];
  /** After a crash: whatever was taken from the queue and did not leave it is ready again. */
  recover(at: Instant): Promise<void>;
  findByCarrierId(
    carrier: string,
    carrierMessageId: string,
  ): { readonly messageId: string; readonly segment: number } | undefined;
  /** Messages whose receipts are waited for no longer, the longest due first. */
  overdue(at: Instant, limit: number): readonly string[];
  nextReportDue(): Instant | undefined;

  setOptOuts(changes: readonly OptOutChange[]): Promise<void>;
  isOptedOut(optOut: OptOut): boolean;

  /** A part that is there already is kept as it is. */
  keepPart(part: PartRow): Promise<void>;
  /** By number. */
  parts(key: string): readonly PartRow[];
  countParts(): number;
  /** The message of which a part has waited longest. */
  oldestParts(): { readonly key: string; readonly at: Instant } | undefined;
}
