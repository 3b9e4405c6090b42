import { type Outcome, outcomeOf } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import { rule, type Situation } from './rulings.ts';

/** `detail`: what exactly, for people. */
export function outcome(situation: Situation, at: Instant, detail: string): Outcome {
  return outcomeOf(rule(situation), situation, at, { detail });
}

/** The one situation that is a success. */
export const isDelivered = ({ situation }: Pick<Outcome, 'situation'>): boolean =>
  situation === ('delivered@reporting' satisfies Situation);
