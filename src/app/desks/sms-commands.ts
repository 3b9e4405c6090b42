/** What services ask of texts, and what they are answered. */
import type { Outcome } from '../../domain/call/outcome.ts';
import type { DeliveryAttempt } from '../../domain/sms/grid-events.ts';
import type { smsLimits } from '../../domain/sms/limits.ts';

/** A refusal is of the whole request. */
export type SmsAnswer<T> = { readonly ok: T } | { readonly refused: Outcome; readonly retryAfterMs?: number };

export interface SmsRecipient {
  readonly to: string;
  readonly repeatabilityRequestId?: string;
  readonly repeatabilityFirstSent?: string;
}

export interface SmsRequest {
  readonly from: string;
  readonly recipients: readonly SmsRecipient[];
  readonly text: string;
  readonly report: boolean;
  readonly reportTimeoutSeconds?: number;
  readonly tag?: string;
}

export type SentItem =
  | { readonly to: string; readonly messageId: string; readonly repeatable: boolean }
  /** `repeatability`: it is that which is wrong. */
  | {
      readonly to: string;
      readonly status: 400 | 503;
      readonly why: string;
      readonly repeatability?: true;
    };

/** As a text stands. */
export interface SmsReport {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly tag?: string;
  /** Absent: it has not ended. */
  readonly end?: { readonly outcome: Outcome; readonly attempt: DeliveryAttempt };
}

export interface OptOutItem {
  readonly to: string;
  /** Absent: the recipient is wrong. */
  readonly isOptedOut?: boolean;
}

/** Refusals are values; a promise rejects only for defects of ours and for a store in trouble. */
export interface Texts {
  readonly limits: typeof smsLimits;
  /** In the order of the recipients. */
  send(resourceId: string, request: SmsRequest): Promise<SmsAnswer<readonly SentItem[]>>;
  /** As the message stands; undefined where the resource has none of this id. */
  report(resourceId: string, messageId: string): SmsReport | undefined;
  optOuts(
    resourceId: string,
    what: 'add' | 'remove' | 'check',
    from: string,
    recipients: readonly string[],
  ): Promise<SmsAnswer<readonly OptOutItem[]>>;
}
