/** The import statements of a file. */
import { posix } from 'node:path';
import { lineOf, type SourceFile, withoutComments } from './source-files.ts';

export interface Import {
  /** A path relative to the root for our own files, else the name as written. */
  readonly target: string;
  readonly own: boolean;
  readonly typeOnly: boolean;
  readonly line: number;
}

const statement = /^[ \t]*(?:import|export)\b(?<what>[^'";]*?)\bfrom\s*['"](?<named>[^'"\n]+)['"]/gm;
const bare = /^[ \t]*import\s*['"](?<named>[^'"\n]+)['"]/gm;
const dynamic = /\bimport\s*\(\s*['"](?<named>[^'"\n]+)['"]/g;

export function importsOf({ path, text }: SourceFile): readonly Import[] {
  const code = withoutComments(text);
  return [statement, bare, dynamic].flatMap((form) =>
    [...code.matchAll(form)].map(({ groups, index }) => {
      const named = groups?.named ?? '';
      const own = named.startsWith('.');
      return {
        target: own ? posix.join(posix.dirname(path), named) : named,
        own,
        typeOnly: isTypeOnly(groups?.what ?? ''),
        line: lineOf(code, index),
      };
    }),
  );
}

function isTypeOnly(what: string): boolean {
  if (/^\s*type\b/.test(what)) return true;
  const names = /^\s*\{(?<names>[^}]*)\}\s*$/.exec(what)?.groups?.names?.split(',');
  return names?.every((name) => name.trim() === '' || /^\s*type\s/.test(name)) ?? false;
}
