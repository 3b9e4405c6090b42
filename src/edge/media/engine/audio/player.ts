/** Prompts heard in a call, one after the other. */
import type { Source } from './voice.ts';

export interface PlayerOptions {
  /** Everybody, or these legs. */
  readonly to: 'all' | ReadonlySet<string>;
  /** 16 kHz, mono. */
  readonly prompts: readonly Int16Array[];
  /** From the start again, until it is taken away. */
  readonly loop: boolean;
  /** With its first frame. */
  readonly began: () => void;
  /** In the frame after its last. */
  readonly ended: () => void;
}

export class Player implements Source {
  readonly to: 'all' | ReadonlySet<string>;
  readonly #options: PlayerOptions;
  #prompt = 0;
  #at = 0;
  #begun = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.to = options.to;
  }

  next(into: Int16Array): boolean {
    if (!this.#begun) {
      this.#begun = true;
      this.#options.began();
    }
    let filled = 0;
    while (filled < into.length) {
      const prompt = this.#current();
      if (!prompt) break;
      const count = Math.min(into.length - filled, prompt.length - this.#at);
      into.set(prompt.subarray(this.#at, this.#at + count), filled);
      this.#at += count;
      filled += count;
    }
    if (filled === 0) this.#options.ended();
    else into.fill(0, filled);
    return filled > 0;
  }

  /** The prompt that still has samples; undefined when all is said. */
  #current(): Int16Array | undefined {
    const { prompts, loop } = this.#options;
    let prompt = prompts[this.#prompt];
    while (prompt && this.#at >= prompt.length) {
      this.#at = 0;
      this.#prompt++;
      // Prompts of no length at all would go round for ever.
      if (loop && this.#prompt >= prompts.length && prompts.some(({ length }) => length > 0))
        this.#prompt = 0;
      prompt = prompts[this.#prompt];
    }
    return prompt;
  }
}
