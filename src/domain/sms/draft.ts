import type { Instant } from '../ids/instant.ts';
import { evolve } from './evolve.ts';
import type { Fact } from './facts.ts';
import type { SmsMessage, Trouble } from './message.ts';
import { outcome } from './outcome.ts';

/** Facts as they are decided, and the state after them. */
export class Draft {
  readonly facts: Fact[] = [];
  readonly at: Instant;
  #state: SmsMessage | undefined;

  constructor(state: SmsMessage | undefined, at: Instant) {
    this.#state = state;
    this.at = at;
  }

  get state(): SmsMessage {
    if (!this.#state) throw new Error('there is no such message');
    return this.#state;
  }

  add(fact: Fact): void {
    this.facts.push(fact);
    this.#state = evolve(this.#state, fact);
  }

  end({ situation, detail }: Trouble): void {
    this.add({ fact: 'message-ended', outcome: outcome(situation, this.at, detail) });
  }
}
