import type { Cancel, Quiet } from '../../app/ports/clock.ts';

/** Turns of the event loop that must pass without anything held before the process counts as quiet. */
const calmTurns = 3;

/** Counts what is in progress by name. */
export class QuietWatch implements Quiet {
  readonly #held = new Map<string, number>();

  hold(what: string, atMostMs?: number): Cancel {
    this.#held.set(what, (this.#held.get(what) ?? 0) + 1);
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    const release = (): void => {
      if (over) return;
      over = true;
      clearTimeout(timer);
      const left = (this.#held.get(what) ?? 1) - 1;
      if (left > 0) this.#held.set(what, left);
      else this.#held.delete(what);
    };
    if (atMostMs !== undefined) {
      timer = setTimeout(release, atMostMs);
      timer.unref();
    }
    return release;
  }

  busy(): readonly string[] {
    return [...this.#held].map(([what, count]) => (count === 1 ? what : `${what} (${count})`));
  }

  /** Resolves to nothing once the process is quiet, or to what is still busy after `limitMs` of wall time. */
  async settled(limitMs: number): Promise<readonly string[]> {
    const until = performance.now() + limitMs;
    for (let calm = 0; calm < calmTurns; ) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#held.size === 0) calm += 1;
      else {
        calm = 0;
        if (performance.now() > until) return this.busy();
        // Sockets of other processes need wall time, not turns.
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    return [];
  }
}
