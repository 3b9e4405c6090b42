/** So many submits in any second and no more: a bucket that is never so full that its content and its flow exceed them. */
export class Pace {
  readonly #most: number;
  readonly #perMs: number;
  #level: number;
  #at: number;

  /** `now`: wall milliseconds that only rise, here and below. */
  constructor(perSecond: number, now: number) {
    this.#most = Math.max(1, Math.floor(perSecond / 20));
    this.#perMs = (perSecond - (this.#most - 1)) / 1000;
    this.#level = this.#most;
    this.#at = now;
  }

  /** How many may go now. */
  room(now: number): number {
    this.#fill(now);
    return Math.floor(this.#level);
  }

  take(now: number): void {
    this.#fill(now);
    this.#level -= 1;
  }

  /** Milliseconds until there is room for one. */
  wait(now: number): number {
    this.#fill(now);
    return this.#level >= 1 ? 0 : (1 - this.#level) / this.#perMs;
  }

  #fill(now: number): void {
    this.#level = Math.min(this.#most, this.#level + (now - this.#at) * this.#perMs);
    this.#at = now;
  }
}
