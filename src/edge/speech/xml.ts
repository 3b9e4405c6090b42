/**
 * The part of XML 1.0 that SSML documents need, read by hand: elements, attributes, text, character data, the five
 * predefined entities and character references. A document type is refused, and with it every entity that could expand.
 */

export interface XmlElement {
  /** As written, with its prefix. */
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlNode[];
}

export type XmlNode = XmlElement | string;

export interface XmlFault {
  /** What is wrong, and where, for people. */
  readonly fault: string;
}

/** SSML nests about five deep; more is an attack on whoever walks the tree. */
const mostDepth = 50;
const mostLength = 64 * 1024;

const nameStart = /[A-Za-z_:\u00c0-\ud7ff]/;
const nameRest = /[\w:.\-\u00b7-\ud7ff]*/y;
const attribute = /\s+([A-Za-z_:][\w:.-]*)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

interface Open {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlNode[];
}

class Fault extends Error {}

/** The root element. */
export function readXml(text: string): XmlElement | XmlFault {
  if (text.length > mostLength) {
    return { fault: `it has ${text.length} characters; at most ${mostLength} are read` };
  }
  try {
    return new Reader(text.replace(/^\ufeff/, '')).document();
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message };
    throw error;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): XmlElement {
    const open: Open[] = [];
    let root: XmlElement | undefined;
    const add = (node: XmlNode): void => {
      const parent = open.at(-1);
      if (parent) parent.children.push(node);
      else if (typeof node === 'string') {
        if (node.trim() !== '') this.#fail('there is text outside the root element');
      } else if (root) this.#fail('there is a second root element');
      else root = node;
    };
    while (this.#at < this.#text.length) {
      if (this.#skip('<!--')) this.#until('-->', 'a comment');
      else if (this.#skip('<![CDATA[')) add(this.#until(']]>', 'character data'));
      else if (this.#skip('<?')) this.#until('?>', 'a processing instruction');
      else if (this.#skip('<!'))
        this.#fail('it has a document type, which is refused: it could hold entities that expand');
      else if (this.#skip('</')) {
        const name = this.#name();
        this.#expect(/\s*>/y, `"</${name}" does not end with ">"`);
        const closed = open.pop();
        if (closed?.name !== name) {
          this.#fail(`</${name}> closes ${closed ? `<${closed.name}>` : 'nothing'}`);
        }
        add(closed!);
      } else if (this.#skip('<')) {
        const name = this.#name();
        const attributes = this.#attributes(name);
        const element: Open = { name, attributes, children: [] };
        if (this.#skip('/>')) add(element);
        else {
          this.#expect(/>/y, `"<${name}" does not end with ">"`);
          open.push(element);
          if (open.length > mostDepth) this.#fail(`elements are nested more than ${mostDepth} deep`);
        }
      } else add(this.#characters());
    }
    const unclosed = open.at(-1);
    if (unclosed) this.#fail(`<${unclosed.name}> is not closed`);
    return root ?? this.#fail('it has no element');
  }

  #attributes(name: string): Readonly<Record<string, string>> {
    const found = new Map<string, string>();
    for (;;) {
      attribute.lastIndex = this.#at;
      const match = attribute.exec(this.#text);
      if (!match) break;
      this.#at = attribute.lastIndex;
      const [, key = '', quoted = ''] = match;
      if (found.has(key)) this.#fail(`<${name}> has the attribute ${key} twice`);
      found.set(key, this.#decoded(quoted.slice(1, -1)));
    }
    this.#expect(/\s*/y, '');
    return Object.fromEntries(found);
  }

  #characters(): string {
    const end = this.#text.indexOf('<', this.#at);
    const raw = this.#text.slice(this.#at, end === -1 ? undefined : end);
    this.#at += raw.length;
    return this.#decoded(raw);
  }

  #decoded(raw: string): string {
    return raw.replace(/&([^;\s&]{0,12});?/g, (whole, reference: string) => {
      const known = Object.hasOwn(entities, reference) ? entities[reference] : undefined;
      if (known !== undefined && whole.endsWith(';')) return known;
      const digits = /^#(?:x([0-9a-f]{1,6})|(\d{1,7}))$/i.exec(reference);
      const code = digits ? Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] ? 16 : 10) : Number.NaN;
      const isCharacter =
        code === 9 ||
        code === 10 ||
        code === 13 ||
        (code >= 32 && code < 0xd800) ||
        (code > 0xdfff && code <= 0x10ffff);
      if (isCharacter && whole.endsWith(';')) return String.fromCodePoint(code);
      return this.#fail(`"${whole}" is no character; write "&amp;" for an ampersand`);
    });
  }

  #name(): string {
    const first = this.#text[this.#at] ?? '';
    if (!nameStart.test(first)) this.#fail('"<" is not followed by a name; write "&lt;" for the sign');
    nameRest.lastIndex = this.#at;
    const name = nameRest.exec(this.#text)?.[0] ?? '';
    this.#at += name.length;
    return name;
  }

  #skip(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #until(end: string, what: string): string {
    const found = this.#text.indexOf(end, this.#at);
    if (found === -1) return this.#fail(`${what} is not closed with "${end}"`);
    const inside = this.#text.slice(this.#at, found);
    this.#at = found + end.length;
    return inside;
  }

  #expect(pattern: RegExp, complaint: string): void {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (!match) this.#fail(complaint);
    else this.#at = pattern.lastIndex;
  }

  #fail(what: string): never {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    throw new Fault(`${what} (line ${line}, column ${this.#at - before.lastIndexOf('\n')})`);
  }
}
