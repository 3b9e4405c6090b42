/** Words that must not stand where they stand. */
import { basename } from 'node:path';
import { isTest, lineOf, type SourceFile, withoutComments } from './source-files.ts';

/** Subcodes are looked up by cause: only tables, rulings, scenarios, tests and documents write one. */
export function subcodeLiterals(file: SourceFile, subcodes: ReadonlySet<string>): readonly string[] {
  if (isTest(file.path) || file.path.startsWith('src/codes/') || basename(file.path) === 'rulings.ts')
    return [];
  const code = withoutComments(file.text);
  return [...code.matchAll(/(?<![\w.])\d{4,6}(?![\w.]|-\d)/g)].flatMap(({ 0: digits, index }) =>
    subcodes.has(digits) ? [`${file.path}:${lineOf(code, index)}: ${digits} is a subcode`] : [],
  );
}

/** Of four digits only those of Call Automation are told from ordinary numbers, from this one on. */
const firstAutomationSubcode = 7500;

export function guardedSubcodes(rows: readonly { readonly subCode?: number }[]): ReadonlySet<string> {
  const all = rows.flatMap(({ subCode }) => (subCode === undefined ? [] : [subCode]));
  return new Set(all.filter((subcode) => subcode >= firstAutomationSubcode).map(String));
}

const vague = /(^|[-.])(utils?|common|helpers?|misc)([-.]|$)|manager/i;

/** Names that would hold anything. */
export function vagueNames({ path }: SourceFile): readonly string[] {
  const found = path.split('/').find((step) => vague.test(step));
  return found ? [`${path}: ${found} says nothing of what it holds`] : [];
}

// In pieces, so that this file does not name what it looks for.
const homes = ['home', 'Users', 'work', 'root', 'farm'].join('|');
const machinePath = new RegExp(`(?<![\\w.~/*-])/(?:${homes})/[\\w.]|\\b[A-Z]:\\\\\\\\?Users\\b`, 'g');

export function machinePaths({ path, text }: SourceFile): readonly string[] {
  return [...text.matchAll(machinePath)].map(
    ({ index }) => `${path}:${lineOf(text, index)}: names a path of somebody's machine`,
  );
}
