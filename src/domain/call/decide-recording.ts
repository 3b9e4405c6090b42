/** Recording a call: what applications ask for, what the media process tells. */
import { isChanging, type Recording, type RecordingEvent } from '../media/recording.ts';
import { type Call, liveConnections } from './call.ts';
import { refuseWithoutPhones } from './decide-operation.ts';
import type { Draft } from './draft.ts';
import type { Input } from './inputs.ts';
import { type Outcome, outcome } from './outcome.ts';

type Of<K extends Input['input']> = Extract<Input, { input: K }>;

const isUp = (call: Call): boolean => liveConnections(call).some(({ at }) => at.phase === 'connected');

export function decideStartRecording(
  draft: Draft,
  { recording }: Of<'start-recording'>,
): Outcome | undefined {
  const { call, at } = draft;
  if (call.end)
    return outcome('call-terminated@request', at, { detail: `the call ended: ${call.end.outcome.name}` });
  if (!isUp(call)) return outcome('not-connected@request', at, { detail: 'nobody has answered yet' });
  const refused = refuseWithoutPhones(call, at);
  if (refused) return refused;
  const running = call.recording;
  if (running && running.connectionId === recording.connectionId) {
    return outcome('already-recording@request', at, {
      detail: `recording ${running.id} of this call is ${running.state}`,
    });
  }
  if (running) {
    // Two applications of one call cannot know of each other: the later one is told by an event.
    const detail = `recording ${running.id} of this call is ${running.state}`;
    const because = outcome('duplicate-recording@media', at, { detail });
    draft.add({
      fact: 'recording-refused',
      recording: { ...recording, requestedAt: at, state: 'stopping' },
      outcome: because,
    });
    return undefined;
  }
  draft.add({ fact: 'recording-started', recording: { ...recording, requestedAt: at, state: 'starting' } });
  return undefined;
}

const changes = {
  pause: { from: 'active', to: 'pausing' },
  resume: { from: 'paused', to: 'resuming' },
} as const;

export function decideChangeRecording(draft: Draft, input: Of<'change-recording'>): Outcome | undefined {
  const { call, at } = draft;
  const { recordingId, change } = input;
  const running = call.recording;
  if (running?.id !== recordingId)
    return outcome('call-not-found@request', at, { detail: `no live recording ${recordingId}` });
  if (isChanging(running)) {
    const detail = `recording ${recordingId} is ${running.state}; wait for RecordingStateChanged before you ${change} it`;
    return outcome('recording-operations-collide@request', at, { detail });
  }
  if (change === 'stop') {
    draft.add({ fact: 'recording-changing', recordingId, state: 'stopping' });
    return undefined;
  }
  const { from, to } = changes[change];
  if (running.state !== from) {
    const detail = `recording ${recordingId} is ${running.state}, and only an ${from} one can be ${change}d`;
    return outcome('recording-cannot-change@request', at, { detail });
  }
  draft.add({ fact: 'recording-changing', recordingId, state: to });
  return undefined;
}

export function recordingTold(draft: Draft, event: RecordingEvent): void {
  const running = draft.call.recording;
  if (running?.id !== event.recordingId) return;
  switch (event.now) {
    case 'active':
    case 'paused':
      // Late news do not take back a stop.
      if (running.state !== event.now && running.state !== 'stopping')
        draft.add({ fact: 'recording-changed', recordingId: running.id, state: event.now });
      return;
    case 'stopped':
      endRecording(draft, running);
      return;
    case 'failed': {
      const because = outcome('media-fault@media', draft.at, { detail: event.why });
      draft.add({ fact: 'recording-ended', recording: running, outcome: because });
    }
  }
}

/** With the call, or because it was stopped. What was recorded is kept. */
export function endRecording(draft: Draft, recording: Recording): void {
  draft.add({ fact: 'recording-ended', recording });
}
