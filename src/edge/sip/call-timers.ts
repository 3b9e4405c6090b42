import type { CallTimer } from '../../wire/sip/call.ts';
import type { RunnerTimers } from './transaction-runner.ts';

/** The timers of one call, at most one of each name. */
export class CallTimers {
  readonly #around: RunnerTimers;
  readonly #fired: (timer: CallTimer) => void;
  /** Absent while none runs: an empty map in each of ten thousand calls is memory too. */
  #running: Map<CallTimer, () => void> | undefined;

  constructor(around: RunnerTimers, fired: (timer: CallTimer) => void) {
    this.#around = around;
    this.#fired = fired;
  }

  arm(timer: CallTimer, ms: number): void {
    this.disarm(timer);
    const { clock, counted } = this.#around;
    const fire = (): void => {
      this.#forget(timer);
      counted(-1);
      this.#fired(timer);
    };
    counted(1);
    // Repetition follows the wall, waiting the clock.
    const repeats = timer === '2xx' || timer === '1xx';
    this.#running ??= new Map();
    this.#running.set(timer, repeats ? wallTimer(ms, fire) : clock.after(ms, `SIP call ${timer}`, fire));
  }

  disarm(timer: CallTimer): void {
    const stop = this.#running?.get(timer);
    if (!stop) return;
    this.#forget(timer);
    this.#around.counted(-1);
    stop();
  }

  drop(): void {
    for (const timer of [...(this.#running?.keys() ?? [])]) this.disarm(timer);
  }

  #forget(timer: CallTimer): void {
    this.#running?.delete(timer);
    if (this.#running?.size === 0) this.#running = undefined;
  }
}

function wallTimer(ms: number, fire: () => void): () => void {
  const timer = setTimeout(fire, ms);
  return () => clearTimeout(timer);
}
