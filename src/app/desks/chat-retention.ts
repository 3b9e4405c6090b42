/** Ends threads whose retention policy says so, and forgets the messages of threads that are deleted. */
import type { ChatStore } from '../ports/chat-store.ts';
import type { Cancel, Clock } from '../ports/clock.ts';
import type { ChatDesk } from './chat-desk.ts';

export interface RetentionParts {
  readonly desk: ChatDesk;
  readonly chat: Pick<ChatStore, 'nextPurges' | 'toEmpty' | 'empty'>;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

/** Threads ended in one turn. */
const atOnce = 100;
const retryMs = 60_000;

export class RetentionWatch {
  readonly #parts: RetentionParts;
  #wake: Cancel | undefined;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  start(): void {
    for (const threadId of this.#parts.chat.toEmpty()) this.deleted(threadId);
    this.look();
  }

  /** Waits for the first thread that is due; called again whenever there may be an earlier one. */
  look(): void {
    this.#wake?.();
    this.#wake = undefined;
    try {
      const [first] = this.#parts.chat.nextPurges(1);
      if (first) this.#at(first.purgeAt);
    } catch (error) {
      this.#parts.onTrouble(error);
      this.#at(this.#parts.clock.now() + retryMs);
    }
  }

  /** Nobody can read them any more: they go in the background, and at the next start if that is sooner. */
  deleted(threadId: string): void {
    const goOn = async (): Promise<void> => {
      while (await this.#parts.chat.empty(threadId));
    };
    goOn().catch(this.#parts.onTrouble);
  }

  #at(due: number): void {
    this.#wake = this.#parts.clock.at(due, 'chat retention', () => {
      this.#end().catch((error: unknown) => {
        this.#parts.onTrouble(error);
        this.#at(this.#parts.clock.now() + retryMs);
      });
    });
  }

  async #end(): Promise<void> {
    const { chat, clock, desk } = this.#parts;
    const due = chat.nextPurges(atOnce).filter(({ purgeAt }) => purgeAt <= clock.now());
    const accepted = due.map(({ threadId }) => desk.accept(threadId, { input: 'tick' }));
    await Promise.all(accepted.map((one) => ('stored' in one ? one.stored : undefined)));
    for (const { threadId } of due) this.deleted(threadId);
    this.look();
  }
}
