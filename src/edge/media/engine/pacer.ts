import { frameMs, framesDue } from '../../../wire/rtp/pacing.ts';

/** One timer for all legs of a process: 435 timers of 20 ms would cost more than their packets. */
export class Pacer {
  readonly #onFrame: (frame: number) => void;
  readonly #onTick: (late: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #reading: NodeJS.Immediate | undefined;
  #running = false;
  #begun = 0;
  #next = 0;
  #expected = 0;

  /** `onFrame` for each frame due; `onTick` after them, told whether the process had been stalled until now. */
  constructor(onFrame: (frame: number) => void, onTick: (late: boolean) => void) {
    this.#onFrame = onFrame;
    this.#onTick = onTick;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#begun = performance.now();
    this.#next = 0;
    this.#expected = 0;
    this.#send();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#reading);
    this.#running = false;
  }

  readonly #tick = (): void => {
    // Late, packets wait in the sockets, and these frames are made of them: they are read first.
    if (performance.now() - this.#begun - this.#expected > frameMs) this.#reading = setImmediate(this.#send);
    else this.#send();
  };

  readonly #send = (): void => {
    const elapsed = performance.now() - this.#begun;
    const { from, count, wait } = framesDue(elapsed, this.#next);
    this.#next = from + count;
    this.#timer = setTimeout(this.#tick, Math.max(1, Math.ceil(wait)));
    for (let frame = from; frame < from + count; frame++) this.#onFrame(frame);
    this.#onTick(elapsed - this.#expected > stalledMs);
    this.#expected = elapsed + wait;
  };
}

/** Later than this, packets wait unread in the sockets' buffers, and their absence proves nothing. */
const stalledMs = 200;
