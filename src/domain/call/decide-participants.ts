/** An application brings participants into its call and out of it, mutes and holds them (`reference/call-automation.md` §4, §7, §9.3). */
import { type Identifier, phoneNumber } from '../ids/identifier.ts';
import type { Operation } from '../media/operation.ts';
import {
  type Call,
  type Connection,
  type Invitation,
  liveConnections,
  liveLegs,
  type PhoneLeg,
  talkingLegs,
} from './call.ts';
import { callTarget } from './decide-start.ts';
import type { Draft } from './draft.ts';
import { endConnection, endLeg, withdrawInvitation } from './endings.ts';
import type { Input } from './inputs.ts';
import { cancelOperations } from './operations.ts';
import { type Outcome, outcome } from './outcome.ts';

type Of<K extends Input['input']> = Extract<Input, { input: K }>;

/** Control actions need a connected call (`reference/call-automation.md` §7). */
export function refuseControl(call: Call, connectionId: string, at: number): Outcome | undefined {
  const phase = call.connections[connectionId]?.at;
  if (!phase) return outcome('call-not-found@request', at, { detail: `no call connection ${connectionId}` });
  if (phase.phase === 'ended')
    return outcome('call-terminated@request', at, { detail: `it ended: ${phase.outcome.name}` });
  if (phase.phase === 'connecting')
    return outcome('not-connected@request', at, { detail: 'the call is connecting; wait for CallConnected' });
  return undefined;
}

function connected(
  draft: Draft,
  connectionId: string,
): { readonly connection: Connection } | { readonly refused: Outcome } {
  const refused = refuseControl(draft.call, connectionId, draft.at);
  if (refused) return { refused };
  const connection = draft.call.connections[connectionId];
  if (!connection) throw new Error(`decide-participants: connection ${connectionId} vanished`);
  return { connection };
}

export const isNamed = ({ identity, answeredFor }: Connection, { rawId }: Identifier): boolean =>
  identity.rawId === rawId || (answeredFor?.kind === 'communicationUser' && answeredFor.rawId === rawId);

type Found = { readonly leg: PhoneLeg } | { readonly other: Connection } | { readonly refused: Outcome };

/** Somebody in the call: 404/8558 for one who has left it, 404/8522 for one who never was. */
export function participantOf(call: Call, who: Identifier, at: number): Found {
  const leg = talkingLegs(call).find(({ party }) => party.rawId === who.rawId);
  if (leg) return { leg };
  const other = liveConnections(call).find((each) => each.at.phase === 'connected' && isNamed(each, who));
  if (other) return { other };
  const known =
    Object.values(call.legs).some(({ party }) => party.rawId === who.rawId) ||
    Object.values(call.connections).some((each) => isNamed(each, who));
  const detail = known
    ? `${who.rawId} is not, or no longer, in the call`
    : `no participant ${who.rawId} in the call`;
  return {
    refused: outcome(known ? 'participant-absent@request' : 'call-not-found@request', at, { detail }),
  };
}

export function decideAdd(draft: Draft, { order }: Of<'add'>): Outcome | undefined {
  const found = connected(draft, order.connectionId);
  if ('refused' in found) return found.refused;
  const { call, at } = draft;
  const { target, id, timeoutMs, displayName, headers, voipHeaders } = order;
  const who = target.identifier;
  const invited = Object.values(call.invitations).find(({ participant }) => participant.rawId === who.rawId);
  const present = participantOf(call, who, at);
  if (invited || !('refused' in present)) {
    const detail = `${who.rawId} is ${invited ? 'being invited' : 'in the call'} already`;
    return outcome('conflicts-with-another@request', at, { detail });
  }
  const invitation: Invitation = {
    id,
    connectionId: order.connectionId,
    participant: who,
    partId: target.id,
    ...(order.operationContext === undefined ? {} : { operationContext: order.operationContext }),
    ...(order.callbackUri === undefined ? {} : { callbackUri: order.callbackUri }),
  };
  draft.add({ fact: 'invitation-opened', invitation });
  const { connection } = found;
  const { callerId } = order;
  const from = callerId === undefined ? connection.identity : phoneNumber(callerId);
  callTarget(draft, target, {
    from,
    headers,
    voipHeaders,
    ...(displayName === undefined ? {} : { displayName }),
    ...(timeoutMs === undefined ? {} : { ringLimit: timeoutMs }),
  });
  return undefined;
}

