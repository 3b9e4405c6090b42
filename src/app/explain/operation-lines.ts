/** The lines that facts of media operations become. */
import type { FactKind, FactOf } from '../../domain/call/facts.ts';
import { nameOf } from '../../domain/media/lanes.ts';
import { keyOf, type PromptSource, sourcesOf, type Tone } from '../../domain/media/operation.ts';
import { ending, type Memory, place, state, type Told } from './fact-words.ts';

const quoted = (text: string): string => JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);

function sourceLine(source: PromptSource): string {
  switch (source.kind) {
    case 'file':
      return `file ${place(source.uri)}`;
    case 'text':
      return `text ${quoted(source.text)}`;
    case 'ssml':
      return 'SSML';
  }
}

const pressed = (tones: readonly Tone[]): string => tones.map(keyOf).join('');

function requested({ operation }: FactOf<'operation-queued'>, { names }: Memory): Told {
  const { spec } = operation;
  const sources = sourcesOf(spec);
  const to =
    spec.kind === 'play'
      ? spec.to === 'all'
        ? ''
        : ` (${spec.to.map((id) => names.phone(id)).join(', ')})`
      : ` (${names.phone(spec.legId)})`;
  const what = spec.kind === 'send-tones' ? ` ${pressed(spec.tones)}` : '';
  const heard = sources.length === 0 ? '' : `: ${sources.map(sourceLine).join(', ')}`;
  return {
    ...state(`${nameOf(spec)}${what}${to} is asked for${heard}`),
    detail: { operation: operation.id },
  };
}

function found(result: NonNullable<FactOf<'operation-ended'>['result']>): string {
  switch (result.type) {
    case 'dtmf':
      return `; keys ${pressed(result.tones)}`;
    case 'choices':
      return `; choice ${quoted(result.label)}`;
    case 'speech':
      return `; heard ${quoted(result.speech)}`;
  }
}

type OperationFact = Exclude<
  Extract<FactKind, `operation-${string}` | `continuous-${string}`>,
  'operation-refused'
>;

const about = (text: string, operation: string): Told => ({
  kind: 'media',
  text,
  detail: { operation },
});

export const operationLines: {
  readonly [K in OperationFact]: (fact: FactOf<K>, memory: Memory) => Told | undefined;
} = {
  'operation-queued': requested,
  'operation-preparing': ({ operationId }) => about('its prompts are fetched and spoken', operationId),
  'operation-prompting': ({ operationId }) =>
    about('its prompts are ready and handed to the media process', operationId),
  'operation-heard': ({ operationId }) => about('the first packet of the prompt is sent', operationId),
  'operation-pressed': ({ operationId, collected }) =>
    about(`keys ${pressed(collected)} wait for the end of the prompt`, operationId),
  'operation-listening': ({ operationId, collected, until }, { startedAt }) => {
    const keys = collected.length === 0 ? '' : `keys ${pressed(collected)} so far; `;
    const limit =
      until === undefined ? 'somebody speaks' : `waits until ${((until - startedAt) / 1000).toFixed(3)} s`;
    return about(`${keys}${limit}`, operationId);
  },
  'operation-understanding': ({ operationId }) =>
    about('what was said goes to the speech service', operationId),
  'operation-sending': ({ operationId }) => about('the keys are sent', operationId),
  'operation-ended': ({ operation, as, outcome, result }) => ({
    ...state(`${nameOf(operation.spec)} ${as}: ${ending(outcome)}${result ? found(result) : ''}`),
    row: outcome.row,
    detail: { operation: operation.id },
  }),
  'continuous-started': ({ legId }, { names }) => ({
    ...state(`keys of ${names.phone(legId)} are told one by one`),
    detail: { leg: legId },
  }),
  // The key itself has its line.
  'continuous-tone': () => undefined,
  'continuous-stopped': ({ legId }, { names }) => ({
    ...state(`keys of ${names.phone(legId)} are no longer told`),
    detail: { leg: legId },
  }),
};
