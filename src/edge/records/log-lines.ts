import type { Outcome } from '../../domain/call/outcome.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  readonly level: Level;
  readonly event: string;
  readonly [value: string]: unknown;
}

/** Where lines go; the composition root's choice. */
export interface LineWriter {
  write(line: LogLine): void;
  /** Absent: all of them. A line that nobody reads is not made: at load that is most of them. */
  wants?(event: string): boolean;
}

/** Each line as JSON. */
export const jsonLines = (print: (text: string) => void): LineWriter => ({
  write: (line) => print(JSON.stringify(line)),
});

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

/** Lines of `time`, `level`, `event`, then what the event carries. */
export class LogLines {
  readonly #writer: LineWriter | undefined;

  constructor(writer?: LineWriter) {
    this.#writer = writer;
  }

  wants(event: string): boolean {
    return this.#writer !== undefined && this.#writer.wants?.(event) !== false;
  }

  line(level: Level, event: string, values: Readonly<Record<string, unknown>>): void {
    if (this.wants(event)) this.#writer?.write({ time: new Date().toISOString(), level, event, ...values });
  }
}
