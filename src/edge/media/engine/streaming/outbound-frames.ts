/** Frames of the call as a stream has them: at its rate, and marked where nothing is to be heard. */
import { busRate, frameSamples } from '../../../../wire/audio/frame.ts';
import { levelOf } from '../../../../wire/audio/level.ts';
import { Resampler } from '../../../../wire/audio/resample.ts';
import { audioData } from '../../../../wire/streaming/frames-out.ts';
import { bytesOf } from '../../../../wire/wav/wav.ts';

/** dBov; an idle telephone line is at some -70, a whisper at -45. */
const silentBelowDb = -60;

/** Bytes of a frame of 20 ms at that rate. */
export const frameBytes = (rate: number): number => ((frameSamples * rate) / busRate) * 2;

export class OutboundFrames {
  readonly #participantRawId: string | undefined;
  readonly #resampler: Resampler | undefined;
  readonly #resampled: Int16Array;

  constructor(rate: number, participantRawId?: string) {
    this.#participantRawId = participantRawId;
    this.#resampler = rate === busRate ? undefined : new Resampler(busRate, rate);
    this.#resampled = new Int16Array(frameBytes(rate) / 2);
  }

  /** `at`: milliseconds of the epoch. */
  frame(samples: Int16Array, at: number): string {
    this.#resampler?.process(samples, this.#resampled);
    return audioData({
      at,
      pcm: bytesOf(this.#resampler ? this.#resampled : samples),
      silent: levelOf(samples) < silentBelowDb,
      ...(this.#participantRawId === undefined ? {} : { participantRawId: this.#participantRawId }),
    });
  }
}
