import type { GridEvent } from '../../domain/call/events.ts';
import type { ChatGridType } from '../../domain/chat/grid-events.ts';
import type { NumberPlan } from '../../domain/numbers/route.ts';
import type { SmsGridType } from '../../domain/sms/grid-events.ts';

/** What the server owns, routes and tells: read at each decision, so that changes need no restart. */
export interface Directory {
  plan(): NumberPlan;
  /** Names of the validated subscriptions of the resource that take this event. */
  subscribers(
    resourceId: string,
    type: GridEvent['type'] | ChatGridType | SmsGridType,
    subject: string,
  ): readonly string[];
}

/** Live calls per caller id. */
export interface NumberUse {
  busy(number: string): number;
  take(number: string): void;
  free(number: string): void;
}

export interface Ids {
  /** A random UUID. */
  next(): string;
}
