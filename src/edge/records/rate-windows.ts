import type { RateWindows } from '../../app/ports/limits.ts';
import type { Instant } from '../../domain/ids/instant.ts';

/** Sliding windows in memory: the instants of the last `limit` uses of each key. */
export class SlidingWindows implements RateWindows {
  readonly #uses = new Map<string, Instant[]>();

  use(key: string, limit: number, windowMs: number, at: Instant): number {
    let uses = this.#uses.get(key);
    if (!uses) {
      uses = [];
      this.#uses.set(key, uses);
    }
    while (uses[0] !== undefined && uses[0] <= at - windowMs) uses.shift();
    const oldest = uses[0];
    if (uses.length >= limit && oldest !== undefined) return oldest + windowMs - at;
    uses.push(at);
    return 0;
  }

  clear(): void {
    this.#uses.clear();
  }
}
