/** Ending parts of a call. Each function adds the facts of one part; `settle` draws the consequences. */

import type { Operation } from '../media/operation.ts';
import {
  type Connection,
  type Invitation,
  isClient,
  liveConnections,
  liveLegs,
  liveTransfers,
  openOffers,
  type PhoneLeg,
  participants,
  type Transfer,
} from './call.ts';
import { endRecording } from './decide-recording.ts';
import { closeStreams } from './decide-stream.ts';
import type { Draft } from './draft.ts';
import type { Farewell } from './facts.ts';
import { cancelOperations } from './operations.ts';
import { type Outcome, outcome } from './outcome.ts';

/** What the far end still has to be told, by how far the leg had come. */
function farewell(leg: PhoneLeg): Farewell {
  switch (leg.at.phase) {
    case 'allocating':
      return leg.at.next === 'invite' ? 'none' : 'refuse';
    case 'inviting':
      return 'cancel';
    case 'waiting':
      return 'refuse';
    case 'accepting':
    case 'up':
      return 'hang-up';
    case 'ended':
      return 'none';
  }
}

/** SIP status for an inbound INVITE refused with this outcome (`reference/behaviours.md`, "A call that nobody takes"). */
function refusal(because: Outcome): number {
  const takesItsOwn = [403, 404, 480, 486, 503, 603].includes(because.code);
  return takesItsOwn ? because.code : 480;
}

/** The far side is gone already. */
export function legLeft(draft: Draft, leg: PhoneLeg, because: Outcome): void {
  draft.add({ fact: 'leg-ended', legId: leg.id, outcome: because, farewell: 'none' });
  leaveOperations(draft, leg.id);
  tellTargetFailed(draft, leg, because);
  draft.blame = because;
}

/** We end the leg; `because` is what its log row says. */
export function endLeg(draft: Draft, leg: PhoneLeg, because: Outcome): void {
  const how = farewell(leg);
  draft.add({
    fact: 'leg-ended',
    legId: leg.id,
    outcome: because,
    farewell: how,
    ...(how === 'refuse' ? { sipStatus: refusal(because) } : {}),
  });
  leaveOperations(draft, leg.id);
}

/** In a group call the one target that was not reached is told by itself; the call goes on with the others. */
export function tellTargetFailed(draft: Draft, leg: PhoneLeg, because: Outcome): void {
  if (!draft.call.group || leg.direction !== 'outbound' || leg.at.phase === 'up') return;
  if (liveTransfers(draft.call).some(({ how }) => how.how === 'call' && how.partId === leg.id)) return;
  if (Object.values(draft.call.invitations).some(({ partId }) => partId === leg.id)) return;
  for (const connection of liveConnections(draft.call)) {
    if (connection.role !== 'caller' || !stillTrying(draft)) continue;
    const participant = { identifier: leg.party, isMuted: false, isOnHold: false };
    draft.add({ fact: 'target-failed', connectionId: connection.id, participant, outcome: because });
  }
}

const stillTrying = (draft: Draft): boolean =>
  liveLegs(draft.call).length + openOffers(draft.call).length > 0 || participants(draft.call).length > 1;

/** The handing over came to nothing; what was tried for it is given up. */
export function failTransfer(draft: Draft, transfer: Transfer, because: Outcome): void {
  draft.add({ fact: 'transfer-failed', transferId: transfer.id, outcome: because });
  draft.blame ??= because;
  if (transfer.how.how !== 'call') return;
  const { partId } = transfer.how;
  const leg = draft.call.legs[partId];
  if (leg && leg.at.phase !== 'ended') endLeg(draft, leg, ownRow(leg, draft.at));
  if (draft.call.offers[partId]?.state.state === 'open')
    draft.add({ fact: 'offer-closed', offerId: partId, outcome: because });
}

/** What was tried for an invitation is given up. */
export function withdrawInvitation(draft: Draft, { partId }: Invitation, because: Outcome): void {
  const leg = draft.call.legs[partId];
  if (leg && leg.at.phase !== 'ended') endLeg(draft, leg, ownRow(leg, draft.at));
  if (draft.call.offers[partId]?.state.state === 'open')
    draft.add({ fact: 'offer-closed', offerId: partId, outcome: because });
}

/** Whoever invited leaves: nobody is left to be told more. */
function failInvitations(draft: Draft, connection: Connection, because: Outcome): void {
  for (const invitation of Object.values(draft.call.invitations)) {
    if (invitation.connectionId !== connection.id) continue;
    draft.add({ fact: 'invitation-ended', invitation, as: 'failed', outcome: because });
    withdrawInvitation(draft, invitation, because);
  }
}

