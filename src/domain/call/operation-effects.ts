/** What the world must be told of a media operation's facts. */
import { hearsWords } from '../media/collect.ts';
import {
  type Audience,
  keyOf,
  type Operation,
  type OperationSpec,
  type RecognizeSpec,
  sourcesOf,
} from '../media/operation.ts';
import type { Call } from './call.ts';
import { callback, none } from './callback.ts';
import type { Effect } from './effects.ts';
import type { CallbackEvent } from './events.ts';
import type { FactKind, FactOf } from './facts.ts';
import { isListening } from './operations.ts';

const of = (call: Call | undefined, id: string): Operation | undefined =>
  call?.operations.find((operation) => operation.id === id);

const listen = (id: string, spec: RecognizeSpec): Effect => ({
  effect: 'listen',
  operationId: id,
  legId: spec.legId,
  endSilenceMs: spec.speech?.endSilenceMs ?? defaultEndSilenceMs,
});

/** What the official SDKs send where the application says nothing. */
const defaultEndSilenceMs = 2000;

/** In a call of two the prompt of a recognise is part of what is said there, and of its recording. */
function audienceOf(spec: Exclude<OperationSpec, { kind: 'send-tones' }>): Audience {
  if (spec.kind === 'play') return spec.to;
  return spec.kind === 'recognize' && spec.lane === 'main' ? 'all' : [spec.legId];
}

function prompting(call: Call, { operationId, prompts }: FactOf<'operation-prompting'>): Effect[] {
  const operation = of(call, operationId);
  if (!operation || operation.spec.kind === 'send-tones') return [];
  const { spec } = operation;
  const played: Effect = {
    effect: 'play-prompts',
    operationId,
    to: audienceOf(spec),
    prompts,
    loop: spec.kind === 'hold' || (spec.kind === 'play' && spec.loop),
  };
  return isListening(operation) && spec.kind === 'recognize' ? [played, listen(operationId, spec)] : [played];
}

/** Stops what only the phase before it needed, and starts what this one needs. */
function listening(call: Call, fact: FactOf<'operation-listening'>, before: Call | undefined): Effect[] {
  const { operationId } = fact;
  const was = of(before, operationId);
  const now = of(call, operationId);
  if (now?.spec.kind !== 'recognize') return [];
  const stopped: Effect[] = was?.at.phase === 'prompting' ? [{ effect: 'stop-prompts', operationId }] : [];
  const listened = was !== undefined && isListening(was);
  if (isListening(now) && !listened) return [...stopped, listen(operationId, now.spec)];
  return !isListening(now) && listened ? [...stopped, { effect: 'stop-listening', operationId }] : stopped;
}

function understanding(call: Call, { operationId, utterance }: FactOf<'operation-understanding'>): Effect[] {
  const operation = of(call, operationId);
  if (operation?.spec.kind !== 'recognize') return [];
  const { spec, connectionId } = operation;
  return [
    {
      effect: 'understand',
      operationId,
      connectionId,
      utterance,
      locale: spec.speech?.locale ?? 'en-US',
      ...(spec.input === 'choices' && spec.choices ? { choices: spec.choices } : {}),
    },
  ];
}

/** Music on hold has no events of its own; that it cannot be heard has one. */
const names = { play: 'Play', recognize: 'Recognize', 'send-tones': 'SendDtmfTones' } as const;
const endings = { completed: 'Completed', failed: 'Failed', canceled: 'Canceled' } as const;

function typeOf(fact: FactOf<'operation-ended'>): CallbackEvent['type'] | undefined {
  const { kind } = fact.operation.spec;
  if (kind === 'hold') return fact.as === 'failed' ? 'HoldFailed' : undefined;
  // Keys that were not sent have no event of being cancelled.
  if (kind === 'send-tones')
    return fact.as === 'completed' ? 'SendDtmfTonesCompleted' : 'SendDtmfTonesFailed';
  return `${names[kind]}${endings[fact.as]}`;
}

function ended(call: Call, fact: FactOf<'operation-ended'>): Effect[] {
  const { operation, outcome, result, failedIndex } = fact;
  const { id, at, spec } = operation;
  const stop: Effect[] = [
    ...(at.phase === 'preparing' || at.phase === 'understanding'
      ? [{ effect: 'forget-operation' as const, operationId: id }]
      : []),
    ...(at.phase === 'prompting' ? [{ effect: 'stop-prompts' as const, operationId: id }] : []),
    ...(spec.kind === 'recognize' &&
    hearsWords(spec) &&
    (at.phase === 'listening' || at.phase === 'prompting')
      ? [{ effect: 'stop-listening' as const, operationId: id }]
      : []),
  ];
  const rest: Partial<CallbackEvent> = {
    outcome,
    ...(result === undefined ? {} : { recognized: result }),
    ...(failedIndex === undefined ? {} : { failedPlaySourceIndex: failedIndex }),
  };
  const type = typeOf(fact);
  const told = type ? callback(call, operation.connectionId, type, rest, operation) : [];
  return [...stop, ...told];
}

type OperationFact = Extract<FactKind, `operation-${string}` | `continuous-${string}`>;

export const operationEffects: {
  readonly [K in Exclude<OperationFact, 'operation-refused'>]: (
    call: Call,
    fact: FactOf<K>,
    before: Call | undefined,
  ) => Effect[];
} = {
  'operation-queued': none,
  'operation-preparing': (call, { operationId }) => {
    const operation = of(call, operationId);
    if (!operation || operation.spec.kind === 'send-tones') return [];
    const { spec, connectionId } = operation;
    return [{ effect: 'prepare-prompts', operationId, connectionId, sources: sourcesOf(spec) }];
  },
  'operation-prompting': prompting,
  'operation-heard': (call, { operationId }) => {
    const operation = of(call, operationId);
    return operation?.spec.kind === 'play'
      ? callback(call, operation.connectionId, 'PlayStarted', {}, operation)
      : [];
  },
  'operation-pressed': none,
  'operation-listening': listening,
  'operation-understanding': understanding,
  'operation-sending': (call, { operationId }) => {
    const operation = of(call, operationId);
    if (operation?.spec.kind !== 'send-tones') return [];
    const { legId, tones } = operation.spec;
    return [{ effect: 'send-tones', operationId, legId, keys: tones.map(keyOf).join('') }];
  },
  'operation-ended': ended,
  'continuous-started': none,
  'continuous-tone': (call, { connectionId, legId, tone, sequence }) =>
    callback(
      call,
      connectionId,
      'ContinuousDtmfRecognitionToneReceived',
      { tone, sequenceId: sequence },
      call.continuous[legId],
    ),
  'continuous-stopped': (call, { connectionId, legId, operationContext }, before) =>
    callback(
      call,
      connectionId,
      'ContinuousDtmfRecognitionStopped',
      {},
      {
        ...before?.continuous[legId],
        ...(operationContext === undefined ? {} : { operationContext }),
      },
    ),
};
