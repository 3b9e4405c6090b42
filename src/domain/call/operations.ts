/** Media operations in a call: beginning, hearing keys and words, ending. `decide` raises what happened, these say what follows. */

import type { Instant } from '../ids/instant.ts';
import { type Collected, choiceNamed, collect, hearsWords } from '../media/collect.ts';
import { due } from '../media/lanes.ts';
import type { Operation, RecognizeSpec, Tone } from '../media/operation.ts';
import { toneOf } from '../media/operation.ts';
import type { Call, PhoneLeg } from './call.ts';
import type { Draft } from './draft.ts';
import type { RecognizeResult } from './facts.ts';
import type { OperationEvent, PromptFault, Speech, SpeechFault } from './operation-events.ts';
import { type Outcome, outcome, type Particulars } from './outcome.ts';
import type { Situation } from './situations.ts';

type MediaSituation = Extract<Situation, `${string}@media`>;

const live = (draft: Draft, id: string): Operation | undefined =>
  draft.call.operations.find((operation) => operation.id === id);

function end(
  draft: Draft,
  operation: Operation,
  as: 'completed' | 'failed' | 'canceled',
  because: Outcome,
  rest: { readonly result?: RecognizeResult; readonly failedIndex?: number } = {},
): void {
  draft.add({ fact: 'operation-ended', operation, as, outcome: because, ...rest });
}

const reach = (draft: Draft, situation: MediaSituation, detail?: string): Outcome => {
  const particulars: Particulars = detail === undefined ? {} : { detail };
  return outcome(situation, draft.at, particulars);
};

/** Operations that the application, or the end of what they work on, takes back. */
export function cancelOperations(
  draft: Draft,
  which: (operation: Operation) => boolean,
  situation: MediaSituation = 'operation-cancelled@media',
  detail?: string,
): void {
  for (const operation of draft.call.operations.filter(which)) {
    const shutDown = situation === 'play-shut-down@media';
    const as = shutDown ? 'failed' : 'canceled';
    end(draft, operation, as, reach(draft, situation, detail));
  }
}

/** Begins what may run now. */
export function beginOperations(draft: Draft): void {
  for (let ready = due(draft.call.operations); ready.length > 0; ready = due(draft.call.operations)) {
    for (const operation of ready) begin(draft, operation);
  }
}

function begin(draft: Draft, operation: Operation): void {
  const { id, spec } = operation;
  if (spec.kind === 'send-tones') draft.add({ fact: 'operation-sending', operationId: id });
  else if (spec.kind === 'recognize' && spec.prompts.length === 0) listen(draft, operation, spec, []);
  else draft.add({ fact: 'operation-preparing', operationId: id });
}

/** The prompt is over, or was interrupted: now it counts who is silent for how long. */
function listen(draft: Draft, operation: Operation, spec: RecognizeSpec, pressed: readonly Tone[]): void {
  const until = draft.at + spec.initialSilenceMs;
  draft.add({ fact: 'operation-listening', operationId: operation.id, collected: [], until });
  for (const tone of pressed) {
    const now = live(draft, operation.id);
    if (now) press(draft, now, spec, tone);
  }
}

/** A speech provider fails alike whether it is to speak or to understand. */
const fromProvider = {
  'not-linked': 'speech-not-linked@media',
  unauthenticated: 'speech-unauthenticated@media',
  forbidden: 'speech-forbidden@media',
  'identity-refused': 'speech-identity-refused@media',
  throttled: 'speech-throttled@media',
  'bad-request': 'speech-bad-request@media',
  'timed-out': 'speech-timed-out@media',
  unreachable: 'speech-unreachable@media',
  'model-unsupported': 'speech-model-unsupported@media',
} as const satisfies Readonly<Record<Exclude<SpeechFault, 'internal'>, MediaSituation>>;

const fromPrompt: Readonly<Record<PromptFault, MediaSituation>> = {
  'wrong-format': 'prompt-wrong-format@media',
  unfetched: 'prompt-unfetched@media',
  empty: 'prompt-empty@media',
  ...fromProvider,
  internal: 'media-fault@media',
};

