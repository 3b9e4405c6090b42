/** Variables of the environment and flags as values of the same tree as the file. */
import type { Problem } from './config.ts';
import type { Field, Shape } from './field.ts';
import { type Layer, type Located, type LocatedMap, overlay, readYaml } from './located.ts';
import { nearest } from './nearest.ts';

/** Variables that the command line reads and the server does not. */
const othersVariables = ['RINGBACK_CONFIG', 'RINGBACK_CONNECTION_STRING'];

interface Setting {
  readonly path: readonly string[];
  readonly field: Field<unknown>;
}

/** `media.setupLimit` under MEDIA_SETUP_LIMIT. */
function settings(shape: Shape, path: readonly string[] = []): ReadonlyMap<string, Setting> {
  const all = Object.entries(shape).flatMap(([key, { field }]): (readonly [string, Setting])[] => {
    const below = [...path, key];
    const own = [below.map(snake).join('_'), { path: below, field }] as const;
    return field.keys ? [...settings(field.keys, below)] : [own];
  });
  return new Map(all);
}

function snake(key: string): string {
  return key.replace(/(?<=[a-z\d])(?=[A-Z])/g, '_').toUpperCase();
}

export type Flags = Readonly<Record<string, string | boolean | number | undefined>>;

export function layer(
  file: LocatedMap,
  shape: Shape,
  env: Readonly<Record<string, string | undefined>>,
  flags: Flags,
): { readonly root: LocatedMap; readonly problems: readonly Problem[] } {
  const known = settings(shape);
  const problems: Problem[] = [];
  let root = file;

  const set = (id: string, text: string, where: string, from: Layer, spelt: (id: string) => string): void => {
    const setting = known.get(id);
    if (!setting) {
      const near = nearest(id, [...known.keys()]);
      problems.push({
        kind: 'unknown',
        key: where,
        where,
        found: `${where}, which sets nothing`,
        expected: from === 'environment' ? 'the name of a key, such as RINGBACK_HTTPS_PORT' : 'a known flag',
        fix: near ? `Did you mean ${spelt(near)}?` : `Take ${where} out.`,
      });
      return;
    }
    const { value, problems: wrong } = located(setting.field, text, from, where);
    problems.push(...wrong.map((problem) => ({ ...problem, key: setting.path.join('.') })));
    root = overlay(root, setting.path, value);
  };

  for (const [variable, text] of Object.entries(env)) {
    // An empty variable is how many tools say "not set".
    if (!variable.startsWith('RINGBACK_') || othersVariables.includes(variable) || !text) continue;
    set(variable.slice('RINGBACK_'.length), text, variable, 'environment', (id) => `RINGBACK_${id}`);
  }
  for (const [flag, value] of Object.entries(flags)) {
    if (value === undefined) continue;
    const id = snake(flag).replaceAll(/[-.]/g, '_');
    const kebab = (name: string) => `--${name.toLowerCase().replaceAll('_', '-')}`;
    set(id, String(value), kebab(id), 'flags', kebab);
  }
  return { root, problems };
}

/** Lists of plain values may be written with commas, everything longer as YAML. */
function located(
  field: Field<unknown>,
  text: string,
  from: Layer,
  where: string,
): { readonly value: Located; readonly problems: readonly Problem[] } {
  const origin = { layer: from, where };
  if (!field.item) return { value: { kind: 'scalar', origin, text }, problems: [] };
  const plainItems = !field.item.keys && !field.item.item;
  if (plainItems && !text.trimStart().startsWith('[')) {
    const items = text.split(',').map((item) => ({ kind: 'scalar' as const, origin, text: item.trim() }));
    return { value: { kind: 'list', origin, items }, problems: [] };
  }
  const { root, problems } = readYaml({ text, layer: from, where, lines: false });
  return { value: root, problems };
}
