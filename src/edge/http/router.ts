/** Finds the operation of a path. Fastify's own router cannot tell `{id}:play` from `{id}` and decodes too early for HMAC. */
import type { Operation } from './operation.ts';

type Part =
  | { readonly kind: 'text'; readonly text: string }
  /** A parameter, then `suffix` (`:action`, or nothing). */
  | { readonly kind: 'parameter'; readonly colons: boolean; readonly suffix: string };

interface Pattern {
  readonly parts: readonly Part[];
  readonly operation: Operation;
}

export type Found =
  | { readonly operation: Operation; readonly params: readonly string[] }
  /** The path is served with other methods. */
  | { readonly allow: readonly string[] }
  | undefined;

function partOf(segment: string): Part {
  const parameter = /^\{(\+?)\w+\}(:\w+)?$/.exec(segment);
  if (!parameter) return { kind: 'text', text: segment };
  return { kind: 'parameter', colons: parameter[1] === '+', suffix: parameter[2] ?? '' };
}

function fits(part: Part, segment: string): boolean {
  if (part.kind === 'text') return segment === part.text;
  if (segment.length <= part.suffix.length || !segment.endsWith(part.suffix)) return false;
  return part.colons || segment.lastIndexOf(':', segment.length - part.suffix.length - 1) === -1;
}

/** Undefined when a parameter is not percent-encoded UTF-8. */
function parameters(parts: readonly Part[], segments: readonly string[]): readonly string[] | undefined {
  const params: string[] = [];
  try {
    for (const [i, part] of parts.entries()) {
      if (part.kind !== 'parameter') continue;
      const segment = segments[i] ?? '';
      params.push(decodeURIComponent(segment.slice(0, segment.length - part.suffix.length)));
    }
    return params;
  } catch {
    return undefined;
  }
}

export function createRouter(operations: readonly Operation[]): (method: string, path: string) => Found {
  // By the number of segments and the text of the first two: at most a dozen patterns are compared.
  const shelves = new Map<string, Pattern[]>();
  const shelfOf = (segments: readonly string[]): string =>
    `${segments.length} ${segments[1]} ${segments.length === 3 ? segments[2]?.split(':')[0] : segments[2]}`;
  /** Of the patterns whose second segment is a parameter. */
  const openShelf = (segments: readonly string[]): string => `${segments.length} ${segments[1]} {}`;
  for (const operation of operations) {
    const segments = operation.path.split('/');
    const shelf = segments[2]?.startsWith('{') ? openShelf(segments) : shelfOf(segments);
    const patterns = shelves.get(shelf) ?? [];
    patterns.push({ parts: segments.map(partOf), operation });
    shelves.set(shelf, patterns);
  }
  return (method, path) => {
    const segments = path.split('/');
    const allow: string[] = [];
    const near = shelves.get(shelfOf(segments)) ?? [];
    const open = shelves.get(openShelf(segments));
    for (const { parts, operation } of open ? [...near, ...open] : near) {
      if (!parts.every((part, i) => fits(part, segments[i] ?? ''))) continue;
      if (operation.method !== method) {
        allow.push(operation.method);
        continue;
      }
      const params = parameters(parts, segments);
      return params && { operation, params };
    }
    return allow.length > 0 ? { allow } : undefined;
  };
}
