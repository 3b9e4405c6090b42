/** Values with the place they come from: lines of the file, variables of the environment, flags. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Problem } from './config.ts';

/** Later layers win. */
export type Layer = 'file' | 'environment' | 'flags';

export interface Origin {
  readonly layer: Layer;
  readonly where: string;
  readonly line?: number;
}

export type Located =
  | { readonly kind: 'scalar'; readonly origin: Origin; readonly text: string }
  | { readonly kind: 'empty'; readonly origin: Origin }
  | { readonly kind: 'list'; readonly origin: Origin; readonly items: readonly Located[] }
  | LocatedMap;

export interface LocatedMap {
  readonly kind: 'map';
  readonly origin: Origin;
  readonly entries: ReadonlyMap<string, { readonly origin: Origin; readonly value: Located }>;
}

export interface Source {
  readonly text: string;
  readonly layer: Layer;
  readonly where: string;
  /** Whether lines mean something to the reader (a file) or not (a variable). */
  readonly lines: boolean;
}

export function emptyMap(origin: Origin): LocatedMap {
  return { kind: 'map', origin, entries: new Map() };
}

export function readYaml(source: Source): { readonly root: Located; readonly problems: readonly Problem[] } {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false });
  const originAt = (offset: number | undefined): Origin => {
    const { layer, where } = source;
    if (!source.lines || offset === undefined) return { layer, where };
    const { line } = lines.linePos(offset);
    return { layer, where: `${where} line ${line}`, line };
  };
  const problems = [...document.errors, ...document.warnings].map(({ message, pos }): Problem => {
    const { where, line } = originAt(pos[0]);
    return {
      kind: 'syntax',
      key: '',
      where,
      ...(line === undefined ? {} : { line }),
      found: message,
      expected: 'YAML',
      fix: 'Compare the indentation and quotes of this line with ringback.sample.yaml.',
    };
  });
  const start = originAt(0);
  const root =
    document.contents === null ? emptyMap(start) : locate(document.contents, document, originAt, start);
  return { root, problems };
}

function locate(
  node: Node,
  document: Document,
  originAt: (offset: number | undefined) => Origin,
  parent: Origin,
): Located {
  const target = isAlias(node) ? node.resolve(document) : node;
  const origin = node.range ? originAt(node.range[0]) : parent;
  if (isMap<Node, Node | null>(target)) {
    const entries = target.items.map(({ key, value }) => {
      const keyOrigin = key.range ? originAt(key.range[0]) : origin;
      const located = value
        ? locate(value, document, originAt, keyOrigin)
        : { kind: 'empty' as const, origin: keyOrigin };
      return [String(isScalar(key) ? key.value : key), { origin: keyOrigin, value: located }] as const;
    });
    return { kind: 'map', origin, entries: new Map(entries) };
  }
  if (isSeq<Node | null>(target)) {
    const items = target.items.map((item) =>
      item ? locate(item, document, originAt, origin) : { kind: 'empty' as const, origin },
    );
    return { kind: 'list', origin, items };
  }
  if (isScalar(target) && target.value !== null) {
    // The text as written: +18005550100 and 1e3 are numbers to YAML and not what was meant.
    const text = typeof target.value === 'string' ? target.value : (target.source ?? String(target.value));
    return { kind: 'scalar', origin, text };
  }
  return { kind: 'empty', origin };
}

/** `base` with `value` at `path`, over whatever stood there. */
export function overlay(base: LocatedMap, path: readonly string[], value: Located): LocatedMap {
  const [first, ...rest] = path;
  if (first === undefined) return base;
  const below = base.entries.get(first)?.value;
  const inner = below?.kind === 'map' ? below : emptyMap(value.origin);
  const entry = { origin: value.origin, value: rest.length === 0 ? value : overlay(inner, rest, value) };
  return { ...base, entries: new Map([...base.entries, [first, entry]]) };
}

/** Where `key` (`numbers[2].resource`) was set, or else its nearest parent. */
export function originOf(root: LocatedMap, key: string): Origin | undefined {
  let here: Located | undefined = root;
  let origin: Origin | undefined;
  for (const step of key.split(/\.|(?=\[)/)) {
    const index = /^\[(\d+)\]$/.exec(step)?.[1];
    if (index !== undefined) {
      here = here?.kind === 'list' ? here.items[Number(index)] : undefined;
      if (!here) return origin;
      origin = here.origin;
    } else {
      const entry: { readonly origin: Origin; readonly value: Located } | undefined =
        here?.kind === 'map' ? here.entries.get(step) : undefined;
      if (!entry) return origin;
      origin = entry.origin;
      here = entry.value;
    }
  }
  return origin;
}
