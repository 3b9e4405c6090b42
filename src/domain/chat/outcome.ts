import { type Outcome, outcomeOf, type Particulars } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import { rule, type Situation } from './rulings.ts';

export function outcome(situation: Situation, at: Instant, particulars: Particulars = {}): Outcome {
  return outcomeOf(rule(situation), situation, at, particulars);
}
