/** A leg in a conference: up to the bus at 16 kHz, and down to the phone again. */
import type { Part } from '../../../../app/ports/media.ts';
import { frameSamples, toSample } from '../../../../wire/audio/frame.ts';
import type { MixInput } from '../../../../wire/audio/mix-bus.ts';
import { Resampler } from '../../../../wire/audio/resample.ts';
import { samplesPerFrame } from '../../../../wire/rtp/g711.ts';
import type { Everybody } from './everybody.ts';
import type { Voice } from './voice.ts';

/** A-law has no zero: this is as quiet as it comes, and what a muted phone sends. */
const quietest = 8;
const silentFrame = new Int16Array(frameSamples);

export class Member {
  readonly voice: Voice;
  part: Part;
  readonly input: MixInput;
  readonly heard = new Int16Array(frameSamples);
  speaks = false;
  readonly #up = new Resampler(8000, 16_000);
  readonly #down = new Resampler(16_000, 8000);
  readonly #fromPhone = new Int16Array(samplesPerFrame);
  readonly #toPhone = new Int16Array(samplesPerFrame);
  readonly #out = new Int16Array(frameSamples);
  readonly #alone = new Int16Array(frameSamples);
  #isPlayed = false;
  #sounded = false;
  /** It was told what everybody said: its own filter knows nothing of that. */
  #heardEverybody = false;

  constructor(voice: Voice, part: Part, input: MixInput) {
    this.voice = voice;
    this.part = part;
    this.input = input;
  }

  /** The others hear it in this frame. */
  get isHeard(): boolean {
    return this.speaks && !this.part.held && !this.part.muted;
  }

  take(): void {
    const sounds = this.voice.take(this.#fromPhone) && this.#fromPhone.some(isAudible);
    if (!sounds) this.#fromPhone.fill(0);
    // What is still in the filter is heard in the frame after the voice has stopped.
    this.speaks = sounds || this.#sounded;
    this.#sounded = sounds;
    if (this.speaks) this.#up.process(this.#fromPhone, this.heard);
    if (this.isHeard) this.input.hear(this.heard);
  }

  /** For this leg and nobody else; several at once are added up. */
  play(samples: Int16Array): void {
    const alone = this.#alone;
    if (this.#isPlayed) for (let i = 0; i < alone.length; i++) alone[i] = toSample(alone[i]! + samples[i]!);
    else alone.set(samples);
    this.#isPlayed = true;
  }

  /** What it hears goes out. */
  say(everybody: Everybody): void {
    const alone = this.#isPlayed ? this.#alone : undefined;
    this.#isPlayed = false;
    const { held } = this.part;
    // Whoever is silent hears the same as all others who are, and that is made once.
    if (!held && !alone && !this.isHeard && everybody.isClear && this.input.isClear) {
      this.#heardEverybody = true;
      this.voice.say(everybody.narrow());
      return;
    }
    if (this.#heardEverybody) this.#down.process(everybody.before, this.#toPhone);
    this.#heardEverybody = false;
    if (!held) this.input.take(this.#out, alone);
    this.#down.process(held ? (alone ?? silentFrame) : this.#out, this.#toPhone);
    this.voice.say(this.#toPhone);
  }
}

const isAudible = (sample: number): boolean => sample > quietest || sample < -quietest;
