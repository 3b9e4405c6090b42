/** Cuts what one participant says into utterances, by their pauses. */
import { type Endpointing, heard } from '../../../../wire/audio/endpointing.ts';
import { frameMs, frameSamples } from '../../../../wire/audio/frame.ts';
import { firstFloorDb, levelOf } from '../../../../wire/audio/level.ts';

export interface Utterance {
  /** PCM of 16 kHz. */
  readonly samples: Int16Array;
  /** Milliseconds since the transcription began. */
  readonly fromMs: number;
  readonly lastedMs: number;
}

const settings = {
  initialSilenceMs: Number.POSITIVE_INFINITY,
  /** Longer than the pauses within a sentence. */
  endSilenceMs: 700,
  /** Who talks on is written down in pieces: nobody waits longer for a final result. */
  mostMs: 30_000,
};

/** What surrounds the beginning of speech is less than a second of it. */
const keptFrames = 50;
const samplesPerMs = frameSamples / frameMs;

const waiting = (floorDb: number): Endpointing => ({
  phase: 'waiting',
  atMs: 0,
  floorDb,
  voiceMs: 0,
  quietMs: 0,
});

export class Dictation {
  #state: Endpointing = waiting(firstFloorDb);
  /** Of the line, as the last utterance left it. */
  #floorDb = firstFloorDb;
  #frames: Int16Array[] = [];
  /** Milliseconds since the transcription began: now, when the state began, and when the first kept frame did. */
  #nowMs: number;
  #stateMs: number;
  #keptMs: number;

  /** `nowMs`: since the transcription began. */
  constructor(nowMs: number) {
    this.#nowMs = nowMs;
    this.#stateMs = nowMs;
    this.#keptMs = nowMs;
  }

  /** 20 ms more; what was said, when that made it whole. */
  frame(samples: Int16Array): Utterance | undefined {
    this.#frames.push(samples.slice());
    this.#nowMs += frameMs;
    const state = heard(this.#state, levelOf(samples), frameMs, settings);
    if (state.phase === 'finished') return this.#finish(state.from, state.to);
    if (state.phase !== 'silent') this.#floorDb = state.floorDb;
    this.#state = state;
    while (state.phase === 'waiting' && this.#frames.length > keptFrames) {
      this.#frames.shift();
      this.#keptMs += frameMs;
    }
    return undefined;
  }

  /** What has been said of an utterance that is not whole yet. */
  soFar(): Utterance | undefined {
    return this.#state.phase === 'speaking'
      ? this.#cut(this.#state.from, this.#nowMs - this.#stateMs)
      : undefined;
  }

  /** Nothing more will be said. */
  end(): Utterance | undefined {
    const said = this.soFar();
    this.#state = { phase: 'silent' };
    return said;
  }

  #finish(from: number, to: number): Utterance {
    const said = this.#cut(from, to);
    this.#state = waiting(this.#floorDb);
    this.#frames = [];
    this.#stateMs = this.#nowMs;
    this.#keptMs = this.#nowMs;
    return said;
  }

  /** Milliseconds since the state began. */
  #cut(from: number, to: number): Utterance {
    const all = new Int16Array(this.#frames.length * frameSamples);
    for (const [index, frame] of this.#frames.entries()) all.set(frame, index * frameSamples);
    const at = (ms: number): number => Math.max(0, (this.#stateMs + ms - this.#keptMs) * samplesPerMs);
    return { samples: all.slice(at(from), at(to)), fromMs: this.#stateMs + from, lastedMs: to - from };
  }
}
