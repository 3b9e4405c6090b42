/** What is played in a call: prompts by operation. */
import { samplesOf } from '../../../../wire/wav/wav.ts';
import type { Command } from '../../messages.ts';
import type { Stage } from './call-room.ts';
import { Player } from './player.ts';

type PlayCommand = Extract<Command, { readonly kind: 'play' }>;
type Read = { readonly samples: readonly Int16Array[] } | { readonly index: number; readonly why: string };

export class Playing {
  readonly #stage: Stage;
  /** By operation; undefined while its prompts are read. */
  readonly #players = new Map<string, Player | undefined>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  get isIdle(): boolean {
    return this.#players.size === 0;
  }

  async play({ operationId, to, prompts, loop }: PlayCommand): Promise<void> {
    const { audio, tellOperation } = this.#stage;
    this.#players.set(operationId, undefined);
    const read = await this.#read(prompts);
    // It was stopped meanwhile.
    if (!this.#players.has(operationId)) return;
    if ('why' in read) {
      this.#fail(operationId, read.index, read.why);
      return;
    }
    const player = new Player({
      to: to === 'all' ? 'all' : new Set(to),
      prompts: read.samples,
      loop,
      began: () => tellOperation({ operationId, kind: 'prompt-began' }),
      ended: () => {
        this.stop(operationId);
        tellOperation({ operationId, kind: 'prompt-ended' });
      },
    });
    this.#players.set(operationId, player);
    audio.addSource(player);
  }

  stop(operationId: string): void {
    const player = this.#players.get(operationId);
    if (!this.#players.delete(operationId)) return;
    if (player) this.#stage.audio.removeSource(player);
    this.#stage.quieter();
  }

  abandon(why: string): void {
    for (const operationId of [...this.#players.keys()]) this.#fail(operationId, 0, why);
  }

  #fail(operationId: string, index: number, why: string): void {
    this.stop(operationId);
    this.#stage.tellOperation({ operationId, kind: 'prompt-failed', index, fault: 'internal', why });
  }

  async #read(prompts: readonly string[]): Promise<Read> {
    const { blobs } = this.#stage;
    if (!blobs) return { index: 0, why: 'this media process has no prompts' };
    const samples: Int16Array[] = [];
    for (const [index, prompt] of prompts.entries()) {
      try {
        const bytes = await blobs.get(prompt);
        if (!bytes) return { index, why: `the prompt ${prompt} is no longer there` };
        samples.push(samplesOf(bytes));
      } catch (error) {
        return { index, why: error instanceof Error ? error.message : String(error) };
      }
    }
    return { samples };
  }
}
