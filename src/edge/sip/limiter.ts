const MAX_SOURCES = 4096;

/** Lets `perSecond` things a second through for each source; a full table is forgotten rather than grown. */
export class Limiter {
  readonly #perSecond: number;
  readonly #counts = new Map<string, number>();
  #second = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  allows(source: string): boolean {
    const second = Math.floor(performance.now() / 1000);
    if (second !== this.#second || this.#counts.size >= MAX_SOURCES) {
      this.#second = second;
      this.#counts.clear();
    }
    const count = (this.#counts.get(source) ?? 0) + 1;
    this.#counts.set(source, count);
    return count <= this.#perSecond;
  }
}