/** Whoever asked for it leaves: nobody is left to be told how it ends. */
function withdrawTransfers(draft: Draft, connection: Connection, because: Outcome): void {
  for (const transfer of liveTransfers(draft.call)) {
    const { asked } = transfer;
    if (asked.by !== 'application' || asked.connectionId !== connection.id) continue;
    const own = because.situation.startsWith('application-hung-up@');
    failTransfer(draft, transfer, own ? outcome('transfer-withdrawn@transferring', draft.at) : because);
  }
}

export function endConnection(
  draft: Draft,
  connection: Connection,
  because: Outcome,
  byItself: boolean,
): void {
  withdrawTransfers(draft, connection, because);
  failInvitations(draft, connection, because);
  const as = connection.at.phase === 'connecting' && !byItself ? 'failed' : 'disconnected';
  endOperations(draft, connection, because);
  draft.add({ fact: 'connection-ended', connectionId: connection.id, as, outcome: because });
}

/** CallDisconnected is the last event of a connection: what still ran is told before. */
function endOperations(draft: Draft, connection: Connection, because: Outcome): void {
  const stopping = because.situation === 'server-stopping@alive';
  const { recording } = draft.call;
  const alone = liveConnections(draft.call).length === 1;
  const last = alone && liveLegs(draft.call).length === 0;
  // Those who are handed over talk on without the application, which could not stop it any more.
  const handedOver = alone && because.situation === 'transferred@connected';
  if (recording && (last || handedOver)) endRecording(draft, recording);
  closeStreams(draft, connection, stopping);
  for (const operation of draft.call.operations) {
    if (operation.connectionId !== connection.id) continue;
    const situation =
      stopping && operation.spec.kind === 'play' ? 'play-shut-down@media' : 'operation-cancelled@media';
    cancelOperations(draft, ({ id }) => id === operation.id, situation, because.name);
  }
  for (const [legId, { connectionId }] of Object.entries(draft.call.continuous)) {
    if (connectionId === connection.id) draft.add({ fact: 'continuous-stopped', legId, connectionId });
  }
}

/** What was for a leg that is gone has nobody left to be for. */
export function leaveOperations(draft: Draft, legId: string): void {
  const concerned = ({ spec }: Operation): boolean =>
    spec.kind === 'play' ? spec.to !== 'all' && spec.to.every((id) => id === legId) : spec.legId === legId;
  cancelOperations(draft, concerned, 'operation-cancelled@media', 'the participant left the call');
  const continuous = draft.call.continuous[legId];
  if (continuous) draft.add({ fact: 'continuous-stopped', legId, connectionId: continuous.connectionId });
}

/** A leg that we end because the application did: what the leg's own log row says. */
export function ownRow(leg: PhoneLeg, at: number): Outcome {
  return leg.direction === 'outbound' && leg.at.phase !== 'up'
    ? outcome(isClient(leg) ? 'caller-gave-up@inviting' : 'cancelled-by-us@inviting', at)
    : outcome('hung-up-here@connected', at);
}

/** An application ends the call for everyone. */
export function endByApplication(draft: Draft, connection: Connection): void {
  const at = draft.at;
  const answered = connection.at.phase === 'connected';
  const told = outcome(answered ? 'application-hung-up@connected' : 'application-hung-up@inviting', at);
  for (const leg of liveLegs(draft.call)) {
    // Those handed over out of the group are in a call of their own.
    if (leg.apartWith === undefined) endLeg(draft, leg, ownRow(leg, at));
  }
  for (const offer of openOffers(draft.call))
    draft.add({ fact: 'offer-closed', offerId: offer.id, outcome: told });
  for (const other of liveConnections(draft.call)) endConnection(draft, other, told, true);
  draft.blame = told;
}

/** Something of ours takes the whole call down. `reachable`: whether the far ends can still be told. */
export function endEverything(draft: Draft, because: Outcome, reachable: boolean): void {
  for (const leg of liveLegs(draft.call)) {
    if (reachable) endLeg(draft, leg, because);
    else draft.add({ fact: 'leg-ended', legId: leg.id, outcome: because, farewell: 'none' });
  }
  for (const offer of openOffers(draft.call))
    draft.add({ fact: 'offer-closed', offerId: offer.id, outcome: because });
  for (const connection of liveConnections(draft.call)) endConnection(draft, connection, because, false);
  draft.blame = because;
}
