/** Waits for somebody on a leg to speak, and keeps what is said until they pause. */
import { type Endpointing, heard, listening } from '../../../../wire/audio/endpointing.ts';
import { frameMs, frameSamples } from '../../../../wire/audio/frame.ts';
import { levelOf } from '../../../../wire/audio/level.ts';
import type { CallFrame, Tap } from './voice.ts';

export interface ListenerOptions {
  readonly legId: string;
  readonly endSilenceMs: number;
  /** What the leg says, muted or not. */
  readonly said: (legId: string) => Int16Array | undefined;
  readonly began: () => void;
  /** PCM of 16 kHz. Called once; nothing is listened to after it. */
  readonly ended: (utterance: Int16Array) => void;
}

/** Nobody dictates longer than this in one go. */
const mostMs = 60_000;
const samplesPerMs = frameSamples / frameMs;
const silence = new Int16Array(frameSamples);

export class Listener implements Tap {
  readonly #options: ListenerOptions;
  #state: Endpointing = listening;
  #frames: Int16Array[] = [];
  /** Frames that were dropped because nobody had spoken yet. */
  #dropped = 0;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  frame(_frame: CallFrame): void {
    if (this.#state.phase === 'finished') return;
    const { said, legId, endSilenceMs, began, ended } = this.#options;
    const samples = said(legId) ?? silence;
    this.#frames.push(samples.slice());
    const was = this.#state.phase;
    const settings = { initialSilenceMs: Number.POSITIVE_INFINITY, endSilenceMs, mostMs };
    const state = heard(this.#state, levelOf(samples), frameMs, settings);
    this.#state = state;
    if (state.phase === 'waiting') {
      // What surrounds the beginning of speech is less than a second of it.
      while (this.#frames.length > keptFrames) {
        this.#frames.shift();
        this.#dropped++;
      }
    } else if (state.phase === 'speaking' && was === 'waiting') began();
    else if (state.phase === 'finished') ended(this.#slice(state.from, state.to));
  }

  #slice(fromMs: number, toMs: number): Int16Array {
    const all = new Int16Array(this.#frames.length * frameSamples);
    for (const [index, frame] of this.#frames.entries()) all.set(frame, index * frameSamples);
    const offset = this.#dropped * frameSamples;
    const at = (ms: number): number => Math.max(0, Math.round(ms * samplesPerMs) - offset);
    return all.slice(at(fromMs), at(toMs));
  }
}

const keptFrames = 50;
