/** REFER both ways (RFC 3515): what the phone told of ours, and what a phone asks of us. */
import { type Call, liveTransfers, type PhoneLeg } from './call.ts';
import { maxHops } from './decide-offer.ts';
import { callTarget } from './decide-start.ts';
import { transferLimit } from './decide-transfer.ts';
import type { Draft } from './draft.ts';
import { failTransfer } from './endings.ts';
import type { Input } from './inputs.ts';
import type { ReferStep, SipReason } from './leg-events.ts';
import { type Outcome, outcome, sipFinal } from './outcome.ts';
import { acceptTransfer, targetAnswered } from './settle-transfers.ts';

/** The phone did not take our REFER. The far end's own status stands in the SIP details. */
function refusedBy(sip: SipReason, at: number): Outcome {
  // RFC 3261 12.2.1.2: the far end has no such dialog (any more).
  if (sip.code === 481) return outcome('transferee-knows-no-call@transferring', at, { sip });
  // RFC 3261 21.4.6, 21.4.15, 21.5.2 and RFC 6665: it does not know the method, or what comes with it.
  if ([405, 420, 489, 501].includes(sip.code)) return outcome('transferee-cannot@transferring', at, { sip });
  return outcome('transferee-declined@transferring', at, { sip });
}

function toldAtLast(sip: SipReason, at: number): Outcome {
  if (sip.code >= 300) return targetAnswered(sipFinal(sip, at), at);
  const detail = `the phone tells no more of the transfer; it said ${sip.code} ${sip.message} last`;
  return outcome('target-unreachable@transferring', at, { detail, sip });
}

export function decideReferStep(draft: Draft, leg: PhoneLeg, told: ReferStep): void {
  const transfer = liveTransfers(draft.call).find(
    ({ how, legId }) => how.how === 'refer' && legId === leg.id,
  );
  if (!transfer) return;
  const { sip } = told;
  if (told.step === 'progress') draft.add({ fact: 'transfer-progress', transferId: transfer.id, sip });
  else if (told.step === 'refused') failTransfer(draft, transfer, refusedBy(sip, draft.at));
  else if (sip.code >= 200 && sip.code < 300) acceptTransfer(draft, transfer);
  else failTransfer(draft, transfer, toldAtLast(sip, draft.at));
}

/** Why the place of this leg cannot be given away now, as a SIP status. */
function referralFault(call: Call, leg: PhoneLeg): { sipStatus: number; why: string } | undefined {
  if (leg.at.phase !== 'up' || leg.leavesAt !== undefined || leg.apartWith !== undefined)
    return { sipStatus: 603, why: 'it is not in the call, or not any more' };
  if (liveTransfers(call).length > 0) return { sipStatus: 491, why: 'another transfer is under way' };
  // RFC 3261 21.4.21.
  if (call.hops >= maxHops)
    return { sipStatus: 482, why: `the call was redirected or handed over ${maxHops} times before` };
  return undefined;
}

/** The target is called on behalf of the phone that asks, and takes its place when it answers. */
export function decideRefer(draft: Draft, call: Call, input: Extract<Input, { input: 'refer' }>): void {
  const { legId, target, headers } = input;
  const leg = call.legs[legId];
  if (!leg || leg.at.phase === 'ended') {
    draft.add({ fact: 'input-ignored', input: 'trunk: referred', why: 'the leg had ended' });
    return;
  }
  const fault = referralFault(call, leg);
  if (fault) {
    draft.add({ fact: 'referral-refused', legId, ...fault });
    return;
  }
  draft.add({
    fact: 'transfer-begun',
    transfer: {
      id: target.id,
      target: target.identifier,
      until: draft.at + transferLimit,
      transferee: leg.party,
      legId,
      asked: { by: 'phone' },
      how: { how: 'call', partId: target.id },
    },
    headers,
  });
  callTarget(draft, target, { from: leg.party, headers });
}

/** An INVITE takes the place of a leg (RFC 3891): it is answered at once, and then the old one is hung up. */
export function decideSucceed(draft: Draft, call: Call, input: Extract<Input, { input: 'succeed' }>): void {
  const { replaces, legId, ...rest } = input.successor;
  const replaced = call.legs[replaces];
  if (replaced?.at.phase !== 'up') {
    draft.add({ fact: 'input-ignored', input: 'trunk: arrived', why: 'the leg that it replaces had ended' });
    return;
  }
  draft.add({
    fact: 'leg-opened',
    leg: {
      ...rest,
      id: legId,
      direction: 'inbound',
      startedAt: draft.at,
      party: rest.from,
      ours: replaced.ours,
      capped: false,
      inPlaceOf: replaces,
      at: { phase: 'waiting' },
    },
  });
  draft.add({ fact: 'leg-accepting', legId });
}
