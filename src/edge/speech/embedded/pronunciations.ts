/** How words sound: the CMU pronouncing dictionary that comes with pocketsphinx. */
import { readFile } from 'node:fs/promises';

/** A word's pronunciations, each a list of phones: "K AE N S AH L". */
export type Pronunciations = ReadonlyMap<string, readonly string[]>;

/** 39 phones of ARPAbet, as the acoustic model has them. */
export const phones =
  'AA AE AH AO AW AY B CH D DH EH ER EY F G HH IH IY JH K L M N NG OW OY P R S SH T TH UH UW V W Y Z ZH'.split(
    ' ',
  );

export class Dictionary {
  readonly #file: string;
  #text: Promise<string> | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** Those of the words that it has. Rejects where the file cannot be read. */
  async lookUp(words: Iterable<string>): Promise<Pronunciations> {
    // 3 MB that are read once; an index of them would take ten times as much.
    this.#text ??= readFile(this.#file, 'latin1').then((text) => `\n${text.replaceAll('\r', '')}`);
    const text = await this.#text.catch((error: unknown) => {
      this.#text = undefined;
      throw error;
    });
    const found = new Map<string, readonly string[]>();
    for (const word of words) {
      const ways: string[] = [];
      for (let way = lineOf(text, `${word} `); way !== undefined; ) {
        ways.push(way);
        way = lineOf(text, `${word}(${ways.length + 1}) `);
      }
      if (ways.length > 0) found.set(word, ways);
    }
    return found;
  }
}

function lineOf(text: string, beginning: string): string | undefined {
  const at = text.indexOf(`\n${beginning}`);
  if (at === -1) return undefined;
  const from = at + 1 + beginning.length;
  return text.slice(from, text.indexOf('\n', from)).trim();
}
