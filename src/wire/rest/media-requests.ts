/** The bodies of play, recognise and the DTMF operations. Every field of the official 2026-03-12 models is named here. */
import {
  type Choice,
  type DtmfRules,
  type SpeechRules,
  type Tone,
  tones,
} from '../../domain/media/operation.ts';
import { type CallbackPolicy, callbackUri } from './callback-uri.ts';
import { type Decoded, invalid, present, type Take } from './decoded.ts';
import { Fields, flag, listOf, type Model, oneOf, opaque, text, wholeNumber } from './fields.ts';
import { type Identifier, takeIdentifier } from './identifier.ts';
import { type PromptSource, takePlaySource } from './play-source.ts';

/** What every media operation may carry. */
export interface OperationBody {
  readonly operationContext?: string;
  readonly callbackUri?: string;
}

export interface PlayBody extends OperationBody {
  readonly sources: readonly PromptSource[];
  /** Empty: everybody. */
  readonly to: readonly Identifier[];
  readonly loop: boolean;
  readonly interrupt: boolean;
}

export interface RecognizeBody extends OperationBody {
  readonly input: 'dtmf' | 'speech' | 'speechOrDtmf' | 'choices';
  readonly target: Identifier;
  readonly prompts: readonly PromptSource[];
  readonly interrupt: boolean;
  readonly interruptPrompt: boolean;
  readonly initialSilenceMs: number;
  readonly dtmf?: DtmfRules;
  readonly speech?: SpeechRules;
  /** A deployed model of the application's own. */
  readonly speechModel?: string;
  readonly choices?: readonly Choice[];
}

export interface TargetBody extends OperationBody {
  readonly target: Identifier;
}

export interface SendDtmfBody extends TargetBody {
  readonly tones: readonly Tone[];
}

