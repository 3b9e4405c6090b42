/** What the media process says of recordings, until it has said its last word on each. */
import type { RecordingEvent } from '../../domain/media/recording.ts';

export type LastWord = Extract<RecordingEvent, { now: 'stopped' | 'failed' }>;

interface Spoken {
  last?: LastWord;
  wake?: (word: LastWord) => void;
}

export class LastWords {
  readonly #spoken = new Map<string, Spoken>();

  told(event: RecordingEvent): void {
    // Nobody waits any more for the end of what is forgotten; a failure may be the first word.
    if (event.now === 'stopped' && !this.knows(event.recordingId)) return;
    const spoken = this.#of(event.recordingId);
    if (event.now !== 'stopped' && event.now !== 'failed') return;
    // A recorder that failed stops afterwards, and what it failed of is what matters.
    spoken.last ??= event;
    spoken.wake?.(spoken.last);
  }

  /** Whether a media process of this server has spoken of it at all. */
  knows(recordingId: string): boolean {
    return this.#spoken.has(recordingId);
  }

  /** Undefined: none within `withinMs` of wall time. Rejects when `signal` aborts. */
  async of(recordingId: string, withinMs: number, signal: AbortSignal): Promise<LastWord | undefined> {
    const spoken = this.#of(recordingId);
    if (spoken.last) return spoken.last;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        delete spoken.wake;
      };
      const abort = (): void => {
        end();
        reject(signal.reason);
      };
      const timer = setTimeout(() => {
        end();
        resolve(undefined);
      }, withinMs);
      signal.addEventListener('abort', abort);
      spoken.wake = (word) => {
        end();
        resolve(word);
      };
    });
  }

  forget(recordingId: string): void {
    this.#spoken.delete(recordingId);
  }

  #of(recordingId: string): Spoken {
    const known = this.#spoken.get(recordingId);
    if (known) return known;
    const spoken: Spoken = {};
    this.#spoken.set(recordingId, spoken);
    return spoken;
  }
}
