/** Whether what is to be said or understood can be, by the speech service of the call (`reference/behaviours.md` §5, order of checks). */
import type { Connection } from '../../domain/call/call.ts';
import type { CannotSpeak } from '../../domain/call/inputs.ts';
import { type OperationSpec, type PromptSource, sourcesOf } from '../../domain/media/operation.ts';
import type { SpeechServices } from '../ports/speech-services.ts';

/** Why the speech of an operation cannot be served, where it needs any. */
export function cannotSpeak(
  speechServices: SpeechServices,
  connection: Connection,
  spec: OperationSpec,
  speechModel?: string,
): CannotSpeak | undefined {
  return needsSpeech(spec)
    ? withoutSpeech(speechServices, connection, speechModel ?? customModel(spec))
    : undefined;
}

/** Why nothing can be said or understood for this connection; `model`: one of the application's own, which no provider of ours has. */
export function withoutSpeech(
  speechServices: SpeechServices,
  { resourceId, speechEndpoint }: Connection,
  model: string | undefined,
): CannotSpeak | undefined {
  if (speechEndpoint === undefined)
    return {
      because: 'speech-not-set-up',
      detail:
        'callIntelligenceOptions.cognitiveServicesEndpoint was not given when the call was created or answered',
    };
  const service = speechServices.of(resourceId, speechEndpoint);
  if (!service)
    return {
      because: 'speech-not-linked',
      detail: `${speechEndpoint} is not among the cognitiveServices of the resource`,
    };
  if (service === 'of-another')
    return {
      because: 'speech-of-another-resource',
      detail: `${speechEndpoint} is among the cognitiveServices of another resource only`,
    };
  if (model === undefined) return undefined;
  return { because: 'speech-model-unsupported', detail: `no custom model (${model}) is served here` };
}

const isSpoken = (source: PromptSource): boolean => source.kind !== 'file';

function needsSpeech(spec: OperationSpec): boolean {
  switch (spec.kind) {
    case 'play':
      return spec.sources.some(isSpoken);
    case 'recognize':
      return (
        spec.prompts.some(isSpoken) ||
        spec.input === 'speech' ||
        spec.input === 'speechOrDtmf' ||
        (spec.choices ?? []).some(({ phrases, tone }) => phrases.length > 0 && tone === undefined)
      );
    case 'hold':
      return spec.sources.some(isSpoken);
    case 'send-tones':
      return false;
  }
}

function customModel(spec: OperationSpec): string | undefined {
  for (const source of sourcesOf(spec)) {
    if (source.kind === 'text' && source.voice.endpointId) return source.voice.endpointId;
    if (source.kind === 'ssml' && source.endpointId) return source.endpointId;
  }
  return undefined;
}
