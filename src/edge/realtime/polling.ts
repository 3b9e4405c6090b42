/** A device that polls, because no websocket gets through to it. */
import type { Polled } from '../../app/ports/realtime.ts';
import { connectFrame, encodePayload, noopFrame } from '../../wire/realtime/frames.ts';
import type { Link } from './session.ts';

/** Wall time within which the next poll follows the answer of the last. */
const nextPollMs = 30_000;

export class PollLink implements Link {
  readonly #gone: (why: string) => void;
  #frames: string[] = [connectFrame];
  #answer: ((polled: Polled) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(gone: (why: string) => void) {
    this.#gone = gone;
  }

  send(frame: string): void {
    this.#frames.push(frame);
    // What is said in one turn goes out in one answer.
    if (this.#frames.length === 1 && this.#answer) queueMicrotask(() => this.#reply());
  }

  close(words: string, frame?: string): void {
    if (frame !== undefined) this.#frames.push(frame);
    this.#closed = true;
    if (this.#answer) this.#reply();
    else this.#wait(words);
  }

  poll(waitMs: number): Promise<Polled> {
    this.#answer?.({ frames: noopFrame });
    clearTimeout(this.#timer);
    return new Promise((resolve) => {
      this.#answer = resolve;
      if (this.#frames.length > 0) {
        this.#reply();
        return;
      }
      this.#timer = setTimeout(() => {
        this.#frames.push(noopFrame);
        this.#reply();
      }, waitMs);
    });
  }

  #reply(): void {
    const answer = this.#answer;
    if (!answer || this.#frames.length === 0) return;
    this.#answer = undefined;
    clearTimeout(this.#timer);
    answer({ frames: encodePayload(this.#frames) });
    this.#frames = [];
    if (this.#closed) this.#gone('the connection was closed');
    else this.#wait('the device stopped polling');
  }

  #wait(why: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#gone(why), nextPollMs).unref();
  }
}
