import type { Outcome } from '../../domain/call/outcome.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

/** Writes one line; the stream is the composition root's choice. */
export type LineWriter = (line: string) => void;

/** The level of an outcome comes from its row: only what is our fault is an error. */
export function levelOf({ category, code }: Pick<Outcome, 'category' | 'code'>): Level {
  switch (category) {
    case 'Success':
    case 'ExpectedError':
      return 'info';
    case 'UnexpectedClientError':
      return 'warn';
    case 'UnexpectedServerError':
      return 'error';
    default:
      return code >= 500 && code < 600 ? 'error' : 'info';
  }
}

/** JSON lines: `time`, `level`, `event`, then what the event carries. */
export class LogLines {
  readonly #write: LineWriter | undefined;

  constructor(write?: LineWriter) {
    this.#write = write;
  }

  /** Whether anybody reads them: a line that nobody reads need not be made. */
  get wanted(): boolean {
    return this.#write !== undefined;
  }

  line(level: Level, event: string, values: Readonly<Record<string, unknown>>): void {
    this.#write?.(JSON.stringify({ time: new Date().toISOString(), level, event, ...values }));
  }
}
