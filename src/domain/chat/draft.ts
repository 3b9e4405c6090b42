import type { Instant } from '../ids/instant.ts';
import { evolve } from './evolve.ts';
import type { Fact, NewFact } from './facts.ts';
import type { Message, MessageContent } from './message.ts';
import { nextStamp, type OpenThread, type Thread } from './thread.ts';

/** A decision being made: facts added so far and the thread as they leave it. Lives for one `decide`. */
export class Draft {
  readonly at: Instant;
  readonly facts: Fact[] = [];
  #thread: Thread | undefined;

  constructor(thread: Thread | undefined, at: Instant) {
    this.#thread = thread;
    this.at = at;
  }

  get thread(): OpenThread {
    if (this.#thread?.phase !== 'open') throw new Error('decide: the thread is not open');
    return this.#thread;
  }

  /** For the next version or message id. */
  get stamp(): number {
    return nextStamp(this.thread, this.at);
  }

  add(body: NewFact): void {
    const fact: Fact = { ...body, at: this.at };
    this.facts.push(fact);
    this.#thread = evolve(this.#thread, fact);
  }

  /** Adds a message and gives its id. */
  say(
    content: MessageContent,
    more: Partial<Pick<Message, 'sender' | 'senderDisplayName' | 'metadata'>> = {},
  ): number {
    const id = this.stamp;
    const sequence = this.thread.sequence + 1;
    this.add({
      fact: 'message-sent',
      message: { id, sequence, version: id, content, createdAt: this.at, ...more },
    });
    return id;
  }
}
