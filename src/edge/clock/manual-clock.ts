import type { Cancel, Clock } from '../../app/ports/clock.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { DueList } from './due-list.ts';
import type { QuietWatch } from './quiet-watch.ts';

export interface Fired {
  readonly at: Instant;
  readonly what: string;
}

export interface AdvanceResult {
  readonly fired: readonly Fired[];
  /** What kept the process busy for more than the limit; the clock stands where it stopped. */
  readonly busy?: readonly string[];
}

/** Time that moves only by `advance` (`design.md` §2, manual clock). */
export class ManualClock implements Clock {
  readonly #list = new DueList();
  readonly #quiet: QuietWatch;
  readonly #limitMs: number;
  #now: Instant;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(start: Instant, quiet: QuietWatch, limitMs = 2000) {
    this.#now = start;
    this.#quiet = quiet;
    this.#limitMs = limitMs;
  }

  now(): Instant {
    return this.#now;
  }

  at(due: Instant, name: string, fire: () => void): Cancel {
    if (due > this.#now) return this.#list.add({ due, name, fire });
    // Already due: fired at once, but never inside the caller's turn.
    const release = this.#quiet.hold(name);
    const immediate = setImmediate(() => {
      release();
      fire();
    });
    return () => {
      clearImmediate(immediate);
      release();
    };
  }

  /** Goes from one due instant to the next, waiting for quiet in between. Calls queue behind each other. */
  advance(ms: number): Promise<AdvanceResult> {
    const turn = this.#turn.then(() => this.#advance(ms));
    // Without the result, which lists all that fired.
    this.#turn = turn.then(
      () => undefined,
      () => undefined,
    );
    return turn;
  }

  async #advance(ms: number): Promise<AdvanceResult> {
    const target = this.#now + ms;
    const fired: Fired[] = [];
    for (;;) {
      const busy = await this.#quiet.settled(this.#limitMs);
      if (busy.length > 0) return { fired, busy };
      const due = this.#list.take(target);
      if (!due) break;
      this.#now = Math.max(this.#now, due.due);
      fired.push({ at: this.#now, what: due.name });
      due.fire();
    }
    this.#now = target;
    return { fired };
  }
}
