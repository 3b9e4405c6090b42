import { frameMs, framesDue } from '../../../wire/rtp/pacing.ts';

/**
 * Calls take turns within the 20 ms: sent all at once, the packets of the last of four hundred legs would be several
 * milliseconds late, every time.
 */
const phases = 4;

/** In which part of the 20 ms the frames of a call are due; ids differ in their last characters. */
export const phaseOf = (callId: string): number => {
  let sum = 0;
  for (let i = Math.max(0, callId.length - 4); i < callId.length; i++) sum += callId.charCodeAt(i);
  return sum % phases;
};

/** One timer for all legs of a process: 435 timers of 20 ms would cost more than their packets. */
export class Pacer {
  readonly #onFrame: (frame: number, phase: number) => void;
  readonly #onTick: (late: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #reading: NodeJS.Immediate | undefined;
  #running = false;
  #begun = 0;
  /** Of each phase, the first frame not sent yet. */
  #next: number[] = [];
  #expected = 0;

  /**
   * `onFrame` for each frame due of each phase; `onTick` once in 20 ms, after the frames, told whether the process had
   * been stalled until now.
   */
  constructor(onFrame: (frame: number, phase: number) => void, onTick: (late: boolean) => void) {
    this.#onFrame = onFrame;
    this.#onTick = onTick;
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#begun = performance.now();
    this.#next = Array.from({ length: phases }, () => 0);
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
    const due = this.#next.map((next, phase) => framesDue(elapsed - (phase * frameMs) / phases, next));
    const wait = Math.min(...due.map((frames) => frames.wait));
    this.#timer = setTimeout(this.#tick, Math.max(1, Math.ceil(wait)));
    for (const [phase, { from, count }] of due.entries()) {
      this.#next[phase] = from + count;
      for (let frame = from; frame < from + count; frame++) this.#onFrame(frame, phase);
    }
    if (due[0]?.count) this.#onTick(elapsed - this.#expected > stalledMs);
    this.#expected = elapsed + wait;
  };
}

/** Later than this, packets wait unread in the sockets' buffers, and their absence proves nothing. */
const stalledMs = 200;
