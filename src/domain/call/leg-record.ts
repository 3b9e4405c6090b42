/** What the call log says of a leg that is over, or goes on elsewhere. */
import { type Call, isClient, type PhoneLeg } from './call.ts';
import type { ParticipantRecord } from './events.ts';
import type { FactOf } from './facts.ts';

/** `leg`: as it was before. */
export function legRecord(
  call: Call,
  leg: PhoneLeg,
  fact: FactOf<'leg-ended'> | FactOf<'leg-given'>,
): ParticipantRecord {
  return {
    correlationId: call.correlationId,
    callStartedAt: call.startedAt,
    startedAt: leg.startedAt,
    endedAt: fact.at,
    connectedMs: leg.at.phase === 'up' ? fact.at - leg.at.since : 0,
    participantId: leg.id,
    identifier: leg.party,
    endpoint: isClient(leg) ? 'VoIP' : 'PSTN',
    direction: leg.direction,
    outcome: fact.outcome,
  };
}
