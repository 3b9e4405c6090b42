/**
 * Number patterns of the SIP routing API: regular expressions as .NET reads them, without what looks around or back.
 * Whoever may set routes chooses them, so they are matched in a time that no pattern can stretch: at most its length
 * times the square of the number's.
 */

type Node =
  /** One character of these ranges, or of none of them. */
  | {
      readonly is: 'character';
      readonly not: boolean;
      readonly ranges: readonly (readonly [string, string])[];
    }
  | { readonly is: 'edge'; readonly at: 'start' | 'end' }
  | { readonly is: 'sequence'; readonly parts: readonly Node[] }
  | { readonly is: 'choice'; readonly parts: readonly Node[] }
  | { readonly is: 'repeat'; readonly part: Node; readonly least: number; readonly most: number };

export interface NumberPattern {
  readonly source: string;
  readonly node: Node;
}

const digit = ['0', '9'] as const;
const classes: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  d: [digit],
  w: [digit, ['A', 'Z'], ['a', 'z'], ['_', '_']],
  s: [
    ['\t', '\r'],
    [' ', ' '],
  ],
};
const anything: Node = { is: 'character', not: true, ranges: [['\n', '\n']] };
const edges: Readonly<Record<string, 'start' | 'end'>> = { '^': 'start', $: 'end' };
const escapedEdges: Readonly<Record<string, 'start' | 'end'>> = { A: 'start', z: 'end', Z: 'end' };

/** How deep groups may stand in each other. */
const deepest = 50;

class Reader {
  readonly #source: string;
  #at = 0;
  #depth = 0;

  constructor(source: string) {
    this.#source = source;
  }

  read(): Node | string {
    const node = this.#choice();
    if (typeof node === 'string') return node;
    return this.#at < this.#source.length ? `the ) at position ${this.#at} closes nothing` : node;
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #choice(): Node | string {
    const parts: Node[] = [];
    do {
      const part = this.#sequence();
      if (typeof part === 'string') return part;
      parts.push(part);
    } while (this.#take('|'));
    return parts.length === 1 ? parts[0]! : { is: 'choice', parts };
  }

  #sequence(): Node | string {
    const parts: Node[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      const atom = this.#atom();
      if (typeof atom === 'string') return atom;
      const part = this.#repeated(atom);
      if (typeof part === 'string') return part;
      parts.push(part);
    }
    return { is: 'sequence', parts };
  }

  #repeated(part: Node): Node | string {
    const [, text, counted, least = '', comma, most = ''] =
      /^([*+?]|(\{(\d{1,4})(,?)(\d{0,4})\}))/.exec(this.#source.slice(this.#at)) ?? [];
    if (text === undefined) return part;
    this.#at += text.length;
    // Whether as much or as little as possible is taken makes no difference to what matches.
    this.#take('?');
    if (/^[*+?]/.test(this.#source.slice(this.#at))) return `nothing at position ${this.#at} to repeat`;
    if (counted === undefined)
      return {
        is: 'repeat',
        part,
        least: text === '+' ? 1 : 0,
        most: text === '?' ? 1 : Number.POSITIVE_INFINITY,
      };
    const upTo = comma === '' ? Number(least) : most === '' ? Number.POSITIVE_INFINITY : Number(most);
    if (upTo < Number(least)) return `${text} asks for more at least than at most`;
    return { is: 'repeat', part, least: Number(least), most: upTo };
  }

  #atom(): Node | string {
    const character = this.#source[this.#at++]!;
    const edge = edges[character];
    if (edge) return { is: 'edge', at: edge };
    if (character === '.') return anything;
    if (character === '(') return this.#group();
    if (character === '[') return this.#set();
    if (character === '\\') return this.#escaped();
    if ('*+?'.includes(character))
      return `nothing before the ${character} at position ${this.#at - 1} to repeat`;
    return { is: 'character', not: false, ranges: [[character, character]] };
  }

  #group(): Node | string {
    const began = this.#at - 1;
    const [opening = ''] = /^\?(?::|<[A-Za-z_]\w*>|'[A-Za-z_]\w*')/.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += opening.length;
    if (opening === '' && this.#source[this.#at] === '?')
      return `${this.#source.slice(began, began + 3)} at position ${began} is not served: groups are (…) or (?:…)`;
    if (++this.#depth > deepest) return `groups stand in each other more than ${deepest} deep`;
    const node = this.#choice();
    if (typeof node === 'string') return node;
    this.#depth -= 1;
    return this.#take(')') ? node : `the ( at position ${began} is never closed`;
  }

  #escaped(): Node | string {
    const character = this.#source[this.#at++];
    if (character === undefined) return 'nothing follows the \\ at its end';
    const edge = escapedEdges[character];
    if (edge) return { is: 'edge', at: edge };
    const ranges = classes[character.toLowerCase()];
    if (ranges) return { is: 'character', not: character !== character.toLowerCase(), ranges };
    if (/[A-Za-z0-9]/.test(character)) return `\\${character} is not served`;
    return { is: 'character', not: false, ranges: [[character, character]] };
  }

  #set(): Node | string {
    const began = this.#at - 1;
    const not = this.#take('^');
    const ranges: (readonly [string, string])[] = [];
    for (let first = true; ; first = false) {
      const character = this.#source[this.#at++];
      if (character === undefined) return `the [ at position ${began} is never closed`;
      if (character === ']' && !first) return { is: 'character', not, ranges };
      const from = this.#inSet(character);
      if (typeof from !== 'string' || from.length > 1) {
        if (typeof from === 'string') return from;
        ranges.push(...from);
        continue;
      }
      const isRange = this.#source[this.#at] === '-' && (this.#source[this.#at + 1] ?? ']') !== ']';
      if (!isRange) {
        ranges.push([from, from]);
        continue;
      }
      this.#at += 1;
      const to = this.#inSet(this.#source[this.#at++]!);
      if (typeof to !== 'string' || to.length > 1 || to < from)
        return `the range in [ at position ${began} does not go upwards`;
      ranges.push([from, to]);
    }
  }