export function decideCancelAdd(draft: Draft, input: Of<'cancel-add'>): Outcome | undefined {
  const found = connected(draft, input.connectionId);
  if ('refused' in found) return found.refused;
  const invitation = Object.hasOwn(draft.call.invitations, input.invitationId)
    ? draft.call.invitations[input.invitationId]
    : undefined;
  if (!invitation) {
    const detail = `no invitation ${input.invitationId} is open`;
    return outcome('call-not-found@request', draft.at, { detail });
  }
  const because = outcome('invitation-withdrawn@inviting', draft.at, {
    detail: invitation.participant.rawId,
  });
  const { operationContext, callbackUri } = input;
  draft.add({
    fact: 'invitation-ended',
    invitation: {
      ...invitation,
      ...(operationContext === undefined ? {} : { operationContext }),
      ...(callbackUri === undefined ? {} : { callbackUri }),
    },
    as: 'cancelled',
    outcome: because,
  });
  withdrawInvitation(draft, invitation, because);
  return undefined;
}

export function decideRemove(draft: Draft, { order }: Of<'remove'>): Outcome | undefined {
  const found = connected(draft, order.connectionId);
  if ('refused' in found) return found.refused;
  const { call, at } = draft;
  const { participant } = order;
  const who = participantOf(call, participant, at);
  if ('refused' in who) return who.refused;
  if ('other' in who && who.other.id === order.connectionId) {
    const detail = 'an application cannot remove itself; it hangs up';
    return outcome('unsupported@request', at, { detail });
  }
  const removed = outcome('removed@connected', at);
  const { participant: _who, ...asked } = order;
  draft.add({ fact: 'participant-removed', ...asked, participant });
  if ('leg' in who) endLeg(draft, who.leg, removed);
  else endConnection(draft, who.other, removed, true);
  // Whoever is alone now is told so (`reference/call-automation.md` §9.3).
  draft.blame ??= outcome('last-participant-removed@connected', at);
  return undefined;
}

/** Phones have no mute of ours, says the documentation; applications and users have. */
export function decideMute(draft: Draft, input: Of<'mute'>): Outcome | undefined {
  const found = connected(draft, input.connectionId);
  if ('refused' in found) return found.refused;
  const who = participantOf(draft.call, input.participant, draft.at);
  if ('refused' in who) return who.refused;
  if ('leg' in who && who.leg.party.kind === 'phoneNumber') {
    const detail = `${input.participant.rawId} is a phone; only users can be muted`;
    return outcome('unsupported@request', draft.at, { detail });
  }
  if ('leg' in who)
    draft.add({ fact: 'leg-part', legId: who.leg.id, muted: true, held: who.leg.held ?? false });
  else if (!who.other.muted) draft.add({ fact: 'connection-muted', connectionId: who.other.id });
  return undefined;
}

export function decideHold(draft: Draft, { order }: Of<'hold'>): Outcome | undefined {
  const { call, at } = draft;
  const connection = call.connections[order.connectionId];
  if (connection?.at.phase !== 'connected') {
    const detail =
      connection?.at.phase === 'ended' ? 'the call connection has ended' : 'the call is not answered yet';
    return outcome('media-outside-call@request', at, { detail });
  }
  const who = participantOf(call, order.participant, at);
  if ('refused' in who) return who.refused;
  if ('other' in who) {
    const detail = `${order.participant.rawId} is an application and has no audio to hold`;
    return outcome('unsupported@request', at, { detail });
  }
  const { leg } = who;
  if ((leg.held ?? false) === order.on) {
    const detail = `${order.participant.rawId} is ${order.on ? 'on hold already' : 'not on hold'}`;
    return outcome('already-in-mode@request', at, { detail });
  }
  const { cannotSpeak } = order;
  if (cannotSpeak) return outcome(`${cannotSpeak.because}@request`, at, { detail: cannotSpeak.detail });
  draft.add({ fact: 'leg-part', legId: leg.id, muted: leg.muted ?? false, held: order.on });
  const isMusic = ({ spec }: Operation): boolean => spec.kind === 'hold' && spec.legId === leg.id;
  if (!order.on) cancelOperations(draft, isMusic);
  else if (order.music) {
    const { operationId, connectionId, operationContext, callbackUri, music } = order;
    draft.add({
      fact: 'operation-queued',
      operation: {
        id: operationId,
        connectionId,
        spec: { kind: 'hold', legId: leg.id, sources: [music] },
        requestedAt: at,
        at: { phase: 'queued' },
        ...(operationContext === undefined ? {} : { operationContext }),
        ...(callbackUri === undefined ? {} : { callbackUri }),
      },
    });
  }
  return undefined;
}

/** An application joins a call that it knows by its server call id. */
export function decideConnect(draft: Draft, input: Of<'connect'>): Outcome | undefined {
  const { call, at } = draft;
  if (liveLegs(call).length === 0 && liveConnections(call).length === 0) {
    return outcome('call-terminated@request', at, { detail: 'the call has ended' });
  }
  const isUp = liveConnections(call).some((each) => each.at.phase === 'connected');
  if (!isUp) return outcome('not-connected@request', at, { detail: 'nobody has answered the call yet' });
  draft.add({
    fact: 'connection-opened',
    connection: { ...input.connection, startedAt: at, sequence: 0, at: { phase: 'connecting' } },
  });
  return undefined;
}
