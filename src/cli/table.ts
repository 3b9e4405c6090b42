/** Aligned columns, at most 110 wide: what is too long is cut in the last column, which holds the longest text. */
export const columns = 110;

export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((cells) => width(cells[column] ?? ''))));
  return all
    .map((cells) => cut(heads.map((_, column) => pad(cells[column] ?? '', widths[column] ?? 0)).join('  ')))
    .join('\n');
}

const width = (text: string): number => [...text].length;
const pad = (text: string, to: number): string => text + ' '.repeat(Math.max(0, to - width(text)));

/** One line that fits the page. */
export function cut(line: string): string {
  const characters = [...line.trimEnd()];
  return characters.length > columns ? `${characters.slice(0, columns - 1).join('')}…` : characters.join('');
}

/** Text for `wrap`, with words that are longer than a line (an id, a URL) broken where a line ends. */
export const breakable = (text: string, room: number): string =>
  text.replace(/\S+/g, (word) => {
    const characters = [...word];
    const count = Math.ceil(characters.length / room);
    return Array.from({ length: count }, (_, i) => characters.slice(i * room, (i + 1) * room).join('')).join(
      ' ',
    );
  });

/** `2026-01-15 10:00:00` in UTC, as every time that Ringback prints. */
export const clockTime = (iso: string | number): string =>
  new Date(iso).toISOString().slice(0, 19).replace('T', ' ');

export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

export const asJson = (value: unknown): string => JSON.stringify(value, null, 2);
