/** `CallConnectionProperties` and `CallParticipant`, with the habits of the live service (reference: call-automation, response models). */
import type { Call, Connection, Participant } from '../../domain/call/call.ts';
import { type IdentifierModel, identifierModel } from './identifier.ts';

export interface ConnectionProperties {
  readonly callConnectionId: string;
  readonly serverCallId?: string;
  readonly targets: readonly IdentifierModel[];
  readonly callConnectionState:
    | 'unknown'
    | 'connecting'
    | 'connected'
    | 'transferring'
    | 'transferAccepted'
    | 'disconnected';
  readonly callbackUri: string;
  readonly sourceCallerIdNumber?: { readonly value: string };
  readonly sourceDisplayName: string;
  readonly source: IdentifierModel;
  readonly correlationId: string;
  readonly answeredBy?: { readonly id: string };
  readonly answeredFor?: { readonly value: string };
}

const states = { connecting: 'connecting', connected: 'connected', ended: 'disconnected' } as const;

type Shown = Pick<Call, 'serverCallId' | 'correlationId' | 'transfers'>;

/** Accepted: by the phone that is handed over, which calls the target now. */
function stateOf(call: Shown, connection: Connection): ConnectionProperties['callConnectionState'] {
  const own = Object.values(call.transfers).find(
    ({ asked }) => asked.by === 'application' && asked.connectionId === connection.id,
  );
  if (!own || connection.at.phase === 'ended') return states[connection.at.phase];
  return own.how.how === 'refer' && own.how.told !== undefined ? 'transferAccepted' : 'transferring';
}

/** `moment`: what the properties answer. A create and an answer tell less than a get, as live. */
export function encodeConnection(
  call: Shown,
  connection: Connection,
  moment: 'created' | 'answered' | 'read',
): ConnectionProperties {
  const { identity, answeredFor, sourceCallerId } = connection;
  const phase = connection.at.phase;
  // The server call id is first told by CallConnected, or by the answer.
  const told =
    moment === 'answered' || (moment === 'read' && (phase !== 'connecting' || connection.role === 'callee'));
  return {
    callConnectionId: connection.id,
    ...(told ? { serverCallId: call.serverCallId } : {}),
    targets: connection.targets.map(identifierModel),
    callConnectionState:
      moment === 'created' ? 'connecting' : moment === 'answered' ? 'unknown' : stateOf(call, connection),
    callbackUri: connection.callbackUri,
    ...(sourceCallerId === undefined ? {} : { sourceCallerIdNumber: { value: sourceCallerId } }),
    sourceDisplayName: connection.sourceDisplayName ?? '',
    source: identifierModel(connection.source),
    correlationId: call.correlationId,
    ...(connection.role === 'callee' && identity.kind === 'communicationUser'
      ? { answeredBy: { id: identity.rawId } }
      : {}),
    ...(answeredFor?.kind === 'phoneNumber' ? { answeredFor: { value: answeredFor.number } } : {}),
  };
}

export interface ParticipantModel {
  readonly identifier: IdentifierModel;
  readonly isMuted: boolean;
  readonly isOnHold: boolean;
}

export function encodeParticipant({ identifier, isMuted, isOnHold }: Participant): ParticipantModel {
  return { identifier: identifierModel(identifier), isMuted, isOnHold };
}

/** One page: the official SDKs ask for no page size, and a call has at most 100 participants. */
export function encodeParticipants(participants: readonly Participant[]): {
  readonly value: readonly ParticipantModel[];
} {
  return { value: participants.map(encodeParticipant) };
}
