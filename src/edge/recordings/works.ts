/** Work that goes on behind: one at a time for each name, tried again on the server's clock, given up when the server stops. */
import type { Clock, Quiet } from '../../app/ports/clock.ts';

export interface WorksOptions {
  readonly clock: Clock;
  readonly quiet: Quiet;
  /** How many turns are taken at once. */
  readonly atOnce: number;
  readonly onTrouble: (error: unknown) => void;
}

/** A manual clock waits for short work, and never longer. */
const heldMs = 1500;
const tries = 5;
const retryMs = 5000;

export class Works {
  readonly #options: WorksOptions;
  readonly #working = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(options: WorksOptions) {
    this.#options = options;
    this.#free = options.atOnce;
  }

  /** Aborts when what is under way is given up. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  get names(): readonly string[] {
    return [...this.#working.keys()];
  }

  /** Nothing where work of this name is under way. `ended`: whatever came of it. */
  begin(name: string, task: () => Promise<void>, ended: () => void): void {
    if (this.#working.has(name) || this.signal.aborted) return;
    const release = this.#options.quiet.hold(`recording ${name}`, heldMs);
    const done = this.#persist(task).finally(() => {
      this.#working.delete(name);
      release();
      ended();
    });
    this.#working.set(name, done);
  }

  /** The few that may go on at once: a hundred calls may end together. */
  async turn<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      this.signal.throwIfAborted();
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }

  /** On the server's clock. Rejects when the server stops. */
  pause(ms: number): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const cancel = clock.at(clock.now() + ms, 'next try for a recording', () => {
        this.signal.removeEventListener('abort', abort);
        resolve();
      });
      const abort = (): void => {
        cancel();
        reject(this.signal.reason);
      };
      if (this.signal.aborted) abort();
      else this.signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Lets it go on for `graceMs` of wall time. */
  async stop(graceMs: number): Promise<void> {
    const abort = (): void => this.#stopping.abort(new Error('the server stops'));
    const timer = setTimeout(abort, graceMs);
    if (graceMs === 0) abort();
    await Promise.all(this.#working.values());
    clearTimeout(timer);
    abort();
  }

  async #persist(task: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await task();
      } catch (error) {
        // Left to the next start.
        if (this.signal.aborted) return;
        this.#options.onTrouble(error);
        if (attempt === tries) return;
      }
      await this.pause(retryMs).catch(() => undefined);
    }
  }
}
