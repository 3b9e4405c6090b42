/**
 * Breaks text into lines of at most `width` columns; every line but the first starts with `indent`.
 * What stands between backticks stays on one line.
 */
export function wrap(text: string, { width = 100, indent = '' } = {}): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.match(/(?:`[^`]*`|[^\s`])+/g) ?? []) {
    const longer = line === '' ? word : `${line} ${word}`;
    const room = lines.length === 0 ? width : width - indent.length;
    if (line !== '' && longer.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines.join(`\n${indent}`);
}