  /** A character, the ranges of a class, or (longer than a character) what is wrong. */
  #inSet(character: string): string | readonly (readonly [string, string])[] {
    if (character !== '\\') return character;
    const escaped = this.#source[this.#at++];
    if (escaped === undefined) return 'nothing follows the \\ at its end';
    const ranges = classes[escaped];
    if (ranges) return ranges;
    return /[A-Za-z0-9]/.test(escaped) ? `\\${escaped} in [ ] is not served` : escaped;
  }
}

/** A text says what is wrong with it. */
export function parseNumberPattern(source: string): NumberPattern | string {
  if (source === '') return 'it is empty';
  const node = new Reader(source).read();
  return typeof node === 'string' ? node : { source, node };
}

type Ends = ReadonlySet<number>;

/** Where a match of a part can end that begins here; each part is asked once for each place. */
class Matching {
  readonly #text: string;
  readonly #known = new Map<Node, Map<number, Ends>>();

  constructor(text: string) {
    this.#text = text;
  }

  ends(node: Node, start: number): Ends {
    const known = this.#known.get(node) ?? new Map<number, Ends>();
    this.#known.set(node, known);
    const found = known.get(start) ?? this.#find(node, start);
    known.set(start, found);
    return found;
  }

  #find(node: Node, start: number): Ends {
    switch (node.is) {
      case 'edge':
        return new Set(start === (node.at === 'start' ? 0 : this.#text.length) ? [start] : []);
      case 'character': {
        const character = this.#text[start];
        if (character === undefined) return new Set();
        const within = node.ranges.some(([from, to]) => character >= from && character <= to);
        return new Set(within !== node.not ? [start + 1] : []);
      }
      case 'choice':
        return new Set(node.parts.flatMap((part) => [...this.ends(part, start)]));
      case 'sequence':
        return node.parts.reduce<Ends>((starts, part) => this.#after(part, starts), new Set([start]));
      case 'repeat':
        return this.#repeated(node, start);
    }
  }

  #after(part: Node, starts: Ends): Ends {
    return new Set([...starts].flatMap((start) => [...this.ends(part, start)]));
  }

  #repeated({ part, least, most }: Extract<Node, { is: 'repeat' }>, start: number): Ends {
    const found = new Set<number>();
    let here: Ends = new Set([start]);
    for (let times = 0; times <= most && here.size > 0; times++) {
      if (times >= least) for (const end of here) found.add(end);
      const next = this.#after(part, here);
      // Once it stays where it is, it does so however often it is repeated.
      if (next.size === here.size && [...next].every((end) => here.has(end))) {
        for (const end of next) found.add(end);
        break;
      }
      here = next;
    }
    return found;
  }
}

/** Anywhere in the number, unless the pattern says where. */
export function matchesNumber({ node }: NumberPattern, number: string): boolean {
  const matching = new Matching(number);
  for (let start = 0; start <= number.length; start++) if (matching.ends(node, start).size > 0) return true;
  return false;
}