function promptFailed(
  draft: Draft,
  operation: Operation,
  fault: PromptFault,
  why: string,
  index: number,
): void {
  const recognizing = operation.spec.kind === 'recognize';
  const because = recognizing
    ? reach(draft, 'prompt-failed@media', why)
    : reach(draft, fromPrompt[fault], why);
  end(draft, operation, 'failed', because, { failedIndex: index });
}

/** A key, for every operation and continuous recognition that listens to the leg. */
export function tonePressed(draft: Draft, legId: string, key: string): void {
  const tone = toneOf(key);
  if (!tone) return;
  for (const [continuousLeg, { connectionId, sequence }] of Object.entries(draft.call.continuous)) {
    if (continuousLeg === legId)
      draft.add({ fact: 'continuous-tone', legId, connectionId, tone, sequence: sequence + 1 });
  }
  for (const operation of draft.call.operations) {
    const { spec } = operation;
    if (spec.kind === 'recognize' && spec.legId === legId) press(draft, operation, spec, tone);
  }
}

function press(draft: Draft, operation: Operation, spec: RecognizeSpec, tone: Tone): void {
  const { id, at } = operation;
  if (spec.input === 'speech') return;
  if (at.phase === 'prompting') {
    if (spec.interruptPrompt) listen(draft, operation, spec, [tone]);
    // It counts once the prompt is over.
    else draft.add({ fact: 'operation-pressed', operationId: id, collected: [...at.collected, tone] });
    return;
  }
  if (at.phase !== 'listening') return;
  const collected = collect(spec, at.collected, tone);
  if (!('done' in collected)) {
    const until = draft.at + (spec.dtmf?.interToneMs ?? spec.initialSilenceMs);
    draft.add({ fact: 'operation-listening', operationId: id, collected: collected.tones, until });
    return;
  }
  pressedLast(draft, operation, collected);
}

function pressedLast(
  draft: Draft,
  operation: Operation,
  collected: Extract<Collected, { done: unknown }>,
): void {
  switch (collected.done) {
    case 'maximum':
    case 'stop-tone': {
      const situation = collected.done === 'maximum' ? 'tones-complete@media' : 'stop-tone@media';
      const result: RecognizeResult = { type: 'dtmf', tones: collected.tones };
      end(draft, operation, 'completed', reach(draft, situation), { result });
      return;
    }
    case 'choice': {
      const result: RecognizeResult = { type: 'choices', label: collected.choice.label };
      end(draft, operation, 'completed', reach(draft, 'choice-by-key@media'), { result });
      return;
    }
    case 'no-choice': {
      const detail = `${collected.tone} belongs to none of the choices`;
      end(draft, operation, 'failed', reach(draft, 'key-unmatched@media', detail));
    }
  }
}

const fromSpeech: Readonly<Record<SpeechFault, MediaSituation>> = {
  ...fromProvider,
  internal: 'speech-recognition-failed@media',
};

type Conclusion = readonly [as: 'completed' | 'failed', because: Outcome, result?: RecognizeResult];

const sure = ({ confidence }: { readonly confidence?: number }): { readonly confidence?: number } =>
  confidence === undefined ? {} : { confidence };

function conclude(draft: Draft, spec: RecognizeSpec, speech: Speech): Conclusion {
  if ('fault' in speech) return ['failed', reach(draft, fromSpeech[speech.fault], speech.why)];
  if (speech.heard === 'silence') return ['failed', reach(draft, 'only-silence-followed@media')];
  if (spec.input !== 'choices') {
    if (speech.heard !== 'words') return ['failed', reach(draft, 'speech-not-understood@media')];
    const result: RecognizeResult = { type: 'speech', speech: speech.text, ...sure(speech) };
    return ['completed', reach(draft, 'speech-recognised@media'), result];
  }
  if (speech.heard !== 'words')
    return ['failed', reach(draft, 'phrase-unmatched@media', 'what was said is none of the phrases')];
  const { text } = speech;
  const choice = choiceNamed(spec.choices ?? [], text);
  if (!choice) return ['failed', reach(draft, 'phrase-unmatched@media', `heard "${text}"`)];
  const result: RecognizeResult = { type: 'choices', label: choice.label, phrase: text, ...sure(speech) };
  return ['completed', reach(draft, 'choice-by-word@media'), result];
}

