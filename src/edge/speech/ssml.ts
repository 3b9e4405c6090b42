/**
 * What an SSML document (W3C Speech Synthesis Markup Language 1.1) asks to be said, as a list for the synthesiser. What
 * has no effect here is named, not dropped in silence.
 */
import { readXml, type XmlElement, type XmlFault, type XmlNode } from './xml.ts';

/** How a stretch of text is to be spoken. */
export interface Manner {
  /** BCP-47. */
  readonly locale?: string;
  readonly voiceName?: string;
  readonly voiceKind?: 'male' | 'female';
  /** 1 is the voice's own pace, 2 twice as fast. */
  readonly rate: number;
  /** 1 is the voice's own loudness. */
  readonly gain: number;
}

export type Part =
  | ({ readonly kind: 'text'; readonly text: string } & Manner)
  | { readonly kind: 'pause'; readonly ms: number };

export interface Script {
  readonly parts: readonly Part[];
  /** What of the document is not heard, for people: "prosody pitch". */
  readonly ignored: readonly string[];
}

/** As in Azure: a longer break is cut to this. */
const longestBreakMs = 20_000;
const mostPauseMs = 300_000;
const mostParts = 500;
/** A quarter and four times; beyond, no voice can be understood. */
const [slowest, fastest] = [0.25, 4];
const loudest = 4;

/** 3.1.8.1 and 3.2.3: what strengths mean is for the processor to say. */
const breakMs: Readonly<Record<string, number>> = {
  none: 0,
  'x-weak': 150,
  weak: 250,
  medium: 500,
  strong: 750,
  'x-strong': 1250,
};
const rates: Readonly<Record<string, number>> = {
  'x-slow': 0.5,
  slow: 0.75,
  medium: 1,
  default: 1,
  fast: 1.33,
  'x-fast': 2,
};
const volumes: Readonly<Record<string, number>> = {
  silent: 0,
  'x-soft': 0.25,
  soft: 0.5,
  medium: 1,
  default: 1,
  loud: 1.6,
  'x-loud': 2.5,
};
const paragraphMs = 500;
const sentenceMs = 200;

export function readSsml(ssml: string): Script | XmlFault {
  const root = readXml(ssml);
  if ('fault' in root) return root;
  if (root.name !== 'speak') return { fault: `its root element is <${root.name}>, not <speak>` };
  const writer = new Writer();
  const fault = writer.element(root, { rate: 1, gain: 1 });
  if (fault !== undefined) return { fault };
  return { parts: writer.parts, ignored: [...writer.ignored] };
}

class Writer {
  readonly parts: Part[] = [];
  readonly ignored = new Set<string>();
  #pausesMs = 0;

  /** Undefined, or what is wrong. */
  element(element: XmlElement, outer: Manner): string | undefined {
    const { name, attributes, children } = element;
    const lang = attributes['xml:lang'];
    const manner = lang === undefined ? outer : { ...outer, locale: lang };
    switch (name) {
      case 'speak':
      case 'lang':
      case 'w':
      case 'token':
        return this.#all(children, manner);
      case 'p':
      case 'paragraph':
        return this.#paced(children, manner, paragraphMs);
      case 's':
      case 'sentence':
        return this.#paced(children, manner, sentenceMs);
      case 'voice':
        return this.#all(children, { ...manner, ...voiceOf(attributes, lang) });
      case 'prosody':
        return this.#prosody(element, manner);
      case 'break':
        return this.#break(attributes);
      case 'sub':
        if (attributes.alias === undefined) return '<sub> has no alias';
        return this.#text(attributes.alias, manner);
      case 'say-as':
        return this.#sayAs(element, manner);
      case 'audio':
      case 'emphasis':
      case 'phoneme':
        this.ignored.add(name);
        return this.#all(children, manner);
      case 'bookmark':
      case 'desc':
      case 'lexicon':
      case 'lookup':
      case 'mark':
      case 'meta':
      case 'metadata':
        this.ignored.add(name);
        return undefined;
      default:
        // 2.2: elements of other namespaces are not ours to judge.
        if (!name.includes(':')) return `<${name}> is no element of SSML`;
        this.ignored.add(name);
        return this.#all(children, manner);
    }
  }

  #all(nodes: readonly XmlNode[], manner: Manner): string | undefined {
    for (const node of nodes) {
      const fault = typeof node === 'string' ? this.#text(node, manner) : this.element(node, manner);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** What is empty has no pause after it. */
  #paced(nodes: readonly XmlNode[], manner: Manner, pauseMs: number): string | undefined {
    const before = this.parts.length;
    const fault = this.#all(nodes, manner);
    return fault ?? (this.parts.length > before ? this.#pause(pauseMs) : undefined);
  }

  #text(raw: string, manner: Manner): string | undefined {
    const text = speakable(raw);
    if (text === '') return undefined;
    const last = this.parts.at(-1);
    // Voices speak a sentence better in one piece.
    if (last?.kind === 'text' && isSame(last, manner)) {
      this.parts[this.parts.length - 1] = { ...last, text: `${last.text} ${text}` };
      return undefined;
    }
    return this.#add({ kind: 'text', text, ...manner });
  }

