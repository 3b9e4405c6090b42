import type { Instant } from '../../domain/ids/instant.ts';
import type { CallCeilings, RateWindows } from '../ports/limits.ts';
import type { Store } from '../ports/store.ts';
import { type Outcome, refuse } from './refusals.ts';

export interface CeilingContext {
  readonly ceilings: CallCeilings;
  readonly rate: RateWindows;
  readonly store: Store;
  readonly activeCalls: (resourceId: string) => number;
}

const secondMs = 1000;

function monthOf(at: Instant): { first: Instant; next: Instant } {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { first: Date.UTC(year, month, 1), next: Date.UTC(year, month + 1, 1) };
}

/** Why the resource may not have another call now, with the time after which it may. */
export function ceilingReached(
  context: CeilingContext,
  resourceId: string,
  at: Instant,
): { readonly refused: Outcome; readonly retryAfterMs: number } | undefined {
  const { createCallsPerSecond, activeCalls, callsPerMonth } = context.ceilings;
  if (activeCalls !== undefined && context.activeCalls(resourceId) >= activeCalls) {
    const detail = `limits.activeCalls is ${activeCalls}, and as many calls are alive`;
    return { refused: refuse('too-many-active-calls', at, detail), retryAfterMs: secondMs };
  }
  if (callsPerMonth !== undefined) {
    const { first, next } = monthOf(at);
    if (context.store.countCalls(resourceId, first) >= callsPerMonth) {
      const detail = `limits.callsPerMonth is ${callsPerMonth}, and as many calls began since ${new Date(first).toISOString()}`;
      return { refused: refuse('monthly-calls-used-up', at, detail), retryAfterMs: next - at };
    }
  }
  if (createCallsPerSecond !== undefined) {
    const wait = context.rate.use(`create ${resourceId}`, createCallsPerSecond, secondMs, at);
    if (wait > 0) {
      const detail = `limits.createCallsPerSecond is ${createCallsPerSecond}`;
      return { refused: refuse('too-many-new-calls', at, detail), retryAfterMs: wait };
    }
  }
  return undefined;
}
