import type { Instant } from '../ids/instant.ts';
import type { Call } from './call.ts';
import { evolve } from './evolve.ts';
import type { Fact, NewFact } from './facts.ts';
import type { Outcome } from './outcome.ts';

/** A decision being made: facts added so far and the call as they leave it. Lives for one `decide`. */
export class Draft {
  readonly at: Instant;
  readonly facts: Fact[] = [];
  /** How the latest ending is told to applications; what ends because of it carries the same. */
  blame: Outcome | undefined;
  #call: Call | undefined;

  constructor(call: Call | undefined, at: Instant) {
    this.#call = call;
    this.at = at;
  }

  get call(): Call {
    if (!this.#call) throw new Error('decide: the call has not started');
    return this.#call;
  }

  add(body: NewFact): void {
    const fact: Fact = { ...body, at: this.at };
    this.facts.push(fact);
    this.#call = evolve(this.#call, fact);
  }
}
