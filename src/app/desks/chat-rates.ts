/** The documented rates of chat's operations, counted on Ringback's clock. */
import type { Actor } from '../../domain/chat/access.ts';
import { type RatedOperation, rateWindows } from '../../domain/chat/limits.ts';
import { outcome } from '../../domain/chat/outcome.ts';
import type { Clock } from '../ports/clock.ts';
import type { RateWindows } from '../ports/limits.ts';
import type { ChatRefused } from './chat-desk.ts';

export interface ChatRateParts {
  readonly rate: RateWindows;
  readonly clock: Clock;
  readonly rates: 'documented' | 'none';
}

/** Undefined: within its limits, and counted. */
export type Throttle = (operation: RatedOperation, by: Actor, threadId: string) => ChatRefused | undefined;

export function chatThrottle({ rate, clock, rates }: ChatRateParts): Throttle {
  if (rates === 'none') return () => undefined;
  return (operation, by, threadId) => {
    const at = clock.now();
    const windows = rateWindows(operation, { user: by.id, threadId });
    for (const { key, limit, windowMs } of windows) {
      const retryAfterMs = rate.wait(key, limit, windowMs, at);
      if (retryAfterMs <= 0) continue;
      const detail = `${key}: ${limit} are the documented limit`;
      return { refused: outcome('rate-reached@thread', at, { detail }), retryAfterMs };
    }
    for (const { key, limit, windowMs } of windows) rate.use(key, limit, windowMs, at);
    return undefined;
  };
}
