/** How the handing over of a party ends, once it is known what became of those whom it concerns. */
import { type Call, liveLegs, liveTransfers, type Transfer } from './call.ts';
import type { Draft } from './draft.ts';
import { endConnection, endLeg, failTransfer, ownRow } from './endings.ts';
import { type Outcome, outcome } from './outcome.ts';
import type { Situation } from './situations.ts';

/** How long a phone whose place is taken may take to hang up by itself (RFC 5589 6.1 has it do so at once). */
export const leaveLimit = 4_000;

type Transferring = Extract<Situation, `${string}@transferring`>;

/** By the code of the target's answer (`reference/behaviours.md` §5, 8538-8544). */
const answers: Readonly<Record<number, Transferring>> = {
  404: 'target-not-found@transferring',
  408: 'target-unreachable@transferring',
  480: 'target-unavailable@transferring',
  486: 'target-busy@transferring',
  487: 'target-cancelled@transferring',
  600: 'target-busy-everywhere@transferring',
  603: 'target-declined@transferring',
};

/** Why the target was not reached, as the application that transfers is told it. */
export function targetAnswered(because: Outcome, at: number): Outcome {
  const situation = answers[because.code];
  // What kept us from calling it at all is no answer of the target and has a row of its own.
  if (situation === undefined || because.situation.endsWith('@routing')) return because;
  const { sip, q850, detail = because.name } = because;
  return outcome(situation, at, { detail, ...(sip ? { sip } : {}), ...(q850 ? { q850 } : {}) });
}

/** The target is there: those concerned part from the call as the transfer asks. */
export function acceptTransfer(draft: Draft, transfer: Transfer): void {
  const { call, at } = draft;
  const { id: transferId, legId, asked, how } = transfer;
  const accepted = { fact: 'transfer-accepted', transferId } as const;
  const reached = outcome('target-answered@transferring', at);
  if (asked.by === 'phone') {
    draft.add({ ...accepted, outcome: reached, leavesAt: at + leaveLimit });
    return;
  }
  const apart =
    call.group && how.how === 'call' && legId !== undefined ? ([legId, how.partId] as const) : undefined;
  draft.add({ ...accepted, outcome: reached, ...(apart ? { apart } : {}) });
  const transferred = outcome('transferred@connected', at);
  draft.blame ??= transferred;
  const leg = legId === undefined ? undefined : call.legs[legId];
  if (how.how === 'refer' && leg) endLeg(draft, leg, transferred);
  const connection = call.connections[asked.connectionId];
  if (!call.group && connection) endConnection(draft, connection, transferred, true);
  if (!apart) return;
  const [one, other] = apart;
  if (call.legs[one]?.media && call.legs[other]?.media)
    draft.add({ fact: 'leg-bridged', legId: one, otherLegId: other });
}

type Standing =
  | { readonly is: 'tried' }
  | { readonly is: 'there' }
  | { readonly is: 'not-reached'; readonly because: Outcome };

/** What has become of the leg or offer by which somebody is tried. */
export function partStanding(call: Call, partId: string): Standing {
  const leg = call.legs[partId];
  if (leg) {
    if (leg.at.phase === 'up') return { is: 'there' };
    return leg.at.phase === 'ended' ? { is: 'not-reached', because: leg.at.outcome } : { is: 'tried' };
  }
  const state = call.offers[partId]?.state;
  if (state?.state === 'closed') return { is: 'not-reached', because: state.outcome };
  if (state?.state !== 'taken') return { is: 'tried' };
  const at = call.connections[state.connectionId]?.at;
  if (at?.phase === 'connected') return { is: 'there' };
  return at?.phase === 'ended' ? { is: 'not-reached', because: at.outcome } : { is: 'tried' };
}

function settleOne(draft: Draft, transfer: Transfer): void {
  const { asked, how, legId } = transfer;
  const at = legId === undefined ? undefined : draft.call.legs[legId]?.at;
  const gone = at?.phase === 'ended' ? at.outcome : undefined;
  // A phone may hang up as soon as its REFER is accepted (RFC 5589 6.1): its place is given away all the same.
  if (gone && asked.by === 'application') {
    const detail = `${transfer.transferee.rawId}: ${gone.name.toLowerCase()}`;
    failTransfer(draft, transfer, outcome('transferee-left@transferring', draft.at, { detail }));
    return;
  }
  if (how.how === 'refer') return;
  const standing = partStanding(draft.call, how.partId);
  if (standing.is === 'there') acceptTransfer(draft, transfer);
  if (standing.is !== 'not-reached') return;
  const { because } = standing;
  failTransfer(draft, transfer, asked.by === 'application' ? targetAnswered(because, draft.at) : because);
  if (gone) draft.blame = gone;
}

export function settleTransfers(draft: Draft): void {
  for (const transfer of liveTransfers(draft.call)) {
    if (draft.call.transfers[transfer.id]) settleOne(draft, transfer);
  }
}

/** Of two who were handed over to each other, one is gone: so is the call of the other. */
export function endWidowed(draft: Draft): void {
  for (const leg of liveLegs(draft.call)) {
    if (leg.apartWith === undefined || draft.call.legs[leg.apartWith]?.at.phase !== 'ended') continue;
    endLeg(draft, leg, ownRow(leg, draft.at));
  }
}
