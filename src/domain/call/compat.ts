/** Where the documentation prints another code than the one that makes sense, a setting serves the printed one. */
import type { Fact } from './facts.ts';
import { rule } from './rulings.ts';

export interface Compat {
  /** Code of the row for outbound ringing that we stopped: SIP's 487, or 497 as it is printed. */
  readonly code560487: 487 | 497;
}

const rowPrintedOtherwise = rule('cancelled-by-us@inviting');

/** The fact with its outcome as the settings want it served. */
export function servedAs(fact: Fact, { code560487 }: Compat): Fact {
  if (!('outcome' in fact) || fact.outcome.row !== rowPrintedOtherwise || fact.outcome.code === code560487)
    return fact;
  return { ...fact, outcome: { ...fact.outcome, code: code560487 } };
}
