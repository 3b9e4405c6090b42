import {
  type Call,
  isClient,
  liveLegs,
  liveTransfers,
  type Offer,
  openOffers,
  type PhoneLeg,
} from './call.ts';
import { giveUp } from './decide-leg.ts';
import { closeOffer } from './decide-offer.ts';
import { transferDue } from './decide-transfer.ts';
import type { Draft } from './draft.ts';
import { endEverything, endLeg, tellTargetFailed } from './endings.ts';
import { operationsDue } from './operations.ts';
import { outcome } from './outcome.ts';

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

function ringLimit(draft: Draft, leg: PhoneLeg, limit: number): void {
  // The log row of a phone says what happened on the wire, applications are told the reason.
  const told = outcome('ring-limit@inviting', draft.at, { detail: `not answered within ${seconds(limit)}` });
  endLeg(draft, leg, isClient(leg) ? told : outcome('cancelled-by-us@inviting', draft.at));
  tellTargetFailed(draft, leg, told);
  for (const invitation of Object.values(draft.call.invitations)) {
    if (invitation.partId === leg.id)
      draft.add({ fact: 'invitation-ended', invitation, as: 'failed', outcome: told });
  }
  draft.blame = told;
}

function legDue(draft: Draft, leg: PhoneLeg, call: Call): void {
  const { at } = leg;
  if (leg.leavesAt !== undefined && leg.leavesAt <= draft.at) {
    const left = outcome('transferred@connected', draft.at);
    endLeg(draft, leg, left);
    draft.blame ??= left;
  } else if (at.phase === 'allocating' && at.until <= draft.at) {
    const detail = `the media process did not answer within ${seconds(call.limits.mediaAnswer)}`;
    giveUp(draft, leg, outcome('media-host-silent@inviting', draft.at, { detail }));
  } else if (at.phase === 'inviting' && at.until <= draft.at) {
    ringLimit(draft, leg, leg.ringLimit ?? call.limits.ring);
  } else if (
    at.phase === 'up' &&
    (at.media.watch === 'awaited' || at.media.watch === 'silent') &&
    at.media.until <= draft.at
  ) {
    const about = at.media.watch === 'awaited' ? 'setup' : 'loss';
    draft.add({ fact: 'leg-media', legId: leg.id, watch: { watch: 'asked', about } });
  }
}

function offerDue(draft: Draft, offer: Offer): void {
  const detail = `${offer.subscriptions.join(', ')}: ${seconds(draft.at - offer.openedAt)}`;
  const invited = Object.values(draft.call.invitations).some(({ partId }) => partId === offer.id);
  const silent = invited ? 'invited-without-answer@offering' : 'not-answered-in-time@offering';
  const situation = offer.delivered ? silent : 'not-acknowledged-by-application@offering';
  closeOffer(draft, offer, outcome(situation, draft.at, { detail }));
}

/** Early and doubled ticks do no harm: only what is due by now happens. */
export function decideTick(draft: Draft): void {
  const { startedAt, limits } = draft.call;
  if (draft.at >= startedAt + limits.duration) {
    const detail = `it lasted ${seconds(draft.at - startedAt)}`;
    endEverything(draft, outcome('too-long@connected', draft.at, { detail }), true);
    return;
  }
  for (const leg of liveLegs(draft.call)) legDue(draft, leg, draft.call);
  for (const transfer of liveTransfers(draft.call))
    if (transfer.until <= draft.at) transferDue(draft, transfer);
  for (const offer of openOffers(draft.call)) if (offer.until <= draft.at) offerDue(draft, offer);
  operationsDue(draft);
}
