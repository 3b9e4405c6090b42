import type { Response } from '../../wire/sip/message.ts';
import type { LimitTimer, RepeatTimer, Step, TransactionEffect } from '../../wire/sip/transaction.ts';
import type { SipClock } from './api.ts';

export interface TransactionUser {
  send(text: string, repeated: boolean): void;
  deliver(response: Response): void;
  failed(why: 'timeout' | 'transport', detail: string): void;
  ended(): void;
}

export interface RunnerTimers {
  readonly clock: SipClock;
  /** +1 for each timer armed, -1 for each that fired or was disarmed. */
  counted(change: number): void;
}

/** Runs one pure transaction machine: keeps its state and its two timers, performs its effects. */
export class TransactionRunner<State, Event> {
  readonly #step: (state: State, event: Event) => Step<State>;
  readonly #timer: (timer: RepeatTimer | LimitTimer) => Event;
  readonly #user: TransactionUser;
  readonly #timers: RunnerTimers;
  #state: State;
  #repeat: NodeJS.Timeout | undefined;
  #limit: (() => void) | undefined;

  constructor(
    initial: State,
    step: (state: State, event: Event) => Step<State>,
    timer: (timer: RepeatTimer | LimitTimer) => Event,
    user: TransactionUser,
    timers: RunnerTimers,
  ) {
    this.#state = initial;
    this.#step = step;
    this.#timer = timer;
    this.#user = user;
    this.#timers = timers;
  }

  get state(): State {
    return this.#state;
  }

  start(first: Step<State>): void {
    this.#take(first);
  }

  feed(event: Event): void {
    this.#take(this.#step(this.#state, event));
  }

  /** Lets go of the timers, for the end of the endpoint. */
  drop(): void {
    this.#disarmRepeat();
    this.#disarmLimit();
  }

  #take(step: Step<State>): void {
    this.#state = step.state;
    for (const effect of step.effects) this.#perform(effect);
  }

  #perform(effect: TransactionEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#user.send(effect.text, effect.repeated);
        return;
      case 'repeat-after':
        this.#disarmRepeat();
        this.#timers.counted(1);
        this.#repeat = setTimeout(() => {
          this.#repeat = undefined;
          this.#timers.counted(-1);
          this.feed(this.#timer(effect.timer));
        }, effect.ms);
        return;
      case 'limit-after':
        this.#disarmLimit();
        this.#timers.counted(1);
        this.#limit = this.#timers.clock.after(effect.ms, `SIP timer ${effect.timer}`, () => {
          this.#limit = undefined;
          this.#timers.counted(-1);
          this.feed(this.#timer(effect.timer));
        });
        return;
      case 'disarm':
        effect.which === 'repeat' ? this.#disarmRepeat() : this.#disarmLimit();
        return;
      case 'deliver':
        this.#user.deliver(effect.response);
        return;
      case 'failed':
        this.#user.failed(effect.why, effect.detail);
        return;
      case 'ended':
        this.drop();
        this.#user.ended();
        return;
    }
  }

  #disarmRepeat(): void {
    if (!this.#repeat) return;
    clearTimeout(this.#repeat);
    this.#repeat = undefined;
    this.#timers.counted(-1);
  }

  #disarmLimit(): void {
    if (!this.#limit) return;
    this.#limit();
    this.#limit = undefined;
    this.#timers.counted(-1);
  }
}
