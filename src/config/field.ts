/** Small strict readers: what a key may hold, what to say when it does not, and its default where it has one. */
import type { Problem } from './config.ts';
import type { Located, LocatedMap, Origin } from './located.ts';
import { nearest } from './nearest.ts';

export type Read<T> = { readonly value: T } | undefined;

export interface Reporter {
  add(problem: Problem): void;
  /** All keys there are, for suggestions. */
  readonly knownKeys: readonly string[];
}

export interface Field<T> {
  /** Completes "expected …". */
  readonly expected: string;
  readonly example: string;
  /** Undefined after a problem was reported. */
  read(found: Located, key: string, report: Reporter): Read<T>;
  /** Fields below, by key. */
  readonly keys?: Shape;
  readonly item?: Field<unknown>;
}

export interface Entry<T> {
  readonly field: Field<T>;
  /** Absent: the key is required. */
  readonly otherwise?: { readonly value: T };
}

export type Shape = Readonly<Record<string, Entry<unknown>>>;
export type Values<S extends Shape> = { readonly [K in keyof S]: S[K] extends Entry<infer T> ? T : never };

export function required<T>(field: Field<T>): Entry<T> {
  return { field };
}

export function optional<T>(field: Field<T>): Entry<T | undefined> {
  return { field, otherwise: { value: undefined } };
}

export function standard<T>(field: Field<T>, value: NoInfer<T>): Entry<T> {
  return { field, otherwise: { value } };
}

interface ScalarOptions<T> {
  readonly expected: string;
  readonly example: string;
  /** Undefined: not that. */
  readonly parse: (text: string, origin: Origin) => T | undefined;
  /** Never shown in a problem. */
  readonly secret?: boolean;
  /** What to do, where an example does not say it. */
  readonly fix?: string;
}

export function scalar<T>({ expected, example, parse, secret = false, fix }: ScalarOptions<T>): Field<T> {
  const read = (found: Located, key: string, report: Reporter): Read<T> => {
    const value = found.kind === 'scalar' ? parse(found.text, found.origin) : undefined;
    if (value !== undefined) return { value };
    const problem = wrong(found, key, { expected, example }, secret);
    report.add(fix ? { ...problem, fix } : problem);
    return undefined;
  };
  return { expected, example, read };
}

/** The same field with its value turned into another. */
export function turned<A, B>(field: Field<A>, turn: (value: A) => B): Field<B> {
  const read = (found: Located, key: string, report: Reporter): Read<B> => {
    const result = field.read(found, key, report);
    return result && { value: turn(result.value) };
  };
  return { expected: field.expected, example: field.example, read };
}

/** The field, or a word in its place. */
export function orWord<const W extends string, T>(word: W, field: Field<T>): Field<T | W> {
  const expected = `${word}, or ${field.expected}`;
  const read = (found: Located, key: string, report: Reporter): Read<T | W> => {
    if (found.kind === 'scalar' && found.text === word) return { value: word };
    if (found.kind === 'map' || found.kind === 'list') return field.read(found, key, report);
    report.add(wrong(found, key, { expected, example: word }));
    return undefined;
  };
  return { ...field, expected, example: word, read };
}

export function oneOf<const T extends string>(...choices: readonly [T, ...T[]]): Field<T> {
  const expected =
    choices.length === 1 ? choices[0] : `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`;
  return scalar({
    expected,
    example: choices[0],
    parse: (text) => choices.find((choice) => choice === text),
  });
}

export function list<T>(
  item: Field<T>,
  {
    from = 0,
    to = Number.POSITIVE_INFINITY,
    what,
  }: { readonly from?: number; readonly to?: number; readonly what: string },
): Field<readonly T[]> {
  const count =
    to === Number.POSITIVE_INFINITY
      ? from === 0
        ? ''
        : `at least ${from} `
      : from === to
        ? `${from} `
        : `${from} to ${to} `;
  const expected = `a list of ${count}${what}`;
  const example = `[${item.example}${from > 1 ? `, ${item.example}` : ''}]`;
  const read = (found: Located, key: string, report: Reporter): Read<readonly T[]> => {
    if (found.kind !== 'list' || found.items.length < from || found.items.length > to) {
      report.add(wrong(found, key, { expected, example }));
      return undefined;
    }
    const values = found.items.map((each, i) => item.read(each, `${key}[${i}]`, report));
    return { value: values.flatMap((each) => (each ? [each.value] : [])) };
  };
  return { expected, example, read, item };
}

