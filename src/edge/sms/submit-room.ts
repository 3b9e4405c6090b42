/** How many submits may go now: what the window leaves, at the pace that was agreed, and none while the carrier is throttled. */
import { Pace } from './pace.ts';
import { type Backoff, waitOf } from './settings.ts';

export interface SubmitRoomOptions {
  readonly window: number;
  readonly submitsPerSecond: number | undefined;
  readonly throttled: Backoff;
  /** Whether there is anybody to submit to. */
  readonly bound: () => boolean;
  /** There is room, and there was none when somebody asked. */
  readonly opened: () => void;
  /** Keeps a manual clock waiting for the end of a back-off. */
  readonly hold: () => () => void;
}

export class SubmitRoom {
  readonly #options: SubmitRoomOptions;
  readonly #pace: Pace | undefined;
  #pending = 0;
  #throttles = 0;
  #backOff: NodeJS.Timeout | undefined;
  #pacing: NodeJS.Timeout | undefined;
  #release: (() => void) | undefined;
  /** Somebody found no room and is to be told. */
  #awaited = true;

  constructor(options: SubmitRoomOptions) {
    this.#options = options;
    const { submitsPerSecond } = options;
    this.#pace = submitsPerSecond === undefined ? undefined : new Pace(submitsPerSecond, performance.now());
  }

  get pending(): number {
    return this.#pending;
  }

  /** Asked for by somebody who is told when none becomes some. */
  left(): number {
    const left = this.#left();
    if (left === 0) this.#await();
    return left;
  }

  taken(): void {
    this.#pending += 1;
    this.#pace?.take(performance.now());
    if (this.#left() === 0) this.#await();
  }

  answered(): void {
    this.#pending -= 1;
  }

  /** The carrier took one: the next back-off is a short one again. */
  accepted(): void {
    this.#throttles = 0;
  }

  throttled(): void {
    // What was on its way when the first was throttled says nothing new.
    if (this.#backOff) return;
    const ms = waitOf(this.#options.throttled, this.#throttles);
    this.#throttles += 1;
    this.#release = this.#options.hold();
    this.#backOff = setTimeout(() => {
      this.#backOff = undefined;
      this.tell();
      this.#release?.();
    }, ms);
    this.#backOff.unref();
  }

  /** Tells who found no room, where there is some now. */
  tell(): void {
    if (!this.#awaited || this.#left() === 0) return;
    this.#awaited = false;
    this.#options.opened();
  }

  stop(): void {
    clearTimeout(this.#backOff);
    clearTimeout(this.#pacing);
    this.#release?.();
  }

  #left(): number {
    if (this.#backOff || !this.#options.bound()) return 0;
    const paced = this.#pace?.room(performance.now()) ?? Number.POSITIVE_INFINITY;
    return Math.max(0, Math.min(this.#options.window - this.#pending, paced));
  }

  #await(): void {
    this.#awaited = true;
    const wait = this.#pace?.wait(performance.now()) ?? 0;
    if (wait === 0 || this.#pacing) return;
    // Where the pace alone leaves no room, no answer would tell of it.
    this.#pacing = setTimeout(() => {
      this.#pacing = undefined;
      this.tell();
    }, Math.ceil(wait));
    this.#pacing.unref();
  }
}
