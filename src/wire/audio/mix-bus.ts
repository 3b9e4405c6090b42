/**
 * A conference at 16 kHz: everybody hears the others and not himself.
 *
 * ```ts
 * const bus = new MixBus();
 * const alice = bus.join();
 * // every 20 ms
 * alice.hear(frame);
 * bus.mix();
 * alice.take(out);       // all but alice
 * bus.takeAll(recorded); // all
 * ```
 */
import { frameSamples } from './frame.ts';
import { Limiter } from './limiter.ts';

/** +24 dB; with it 4,000 full-scale inputs still fit into the 32 bits of a sum. */
export const mostGain = 16;

/** One party of a bus. Its gain and mute act on what the others hear of it. */
export interface MixInput {
  /** 1 is unchanged; 0 to `mostGain`. A change is spread over one frame, so that it does not click. */
  gain: number;
  muted: boolean;
  /** What it says in this frame. A frame without it is silence. Copied. */
  hear(samples: Int16Array): void;
  /** After `mix`: what it hears of the others, and of `alone`, which is played to nobody else. */
  take(into: Int16Array, alone?: Int16Array): void;
  /** Its limiter held nothing back when it last took. */
  readonly isClear: boolean;
  leave(): void;
}

export class MixBus {
  readonly #inputs = new Set<Input>();
  readonly #sum: Int32Array;
  readonly #limiter = new Limiter();
  readonly #samples: number;

  /** `samples` in a frame: 320 when absent. */
  constructor(samples = frameSamples) {
    this.#samples = samples;
    this.#sum = new Int32Array(samples);
  }

  get size(): number {
    return this.#inputs.size;
  }

  /** The limiter of `takeAll` held nothing back when it was last used. */
  get isClear(): boolean {
    return this.#limiter.gain === 1;
  }

  join(): MixInput {
    const input: Input = new Input(this.#samples, this.#sum, () => this.#inputs.delete(input));
    this.#inputs.add(input);
    return input;
  }

  /** Adds up what was heard since the last time. */
  mix(): void {
    this.#sum.fill(0);
    for (const input of this.#inputs) input.settle();
    for (const input of this.#inputs) input.addTo(this.#sum);
  }

  /** After `mix`: everybody, as a recording of the conference has it. */
  takeAll(into: Int16Array): void {
    this.#limiter.limit(this.#sum, into);
  }
}

class Input implements MixInput {
  gain = 1;
  muted = false;
  readonly #own: Int32Array;
  readonly #heard: Int32Array;
  readonly #sum: Int32Array;
  readonly #limiter = new Limiter();
  readonly #onLeave: () => void;
  #applied = 1;
  #speaks = false;
  /** `#own` holds this frame's samples; else silence. */
  #isMixed = false;

  constructor(samples: number, sum: Int32Array, onLeave: () => void) {
    this.#own = new Int32Array(samples);
    this.#heard = new Int32Array(samples);
    this.#sum = sum;
    this.#onLeave = onLeave;
  }

  get isClear(): boolean {
    return this.#limiter.gain === 1;
  }

  hear(samples: Int16Array): void {
    this.#expect(samples);
    const own = this.#own;
    const before = this.#applied;
    const after = this.muted ? 0 : Math.min(Math.max(this.gain, 0), mostGain);
    this.#applied = after;
    if (before === 1 && after === 1) own.set(samples);
    else {
      const step = (after - before) / samples.length;
      for (let index = 0; index < samples.length; index++) {
        own[index] = samples[index]! * (before + step * (index + 1));
      }
    }
    this.#speaks = before !== 0 || after !== 0;
  }

  settle(): void {
    this.#isMixed = this.#speaks;
    this.#speaks = false;
  }

  addTo(sum: Int32Array): void {
    if (!this.#isMixed) return;
    const own = this.#own;
    for (let index = 0; index < sum.length; index++) sum[index]! += own[index]!;
  }

  take(into: Int16Array, alone?: Int16Array): void {
    this.#expect(into);
    if (alone !== undefined) this.#expect(alone);
    const heard = this.#heard;
    heard.set(this.#sum);
    if (this.#isMixed) {
      for (let index = 0; index < heard.length; index++) heard[index]! -= this.#own[index]!;
    }
    if (alone !== undefined) {
      for (let index = 0; index < heard.length; index++) heard[index]! += alone[index]!;
    }
    this.#limiter.limit(heard, into);
  }

  leave(): void {
    this.#onLeave();
  }

  #expect(samples: Int16Array): void {
    if (samples.length !== this.#own.length) {
      throw new RangeError(`A frame of this bus has ${this.#own.length} samples, not ${samples.length}.`);
    }
  }
}