  #pause(ms: number): string | undefined {
    if (ms === 0) return undefined;
    this.#pausesMs += ms;
    if (this.#pausesMs > mostPauseMs) return `its pauses last more than ${mostPauseMs / 1000} s`;
    return this.#add({ kind: 'pause', ms });
  }

  #add(part: Part): string | undefined {
    this.parts.push(part);
    return this.parts.length > mostParts
      ? `it has more than ${mostParts} changes of voice, manner and pause`
      : undefined;
  }

  #break({ time, strength = 'medium' }: Readonly<Record<string, string>>): string | undefined {
    if (time !== undefined) {
      const ms = milliseconds(time);
      if (ms === undefined) return `<break> has the time "${short(time)}"; write "500ms" or "2s"`;
      return this.#pause(Math.min(ms, longestBreakMs));
    }
    const ms = breakMs[strength];
    if (ms === undefined) return `<break> has the strength "${short(strength)}"`;
    return this.#pause(ms);
  }

  #prosody({ attributes, children }: XmlElement, manner: Manner): string | undefined {
    let inner = manner;
    for (const [key, value] of Object.entries(attributes)) {
      if (key === 'rate') {
        const factor = factorOf(value, rates);
        if (factor === undefined) return `<prosody> has the rate "${short(value)}"`;
        inner = { ...inner, rate: Math.min(Math.max(inner.rate * factor, slowest), fastest) };
      } else if (key === 'volume') {
        const gain = gainOf(value);
        if (gain === undefined) return `<prosody> has the volume "${short(value)}"`;
        inner = { ...inner, gain: Math.min(inner.gain * gain, loudest) };
      } else if (!key.includes(':')) this.ignored.add(`prosody ${key}`);
    }
    return this.#all(children, inner);
  }

  #sayAs({ attributes, children }: XmlElement, manner: Manner): string | undefined {
    const how = attributes['interpret-as'];
    if (how === undefined) return '<say-as> has no interpret-as';
    if (!spelt.has(how)) {
      // Numbers, dates and the like are read as the voice reads them in any text.
      if (!read.has(how)) this.ignored.add(`say-as ${short(how)}`);
      return this.#all(children, manner);
    }
    const inside = children.filter((child) => typeof child === 'string').join(' ');
    return this.#text([...inside.replace(/\s+/g, '')].join(' '), manner);
  }
}

const spelt = new Set(['characters', 'spell-out', 'verbatim', 'digits', 'number_digit', 'telephone']);
const read = new Set([
  'cardinal',
  'number',
  'ordinal',
  'date',
  'time',
  'currency',
  'unit',
  'fraction',
  'name',
]);

/** One line of text without control characters. */
export const speakable = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
    .replace(/[\s\x00-\x1f\x7f]+/g, ' ')
    .trim();

const short = (text: string): string => (text.length > 20 ? `${text.slice(0, 20)}…` : text);

const isSame = (one: Manner, other: Manner): boolean =>
  one.rate === other.rate &&
  one.gain === other.gain &&
  one.locale === other.locale &&
  one.voiceName === other.voiceName &&
  one.voiceKind === other.voiceKind;

const voiceOf = (
  { name, gender }: Readonly<Record<string, string>>,
  lang: string | undefined,
): Pick<Manner, 'voiceName' | 'voiceKind' | 'locale'> => ({
  ...(name === undefined ? {} : { voiceName: name.split(' ')[0] ?? '' }),
  ...(gender === 'male' || gender === 'female' ? { voiceKind: gender } : {}),
  ...(lang === undefined ? {} : { locale: lang }),
});

/** CSS2 time. */
function milliseconds(time: string): number | undefined {
  const match = /^\+?(\d{1,6}(?:\.\d{1,6})?)(ms|s)$/.exec(time.trim());
  return match ? Math.round(Number(match[1]) * (match[2] === 's' ? 1000 : 1)) : undefined;
}

/** "fast", "1.2", "80%", "+20%". */
function factorOf(value: string, names: Readonly<Record<string, number>>): number | undefined {
  const text = value.trim();
  if (Object.hasOwn(names, text)) return names[text];
  const match = /^([+-]?)(\d{1,4}(?:\.\d{1,4})?)(%?)$/.exec(text);
  if (!match) return undefined;
  const [, sign = '', digits, percent] = match;
  const number = Number(digits) / (percent ? 100 : 1);
  const factor = sign === '' ? number : 1 + (sign === '-' ? -number : number);
  return factor > 0 ? factor : undefined;
}

/** "soft", "+6dB", and Azure's "50" of 100 and "+10%". */
function gainOf(value: string): number | undefined {
  const text = value.trim();
  const decibels = /^([+-]?\d{1,3}(?:\.\d{1,3})?)dB$/i.exec(text);
  if (decibels) return 10 ** (Number(decibels[1]) / 20);
  if (text === '0') return 0;
  const isScale = /^\d{1,3}(\.\d{1,3})?$/.test(text);
  const factor = factorOf(isScale ? `${text}%` : text, volumes);
  return factor;
}
