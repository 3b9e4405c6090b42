/** What all of a call say together: for recordings, and for every phone that is silent itself. */
import { frameSamples } from '../../../../wire/audio/frame.ts';
import type { MixBus } from '../../../../wire/audio/mix-bus.ts';
import { Resampler } from '../../../../wire/audio/resample.ts';
import { samplesPerFrame } from '../../../../wire/rtp/g711.ts';

export class Everybody {
  readonly #bus: MixBus;
  /** 320 samples at 16 kHz, of this frame and of the one before. */
  readonly mixed = new Int16Array(frameSamples);
  readonly before = new Int16Array(frameSamples);
  readonly #down = new Resampler(16_000, 8000);
  readonly #narrow = new Int16Array(samplesPerFrame);
  #isClear = true;
  #frame = 0;
  /** The frame that `#narrow` is of. */
  #narrowed = 0;

  constructor(bus: MixBus) {
    this.#bus = bus;
  }

  /** No limiter holds anything back, so that it is the same for whoever adds nothing to it. */
  get isClear(): boolean {
    return this.#isClear;
  }

  /** After `mix` of the bus. */
  take(): void {
    this.#frame++;
    this.before.set(this.mixed);
    this.#bus.takeAll(this.mixed);
    this.#isClear = this.#bus.isClear;
  }

  /** At 8 kHz; made when it is first asked for. */
  narrow(): Int16Array {
    if (this.#narrowed === this.#frame) return this.#narrow;
    // A filter that missed frames is given its past: it reaches back less than one.
    if (this.#narrowed !== this.#frame - 1) this.#down.process(this.before, this.#narrow);
    this.#down.process(this.mixed, this.#narrow);
    this.#narrowed = this.#frame;
    return this.#narrow;
  }
}
