import type { Cancel, Clock } from '../../app/ports/clock.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { DueList } from './due-list.ts';

/** `setTimeout` counts in 32 bits. */
const longest = 2 ** 31 - 1;

/** Wall time. One timer of the runtime for all that is due, so that a thousand calls cost one. */
export class RealClock implements Clock {
  readonly #list = new DueList();
  #timer: NodeJS.Timeout | undefined;
  #timerDue = Number.POSITIVE_INFINITY;

  now(): Instant {
    return Date.now();
  }

  at(due: Instant, name: string, fire: () => void): Cancel {
    const cancel = this.#list.add({ due, name, fire });
    if (due < this.#timerDue) this.#arm();
    return cancel;
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#list.peek();
    this.#timerDue = next?.due ?? Number.POSITIVE_INFINITY;
    if (!next) return;
    const wait = Math.min(Math.max(next.due - Date.now(), 0), longest);
    this.#timer = setTimeout(() => this.#run(), wait);
    // What is due later does not keep a stopped server alive.
    this.#timer.unref();
  }

  #run(): void {
    const now = Date.now();
    for (let due = this.#list.take(now); due; due = this.#list.take(now)) due.fire();
    this.#arm();
  }
}
