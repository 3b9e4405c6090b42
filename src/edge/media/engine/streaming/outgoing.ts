/** What waits to be written to a websocket: audio only for as long as it is of use. */
import type { WebSocket } from 'ws';

interface Waiting {
  readonly text: string;
  /** When it came, in wall milliseconds; undefined: to be kept whatever happens. */
  readonly since: number | undefined;
}

/** Bytes that the socket may hold: some 0.3 s of a mixed stream. The rest waits here, where it can still be dropped. */
const window = 16 * 1024;

export class Outgoing {
  readonly #socket: WebSocket;
  readonly #staleMs: number;
  #waiting: Waiting[] = [];
  #dropped = 0;

  constructor(socket: WebSocket, staleMs: number) {
    this.#socket = socket;
    this.#staleMs = staleMs;
  }

  /** Frames of audio that were never written. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Dropped, oldest first, where the other side is too slow. */
  audio(text: string): void {
    const now = performance.now();
    this.#waiting.push({ text, since: now });
    this.#pump();
    if (this.#waiting.length > 0) this.#forget(now - this.#staleMs);
  }

  /** Written in its turn. */
  whole(text: string): void {
    this.#waiting.push({ text, since: undefined });
    this.#pump();
  }

  /** Nothing more leaves. */
  stop(): void {
    this.#waiting = [];
  }

  #forget(before: number): void {
    const kept = this.#waiting.filter(({ since }) => since === undefined || since >= before);
    this.#dropped += this.#waiting.length - kept.length;
    this.#waiting = kept;
  }

  readonly #pump = (): void => {
    while (this.#waiting.length > 0 && this.#socket.bufferedAmount < window) {
      const next = this.#waiting.shift();
      // That it could not be written is told by the socket's closing.
      if (next) this.#socket.send(next.text, this.#pump);
    }
  };
}
