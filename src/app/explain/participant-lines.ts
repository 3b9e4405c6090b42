/** The lines that facts about participants become. */
import type { FactKind, FactOf } from '../../domain/call/facts.ts';
import { ending, type Memory, state, type Told } from './fact-words.ts';
import { party } from './names.ts';

type ParticipantFact =
  | Extract<FactKind, `invitation-${string}`>
  | 'participant-removed'
  | 'participant-moved'
  | 'leg-given'
  | 'leg-part'
  | 'connection-muted';

const endings = {
  succeeded: 'has joined',
  failed: 'was not reached',
  cancelled: 'is no longer invited',
} as const;

export const participantLines: {
  readonly [K in ParticipantFact]: (fact: FactOf<K>, memory: Memory) => Told;
} = {
  'invitation-opened': ({ invitation: { id, participant } }) => ({
    ...state(`${party(participant)} is invited (invitation ${id})`),
    detail: { invitation: id },
  }),
  'invitation-ended': ({ invitation: { id, participant }, as, outcome }) => ({
    ...state(`${party(participant)} ${endings[as]}: ${ending(outcome)}`),
    row: outcome.row,
    detail: { invitation: id },
  }),
  'participant-removed': ({ participant }) => state(`${party(participant)} is removed by the application`),
  'participant-moved': ({ participant, fromConnectionId, as, outcome }) => ({
    ...state(
      as === 'succeeded'
        ? `${party(participant)} was moved here from call connection ${fromConnectionId}`
        : `${party(participant)} could not be moved here from call connection ${fromConnectionId}: ${ending(outcome)}`,
    ),
    row: outcome.row,
  }),
  'leg-given': ({ legId, toCallId, outcome }, { names }) => ({
    ...state(`${names.phone(legId)} goes on in call ${toCallId}`),
    row: outcome.row,
    detail: { leg: legId },
  }),
  'leg-part': ({ legId, muted, held }, { names }) => ({
    kind: 'media',
    text: `${names.phone(legId)} ${held ? 'is put on hold' : muted ? 'is muted' : 'is heard, and hears'}`,
    detail: { leg: legId },
  }),
  'connection-muted': ({ connectionId }) => state(`call connection ${connectionId} is muted`),
};
