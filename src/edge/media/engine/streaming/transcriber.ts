/** Writes down what one participant says: utterance by utterance, and in between what is understood so far. */
import type { StreamFault } from '../../../../domain/media/stream.ts';
import { frameMs } from '../../../../wire/audio/frame.ts';
import type { Words } from '../../messages.ts';
import { Dictation, type Utterance } from './dictation.ts';

export interface TranscriberOptions {
  /** Milliseconds since the transcription began. */
  readonly nowMs: number;
  /** Whether what is understood so far is told. */
  readonly intermediate: boolean;
  readonly understand: (samples: Int16Array) => Promise<Words>;
  readonly said: (utterance: Utterance, words: Understood, final: boolean) => void;
  readonly failed: (fault: StreamFault, why: string) => void;
}

export type Understood = Extract<Words, { heard: 'words' }>;

/** Between two looks at what was said so far. */
const soFarMs = 1000;
/** A speech service that is further behind will not catch up. */
const mostBehind = 8;

export class Transcriber {
  readonly #options: TranscriberOptions;
  readonly #dictation: Dictation;
  /** Utterances are told in the order in which they were said. */
  #turn = Promise.resolve();
  #behind = 0;
  #asking = false;
  #sinceAskedMs = 0;
  /** Counts utterances: what was understood of one that is over comes too late. */
  #utterance = 0;
  #over = false;

  constructor(options: TranscriberOptions) {
    this.#options = options;
    this.#dictation = new Dictation(options.nowMs);
  }

  /** 20 ms more. */
  frame(samples: Int16Array): void {
    const utterance = this.#dictation.frame(samples);
    if (utterance) this.#finish(utterance);
    else if (this.#options.intermediate) this.#lookAtSoFar();
  }

  /** The participant has left: what was said last is still written down. */
  end(): void {
    const utterance = this.#dictation.end();
    if (utterance) this.#finish(utterance);
  }

  /** Nothing more is told. */
  stop(): void {
    this.#over = true;
  }

  #finish(utterance: Utterance): void {
    this.#utterance += 1;
    this.#sinceAskedMs = 0;
    this.#behind += 1;
    if (this.#behind > mostBehind) {
      this.#options.failed('timed-out', `the speech service is ${mostBehind} utterances behind`);
      return;
    }
    this.#turn = this.#turn.then(async () => {
      if (this.#over) return;
      const words = await this.#options.understand(utterance.samples);
      this.#behind -= 1;
      if (this.#over) return;
      if ('fault' in words) this.#options.failed(words.fault, words.why);
      else if (words.heard === 'words') this.#options.said(utterance, words, true);
    });
  }

  /** One question at a time. One that fails is not told of: the whole utterance is asked for yet. */
  #lookAtSoFar(): void {
    const soFar = this.#dictation.soFar();
    if (!soFar) return;
    this.#sinceAskedMs += frameMs;
    if (this.#asking || this.#behind > 0 || this.#sinceAskedMs < soFarMs) return;
    this.#sinceAskedMs = 0;
    this.#asking = true;
    const utterance = this.#utterance;
    void this.#options.understand(soFar.samples).then((words) => {
      this.#asking = false;
      if (this.#over || utterance !== this.#utterance) return;
      if ('heard' in words && words.heard === 'words') this.#options.said(soFar, words, false);
    });
  }
}
