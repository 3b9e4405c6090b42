/** What the world must be told of a fact: data, performed by the desk once the fact is stored. */
import type { Instant } from '../ids/instant.ts';
import type { Choice, PromptSource } from '../media/operation.ts';
import type { Recording } from '../media/recording.ts';
import type { Stream, StreamKind } from '../media/stream.ts';
import type { Call, Connection, PhoneLeg } from './call.ts';
import { callback, none } from './callback.ts';
import type { CallbackEvent, GridEvent, ParticipantRecord } from './events.ts';
import type { Fact, FactKind, FactOf } from './facts.ts';
import { writeContext } from './incoming-context.ts';
import type { Header, LocalMedia, RemoteMedia } from './leg-events.ts';
import { legRecord } from './leg-record.ts';
import { operationEffects } from './operation-effects.ts';
import type { Outcome } from './outcome.ts';
import { participantEffects } from './participant-effects.ts';
import { recordingEffects } from './recording-effects.ts';
import { streamEffects } from './stream-effects.ts';
import { transferAccepted, transferBegun, transferFailed, transferRings } from './transfer-effects.ts';

export type Effect =
  | { readonly effect: 'allocate-media'; readonly legId: string }
  | { readonly effect: 'connect-media'; readonly legId: string; readonly remote: RemoteMedia }
  | { readonly effect: 'bridge-media'; readonly legId: string; readonly otherLegId: string }
  /** From the audio of its former call into that of this one. */
  | { readonly effect: 'move-media'; readonly legId: string }
  | { readonly effect: 'ask-media'; readonly legId: string }
  | { readonly effect: 'release-media'; readonly legId: string }
  | { readonly effect: 'invite'; readonly leg: PhoneLeg; readonly local?: LocalMedia }
  | { readonly effect: 'ring'; readonly legId: string }
  | { readonly effect: 'accept'; readonly legId: string; readonly local?: LocalMedia }
  | { readonly effect: 'cancel'; readonly legId: string }
  | { readonly effect: 'hang-up'; readonly legId: string }
  | { readonly effect: 'refuse'; readonly legId: string; readonly status: number }
  /** REFER: the phone is to call this number. */
  | {
      readonly effect: 'refer';
      readonly legId: string;
      readonly number: string;
      readonly headers: readonly Header[];
    }
  /** NOTIFY: what became of the call that the phone asked for. */
  | { readonly effect: 'notify'; readonly legId: string; readonly status: number }
  | { readonly effect: 'free-number'; readonly number: string }
  /** How the leg takes part in what the call hears. */
  | { readonly effect: 'take-part'; readonly legId: string; readonly muted: boolean; readonly held: boolean }
  /** Fetches and speaks what is to be heard. */
  | {
      readonly effect: 'prepare-prompts';
      readonly operationId: string;
      readonly connectionId: string;
      readonly sources: readonly PromptSource[];
    }
  /** `to`: everybody, or these legs. */
  | {
      readonly effect: 'play-prompts';
      readonly operationId: string;
      readonly to: 'all' | readonly string[];
      readonly prompts: readonly string[];
      readonly loop: boolean;
    }
  | { readonly effect: 'stop-prompts'; readonly operationId: string }
  /** Tells when somebody speaks on the leg, and what was said once they pause for `endSilenceMs`. */
  | {
      readonly effect: 'listen';
      readonly operationId: string;
      readonly legId: string;
      readonly endSilenceMs: number;
    }
  | { readonly effect: 'stop-listening'; readonly operationId: string }
  | {
      readonly effect: 'understand';
      readonly operationId: string;
      readonly connectionId: string;
      readonly utterance: string;
      readonly locale: string;
      readonly choices?: readonly Choice[];
    }
  | { readonly effect: 'start-recording'; readonly recording: Recording }
  | {
      readonly effect: 'change-recording';
      readonly recordingId: string;
      readonly change: 'pause' | 'resume' | 'stop';
    }
  /** What was recorded is to be made a file, kept and announced. */
  | { readonly effect: 'keep-recording'; readonly recording: Recording; readonly endedAt: Instant }
  | { readonly effect: 'open-stream'; readonly connectionId: string; readonly stream: Stream }
  | { readonly effect: 'update-stream'; readonly connectionId: string; readonly stream: Stream }
  | { readonly effect: 'close-stream'; readonly connectionId: string; readonly kind: StreamKind }
  /** Whatever still works for it may stop. */
  | { readonly effect: 'forget-operation'; readonly operationId: string }
  | {
      readonly effect: 'send-tones';
      readonly operationId: string;
      readonly legId: string;
      readonly keys: string;
    }
  /** `to`: instead of the connection's own address. */
  | {
      readonly effect: 'callback';
      readonly connectionId: string;
      readonly event: CallbackEvent;
      readonly to?: string;
    }
  /** To these subscriptions only; undefined: to all that match. */
  | { readonly effect: 'announce'; readonly event: GridEvent; readonly subscriptions?: readonly string[] }
  | { readonly effect: 'record'; readonly record: ParticipantRecord };

