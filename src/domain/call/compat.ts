/** Where the documentation prints another code than the one that makes sense, a setting serves the printed one. */
import type { Fact } from './facts.ts';

export interface Compat {
  /** Code of the row that is printed as 497/560487 (`compat.code560487`). */
  readonly code560487: 487 | 497;
}

/** The fact with its outcome as the settings want it served. */
export function servedAs(fact: Fact, { code560487 }: Compat): Fact {
  if (!('outcome' in fact) || fact.outcome.row !== 'call/487/560487' || fact.outcome.code === code560487)
    return fact;
  return { ...fact, outcome: { ...fact.outcome, code: code560487 } };
}
