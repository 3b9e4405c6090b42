/** When a callback that was not taken is tried again (`design.md` §4). */
import type { Instant } from '../../domain/ids/instant.ts';
import type { PostAnswer, PostFailure } from './poster.ts';

export type Verdict =
  | { readonly verdict: 'delivered' }
  | { readonly verdict: 'again'; readonly at: Instant }
  | { readonly verdict: 'give-up' };

const delaysMs = [1, 2, 4, 8, 16, 32, 60].map((seconds) => seconds * 1000);
const patienceMs = 10 * 60_000;

export interface Tried {
  /** When the event happened. */
  readonly eventAt: Instant;
  /** When the last attempt ended. */
  readonly now: Instant;
  /** The last one included. */
  readonly attempts: number;
}

export function callbackVerdict(
  answer: PostAnswer | PostFailure,
  { eventAt, now, attempts }: Tried,
): Verdict {
  if ('failed' in answer) {
    if (answer.how === 'forbidden') return { verdict: 'give-up' };
  } else {
    const { status } = answer;
    if (status >= 200 && status < 300) return { verdict: 'delivered' };
    if (status >= 400 && status < 500 && status !== 408 && status !== 429) return { verdict: 'give-up' };
  }
  const at = now + (delaysMs[Math.max(0, attempts - 1)] ?? 60_000);
  return at > eventAt + patienceMs ? { verdict: 'give-up' } : { verdict: 'again', at };
}
