/** What of a configuration can change while the server runs. */
import type { Config } from '../config/config.ts';

const changeable = [
  'numbers',
  'numberRanges',
  'trunks',
  'routes',
  'destinations',
] as const satisfies readonly (keyof Config)[];

const isChangeable = (key: string): boolean => (changeable as readonly string[]).includes(key);

/** Regular expressions have no JSON of their own. */
const text = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (inner instanceof RegExp ? inner.source : inner)) ?? '';

export interface Difference {
  /** Keys that differ and can be taken over at once. */
  readonly changed: readonly string[];
  /** Keys that differ and are read at the start only. */
  readonly needRestart: readonly string[];
}

export function difference(running: Config, next: Config): Difference {
  const keys = (Object.keys(next) as (keyof Config)[]).filter(
    (key) => text(running[key]) !== text(next[key]),
  );
  return { changed: keys.filter(isChangeable), needRestart: keys.filter((key) => !isChangeable(key)) };
}
