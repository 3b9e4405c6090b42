/**
 * What pocketsphinx searches in: the phrases, and, to judge them by, any phones whatsoever. Words are numbered: JSGF gives
 * many characters a meaning of its own.
 */
import { wordsOf } from '../phrases.ts';
import { type Pronunciations, phones } from './pronunciations.ts';

export interface Grammar {
  readonly jsgf: string;
  readonly dictionary: string;
}

export interface PhraseGrammar extends Grammar {
  /** The phrase whose numbered words these are. */
  phraseOf(tokens: readonly string[]): string | undefined;
}

const jsgf = (name: string, rules: readonly string[]): string =>
  `#JSGF V1.0;\ngrammar ${name};\n${rules.map((rule) => `${rule};\n`).join('')}`;

/** Every word of the phrases is among the pronunciations, and every phrase has a word. */
export function phraseGrammar(phrases: readonly string[], pronunciations: Pronunciations): PhraseGrammar {
  const tokens = new Map([...pronunciations.keys()].map((word, index) => [word, `w${index}`]));
  const sentences = new Map<string, string>();
  for (const phrase of phrases) {
    const sentence = wordsOf(phrase)
      .map((word) => tokens.get(word)!)
      .join(' ');
    if (!sentences.has(sentence)) sentences.set(sentence, phrase);
  }
  const dictionary = [...pronunciations].flatMap(([word, ways]) =>
    ways.map((way, index) => `${tokens.get(word)}${index === 0 ? '' : `(${index + 1})`} ${way}\n`),
  );
  return {
    jsgf: jsgf('phrases', [`public <phrase> = ${[...sentences.keys()].join(' | ')}`]),
    dictionary: dictionary.join(''),
    phraseOf: (said) => sentences.get(said.join(' ')),
  };
}

export const anyPhones: Grammar = {
  jsgf: jsgf('phones', [
    `<phone> = ${phones.map((phone) => `any_${phone}`).join(' | ')}`,
    'public <sound> = <phone>+',
  ]),
  dictionary: phones.map((phone) => `any_${phone} ${phone}\n`).join(''),
};
