/** What of a configuration can change while the server runs. */
import type { Reloaded } from '../app/ports/administration.ts';
import type { Config } from '../config/config.ts';

const changeable = [
  'numbers',
  'numberRanges',
  'trunks',
  'routes',
  'sipRouting',
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

export interface ReloadingParts {
  /** The configuration as it stands now, what is wrong with it, or undefined where there is none to read. */
  readonly readAgain: () => Config | string | undefined;
  readonly current: () => Config;
  /** Takes it over; `changed`: the keys that differ. */
  readonly use: (next: Config, changed: readonly string[]) => Promise<void>;
}

/** Takes over what may change while the server runs; anything else refuses the whole. */
export function reloading({ readAgain, current, use }: ReloadingParts): () => Promise<Reloaded> {
  return async () => {
    const next = readAgain();
    if (next === undefined)
      return { refused: 'this server was started by a program and has no configuration to read again' };
    if (typeof next === 'string') return { refused: next };
    const { changed, needRestart } = difference(current(), next);
    if (needRestart.length > 0)
      return { refused: `${needRestart.join(', ')} changed: read at the start only, so restart` };
    await use(next, changed);
    return { changed };
  };
}
