/** What the world must be told of participants that come, go, are muted or held. */
import type { Call } from './call.ts';
import { callback, none } from './callback.ts';
import type { Effect } from './effects.ts';
import type { FactKind, FactOf } from './facts.ts';
import { legRecord } from './leg-record.ts';

type ParticipantFact =
  | Extract<FactKind, `invitation-${string}`>
  | 'participant-removed'
  | 'participant-moved'
  | 'leg-given'
  | 'leg-part'
  | 'connection-muted';

export const participantEffects: {
  readonly [K in ParticipantFact]: (call: Call, fact: FactOf<K>, before: Call | undefined) => Effect[];
} = {
  'invitation-opened': none,
  'invitation-ended': (call, { invitation, as, outcome }) => {
    const { connectionId, id } = invitation;
    const participant = { identifier: invitation.participant, isMuted: false, isOnHold: false };
    switch (as) {
      case 'succeeded':
        return callback(call, connectionId, 'AddParticipantSucceeded', { participant, outcome }, invitation);
      case 'failed':
        return callback(call, connectionId, 'AddParticipantFailed', { participant, outcome }, invitation);
      case 'cancelled':
        return callback(
          call,
          connectionId,
          'CancelAddParticipantSucceeded',
          { invitationId: id, outcome },
          invitation,
        );
    }
  },
  'participant-removed': (call, fact) =>
    callback(
      call,
      fact.connectionId,
      'RemoveParticipantSucceeded',
      { participant: { identifier: fact.participant, isMuted: false, isOnHold: false } },
      fact,
    ),
  'participant-moved': (call, fact) =>
    callback(
      call,
      fact.connectionId,
      fact.as === 'succeeded' ? 'MoveParticipantSucceeded' : 'MoveParticipantFailed',
      {
        participant: { identifier: fact.participant, isMuted: false, isOnHold: false },
        fromCall: fact.fromConnectionId,
        outcome: fact.outcome,
      },
      fact,
    ),
  'leg-given': (call, fact, before) => {
    const leg = before?.legs[fact.legId];
    return leg ? [{ effect: 'record', record: legRecord(call, leg, fact) }] : [];
  },
  'leg-part': (call, { legId, muted, held }) =>
    call.legs[legId]?.media ? [{ effect: 'take-part', legId, muted, held }] : [],
  'connection-muted': none,
};
