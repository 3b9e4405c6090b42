import { liveTransfers, type Offer } from './call.ts';
import { callTarget } from './decide-start.ts';
import type { Draft } from './draft.ts';
import { endLeg } from './endings.ts';
import type { Input, RejectReason } from './inputs.ts';
import { type Outcome, outcome } from './outcome.ts';
import type { Situation } from './situations.ts';

/** More redirects and transfers of one call than this look like a loop (`reference/behaviours.md` §5, 8521). */
export const maxHops = 10;

/** Undefined when the offer can be taken; otherwise why not (`reference/call-automation.md` §7, incoming context). */
export function refuseOffer(offer: Offer | undefined, ended: boolean, at: number): Outcome | undefined {
  if (!offer)
    return outcome('call-not-found@request', at, {
      detail: 'no call was offered under this incomingCallContext',
    });
  switch (offer.state.state) {
    case 'open':
      return undefined;
    case 'taken':
      return ended
        ? outcome('call-terminated@request', at, {
            detail: 'the call of this incomingCallContext was answered and has ended',
          })
        : outcome('call-not-found@request', at, {
            detail: 'this incomingCallContext was used already: the call is answered',
          });
    case 'passed-on':
      return outcome('call-not-found@request', at, {
        detail: 'this incomingCallContext was used already: the call was redirected',
      });
    case 'closed':
      return outcome('call-not-found@request', at, {
        detail: `the offered call is over (${offer.state.outcome.name.toLowerCase()})`,
      });
  }
}

export function decideAnswer(draft: Draft, offer: Offer, input: Extract<Input, { input: 'answer' }>): void {
  const { connection } = input;
  draft.add({ fact: 'offer-taken', offerId: offer.id, connectionId: connection.id });
  draft.add({
    fact: 'connection-opened',
    connection: { ...connection, startedAt: draft.at, sequence: 0, at: { phase: 'connecting' } },
  });
  const caller = Object.values(draft.call.legs).find(
    (leg) => leg.direction === 'inbound' && leg.at.phase === 'waiting',
  );
  if (caller) draft.add({ fact: 'leg-accepting', legId: caller.id });
}

const rejections: Readonly<Record<RejectReason, Situation>> = {
  none: 'application-rejected@offering',
  busy: 'application-busy@offering',
  forbidden: 'application-forbade@offering',
};

/** `leg`: as the log of the phone that calls has it, where that differs. */
export function closeOffer(draft: Draft, offer: Offer, because: Outcome, leg = because): void {
  draft.add({ fact: 'offer-closed', offerId: offer.id, outcome: because });
  draft.blame = because;
  const caller = Object.values(draft.call.legs).find(
    (leg) => leg.direction === 'inbound' && leg.at.phase === 'waiting',
  );
  if (caller) endLeg(draft, caller, leg);
}

export function decideReject(draft: Draft, offer: Offer, reason: RejectReason): void {
  const because = outcome(rejections[reason], draft.at);
  const leg = reason === 'busy' ? outcome('refused-as-busy@offering', draft.at) : because;
  closeOffer(draft, offer, because, leg);
}

export function decideRedirect(
  draft: Draft,
  offer: Offer,
  input: Extract<Input, { input: 'redirect' }>,
): void {
  if (draft.call.hops >= maxHops) {
    const detail = `it was redirected or handed over ${maxHops} times before`;
    closeOffer(draft, offer, outcome('forwarded-too-often@offering', draft.at, { detail }));
    return;
  }
  const transfer = liveTransfers(draft.call).find(({ how }) => how.how === 'call' && how.partId === offer.id);
  draft.add({ fact: 'offer-passed-on', offerId: offer.id });
  if (transfer) draft.add({ fact: 'transfer-passed-on', transferId: transfer.id, partId: input.target.id });
  callTarget(draft, input.target, {
    from: offer.from,
    headers: offer.headers,
    ...(offer.displayName === undefined ? {} : { displayName: offer.displayName }),
  });
}
