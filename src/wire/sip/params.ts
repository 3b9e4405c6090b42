import { isTokenCode, quotedEnd, skipSpace } from './syntax.ts';

/** `name` in lower case; `value` as written, quotes included; empty for a flag. */
export interface Param {
  readonly name: string;
  readonly value: string;
}

const MAX_PARAMS = 64;

/**
 * Reads `*( SEMI generic-param )` from `from` to the end of `text` (RFC 3261 25.1).
 * `undefined` when that is not what stands there.
 */
export function parseParams(text: string, from: number): readonly Param[] | undefined {
  const params: Param[] = [];
  let i = skipSpace(text, from);
  while (i < text.length) {
    if (text[i] !== ';' || params.length === MAX_PARAMS) return undefined;
    const nameAt = skipSpace(text, i + 1);
    i = nameAt;
    while (i < text.length && isTokenCode(text.charCodeAt(i))) i++;
    if (i === nameAt) return undefined;
    const name = text.slice(nameAt, i).toLowerCase();
    i = skipSpace(text, i);
    if (text[i] !== '=') {
      params.push({ name, value: '' });
      continue;
    }
    const valueAt = skipSpace(text, i + 1);
    i = text[valueAt] === '"' ? quotedEnd(text, valueAt) : valueEnd(text, valueAt);
    if (i <= valueAt) return undefined;
    params.push({ name, value: text.slice(valueAt, i) });
    i = skipSpace(text, i);
  }
  return params;
}

function valueEnd(text: string, from: number): number {
  let i = from;
  while (i < text.length && !' \t;,"<>'.includes(text[i]!)) i++;
  return i;
}

export function param(params: readonly Param[], name: string): string | undefined {
  for (const p of params) if (p.name === name) return p.value;
  return undefined;
}
