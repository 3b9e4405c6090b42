/** Events of texts for subscriptions (`reference/event-grid.md`, `reference/sms.md` §4), as values. */
import type { Outcome } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import { count, type SmsMessage } from './message.ts';
import { isDelivered } from './outcome.ts';

interface Base {
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly receivedAt: Instant;
}

export interface DeliveryAttempt {
  readonly at: Instant;
  readonly segmentsSucceeded: number;
  readonly segmentsFailed: number;
}

export type SmsGridEvent =
  | (Base & {
      readonly type: 'SMSDeliveryReportReceived';
      readonly outcome: Outcome;
      readonly attempt: DeliveryAttempt;
      readonly tag?: string;
    })
  | (Base & {
      readonly type: 'SMSReceived';
      readonly text: string;
      readonly segmentCount: number;
    });

export type SmsGridType = SmsGridEvent['type'];

/** How many parts arrived; of a message that was never delivered in part, all have failed. */
export function attemptOf({ segments }: SmsMessage, outcome: Outcome): DeliveryAttempt {
  const segmentsSucceeded = isDelivered(outcome) ? segments.length : count(segments, 'delivered');
  return { at: outcome.at, segmentsSucceeded, segmentsFailed: segments.length - segmentsSucceeded };
}

/** Undefined: it has not ended, or nobody asked for a report. */
export function reportOf(state: SmsMessage): SmsGridEvent | undefined {
  if (state.phase !== 'ended' || !state.message.report) return undefined;
  const { message, outcome } = state;
  return {
    type: 'SMSDeliveryReportReceived',
    messageId: message.id,
    from: message.from.address,
    to: message.to,
    receivedAt: outcome.at,
    outcome,
    attempt: attemptOf(state, outcome),
    ...(message.tag === undefined ? {} : { tag: message.tag }),
  };
}

/** The subject by which subscriptions filter: our own side of the conversation. */
export function smsGridSubject(event: SmsGridEvent): string {
  const own = event.type === 'SMSReceived' ? event.to : event.from;
  return `/phonenumber/${own.replace(/^\+/, '')}`;
}
