/** What keys and words come to, for a recognise operation. Pure. */
import type { Choice, RecognizeSpec, Tone } from './operation.ts';

/** Without `done`: more keys are waited for. */
export type Collected =
  | { readonly done: 'maximum' | 'stop-tone'; readonly tones: readonly Tone[] }
  | { readonly done: 'choice'; readonly choice: Choice; readonly tone: Tone }
  | { readonly done: 'no-choice'; readonly tone: Tone }
  | { readonly tones: readonly Tone[] };

/** One more key, after `before`. The stop tone itself is not part of what was collected. */
export function collect(spec: RecognizeSpec, before: readonly Tone[], tone: Tone): Collected {
  if (spec.input === 'choices') {
    const choice = spec.choices?.find((each) => each.tone === tone);
    return choice ? { done: 'choice', choice, tone } : { done: 'no-choice', tone };
  }
  if (spec.dtmf?.stopTones.includes(tone)) return { done: 'stop-tone', tones: before };
  const collected = [...before, tone];
  return collected.length >= (spec.dtmf?.maxTones ?? Number.POSITIVE_INFINITY)
    ? { done: 'maximum', tones: collected }
    : { tones: collected };
}

const plain = (phrase: string): string =>
  phrase
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();

/** The choice that one of its phrases names, whatever the case and punctuation. */
export function choiceNamed(choices: readonly Choice[], phrase: string): Choice | undefined {
  const said = plain(phrase);
  return choices.find(({ phrases }) => phrases.some((each) => plain(each) === said));
}

/** Whether this operation listens to words. */
export const hearsWords = (spec: RecognizeSpec): boolean =>
  spec.input === 'speech' ||
  spec.input === 'speechOrDtmf' ||
  (spec.input === 'choices' && (spec.choices ?? []).some(({ phrases }) => phrases.length > 0));
