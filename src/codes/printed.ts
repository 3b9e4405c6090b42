/** What a row says about its place in the documentation. */

import type { Row } from './row.ts';

/** `calling-end 486/560486, pstn 486/60486`; a dash stands for what the table leaves out. */
export function printedAs(row: Row): string {
  return row.printed.map((line) => line.replace(':', ' ').replace(/\/-$/, '')).join(', ');
}

/** The row's reading; where only the list of subcodes prints it, that its code is our choice. */
export function readingOf(row: Row): string | undefined {
  if (row.reading !== undefined) return row.reading;
  const codeless = row.printed.length > 0 && row.printed.every((line) => line.includes(':-/'));
  return codeless && row.subCode !== 0
    ? `The documentation lists this subcode without a code; the ${row.code} beside it is Ringback's choice.`
    : undefined;
}

/** `waits for the calling SDK`, or the reason it is out of reach. */
export function standingOf(row: Pick<Row, 'standing' | 'why'>): string {
  if (row.standing === 'ruled') return 'ruled: this server sends it';
  if (row.standing === 'elsewhere') return `elsewhere: ${row.why}`;
  return row.standing === 'not yet' ? `not yet: waits for ${row.why}` : `out of reach: ${row.why}`;
}
