/** Who is listened to in a call: utterances by operation. */
import { bytesOf } from '../../../../wire/wav/wav.ts';
import type { Command } from '../../messages.ts';
import type { Stage } from './call-room.ts';
import { Listener } from './listener.ts';

type ListenCommand = Extract<Command, { readonly kind: 'listen' }>;

export class Listening {
  readonly #stage: Stage;
  readonly #listeners = new Map<string, Listener>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  listen({ operationId, legId, endSilenceMs }: ListenCommand): void {
    const { audio, tellOperation } = this.#stage;
    // Asked for once more: it begins anew.
    this.stop(operationId);
    const listener = new Listener({
      legId,
      endSilenceMs,
      said: (id) => audio.said(id),
      began: () => tellOperation({ operationId, kind: 'speech-began' }),
      ended: (utterance) => {
        this.stop(operationId);
        void this.#keep(operationId, utterance);
      },
    });
    this.#listeners.set(operationId, listener);
    audio.addTap(listener);
  }

  stop(operationId: string): void {
    const listener = this.#listeners.get(operationId);
    if (!listener) return;
    this.#listeners.delete(operationId);
    this.#stage.audio.removeTap(listener);
    this.#stage.quieter();
  }

  abandon(): void {
    for (const operationId of [...this.#listeners.keys()]) this.stop(operationId);
  }

  async #keep(operationId: string, samples: Int16Array): Promise<void> {
    const { blobs, tellOperation } = this.#stage;
    const utterance = `utterance-${operationId}`;
    try {
      if (!blobs) throw new Error('this media process has nowhere to write to');
      await blobs.put(utterance, bytesOf(samples));
      tellOperation({ operationId, kind: 'utterance', utterance });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      tellOperation({ operationId, kind: 'understood', speech: { fault: 'internal', why } });
    }
  }
}