export function map<const S extends Shape>(keys: S): Field<Values<S>> {
  const names = Object.keys(keys);
  const expected = `a map with the keys ${names.join(', ')}`;
  const example = `{ ${names[0]}: … }`;
  const read = (found: Located, key: string, report: Reporter): Read<Values<S>> => {
    if (found.kind !== 'map') {
      report.add(wrong(found, key, { expected, example }));
      return undefined;
    }
    const below = (name: string) => (key === '' ? name : `${key}.${name}`);
    for (const [name, entry] of found.entries) {
      if (!(name in keys)) report.add(unknown(below(name), name, entry.origin, names, report.knownKeys));
    }
    const values = names.map(
      (name) => [name, readEntry(keys[name] as Entry<unknown>, found, name, below(name), report)] as const,
    );
    if (values.some(([, value]) => value === undefined)) return undefined;
    const read = values.map(([name, value]) => [name, value?.value] as const);
    return { value: Object.fromEntries(read) as Values<S> };
  };
  return { expected, example, read, keys };
}

/** A map whose absence means all its defaults. */
export function section<const S extends Shape>(keys: S): Entry<Values<S>> {
  const field = map(keys);
  const defaults = Object.entries(keys).map(([name, { otherwise }]) => [name, otherwise?.value] as const);
  return { field, otherwise: { value: Object.fromEntries(defaults) as Values<S> } };
}

function readEntry(
  entry: Entry<unknown>,
  found: LocatedMap,
  name: string,
  key: string,
  report: Reporter,
): Read<unknown> {
  const given = found.entries.get(name);
  if (given) return entry.field.read(given.value, key, report) ?? entry.otherwise;
  if (entry.otherwise) return entry.otherwise;
  const { expected, example } = entry.field;
  report.add({
    kind: 'missing',
    key,
    ...placeOf(found.origin),
    found: 'nothing',
    expected,
    fix: `Add ${name}: ${example}, say.`,
  });
  return undefined;
}

export function placeOf({ where, line }: Origin): Pick<Problem, 'where' | 'line'> {
  return { where, ...(line === undefined ? {} : { line }) };
}

function wrong(
  found: Located,
  key: string,
  { expected, example }: Pick<Field<unknown>, 'expected' | 'example'>,
  secret = false,
): Problem {
  const name = key.replace(/^.*\./, '').replace(/\[\d+\]$/, '');
  const fixes = {
    file: key.endsWith(']') ? `Write an item like ${example}.` : `Write ${name}: ${example}, say.`,
    environment: `Set ${found.origin.where}=${example}, say.`,
    flags: `Write ${found.origin.where} ${example}, say.`,
  };
  return {
    kind: 'value',
    key,
    ...placeOf(found.origin),
    found: shown(found, secret),
    expected,
    fix: fixes[found.origin.layer],
  };
}

function unknown(
  key: string,
  name: string,
  origin: Origin,
  siblings: readonly string[],
  knownKeys: readonly string[],
): Problem {
  const near = nearest(name, siblings) ?? nearest(name, knownKeys, (known) => known.replace(/^.*[.\]]/, ''));
  return {
    kind: 'unknown',
    key,
    ...placeOf(origin),
    found: `the unknown key ${name}`,
    expected: near ?? `one of ${siblings.join(', ')}`,
    fix: near ? `Did you mean ${near}?` : `Take ${name} out.`,
  };
}

function shown(found: Located, secret: boolean): string {
  if (found.kind === 'list') return `a list of ${found.items.length}`;
  if (found.kind === 'map') return 'a map';
  if (found.kind === 'empty') return 'nothing';
  // Secrets never reach a log.
  if (secret) return `a text of ${found.text.length} characters`;
  return JSON.stringify(found.text.length > 60 ? `${found.text.slice(0, 60)}…` : found.text);
}
