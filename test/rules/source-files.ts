/** The project's own files, and their code without comments. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');

export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

const notOurs = new Set(['node_modules', 'dist', '.git', '.ringback', 'package-lock.json']);

export function filesUnder(folder: string, ending = ''): readonly SourceFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry): readonly SourceFile[] => {
    if (notOurs.has(entry.name)) return [];
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesUnder(path, ending);
    if (!entry.isFile() || !entry.name.endsWith(ending)) return [];
    return [{ path, text: readFileSync(join(root, path), 'utf8') }];
  });
}

/** Tests and what only they use may reach further than the code beside them. */
export function isTest(path: string): boolean {
  return /\.(test|contract|peer|fixture)\.ts$/.test(path);
}

/** The same text with comments blanked, lines kept. Strings stay. */
export function withoutComments(text: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
  return text.replace(token, (found) => (/^\/[/*]/.test(found) ? found.replace(/[^\n]/g, ' ') : found));
}

export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
