import type { RateWindows } from '../../app/ports/limits.ts';
import type { Instant } from '../../domain/ids/instant.ts';

interface Uses {
  readonly windowMs: number;
  readonly at: Instant[];
}

/** Keys name users and threads: those whose window has passed are let go, this many uses apart. */
const sweepEvery = 10_000;

/** Sliding windows in memory: the instants of the last `limit` uses of each key. */
export class SlidingWindows implements RateWindows {
  readonly #uses = new Map<string, Uses>();
  #sinceSweep = 0;

  use(key: string, limit: number, windowMs: number, at: Instant): number {
    const wait = this.wait(key, limit, windowMs, at);
    if (wait > 0) return wait;
    const uses = this.#uses.get(key) ?? { windowMs, at: [] };
    uses.at.push(at);
    this.#uses.set(key, uses);
    this.#sinceSweep += 1;
    if (this.#sinceSweep >= sweepEvery) this.#sweep(at);
    return 0;
  }

  wait(key: string, limit: number, windowMs: number, at: Instant): number {
    const uses = this.#uses.get(key)?.at ?? [];
    while (uses[0] !== undefined && uses[0] <= at - windowMs) uses.shift();
    const oldest = uses[0];
    return uses.length >= limit && oldest !== undefined ? oldest + windowMs - at : 0;
  }

  clear(): void {
    this.#uses.clear();
  }

  /** Keys with uses that still count. */
  get size(): number {
    return this.#uses.size;
  }

  #sweep(at: Instant): void {
    this.#sinceSweep = 0;
    for (const [key, uses] of this.#uses) {
      if ((uses.at.at(-1) ?? 0) <= at - uses.windowMs) this.#uses.delete(key);
    }
  }
}