function understood(draft: Draft, operation: Operation, spec: RecognizeSpec, speech: Speech): void {
  const [as, because, result] = conclude(draft, spec, speech);
  end(draft, operation, as, because, result ? { result } : {});
}

/** What the media host, the prompts and the speech service tell of an operation. Late news are ignored. */
export function operationTold(draft: Draft, event: OperationEvent): void {
  const operation = live(draft, event.operationId);
  if (!operation) return;
  const { id, spec, at } = operation;
  switch (event.kind) {
    case 'prompts-ready':
      if (at.phase === 'preparing')
        draft.add({ fact: 'operation-prompting', operationId: id, prompts: event.prompts });
      return;
    case 'prompt-failed':
      if (at.phase === 'preparing' || at.phase === 'prompting')
        promptFailed(draft, operation, event.fault, event.why, event.index);
      return;
    case 'prompt-began':
      if (at.phase === 'prompting' && !at.began) draft.add({ fact: 'operation-heard', operationId: id });
      return;
    case 'prompt-ended':
      if (at.phase !== 'prompting') return;
      if (spec.kind === 'recognize') listen(draft, operation, spec, at.collected);
      else end(draft, operation, 'completed', reach(draft, 'operation-done@media'));
      return;
    case 'tones-sent':
      if (at.phase === 'sending') end(draft, operation, 'completed', reach(draft, 'operation-done@media'));
      return;
    case 'tones-unsent':
      if (at.phase === 'sending')
        end(draft, operation, 'failed', reach(draft, 'media-fault@media', event.why));
      return;
    case 'speech-began':
      if (spec.kind !== 'recognize') return;
      if ((at.phase === 'prompting' && spec.interruptPrompt) || at.phase === 'listening') {
        const collected = at.phase === 'listening' ? at.collected : [];
        draft.add({ fact: 'operation-listening', operationId: id, collected });
      }
      return;
    case 'utterance':
      // Keys win: somebody who presses them is not dictating.
      if (at.phase === 'listening' && at.collected.length === 0)
        draft.add({ fact: 'operation-understanding', operationId: id, utterance: event.utterance });
      return;
    case 'understood':
      if (at.phase === 'understanding' && spec.kind === 'recognize')
        understood(draft, operation, spec, event.speech);
  }
}

/** Nobody pressed or said anything for as long as was allowed. */
export function operationsDue(draft: Draft): void {
  for (const operation of draft.call.operations) {
    const { at, spec } = operation;
    if (at.phase !== 'listening' || at.until === undefined || at.until > draft.at) continue;
    if (spec.kind !== 'recognize') continue;
    if (at.collected.length > 0) {
      const detail = `${at.collected.length} pressed, then none for ${(spec.dtmf?.interToneMs ?? 0) / 1000} s`;
      end(draft, operation, 'failed', reach(draft, 'tone-gap@media', detail));
    } else {
      const leg = draft.call.legs[spec.legId];
      const unheard = leg && sentNothing(leg, at.until - spec.initialSilenceMs, draft.call.limits);
      end(draft, operation, 'failed', reach(draft, unheard ? 'no-audio@media' : 'initial-silence@media'));
    }
  }
}

/** Whether no audio has come from the phone since this instant. */
function sentNothing({ at, remote }: PhoneLeg, since: Instant, { mediaLoss }: Call['limits']): boolean {
  if (at.phase !== 'up') return false;
  switch (at.media.watch) {
    case 'heard':
      return false;
    case 'silent':
      return at.media.until - mediaLoss <= since;
    case 'awaited':
    case 'asked':
      return true;
    case 'exempt':
      return remote?.direction === 'recvonly' || remote?.direction === 'inactive';
  }
}

/** Whether its leg's voice has to be listened to in this phase. */
export function isListening({ spec, at }: Operation): boolean {
  if (spec.kind !== 'recognize' || !hearsWords(spec)) return false;
  return (
    (at.phase === 'listening' && at.collected.length === 0) ||
    (at.phase === 'prompting' && spec.interruptPrompt)
  );
}
