/** Every row under its id, and the ways to name one. */

import { automation } from './automation.ts';
import { call } from './call.ts';
import { chat } from './chat.ts';
import { client } from './client.ts';
import type { Row } from './row.ts';
import { sms } from './sms.ts';

export const rows = { ...client, ...call, ...automation, ...chat, ...sms };

type Rows = typeof rows;

/** `surface/code` or `surface/code/subCode`. */
export type RowId = keyof Rows;

type WithStanding<S extends Row['standing']> = {
  [Id in RowId]: Rows[Id]['standing'] extends S ? Id : never;
}[RowId];

/** Rows the server sends: each has a ruling and a scenario. */
export type RuledRow = WithStanding<'ruled'>;
/** Rows a client SDK computes: each has a scenario. */
export type ElsewhereRow = WithStanding<'elsewhere'>;
/** Rows that can be brought about today. */
export type LiveRow = RuledRow | ElsewhereRow;

/** A row together with its id. */
export type ListedRow = Row & { readonly id: RowId };

/** In the order of the files, which is the order to read them in. */
export const listedRows: readonly ListedRow[] = Object.entries<Row>(rows).map(([id, row]) => ({
  id: id as RowId,
  ...row,
}));

const byName: ReadonlyMap<string, ListedRow> = new Map([
  ...listedRows.flatMap((row) => row.printed.map((line) => [line, row] as const)),
  ...listedRows.map((row) => [row.id, row] as const),
]);

/** The row with this id, or the one that stands for this line of the documented tables, such as `pstn:486/60486`. */
export function rowById(id: RowId): ListedRow;
export function rowById(id: string): ListedRow | undefined;
export function rowById(id: string): ListedRow | undefined {
  return byName.get(id);
}

/** Whether it can be brought about today. */
export function isLive(row: Row): boolean {
  return row.standing === 'ruled' || row.standing === 'elsewhere';
}

/** The command that brings a row about, or null where nothing does yet. */
export function reproduceCommand(row: ListedRow): string | null {
  return isLive(row) ? `ringback reproduce ${row.id}` : null;
}
