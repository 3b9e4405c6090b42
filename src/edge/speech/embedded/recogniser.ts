/** Recognition with what Debian brings: phrases of a list, or free speech, in English. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Recognition, RecognitionRequest, SpeechFailure } from '../../../app/ports/speech.ts';
import { failed } from '../failed.ts';
import { wordsOf } from '../phrases.ts';
import { isTooLong, longestMs, voiceIn } from '../voice-in.ts';
import { anyPhones, phraseGrammar } from './grammar.ts';
import { isNarrowBand, withImage } from './narrow-band.ts';
import { missing, modelFolder, type Segment, search } from './pocketsphinx.ts';
import { Dictionary } from './pronunciations.ts';
import { Turns } from './turns.ts';

const mostPhrases = 500;
const mostWordsInAll = 2000;
const mostWaiting = 64;

/**
 * How much worse per frame than any phones whatsoever a phrase may fit; what these limits let through is measured in
 * docs/decisions/speech.md. Confidence is one half there.
 */
const limits = { wide: -25, narrow: -30 } as const;
const steepness = 12;

export interface RecogniserOptions {
  /** The program, where it is not on the path under its own name. */
  readonly program?: string;
}

export class EmbeddedRecogniser {
  readonly #program: string;
  readonly #dictionary = new Dictionary(`${modelFolder}/cmudict-en-us.dict`);
  readonly #turns = new Turns(availableParallelism(), mostWaiting);

  constructor({ program = 'pocketsphinx_batch' }: RecogniserOptions = {}) {
    this.#program = program;
  }

  async recognise({ audio, locale, phrases }: RecognitionRequest): Promise<Recognition | SpeechFailure> {
    if (!/^en(-|$)/i.test(locale)) {
      return failed(
        'unsupported-language',
        `The embedded recogniser understands English, not ${locale.slice(0, 35)}. Name a speech provider that does.`,
      );
    }
    if (isTooLong(audio)) {
      return failed('bad-request', `The audio is longer than ${longestMs / 1000} s.`);
    }
    const voice = voiceIn(audio);
    if (!voice) return { kind: 'silence' };
    try {
      await access(`${modelFolder}/en-us`, constants.R_OK);
    } catch {
      return missing('The acoustic model of pocketsphinx', 'pocketsphinx-en-us');
    }
    const turn = await this.#turns.take();
    if (!turn) {
      return failed(
        'throttled',
        `The recogniser has ${mostWaiting} recordings to hear already. Try again in a while.`,
      );
    }
    try {
      const isNarrow = isNarrowBand(voice);
      const clear = isNarrow ? withImage(voice) : voice;
      if (phrases === undefined) return await this.#anything(clear);
      return await this.#oneOf(phrases, clear, limits[isNarrow ? 'narrow' : 'wide']);
    } finally {
      turn();
    }
  }

  async #oneOf(
    phrases: readonly string[],
    audio: Int16Array,
    limit: number,
  ): Promise<Recognition | SpeechFailure> {
    const words = new Set(phrases.flatMap(wordsOf));
    const wordless = phrases.find((phrase) => wordsOf(phrase).length === 0);
    if (wordless !== undefined || phrases.length === 0) {
      return failed(
        'bad-request',
        phrases.length === 0 ? 'The list of phrases is empty.' : `"${wordless}" has no word in it.`,
      );
    }
    if (phrases.length > mostPhrases || words.size > mostWordsInAll) {
      return failed('bad-request', `More than ${mostPhrases} phrases or ${mostWordsInAll} different words.`);
    }
    const pronunciations = await this.#dictionary.lookUp(words);
    const unknown = [...words].filter((word) => !pronunciations.has(word));
    if (unknown.length > 0) {
      return failed(
        'unknown-words',
        `The recogniser has no pronunciation for ${unknown.map((word) => `"${word}"`).join(', ')}. Use words of an English dictionary, or name a speech provider.`,
      );
    }
    const grammar = phraseGrammar(phrases, pronunciations);
    const found = await search(audio, [grammar, anyPhones], this.#program);
    if ('because' in found) return found;
    const [best = [], any = []] = found;
    const said = best.filter(isWord);
    const phrase = grammar.phraseOf(said.map(({ word }) => word.replace(/\(\d+\)$/, '')));
    if (phrase === undefined || any.length === 0) return { kind: 'no-match' };
    const frames = said.reduce((sum, segment) => sum + segment.frames, 0);
    const margin = (scoreOf(best) - scoreOf(any)) / frames - limit;
    if (margin < 0) return { kind: 'no-match' };
    return { kind: 'phrase', phrase, confidence: 1 / (1 + Math.exp(-margin / steepness)) };
  }

  async #anything(audio: Int16Array): Promise<Recognition | SpeechFailure> {
    const found = await search(audio, ['anything'], this.#program);
    if ('because' in found) return found;
    const said = (found[0] ?? []).filter(isWord);
    const frames = said.reduce((sum, segment) => sum + segment.frames, 0);
    if (frames === 0) return { kind: 'no-match' };
    const confidence = said.reduce((sum, { posterior, frames: long }) => sum + posterior * long, 0) / frames;
    return { kind: 'text', text: said.map(({ word }) => word.replace(/\(\d+\)$/, '')).join(' '), confidence };
  }
}

/** Fillers are `<s>`, `<sil>`, `[NOISE]`, `++uh++` and the like. */
const isWord = ({ word }: Segment): boolean => /^[a-z]/.test(word);

const scoreOf = (path: readonly Segment[]): number => path.reduce((sum, { score }) => sum + score, 0);
