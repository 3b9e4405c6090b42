/** Events that no attempt will carry any more, written to files five minutes after the last one. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancel, Clock, Quiet } from '../../app/ports/clock.ts';
import type { Json, Store } from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';

/** Kept in the store until it is written. */
interface Pending {
  readonly directory: string;
  readonly due: Instant;
  /** The file's text. */
  readonly text: string;
}

export interface DeadLettersOptions {
  readonly store: Pick<Store, 'documents' | 'putDocument' | 'attempted'>;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly onTrouble?: (error: unknown) => void;
}

const collection = 'dead-letters';
const delayMs = 5 * 60_000;

export class DeadLetters {
  readonly #options: DeadLettersOptions;
  readonly #waiting = new Map<string, Cancel>();

  constructor(options: DeadLettersOptions) {
    this.#options = options;
  }

  /** Continues what an earlier process left. */
  start(): void {
    for (const { name, value } of this.#options.store.documents(collection)) {
      this.#wait(name, value as unknown as Pending);
    }
  }

  stop(): void {
    for (const cancel of this.#waiting.values()) cancel();
    this.#waiting.clear();
  }

  bury(entryId: string, directory: string, lastAttemptAt: Instant, record: readonly unknown[]): void {
    const text = `${JSON.stringify(record, null, 2)}\n`;
    const pending: Pending = { directory, due: lastAttemptAt + delayMs, text };
    this.#put(entryId, pending as unknown as Json);
    this.#wait(entryId, pending);
  }

  #wait(entryId: string, pending: Pending): void {
    const cancel = this.#options.clock.at(pending.due, `dead letter of ${entryId}`, () => {
      this.#waiting.delete(entryId);
      void this.#write(entryId, pending);
    });
    this.#waiting.set(entryId, cancel);
  }

  async #write(entryId: string, { directory, text }: Pending): Promise<void> {
    const { clock, quiet, store } = this.#options;
    const release = quiet.hold(`dead letter of ${entryId}`);
    const at = clock.now();
    const started = performance.now();
    const durationMs = (): number => Math.round(performance.now() - started);
    try {
      const file = join(directory, `${encodeURIComponent(entryId)}.json`);
      try {
        await mkdir(directory, { recursive: true });
        await writeFile(file, text);
        await store.attempted(
          entryId,
          { at, detail: `The dead letter was written to ${file}.`, durationMs: durationMs() },
          'dead-lettered',
        );
      } catch (error) {
        this.#options.onTrouble?.(error);
        const detail = `The dead letter could not be written to ${directory}. Make it a directory that Ringback may write to.`;
        await store.attempted(entryId, { at, detail, durationMs: durationMs() }, 'given-up');
      }
      await store.putDocument(collection, entryId, undefined);
    } catch (error) {
      this.#options.onTrouble?.(error);
    } finally {
      release();
    }
  }

  #put(entryId: string, value: Json): void {
    this.#options.store
      .putDocument(collection, entryId, value)
      .catch((error: unknown) => this.#options.onTrouble?.(error));
  }
}
