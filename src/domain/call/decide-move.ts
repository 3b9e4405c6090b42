/** Participants who leave one call of an application and go on in another, without being called again. */
import type { Call, PhoneLeg } from './call.ts';
import { liveTransfers, talkingLegs } from './call.ts';
import { refuseControl } from './decide-participants.ts';
import type { Draft } from './draft.ts';
import { endLeg, leaveOperations } from './endings.ts';
import type { Input } from './inputs.ts';
import { type Outcome, outcome } from './outcome.ts';

type Of<K extends Input['input']> = Extract<Input, { input: K }>;

/** Why a leg cannot leave its call now, in words. */
export function staysBecause(call: Call, leg: PhoneLeg): string | undefined {
  const concerned = liveTransfers(call).some(
    ({ legId, how }) => legId === leg.id || (how.how === 'call' && how.partId === leg.id),
  );
  if (concerned) return `${leg.party.rawId} is being transferred`;
  return talkingLegs(call).some(({ id }) => id === leg.id) ? undefined : `${leg.party.rawId} is leaving`;
}

export function decideGive(draft: Draft, { legIds, toCallId }: Of<'give'>): void {
  const moved = outcome('moved-away@connected', draft.at, { detail: `to call ${toCallId}` });
  for (const legId of legIds) {
    if (!draft.call.legs[legId]) continue;
    leaveOperations(draft, legId);
    draft.add({ fact: 'leg-given', legId, toCallId, outcome: moved });
  }
  // Whoever is alone now is told so, as after a removal.
  draft.blame ??= outcome('last-participant-removed@connected', draft.at);
}

export function decideTake(draft: Draft, { legs, fromCallId, order }: Of<'take'>): Outcome | undefined {
  const { call, at } = draft;
  const refused = order && refuseControl(call, order.connectionId, at);
  if (refused) return refused;
  for (const leg of legs) {
    const { held: _held, muted: _muted, ...taken } = leg;
    draft.add({ fact: 'leg-opened', leg: { ...taken, movedFrom: fromCallId } });
    // It comes back, and the call that it was in ended without it.
    if (call.end) endLeg(draft, taken, outcome('move-not-stored@connected', at));
    if (!order) continue;
    const arrived = outcome('established@connected', at);
    draft.add({
      fact: 'participant-moved',
      ...order,
      participant: leg.party,
      as: 'succeeded',
      outcome: arrived,
    });
  }
  return undefined;
}

export function decideMoveFailed(draft: Draft, { order, participants, why }: Of<'move-failed'>): void {
  if (refuseControl(draft.call, order.connectionId, draft.at)) return;
  const failed = outcome('move-not-stored@connected', draft.at, { detail: why });
  for (const participant of participants)
    draft.add({ fact: 'participant-moved', ...order, participant, as: 'failed', outcome: failed });
}
