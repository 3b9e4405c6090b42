/** What the engine must ask the server process: where to connect to, and what was said. */
import { randomUUID } from 'node:crypto';
import type { Answer, Question, Where, Words } from '../../messages.ts';

type Ask = (questionId: string, question: Question) => void;

/** The server bounds its own work; this is for one that says nothing at all. */
const patienceMs = 60_000;

export class Questions {
  readonly #ask: Ask;
  readonly #patienceMs: number;
  readonly #open = new Map<string, (answer: Answer) => void>();

  /** `ask`: how a question gets to the server process. */
  constructor(ask: Ask, withinMs = patienceMs) {
    this.#ask = ask;
    this.#patienceMs = withinMs;
  }

  where(question: Extract<Question, { about: 'where' }>): Promise<Where> {
    return this.#put(question);
  }

  words(question: Extract<Question, { about: 'words' }>): Promise<Words> {
    return this.#put(question);
  }

  /** Nobody waits for an unknown one any more. */
  answered(questionId: string, answer: Answer): void {
    this.#open.get(questionId)?.(answer);
  }

  /** Nothing more is asked or answered. */
  close(): void {
    for (const settle of this.#open.values()) settle({ fault: 'internal', why: 'the media process ends' });
  }

  #put<A extends Answer>(question: Question): Promise<A> {
    const questionId = randomUUID();
    const { promise, resolve } = Promise.withResolvers<A>();
    const settle = (answer: Answer): void => {
      clearTimeout(timer);
      this.#open.delete(questionId);
      // The server process answers what it is asked (`stream-opener.ts`).
      resolve(answer as A);
    };
    const timer = setTimeout(
      () =>
        settle({
          fault: 'internal',
          why: `the server process did not answer within ${this.#patienceMs / 1000} s`,
        }),
      this.#patienceMs,
    );
    this.#open.set(questionId, settle);
    this.#ask(questionId, question);
    return promise;
  }
}
