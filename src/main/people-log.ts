/** Log lines for people at a terminal: what began, what ended and why, what went wrong. */
import type { LineWriter, LogLine } from '../edge/records/log-lines.ts';

type Line = LogLine & {
  readonly callId?: string;
  readonly row?: string;
  readonly detail?: string;
  readonly error?: string;
  readonly party?: string;
  readonly direction?: string;
};

const shown: Readonly<Record<string, (line: Line) => string>> = {
  'call-started': ({ callId }) => `call ${callId} starts`,
  'leg-opened': ({ callId, party, direction }) =>
    `call ${callId}: ${direction === 'inbound' ? 'from' : 'to'} ${party?.replace(/^4:/, '')}`,
  'call-ended': ({ callId, row, detail }) => `call ${callId} ended: ${row}${detail ? ` (${detail})` : ''}`,
  'request-refused': ({ row, detail }) => `refused: ${row}${detail ? ` (${detail})` : ''}`,
  trouble: ({ error }) => `trouble: ${error}`,
  bug: ({ error }) => `a defect of Ringback: ${error}`,
};

/** Prints some of the lines, in words. */
export function peopleLog(print: (line: string) => void): LineWriter {
  return {
    wants: (event) => Object.hasOwn(shown, event),
    write: (line) => {
      const words = shown[line.event];
      if (words) print(`${line.time.slice(11, 19)} ${words(line)}`);
    },
  };
}
