/** Request bodies as JSON, and where exactly a text stops being JSON. */
import type { Taken } from './decoded.ts';
import { invalid } from './decoded.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

export function parseJson(bytes: Uint8Array): Taken<unknown> {
  if (bytes.length === 0) return { ok: undefined };
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    return invalid('', 'The request body is not UTF-8 text.');
  }
  try {
    return { ok: JSON.parse(text) };
  } catch {
    // V8's message gives no position for every kind of fault, so the place is found here.
    const at = firstFault(text);
    const line = text.slice(0, at).split('\n').length;
    const column = at - text.lastIndexOf('\n', at - 1);
    const found = at >= text.length ? 'the text ends' : `${JSON.stringify(text[at])} stands`;
    return invalid(
      '',
      `The request body is not valid JSON: ${found} at position ${at} (line ${line}, column ${column}), where it cannot.`,
    );
  }
}

// Anchored at `lastIndex`. A string that is cut off matches as far as it goes, so that its end is the fault.
const space = /[ \t\n\r]*/y;
const scalar =
  /"(?:[ !#-[\]-\uffff]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const partial =
  /"(?:[ !#-[\]-\uffff]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*|-?(?:0|[1-9]\d*)?(?:\.\d*)?(?:[eE][+-]?)?|/y;

function reach(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}

/** Where the first character stands that no JSON text could have there. Iterative: depth costs memory, not stack. */
function firstFault(text: string): number {
  const open: ('{' | '[')[] = [];
  let expect: 'value' | 'value-or-]' | 'name' | 'name-or-}' | 'colon' | 'more' = 'value';
  let i = 0;
  for (;;) {
    i = reach(space, text, i);
    const c = text[i];
    const inside = open.at(-1);
    if (c === undefined) return i;
    if (expect === 'more') {
      if (inside === undefined) return i;
      if (c === ',') expect = inside === '{' ? 'name' : 'value';
      else if (c === (inside === '{' ? '}' : ']')) open.pop();
      else return i;
      i++;
    } else if (expect === 'colon') {
      if (c !== ':') return i;
      expect = 'value';
      i++;
    } else if ((expect === 'value-or-]' && c === ']') || (expect === 'name-or-}' && c === '}')) {
      open.pop();
      expect = 'more';
      i++;
    } else if (expect === 'name' || expect === 'name-or-}') {
      const end = c === '"' ? reach(scalar, text, i) : i;
      if (end === i) return c === '"' ? reach(partial, text, i) : i;
      i = end;
      expect = 'colon';
    } else if (c === '{' || c === '[') {
      open.push(c);
      expect = c === '{' ? 'name-or-}' : 'value-or-]';
      i++;
    } else {
      const end = reach(scalar, text, i);
      if (end === i) return reach(partial, text, i);
      i = end;
      expect = 'more';
    }
  }
}
