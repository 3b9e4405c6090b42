/** An application asks for a media operation: refusals first (`reference/call-automation.md` §7, §8), in their documented order. */
import { excludes, nameOf } from '../media/lanes.ts';
import { laneOf, type Operation, type OperationSpec } from '../media/operation.ts';
import { type Call, type Connection, liveLegs } from './call.ts';
import type { Draft } from './draft.ts';
import type { Input } from './inputs.ts';
import { cancelOperations } from './operations.ts';
import { type Outcome, outcome } from './outcome.ts';

type Of<K extends Input['input']> = Extract<Input, { input: K }>;

/** Why there is no call to hear anything in, in words: media actions need a connected one. */
export function outsideCall(call: Call, connection: Connection): string | undefined {
  if (connection.at.phase === 'connected') return undefined;
  return connection.at.phase === 'ended'
    ? `the call connection has ended: ${connection.at.outcome.name}`
    : `call ${call.callId} is not answered yet`;
}

export function refuseMedia(call: Call, connection: Connection, at: number): Outcome | undefined {
  const detail = outsideCall(call, connection);
  return detail === undefined ? undefined : outcome('media-outside-call@request', at, { detail });
}

function legsOf(spec: OperationSpec): readonly string[] {
  if (spec.kind === 'play') return spec.to === 'all' ? [] : spec.to;
  return [spec.legId];
}

/** Applications talk to each other by events alone: there is nothing to play to, to stream or to record. */
export function refuseWithoutPhones(call: Call, at: number): Outcome | undefined {
  if (liveLegs(call).some((leg) => leg.at.phase === 'up')) return undefined;
  return outcome('no-audio-streams@request', at, { detail: `call ${call.callId} has no phone in it` });
}

function refuseTarget(call: Call, spec: OperationSpec, at: number): Outcome | undefined {
  const up = liveLegs(call).filter((leg) => leg.at.phase === 'up');
  for (const legId of legsOf(spec)) {
    const leg = call.legs[legId];
    if (leg?.at.phase !== 'up') {
      const detail = `${leg?.party.rawId ?? legId} is not in the call`;
      return outcome('participant-absent@request', at, { detail });
    }
    if (!leg.media) {
      const detail = `trunk ${leg.trunk} carries no audio (media: none)`;
      return outcome('audio-inactive@request', at, { detail });
    }
    if (leg.remote?.direction === 'inactive') {
      const detail = `${leg.party.rawId} neither sends nor takes audio (a=inactive)`;
      return outcome('audio-inactive@request', at, { detail });
    }
  }
  if (legsOf(spec).length === 0 && up.length === 0) return refuseWithoutPhones(call, at);
  if (legsOf(spec).length === 0 && up.every((leg) => !leg.media)) {
    return outcome('audio-inactive@request', at, { detail: 'no participant of the call has audio' });
  }
  return undefined;
}

function excluded(call: Call, connectionId: string, what: string, at: number): Outcome | undefined {
  const running = excludes(call.operations, connectionId);
  if (!running) return undefined;
  const detail = `${nameOf(running.spec)} is under way (${running.at.phase}); ${what} may not begin beside it`;
  return outcome('operations-exclude@request', at, { detail });
}

export function decideOperate(draft: Draft, input: Of<'operate'>): Outcome | undefined {
  const { call, at } = draft;
  const { operation, interrupt, cannotSpeak } = input;
  const { spec, connectionId } = operation;
  const connection = call.connections[connectionId];
  if (!connection) return outcome('call-not-found@request', at);
  const lane = laneOf(spec);
  const refused =
    refuseMedia(call, connection, at) ??
    (lane === 'sub' ? excluded(call, connectionId, nameOf(spec), at) : undefined) ??
    refuseTarget(call, spec, at) ??
    (cannotSpeak && outcome(`${cannotSpeak.because}@request`, at, { detail: cannotSpeak.detail }));
  if (refused) return refused;
  if (interrupt)
    cancelOperations(draft, (other) => other.connectionId === connectionId && laneOf(other.spec) === lane);
  const queued: Operation = { ...operation, requestedAt: at, at: { phase: 'queued' } };
  draft.add({ fact: 'operation-queued', operation: queued });
  return undefined;
}

export function decideCancelOperations(draft: Draft, input: Of<'cancel-operations'>): Outcome | undefined {
  const connection = draft.call.connections[input.connectionId];
  if (!connection) return outcome('call-not-found@request', draft.at);
  const refused = refuseMedia(draft.call, connection, draft.at);
  if (refused) return refused;
  cancelOperations(draft, ({ connectionId }) => connectionId === connection.id);
  return undefined;
}

/** Continuous recognition runs until it is stopped; starting twice and stopping what does not run change nothing. */
export function decideContinuous(draft: Draft, input: Of<'continuous-tones'>): Outcome | undefined {
  const { call, at } = draft;
  const { connectionId, legId, on, operationContext, callbackUri } = input;
  const connection = call.connections[connectionId];
  if (!connection) return outcome('call-not-found@request', at);
  const refused =
    refuseMedia(call, connection, at) ??
    (on ? excluded(call, connectionId, 'StartContinuousDtmfRecognition', at) : undefined) ??
    refuseTarget(call, { kind: 'send-tones', legId, tones: [] }, at);
  if (refused) return refused;
  const running = call.continuous[legId];
  if (on && !running) {
    draft.add({
      fact: 'continuous-started',
      legId,
      recognition: {
        connectionId,
        sequence: 0,
        ...(operationContext === undefined ? {} : { operationContext }),
        ...(callbackUri === undefined ? {} : { callbackUri }),
      },
    });
  }
  if (!on && running) {
    draft.add({
      fact: 'continuous-stopped',
      legId,
      connectionId,
      ...(operationContext === undefined ? {} : { operationContext }),
    });
  }
  return undefined;
}
