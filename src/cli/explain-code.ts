/** `ringback explain` for codes, subcodes and row ids. */

import { type ListedRow, reproduceCommand } from '../codes/catalogue.ts';
import { families } from '../codes/families.ts';
import type { Lookup } from '../codes/lookup.ts';
import { printedAs, readingOf, standingOf } from '../codes/printed.ts';
import type { Row } from '../codes/row.ts';
import { jsonRow } from './codes.ts';
import { wrap } from './wrap.ts';

/** What the command prints, without the last line break. */
export function renderLookup(lookup: Lookup, { json = false }: { readonly json?: boolean } = {}): string {
  return json ? JSON.stringify(asJson(lookup), null, 2) : asText(lookup);
}

function asJson(lookup: Lookup): unknown {
  const { query } = lookup;
  switch (lookup.kind) {
    case 'rows': {
      const note = lookup.note === undefined ? {} : { note: lookup.note };
      return { query, ...note, rows: lookup.rows.map(jsonRow), others: lookup.others.map((row) => row.id) };
    }
    case 'family': {
      const note = lookup.note === undefined ? {} : { note: lookup.note };
      const member = lookup.member && { id: lookup.member.id, ...lookup.member.row, reproduce: null };
      return {
        query,
        ...note,
        family: families[lookup.prefix],
        ...(member ? { rows: [member] } : { rows: [] }),
      };
    }
    case 'unknown': {
      const looksLike = lookup.looksLike === undefined ? {} : { looksLike: lookup.looksLike };
      return { query, rows: [], ...looksLike, near: lookup.near.map((row) => row.id) };
    }
  }
}

function asText(lookup: Lookup): string {
  switch (lookup.kind) {
    case 'rows':
      return paragraphs([
        lookup.note && wrap(lookup.note),
        ...lookup.rows.map((row) => describe(row.id, row, reproduceCommand(row))),
        lookup.others.length > 0 && alsoMeant(lookup.others),
      ]);
    case 'family': {
      const { member, note } = lookup;
      const family = families[lookup.prefix];
      return paragraphs([
        note && wrap(note),
        member
          ? describe(member.id, member.row, null)
          : [
              `${family.id}  ${family.name}`,
              field(family.meaning),
              field(family.advice, 'What to do'),
              field(standingOf(family), 'Standing'),
            ].join('\n'),
      ]);
    }
    case 'unknown':
      return paragraphs([
        wrap(
          lookup.looksLike === undefined
            ? `No documented code is ${lookup.query}.`
            : `${lookup.query} is not documented. It looks like ${lookup.looksLike}.`,
        ),
        lookup.near.length > 0 && `Nearest:\n${list(lookup.near)}`,
        wrap('`ringback codes --search WORDS` searches the catalogue.'),
      ]);
  }
}

function describe(id: string, row: Row, reproduce: string | null): string {
  const reading = readingOf(row);
  return [
    `${id}  ${row.name}`,
    field(row.meaning),
    field(row.advice, 'What to do'),
    reading !== undefined && field(reading, 'Reading'),
    row.category !== undefined && field(row.category, 'Category'),
    row.printed.length > 0 && field(printedAs(row), 'Printed as'),
    row.source !== undefined && field(row.source, 'Source'),
    field(standingOf(row), 'Standing'),
    reproduce !== null && field(reproduce, 'See it'),
  ]
    .filter((line) => line !== false)
    .join('\n');
}

/** A wrapped field, indented; with a label in a column of its own. */
function field(text: string, label?: string): string {
  const left = label === undefined ? '  ' : `  ${`${label}:`.padEnd(12)}`;
  return left + wrap(text, { width: 100 - left.length }).replaceAll('\n', `\n${' '.repeat(left.length)}`);
}

function alsoMeant(others: readonly ListedRow[]): string {
  const count = others.length === 1 ? 'One more row' : `${others.length} more rows`;
  return `${count} to explain by id:\n${list(others)}`;
}

function list(rows: readonly ListedRow[]): string {
  const width = Math.max(...rows.map((row) => row.id.length));
  return rows.map((row) => `  ${row.id.padEnd(width)}  ${row.name}`).join('\n');
}

function paragraphs(parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part !== false && part !== undefined).join('\n\n');
}
