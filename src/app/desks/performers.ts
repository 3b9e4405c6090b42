/** What each effect does in the world. Called once its fact is stored. */
import type { Call } from '../../domain/call/call.ts';
import type { Effect } from '../../domain/call/effects.ts';
import type { Stream } from '../../domain/media/stream.ts';
import type { Cancel, Quiet } from '../ports/clock.ts';
import type { NumberUse } from '../ports/directory.ts';
import type { MediaPort, StreamRequest } from '../ports/media.ts';
import type { RecordingsPort } from '../ports/recordings.ts';
import type { Records } from '../ports/records.ts';
import type { SpeakingPort } from '../ports/speech-services.ts';
import type { OutboundLeg, TrunkPort } from '../ports/trunk.ts';

export interface World {
  readonly trunk: TrunkPort;
  readonly media: MediaPort;
  readonly speaking: SpeakingPort;
  readonly recordings: RecordingsPort;
  readonly numberUse: NumberUse;
  readonly records: Records;
  readonly quiet: Quiet;
}

/** A media process that never answers must not stop a manual clock. */
const mediaAnswerMs = 500;

type EffectKind = Effect['effect'];
type Perform<K extends EffectKind> = (effect: Extract<Effect, { effect: K }>, call: Call) => void;

/** Answers awaited from the media host, by leg: a manual clock waits for them. */
export class MediaAnswers {
  readonly #quiet: Quiet;
  readonly #awaited = new Map<string, Cancel>();

  constructor(quiet: Quiet) {
    this.#quiet = quiet;
  }

  await(legId: string): void {
    this.#awaited.get(legId)?.();
    this.#awaited.set(legId, this.#quiet.hold('media host', mediaAnswerMs));
  }

  came(legId: string): void {
    this.#awaited.get(legId)?.();
    this.#awaited.delete(legId);
  }
}

const partiesOf = (call: Call): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.values(call.legs).map((leg) => [leg.id, leg.party.rawId]));

function streamRequest(call: Call, connectionId: string, stream: Stream): StreamRequest {
  const { callId, correlationId, connections } = call;
  const { resourceId = '', speechEndpoint } = connections[connectionId] ?? {};
  return {
    callId,
    connectionId,
    correlationId,
    resourceId,
    stream,
    participants: partiesOf(call),
    ...(speechEndpoint === undefined ? {} : { speechEndpoint }),
  };
}

export function performers(world: World, answers: MediaAnswers): { readonly [K in EffectKind]: Perform<K> } {
  const { trunk, media, speaking, recordings, numberUse, records } = world;
  return {
    'allocate-media': ({ legId }, call) => {
      answers.await(legId);
      media.allocate(call.callId, legId, call.legs[legId]?.party.rawId);
    },
    'connect-media': ({ legId, remote }) => media.connect(legId, remote),
    'bridge-media': ({ legId, otherLegId }) => media.bridge(legId, otherLegId),
    'move-media': ({ legId }, call) => media.move(legId, call.callId),
    'ask-media': ({ legId }) => {
      answers.await(legId);
      media.ask(legId);
    },
    'release-media': ({ legId }) => {
      answers.came(legId);
      media.release(legId);
    },
    invite: ({ leg, local }, call) => {
      const outbound: OutboundLeg = {
        callId: call.callId,
        legId: leg.id,
        trunk: leg.trunk ?? '',
        to: leg.party.kind === 'phoneNumber' ? leg.party.number : leg.party.rawId,
        from: leg.ours,
        headers: leg.headers,
        ...(leg.displayName === undefined ? {} : { displayName: leg.displayName }),
        ...(local === undefined ? {} : { local }),
      };
      trunk.invite(outbound);
    },
    ring: ({ legId }) => trunk.ring(legId),
    accept: ({ legId, local }) => trunk.accept(legId, local),
    cancel: ({ legId }) => trunk.cancel(legId),
    refer: ({ legId, number, headers }) => trunk.refer(legId, number, headers),
    notify: ({ legId, status }) => trunk.notify(legId, status),
    'hang-up': ({ legId }) => trunk.hangUp(legId),
    refuse: ({ legId, status }) => trunk.refuse(legId, status),
    'free-number': ({ number }) => numberUse.free(number),
    'prepare-prompts': ({ operationId, connectionId, sources }, { callId, connections }) => {
      const connection = connections[connectionId];
      if (!connection) return;
      const { resourceId, speechEndpoint } = connection;
      speaking.prepare({
        callId,
        operationId,
        resourceId,
        sources,
        ...(speechEndpoint === undefined ? {} : { speechEndpoint }),
      });
    },
    'take-part': ({ legId, muted, held }) => media.part(legId, { muted, held }),
    'play-prompts': ({ operationId, to, prompts, loop }, { callId }) =>
      media.play({ callId, operationId, to, prompts, loop }),
    'stop-prompts': ({ operationId }, { callId }) => media.stopPlaying(callId, operationId),
    listen: ({ operationId, legId, endSilenceMs }, { callId }) =>
      media.listen({ callId, operationId, legId, endSilenceMs }),
    'stop-listening': ({ operationId }, { callId }) => media.stopListening(callId, operationId),
    understand: ({ operationId, connectionId, utterance, locale, choices }, { callId, connections }) => {
      const connection = connections[connectionId];
      if (!connection) return;
      const { resourceId, speechEndpoint = '' } = connection;
      speaking.understand({
        callId,
        operationId,
        resourceId,
        speechEndpoint,
        utterance,
        locale,
        ...(choices === undefined ? {} : { choices }),
      });
    },
    'send-tones': ({ operationId, legId, keys }, { callId }) =>
      media.sendTones({ callId, operationId, legId, keys }),
    'forget-operation': ({ operationId }) => speaking.forget(operationId),
    'start-recording': ({ recording }, call) =>
      media.startRecording({ callId: call.callId, recording, participants: partiesOf(call) }),
    'change-recording': ({ recordingId, change }, { callId }) =>
      media.changeRecording(callId, recordingId, change),
    'keep-recording': ({ recording, endedAt }, call) => recordings.keep({ call, recording, endedAt }),
    'open-stream': ({ connectionId, stream }, call) =>
      media.openStream(streamRequest(call, connectionId, stream)),
    'update-stream': ({ connectionId, stream }, call) =>
      media.updateStream(streamRequest(call, connectionId, stream)),
    'close-stream': ({ connectionId, kind }, { callId }) => media.closeStream(callId, connectionId, kind),
    // Stored as outbox entries together with their fact (`entries.ts`).
    callback: () => undefined,
    announce: () => undefined,
    record: ({ record }, call) => records.participant(call.callId, call.resourceId, record),
  };
}
