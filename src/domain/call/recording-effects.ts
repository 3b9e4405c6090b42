/** What the world must be told of a recording's facts. */
import { isActive, type Recording } from '../media/recording.ts';
import type { Call } from './call.ts';
import { callback } from './callback.ts';
import type { Effect } from './effects.ts';
import type { CallbackEvent } from './events.ts';
import type { FactKind, FactOf } from './facts.ts';

/**
 * The connection whose stream of events the recording's belong to: who asked for it, else any of the resource. Nothing follows
 * the end of a connection; only an address of its own is told even then.
 */
function connectionOf(call: Call, { connectionId, resourceId, callbackUri }: Recording): string | undefined {
  const asked = connectionId === undefined ? undefined : call.connections[connectionId];
  const others = Object.values(call.connections).filter((each) => each.resourceId === resourceId);
  const all = asked ? [asked, ...others] : others;
  const live = all.find(({ at }) => at.phase !== 'ended');
  return (live ?? (callbackUri === undefined ? undefined : all[0]))?.id;
}

function told(
  call: Call,
  recording: Recording,
  type: CallbackEvent['type'],
  rest: Partial<CallbackEvent>,
): Effect[] {
  const connectionId = connectionOf(call, recording);
  if (connectionId === undefined) return [];
  const { callbackUri } = recording;
  return callback(call, connectionId, type, rest, callbackUri === undefined ? {} : { callbackUri });
}

const stateChanged = (call: Call, recording: Recording, at: number): Effect[] => {
  const active = isActive(recording);
  return told(call, recording, 'RecordingStateChanged', {
    recording: { id: recording.id, active, ...(active ? { since: at } : {}) },
  });
};

const asked = { pausing: 'pause', resuming: 'resume', stopping: 'stop' } as const;

type RecordingFact = Extract<FactKind, `recording-${string}`>;

export const recordingEffects: {
  readonly [K in RecordingFact]: (call: Call, fact: FactOf<K>, before: Call | undefined) => Effect[];
} = {
  'recording-started': (_call, { recording }) => [{ effect: 'start-recording', recording }],
  'recording-refused': (call, { recording, outcome }) =>
    told(call, recording, 'StartRecordingFailed', {
      outcome,
      recording: { id: recording.id, active: false },
    }),
  'recording-changing': (_call, { recordingId, state }) =>
    state === 'pausing' || state === 'resuming' || state === 'stopping'
      ? [{ effect: 'change-recording', recordingId, change: asked[state] }]
      : [],
  'recording-changed': (call, { at }) => (call.recording ? stateChanged(call, call.recording, at) : []),
  'recording-ended': (call, { recording, outcome, at }) => {
    const stop: Effect[] =
      recording.state === 'stopping'
        ? []
        : [{ effect: 'change-recording', recordingId: recording.id, change: 'stop' }];
    const never = outcome !== undefined && recording.state === 'starting';
    return [
      ...stop,
      ...(never
        ? told(call, recording, 'StartRecordingFailed', {
            outcome,
            recording: { id: recording.id, active: false },
          })
        : stateChanged(call, { ...recording, state: 'stopping' }, at)),
      { effect: 'keep-recording', recording, endedAt: at },
    ];
  },
};
