/** When an Event Grid event that was not taken is tried again (`reference/event-grid.md` §3). */
import type { Tried, Verdict } from './callback-retry.ts';
import type { PostAnswer, PostFailure } from './poster.ts';

export interface RetryPolicy {
  readonly maxDeliveryAttempts: number;
  readonly timeToLiveMs: number;
}

const minute = 60_000;
const hour = 60 * minute;
const schedule = [10_000, 30_000, minute, 5 * minute, 10 * minute, 30 * minute, hour, 3 * hour, 6 * hour];
const then = 12 * hour;

const accepted: ReadonlySet<number> = new Set([200, 201, 202, 203, 204]);
const final: ReadonlySet<number> = new Set([400, 401, 403, 413]);
const least: ReadonlyMap<number, number> = new Map([
  [404, 5 * minute],
  [408, 2 * minute],
  [503, 30_000],
]);

export type DeadLetterReason =
  | 'UndeliverableDueToClientError'
  | 'MaxDeliveryAttemptsExceeded'
  | 'TimeToLiveExceeded';

export type GridVerdict =
  | Exclude<Verdict, { readonly verdict: 'give-up' }>
  | { readonly verdict: 'give-up'; readonly reason: DeadLetterReason };

export function gridVerdict(
  answer: PostAnswer | PostFailure,
  { eventAt, now, attempts }: Tried,
  policy: RetryPolicy,
): GridVerdict {
  const status = 'failed' in answer ? undefined : answer.status;
  if (status !== undefined && accepted.has(status)) return { verdict: 'delivered' };
  const forbidden = 'failed' in answer && answer.how === 'forbidden';
  if (forbidden || (status !== undefined && final.has(status))) {
    return { verdict: 'give-up', reason: 'UndeliverableDueToClientError' };
  }
  if (attempts >= policy.maxDeliveryAttempts) {
    return { verdict: 'give-up', reason: 'MaxDeliveryAttemptsExceeded' };
  }
  const delay = Math.max(schedule[attempts - 1] ?? then, least.get(status ?? 0) ?? 0);
  const at = now + delay;
  return at > eventAt + policy.timeToLiveMs
    ? { verdict: 'give-up', reason: 'TimeToLiveExceeded' }
    : { verdict: 'again', at };
}