/** Event Grid tells of calls between users; calls of phones and applications alone raise IncomingCall only. */
function userOf(connection: Connection | undefined): Connection['answeredFor'] {
  return connection?.answeredFor?.kind === 'communicationUser' ? connection.answeredFor : undefined;
}

function calling(call: Call): {
  startedBy: Connection['source'];
  serverCallId: string;
  correlationId: string;
  isTwoParty: boolean;
} {
  const caller = Object.values(call.connections).find((c) => c.role === 'caller');
  const phone = Object.values(call.legs).find((leg) => leg.direction === 'inbound');
  const startedBy = phone?.party ?? caller?.source ?? { kind: 'unknown' as const, rawId: 'unknown' };
  return {
    startedBy,
    serverCallId: call.serverCallId,
    correlationId: call.correlationId,
    isTwoParty: !call.group,
  };
}

function connected(call: Call, fact: FactOf<'connection-connected'>): Effect[] {
  const told = callback(call, fact.connectionId, 'CallConnected', { outcome: fact.outcome });
  const user = userOf(call.connections[fact.connectionId]);
  if (!user) return told;
  const event = calling(call);
  return [
    ...told,
    { effect: 'announce', event: { type: 'CallStarted', ...event } },
    {
      effect: 'announce',
      event: { type: 'CallParticipantAdded', user, participantId: fact.connectionId, ...event },
    },
  ];
}

const failures = {
  caller: 'CreateCallFailed',
  callee: 'AnswerFailed',
  guest: 'ConnectFailed',
} as const;

function connectionEnded(call: Call, fact: FactOf<'connection-ended'>): Effect[] {
  const connection = call.connections[fact.connectionId];
  if (!connection) return [];
  const { outcome } = fact;
  const failed = failures[connection.role];
  const user = userOf(connection);
  const removed: Effect[] = user
    ? [
        {
          effect: 'announce',
          event: { type: 'CallParticipantRemoved', user, participantId: connection.id, ...calling(call) },
        },
      ]
    : [];
  return [
    ...(fact.as === 'failed' ? callback(call, connection.id, failed, { outcome }) : []),
    ...callback(call, connection.id, 'CallDisconnected', { outcome }),
    ...removed,
    { effect: 'record', record: connectionRecord(call, connection, outcome, fact.at) },
  ];
}

function connectionRecord(
  call: Call,
  connection: Connection,
  outcome: Outcome,
  at: number,
): ParticipantRecord {
  return {
    correlationId: call.correlationId,
    callStartedAt: call.startedAt,
    startedAt: connection.startedAt,
    endedAt: at,
    connectedMs: 0,
    participantId: connection.id,
    identifier: connection.identity,
    endpoint: 'BOT',
    outcome,
  };
}

function legEnded(call: Call, fact: FactOf<'leg-ended'>, before: Call | undefined): Effect[] {
  const leg = call.legs[fact.legId];
  if (!leg) return [];
  const legId = leg.id;
  const farewell: Effect[] =
    fact.farewell === 'none'
      ? []
      : fact.farewell === 'refuse'
        ? [{ effect: 'refuse', legId, status: fact.sipStatus ?? 480 }]
        : [{ effect: fact.farewell, legId }];
  return [
    ...farewell,
    ...(leg.media ? [{ effect: 'release-media' as const, legId }] : []),
    ...(leg.capped ? [{ effect: 'free-number' as const, number: leg.ours }] : []),
    { effect: 'record', record: legRecord(call, before?.legs[fact.legId] ?? leg, fact) },
  ];
}

function legOpened(leg: PhoneLeg): Effect[] {
  if (leg.movedFrom !== undefined) return leg.media ? [{ effect: 'move-media', legId: leg.id }] : [];
  if (leg.direction === 'inbound') return [];
  if (leg.trunk === undefined) return [];
  return leg.media ? [{ effect: 'allocate-media', legId: leg.id }] : [{ effect: 'invite', leg }];
}

function legAllocated(call: Call, fact: FactOf<'leg-allocated'>): Effect[] {
  const leg = call.legs[fact.legId];
  if (leg?.at.phase === 'inviting') return [{ effect: 'invite', leg, local: fact.local }];
  return leg?.at.phase === 'accepting' ? [{ effect: 'accept', legId: leg.id, local: fact.local }] : [];
}