export const playModel = {
  playSources: 'served',
  playTo: 'served',
  interruptCallMediaOperation: 'served',
  playOptions: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;

export const recognizeModel = {
  recognizeInputType: 'served',
  playPrompt: 'served',
  playPrompts: 'served',
  interruptCallMediaOperation: 'served',
  recognizeOptions: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;

export const recognizeOptionsModel = {
  interruptPrompt: 'served',
  initialSilenceTimeoutInSeconds: 'served',
  targetParticipant: 'served',
  speechLanguage: 'served',
  speechRecognitionModelEndpointId: 'served',
  dtmfOptions: 'served',
  choices: 'served',
  speechOptions: 'served',
} as const satisfies Model;

export const playOptionsModel = { loop: 'served' } as const satisfies Model;

export const dtmfOptionsModel = {
  interToneTimeoutInSeconds: 'served',
  maxTonesToCollect: 'served',
  stopTones: 'served',
} as const satisfies Model;

export const speechOptionsModel = { endSilenceTimeoutInMs: 'served' } as const satisfies Model;

export const choiceModel = { label: 'served', phrases: 'served', tone: 'served' } as const satisfies Model;

export const targetModel = {
  targetParticipant: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;

export const sendDtmfModel = { ...targetModel, tones: 'served' } as const satisfies Model;

// The number of sources is not documented; ten are accepted (`reference/call-automation.md` §4).
const MAX_SOURCES = 10;
const MAX_TARGETS = 100;
const operationContext = opaque(5000);
const tone = oneOf(...tones);

/** `operationContext` and `operationCallbackUri`, as every operation has them. */
export function operationFields(fields: Fields, policy: CallbackPolicy): () => OperationBody {
  const context = fields.optional('operationContext', operationContext);
  const uri = fields.optional('operationCallbackUri', callbackUri(policy));
  return () => present({ operationContext: context, callbackUri: uri });
}

export function decodePlay(body: unknown, policy: CallbackPolicy): Decoded<PlayBody> {
  const fields = new Fields(body, playModel);
  const sources = fields.required('playSources', listOf(takePlaySource, { min: 1, max: MAX_SOURCES }));
  const to = fields.optional('playTo', listOf(takeIdentifier, { max: MAX_TARGETS }));
  const interrupt = fields.optional('interruptCallMediaOperation', flag);
  const options = fields.optional('playOptions', takePlayOptions);
  const operation = operationFields(fields, policy);
  return fields.result(() => ({
    sources: sources!,
    to: to ?? [],
    loop: options?.loop ?? false,
    interrupt: interrupt ?? false,
    ...operation(),
  }));
}

const takePlayOptions: Take<{ readonly loop: boolean }> = (value, field) => {
  const fields = new Fields(value, playOptionsModel, `${field}.`);
  const loop = fields.required('loop', flag);
  return fields.result(() => ({ loop: loop! }));
};

interface Options {
  readonly target?: Identifier;
  readonly interruptPrompt: boolean;
  readonly initialSilenceMs: number;
  readonly locale: string;
  readonly speechModel?: string;
  readonly endSilenceMs: number;
  readonly dtmf?: DtmfRules;
  readonly choices?: readonly Choice[];
}

export function decodeRecognize(body: unknown, policy: CallbackPolicy): Decoded<RecognizeBody> {
  const fields = new Fields(body, recognizeModel);
  const input = fields.required('recognizeInputType', oneOf('dtmf', 'speech', 'speechOrDtmf', 'choices'));
  const one = fields.optional('playPrompt', takePlaySource);
  const several = fields.optional('playPrompts', listOf(takePlaySource, { max: MAX_SOURCES }));
  const interrupt = fields.optional('interruptCallMediaOperation', flag);
  const options = fields.required('recognizeOptions', takeOptions(input));
  const operation = operationFields(fields, policy);
  return fields.result(() => {
    const { target, interruptPrompt, initialSilenceMs, dtmf, choices, locale, endSilenceMs, speechModel } =
      options!;
    const keys = input === 'dtmf' || input === 'speechOrDtmf';
    return {
      input: input!,
      target: target!,
      prompts: several && several.length > 0 ? several : one ? [one] : [],
      interrupt: interrupt ?? false,
      interruptPrompt,
      initialSilenceMs,
      ...(keys && dtmf ? { dtmf } : {}),
      ...(input === 'dtmf' ? {} : { speech: { locale, endSilenceMs } }),
      ...(speechModel === undefined ? {} : { speechModel }),
      ...(input === 'choices' && choices ? { choices } : {}),
      ...operation(),
    };
  });
}

// What the official SDK sends where the application says nothing.
const defaults = { initialSilence: 5, interTone: 2, endSilenceMs: 2000, locale: 'en-US' } as const;
const language = text({
  max: 35,
  like: [/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 tag such as en-US'],
});

const takeOptions =
  (input: RecognizeBody['input'] | undefined): Take<Options> =>
  (value, field) => {
    const fields = new Fields(value, recognizeOptionsModel, `${field}.`);
    const interruptPrompt = fields.optional('interruptPrompt', flag);
    const silence = fields.optional('initialSilenceTimeoutInSeconds', wholeNumber(0, 300));
    const target = fields.required('targetParticipant', takeIdentifier);
    const locale = fields.optional('speechLanguage', language);
    const speechModel = fields.optional('speechRecognitionModelEndpointId', text({ max: 128 }));
    const dtmf =
      input === 'dtmf' ? fields.required('dtmfOptions', takeDtmf) : fields.optional('dtmfOptions', takeDtmf);
    const choices =
      input === 'choices' ? fields.required('choices', takeChoices) : fields.optional('choices', takeChoices);
    const speech = fields.optional('speechOptions', takeSpeech);
    return fields.result(() => ({
      target: target!,
      interruptPrompt: interruptPrompt ?? false,
      initialSilenceMs: (silence || defaults.initialSilence) * 1000,
      locale: locale ?? defaults.locale,
      endSilenceMs: speech ?? defaults.endSilenceMs,
      ...present({ dtmf, choices, speechModel }),
    }));
  };

const takeDtmf: Take<DtmfRules> = (value, field) => {
  const fields = new Fields(value, dtmfOptionsModel, `${field}.`);
  const interTone = fields.optional('interToneTimeoutInSeconds', wholeNumber(1, 60));
  const maxTones = fields.optional('maxTonesToCollect', wholeNumber(1, 1000));
  const stopTones = fields.optional('stopTones', listOf(tone, { max: tones.length }));
  const taken = fields.result(() => ({
    interToneMs: (interTone ?? defaults.interTone) * 1000,
    stopTones: stopTones ?? [],
    ...present({ maxTones }),
  }));
  if ('ok' in taken && taken.ok.maxTones === undefined && taken.ok.stopTones.length === 0) {
    return invalid(
      `${field}.maxTonesToCollect`,
      'It or stopTones is required: nothing else ends the operation.',
    );
  }
  return taken;
};

const takeSpeech: Take<number> = (value, field) => {
  const fields = new Fields(value, speechOptionsModel, `${field}.`);
  const ms = fields.optional('endSilenceTimeoutInMs', wholeNumber(100, 60_000));
  return fields.result(() => ms ?? defaults.endSilenceMs);
};

const takeChoice: Take<Choice> = (value, field) => {
  const fields = new Fields(value, choiceModel, `${field}.`);
  const label = fields.required('label', text({ max: 256 }));
  const phrases = fields.optional('phrases', listOf(text({ max: 256 }), { max: 100 }));
  const key = fields.optional('tone', tone);
  const taken = fields.result(() => ({ label: label!, phrases: phrases ?? [], ...present({ tone: key }) }));
  if ('ok' in taken && taken.ok.phrases.length === 0 && taken.ok.tone === undefined)
    return invalid(field, 'It has neither phrases nor a tone: nobody could choose it.');
  return taken;
};

const takeChoices: Take<readonly Choice[]> = (value, field) => {
  const taken = listOf(takeChoice, { min: 1, max: 100 })(value, field);
  if ('fault' in taken) return taken;
  const twice = (what: 'label' | 'tone'): string | undefined => {
    const values = taken.ok.map((choice) => choice[what]).filter((each) => each !== undefined);
    return values.find((each, at) => values.indexOf(each) !== at);
  };
  const label = twice('label');
  if (label !== undefined) return invalid(field, `The label ${JSON.stringify(label)} stands twice.`);
  const key = twice('tone');
  return key === undefined ? taken : invalid(field, `The tone ${key} stands twice.`);
};

export function decodeTarget(body: unknown, policy: CallbackPolicy): Decoded<TargetBody> {
  const fields = new Fields(body, targetModel);
  const target = fields.required('targetParticipant', takeIdentifier);
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ target: target!, ...operation() }));
}

// Documented: at most 18 tones in one request.
const MAX_TONES = 18;

export function decodeSendDtmf(body: unknown, policy: CallbackPolicy): Decoded<SendDtmfBody> {
  const fields = new Fields(body, sendDtmfModel);
  const list = fields.required('tones', listOf(tone, { min: 1, max: MAX_TONES }));
  const target = fields.required('targetParticipant', takeIdentifier);
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ target: target!, tones: list!, ...operation() }));
}
