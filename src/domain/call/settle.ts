/** What follows within the call from what just happened: who connects, who is left alone, whether it is over. */
import {
  type Call,
  type Connection,
  liveConnections,
  liveLegs,
  openOffers,
  type PhoneLeg,
  participants,
  talkingLegs,
} from './call.ts';
import { endRecording } from './decide-recording.ts';
import { openStreams } from './decide-stream.ts';
import type { Draft } from './draft.ts';
import { endConnection, endLeg, ownRow } from './endings.ts';
import { beginOperations } from './operations.ts';
import { type Outcome, outcome } from './outcome.ts';
import { settleInvitations } from './settle-invitations.ts';
import { endWidowed, settleTransfers } from './settle-transfers.ts';

const inboundLeg = (call: Call): PhoneLeg | undefined =>
  liveLegs(call).find((leg) => leg.direction === 'inbound');

/** Phones in the call or on their way into it. */
const presentLegs = (call: Call): readonly PhoneLeg[] =>
  liveLegs(call).filter((leg) => leg.leavesAt === undefined && leg.apartWith === undefined);

/** Somebody on the other side of this connection who is there, or may still come. */
function hasOthers(call: Call, connection: Connection): boolean {
  return (
    presentLegs(call).length > 0 ||
    openOffers(call).length > 0 ||
    liveConnections(call).some((other) => other.id !== connection.id)
  );
}

function isReached(call: Call, connection: Connection): boolean {
  if (connection.role === 'caller') {
    const phone = liveLegs(call).some((leg) => leg.direction === 'outbound' && leg.at.phase === 'up');
    return phone || liveConnections(call).some((other) => other.role === 'callee');
  }
  const caller = inboundLeg(call);
  if (caller) return caller.at.phase === 'up';
  const phone = talkingLegs(call).length > 0;
  return phone || liveConnections(call).some((other) => other.id !== connection.id);
}

/** A redirected caller is answered once the phone it was redirected to is. */
function answerRedirectedCaller(draft: Draft): void {
  const caller = inboundLeg(draft.call);
  if (caller?.at.phase !== 'waiting') return;
  if (liveLegs(draft.call).some((leg) => leg.direction === 'outbound' && leg.at.phase === 'up')) {
    draft.add({ fact: 'leg-accepting', legId: caller.id });
  }
}

/** Two phones and nobody to mix for: their audio is forwarded. */
function bridgePhones(draft: Draft, before: Call | undefined): void {
  const heard = (call: Call): PhoneLeg[] => talkingLegs(call).filter((leg) => leg.media);
  const [one, two, ...more] = heard(draft.call);
  if (!one || !two || more.length > 0) return;
  const then = before ? heard(before).map(({ id }) => id) : [];
  if (then.length === 2 && then.includes(one.id) && then.includes(two.id)) return;
  draft.add({ fact: 'leg-bridged', legId: one.id, otherLegId: two.id });
}

function connectReached(draft: Draft): void {
  for (const connection of liveConnections(draft.call)) {
    if (connection.at.phase === 'connecting' && isReached(draft.call, connection)) {
      const { id } = connection;
      draft.add({
        fact: 'connection-connected',
        connectionId: id,
        outcome: outcome('established@connected', draft.at),
      });
      openStreams(draft, connection);
    }
  }
}

/** Those who leave a group one by one are nobody's reason in particular. */
const leavesByItself: ReadonlySet<string> = new Set([
  'callee-hung-up@connected',
  'caller-hung-up@connected',
  'user-hung-up@connected',
  'media-lost@connected',
]);

/** What an application that is alone now is told. */
function toldAlone(draft: Draft, connection: Connection, blame: Outcome): Outcome {
  const { call, at } = draft;
  if (connection.at.phase === 'connecting')
    return call.group && connection.role === 'caller' ? outcome('nobody-joined@inviting', at) : blame;
  return call.group && leavesByItself.has(blame.situation) ? outcome('left-alone@connected', at) : blame;
}

function endAbandoned(draft: Draft, blame: Outcome): void {
  for (const connection of liveConnections(draft.call)) {
    if (!hasOthers(draft.call, connection))
      endConnection(draft, connection, toldAlone(draft, connection, blame), false);
  }
  const legs = presentLegs(draft.call);
  const [alone] = legs;
  if (
    alone &&
    legs.length === 1 &&
    liveConnections(draft.call).length === 0 &&
    openOffers(draft.call).length === 0
  ) {
    const unanswered = alone.direction === 'inbound' && alone.at.phase === 'waiting';
    endLeg(draft, alone, unanswered ? blame : ownRow(alone, draft.at));
  }
}

/** Connected applications are told whenever the list of participants is not what they were told last. */
function tellParticipants(draft: Draft, before: Call | undefined): void {
  const now = participants(draft.call);
  const changed = !before || JSON.stringify(participants(before)) !== JSON.stringify(now);
  for (const connection of liveConnections(draft.call)) {
    if (connection.at.phase !== 'connected') continue;
    const isNew = before?.connections[connection.id]?.at.phase !== 'connected';
    if (!changed && !isNew) continue;
    const sequence = connection.sequence + 1;
    draft.add({ fact: 'participants-changed', connectionId: connection.id, sequence, participants: now });
  }
}

const isOver = (call: Call): boolean =>
  liveLegs(call).length === 0 && liveConnections(call).length === 0 && openOffers(call).length === 0;

export function settle(draft: Draft, before: Call | undefined): void {
  answerRedirectedCaller(draft);
  connectReached(draft);
  settleTransfers(draft);
  settleInvitations(draft);
  endWidowed(draft);
  if (draft.blame) endAbandoned(draft, draft.blame);
  // Whoever was ended for being alone may have been the one that somebody was to be handed over to.
  settleTransfers(draft);
  bridgePhones(draft, before);
  beginOperations(draft);
  tellParticipants(draft, before);
  if (isOver(draft.call)) {
    if (!draft.blame) throw new Error(`settle: call ${draft.call.callId} is over and nothing ended it`);
    if (draft.call.recording) endRecording(draft, draft.call.recording);
    draft.add({ fact: 'call-ended', outcome: draft.blame });
  }
}