function offerOpened(call: Call, fact: FactOf<'offer-opened'>): Effect[] {
  const { offer } = fact;
  if (offer.subscriptions.length === 0) return [];
  const caller = Object.values(call.legs).find(
    (leg) => leg.direction === 'inbound' && leg.at.phase === 'waiting',
  );
  const event: GridEvent = {
    type: 'IncomingCall',
    from: offer.from,
    to: offer.target,
    serverCallId: call.serverCallId,
    callerDisplayName: offer.displayName ?? '',
    headers: offer.headers,
    ...(offer.voipHeaders ? { voipHeaders: offer.voipHeaders } : {}),
    incomingCallContext: writeContext({
      callId: call.callId,
      offerId: offer.id,
      resourceId: offer.resourceId,
    }),
    correlationId: call.correlationId,
    offerId: offer.id,
  };
  return [
    ...(caller ? [{ effect: 'ring' as const, legId: caller.id }] : []),
    { effect: 'announce', event, subscriptions: offer.subscriptions },
  ];
}

function callEnded(call: Call, fact: FactOf<'call-ended'>): Effect[] {
  if (!Object.values(call.connections).some((connection) => userOf(connection))) return [];
  const durationMs = fact.at - call.startedAt;
  return [
    { effect: 'announce', event: { type: 'CallEnded', outcome: fact.outcome, durationMs, ...calling(call) } },
  ];
}

const followUps: {
  readonly [K in FactKind]: (call: Call, fact: FactOf<K>, before: Call | undefined) => Effect[];
} = {
  'call-started': none,
  'connection-opened': none,
  'connection-connected': connected,
  'connection-ended': connectionEnded,
  'participants-changed': (call, { connectionId, participants, sequence }) =>
    callback(call, connectionId, 'ParticipantsUpdated', { participants, sequenceNumber: sequence }),
  'leg-opened': (_call, fact) => legOpened(fact.leg),
  'leg-allocated': legAllocated,
  'leg-ringing': (call, fact) => {
    // A redirected caller hears that the other phone rings.
    const caller = Object.values(call.legs).find(
      (leg) => leg.direction === 'inbound' && leg.at.phase === 'waiting',
    );
    const told: Effect[] = caller && caller.id !== fact.legId ? [{ effect: 'ring', legId: caller.id }] : [];
    return [...told, ...transferRings(call, fact)];
  },
  'leg-rerouted': (call, { legId }) => {
    const leg = call.legs[legId];
    if (leg?.at.phase !== 'inviting') return [];
    const { local } = leg.at;
    return [{ effect: 'invite', leg, ...(local ? { local } : {}) }];
  },
  'leg-accepting': (call, { legId }) =>
    call.legs[legId]?.at.phase === 'allocating'
      ? [{ effect: 'allocate-media', legId }]
      : [{ effect: 'accept', legId }],
  'leg-answered': (call, { legId, remote }) => {
    const known = remote ?? call.legs[legId]?.remote;
    return call.legs[legId]?.media && known ? [{ effect: 'connect-media', legId, remote: known }] : [];
  },
  'leg-media': (_call, { legId, remote, watch }) => [
    ...(remote ? [{ effect: 'connect-media' as const, legId, remote }] : []),
    ...(watch.watch === 'asked' ? [{ effect: 'ask-media' as const, legId }] : []),
  ],
  'leg-bridged': (_call, { legId, otherLegId }) => [{ effect: 'bridge-media', legId, otherLegId }],
  'leg-ended': legEnded,
  'target-failed': (call, { connectionId, participant, outcome }) =>
    callback(call, connectionId, 'AddParticipantFailed', { participant, outcome }),
  'offer-opened': offerOpened,
  'offer-delivered': none,
  'offer-taken': none,
  'offer-passed-on': none,
  'offer-closed': none,
  'transfer-begun': (_call, fact) => transferBegun(fact),
  'transfer-progress': none,
  'transfer-passed-on': none,
  'transfer-accepted': transferAccepted,
  'transfer-failed': transferFailed,
  'referral-refused': (_call, { legId, sipStatus }) => [{ effect: 'notify', legId, status: sipStatus }],
  'tone-heard': none,
  ...operationEffects,
  ...participantEffects,
  ...recordingEffects,
  ...streamEffects,
  'operation-refused': none,
  'input-ignored': none,
  'call-ended': callEnded,
};

/** Effects of a fact, given the call before and after it. */
export function effects(fact: Fact, call: Call, before: Call | undefined): readonly Effect[] {
  const follow = followUps[fact.fact] as (call: Call, fact: Fact, before: Call | undefined) => Effect[];
  return follow(call, fact, before);
}
