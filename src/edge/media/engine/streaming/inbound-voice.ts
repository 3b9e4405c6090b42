/** The application's own voice in a call: what it sent and is not heard yet. */
import { busRate, frameMs, frameSamples } from '../../../../wire/audio/frame.ts';
import { Resampler } from '../../../../wire/audio/resample.ts';
import type { Source } from '../audio/voice.ts';

/** Audio that comes in real time comes in jerks: so much of it is gathered first, or what came in so many frames. */
const gatheredSamples = 3 * frameSamples;
const gatheringFrames = 3;

export class InboundVoice implements Source {
  readonly to = 'all';
  readonly #resampler: Resampler | undefined;
  #parts: Int16Array[] = [];
  /** Samples of the first part that were said already. */
  #at = 0;
  #samples = 0;
  /** Frames for which there has been too little to begin; undefined: it speaks. */
  #gathering: number | undefined = 0;

  /** `rate`: samples a second of what will come. */
  constructor(rate: number) {
    this.#resampler = rate === busRate ? undefined : new Resampler(rate, busRate);
  }

  get queuedMs(): number {
    return (this.#samples / frameSamples) * frameMs;
  }

  add(samples: Int16Array): void {
    const part = this.#toBus(samples);
    if (part.length === 0) return;
    this.#parts.push(part);
    this.#samples += part.length;
  }

  /** What is not heard yet never will be. */
  flush(): void {
    this.#parts = [];
    this.#at = 0;
    this.#samples = 0;
    this.#gathering = 0;
    this.#resampler?.reset();
  }

  next(into: Int16Array): boolean {
    if (this.#samples === 0) {
      this.#gathering = 0;
      return false;
    }
    if (this.#gathering !== undefined && this.#samples < gatheredSamples) {
      this.#gathering += 1;
      if (this.#gathering < gatheringFrames) return false;
    }
    this.#gathering = undefined;
    this.#take(into);
    return true;
  }

  #take(into: Int16Array): void {
    let filled = 0;
    for (let part = this.#parts[0]; part && filled < into.length; part = this.#parts[0]) {
      const count = Math.min(into.length - filled, part.length - this.#at);
      into.set(part.subarray(this.#at, this.#at + count), filled);
      filled += count;
      this.#at += count;
      if (this.#at === part.length) {
        this.#parts.shift();
        this.#at = 0;
      }
    }
    into.fill(0, filled);
    this.#samples -= filled;
  }

  #toBus(samples: Int16Array): Int16Array {
    if (!this.#resampler) return samples;
    const part = new Int16Array(this.#resampler.samplesFor(samples.length));
    this.#resampler.process(samples, part);
    return part;
  }
}
