/** A call's timeline as text, on one time axis. */
import type { Timeline, TimelineEntry } from '../app/explain/timeline.ts';
import { breakable, clockTime, columns } from './table.ts';
import { wrap } from './wrap.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

/** Who sends to whom, seen from the server: `-> carrier +1…` goes out, `<- carrier +1…` comes in. */
function parties({ from, to }: TimelineEntry): string {
  if (from === to) return '';
  if (from === 'ringback') return `-> ${to}`;
  return to === 'ringback' ? `<- ${from}` : `${from} -> ${to}`;
}

const heading = ({ callId, startedAt, endedAt }: Timeline): string => {
  const length =
    endedAt === undefined ? 'alive' : `ended after ${seconds(Date.parse(endedAt) - Date.parse(startedAt))} s`;
  return `Call ${callId}, started ${clockTime(startedAt)} UTC, ${length}`;
};

export function renderLadder(timeline: Timeline): string {
  const { entries } = timeline;
  const times = entries.map(({ offsetMs }) => seconds(offsetMs));
  const deltas = entries.map(({ offsetMs }, index) => {
    const before = entries[index - 1]?.offsetMs;
    return before === undefined || before === offsetMs ? '' : `+${seconds(offsetMs - before)}`;
  });
  const who = entries.map(parties);
  const width = (head: string, cells: readonly string[]): number =>
    Math.max(head.length, ...cells.map((cell) => cell.length));
  const [timeWidth, deltaWidth] = [width('TIME', times), width('DELTA', deltas)];
  // A long name must not leave the text without room.
  const whoWidth = Math.min(width('BETWEEN', who), 34);
  const left = (time: string, delta: string, between: string): string =>
    `  ${time.padStart(timeWidth)}  ${delta.padStart(deltaWidth)}  ${between.padEnd(whoWidth)}  `;
  const room = columns - left('', '', '').length;
  const lines = entries.map(({ text }, index) => {
    const name = who[index] ?? '';
    const between = name.length > whoWidth ? `${name.slice(0, whoWidth - 1)}…` : name;
    const start = left(times[index] ?? '', deltas[index] ?? '', between);
    return (
      start + wrap(breakable(text, room), { width: room }).replaceAll('\n', `\n${' '.repeat(start.length)}`)
    );
  });
  return [heading(timeline), '', left('TIME', 'DELTA', 'BETWEEN').trimEnd(), ...lines].join('\n');
}
