/** What the world must be told of the facts of media streaming and transcription. */
import type { Stream, StreamKind } from '../media/stream.ts';
import type { Call } from './call.ts';
import { callback, none } from './callback.ts';
import type { Effect } from './effects.ts';
import type { CallbackEvent } from './events.ts';
import type { FactKind, FactOf } from './facts.ts';

interface OfStream {
  readonly connectionId: string;
  readonly kind: StreamKind;
}

const streamOf = (call: Call, { connectionId, kind }: OfStream): Stream | undefined =>
  call.connections[connectionId]?.streams?.[kind];

type Event = 'Started' | 'Stopped' | 'Failed' | 'Updated';

function told(
  call: Call,
  fact: OfStream,
  event: Event,
  stream: CallbackEvent['stream'],
  rest: Partial<CallbackEvent> = {},
): Effect[] {
  const type =
    fact.kind === 'transcript'
      ? (`Transcription${event}` as const)
      : event === 'Updated'
        ? undefined
        : (`MediaStreaming${event}` as const);
  if (type === undefined) return [];
  const told = { ...rest, ...(stream === undefined ? {} : { stream }) };
  const { operationContext, callbackUri } = streamOf(call, fact) ?? {};
  const about = {
    ...(operationContext === undefined ? {} : { operationContext }),
    ...(callbackUri === undefined ? {} : { callbackUri }),
  };
  return callback(call, fact.connectionId, type, told, about);
}

type StreamFact = Extract<FactKind, `stream-${string}`>;

export const streamEffects: {
  readonly [K in StreamFact]: (call: Call, fact: FactOf<K>, before: Call | undefined) => Effect[];
} = {
  'stream-opening': (call, fact) => {
    const stream = streamOf(call, fact);
    return stream ? [{ effect: 'open-stream', connectionId: fact.connectionId, stream }] : [];
  },
  'stream-opened': (call, fact) => told(call, fact, 'Started', 'subscription-started'),
  'stream-interrupted': none,
  'stream-restored': (call, fact) => told(call, fact, 'Started', 'restored'),
  'stream-updating': (call, fact) => {
    const stream = streamOf(call, fact);
    return stream ? [{ effect: 'update-stream', connectionId: fact.connectionId, stream }] : [];
  },
  'stream-updated': (call, fact) => told(call, fact, 'Updated', 'locale-updated'),
  'stream-closing': (_call, { connectionId, kind }) => [{ effect: 'close-stream', connectionId, kind }],
  'stream-closed': (call, fact, before) => {
    const was = before && streamOf(before, fact);
    const close: Effect[] =
      was?.state === 'closing'
        ? []
        : [{ effect: 'close-stream', connectionId: fact.connectionId, kind: fact.kind }];
    return [...close, ...told(call, fact, 'Stopped', 'subscription-stopped')];
  },
  'stream-failed': (call, fact) => [
    { effect: 'close-stream', connectionId: fact.connectionId, kind: fact.kind },
    ...told(call, fact, 'Failed', fact.status, { outcome: fact.outcome }),
  ],
};
