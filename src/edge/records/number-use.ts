import type { NumberUse } from '../../app/ports/directory.ts';

/** Live calls per caller id, of this process. */
export class NumberCounts implements NumberUse {
  readonly #calls = new Map<string, number>();

  busy(number: string): number {
    return this.#calls.get(number) ?? 0;
  }

  take(number: string): void {
    this.#calls.set(number, this.busy(number) + 1);
  }

  free(number: string): void {
    const left = this.busy(number) - 1;
    if (left > 0) this.#calls.set(number, left);
    else this.#calls.delete(number);
  }

  clear(): void {
    this.#calls.clear();
  }
}
