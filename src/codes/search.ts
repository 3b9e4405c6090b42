/** Listing a part of the catalogue. */

import { type ListedRow, listedRows } from './catalogue.ts';
import type { Surface } from './row.ts';

/** The surfaces, in the order they are read. */
export const surfaces = ['client', 'call', 'automation', 'chat', 'sms'] as const satisfies readonly Surface[];

/** The tables of the documentation; `chat` and `sms` are surfaces of the same name. */
export const documentedTables = [
  'calling-client',
  'calling-end',
  'call-automation',
  'generic-status',
  'generic-subcode',
  'pstn',
] as const;

/** A surface, or a table of the documentation. */
export type Table = (typeof surfaces)[number] | (typeof documentedTables)[number];

export const tables: readonly Table[] = [...surfaces, ...documentedTables];

export function isTable(text: string): text is Table {
  return (tables as readonly string[]).includes(text);
}

export interface Search {
  readonly table?: Table;
  /** Words that must all occur in the row, in any order and any case. */
  readonly words?: string;
}

/** Rows that stand in the table and have all the words; rows whose name has them come first. */
export function search({ table, words = '' }: Search): readonly ListedRow[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const has = (text: string) => wanted.every((word) => text.includes(word));
  const rows = listedRows.filter((row) => (table === undefined || isIn(row, table)) && has(textOf(row)));
  if (wanted.length === 0) return rows;
  const byName = (row: ListedRow) => has(row.name.toLowerCase());
  return [...rows.filter(byName), ...rows.filter((row) => !byName(row))];
}

function isIn(row: ListedRow, table: Table): boolean {
  return row.surface === table || row.printed.some((line) => line.startsWith(`${table}:`));
}

function textOf(row: ListedRow): string {
  const { id, category, name, meaning, advice, printed, reading, source, standing, why } = row;
  return [id, category, name, meaning, advice, ...printed, reading, source, standing, why]
    .filter((part) => part !== undefined)
    .join(' ')
    .toLowerCase();
}
