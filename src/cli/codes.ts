/** `ringback codes`: the catalogue, or a part of it. */

import { type ListedRow, reproduceCommand } from '../codes/catalogue.ts';
import { readingOf } from '../codes/printed.ts';
import type { Row } from '../codes/row.ts';
import { search, type Table } from '../codes/search.ts';
import { wrap } from './wrap.ts';

export interface CodesOptions {
  /** Check user input with `isTable` first. */
  readonly table?: Table;
  readonly search?: string;
  readonly json?: boolean;
}

/** What the command prints, without the last line break. */
export function renderCodes(options: CodesOptions): string {
  const found = search({
    ...(options.table === undefined ? {} : { table: options.table }),
    ...(options.search === undefined ? {} : { words: options.search }),
  });
  return options.json ? JSON.stringify(found.map(jsonRow), null, 2) : asText(found);
}

/** A row as `--json` prints it: `subCode` and `category` are null where the row has none. */
export function jsonRow(row: ListedRow) {
  const { id, surface, code, subCode, category, name, meaning, advice, printed, source, standing, why } = row;
  const reading = readingOf(row);
  return {
    id,
    surface,
    code,
    subCode: subCode ?? null,
    category: category ?? null,
    name,
    meaning,
    advice,
    printed,
    ...(reading === undefined ? {} : { reading }),
    ...(source === undefined ? {} : { source }),
    standing,
    ...(why === undefined ? {} : { why }),
    reproduce: reproduceCommand(row),
  };
}

function asText(found: readonly ListedRow[]): string {
  if (found.length === 0)
    return 'No row matches. Fewer words find more; `ringback explain CODE` takes a code.';
  const columns = [
    ['ROW', ...found.map((row) => row.id)],
    ['CATEGORY', ...found.map((row) => row.category ?? '-')],
    ['STANDING', ...found.map((row) => row.standing)],
  ].map((cells) => {
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => cell.padEnd(width));
  });
  const names = ['NAME', ...found.map((row) => row.name)];
  const lines = names.map((name, index) => {
    const left = `${columns.map((cells) => cells[index]).join('  ')}  `;
    return left + wrap(name, { width: 100 - left.length }).replaceAll('\n', `\n${' '.repeat(left.length)}`);
  });
  return [...lines, '', tally(found)].join('\n');
}

/** `3 rows: 2 ruled, 1 not yet`. */
function tally(found: readonly ListedRow[]): string {
  const standings: readonly Row['standing'][] = ['ruled', 'elsewhere', 'not yet', 'out of reach'];
  const counts = standings
    .map((standing) => ({ standing, count: found.filter((row) => row.standing === standing).length }))
    .filter(({ count }) => count > 0)
    .map(({ standing, count }) => `${count} ${standing}`);
  return `${found.length} ${found.length === 1 ? 'row' : 'rows'}: ${counts.join(', ')}`;
}
