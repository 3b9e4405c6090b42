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
  readonly mediaStreamingSubscription?: {
    readonly id: string;
    readonly state: SubscriptionState;
    readonly subscribedContentTypes: readonly ['audio'];
  };
  readonly transcriptionSubscription?: {
    readonly id: string;
    readonly state: SubscriptionState;
    readonly subscribedResultTypes: readonly ('final' | 'intermediate')[];
    readonly locale: string;
  };
}

type SubscriptionState = 'active' | 'inactive';

function subscriptions({
  streams,
}: Connection): Pick<ConnectionProperties, 'mediaStreamingSubscription' | 'transcriptionSubscription'> {
  const { audio, transcript } = streams ?? {};
  const stateOf = (state: string): SubscriptionState =>
    state === 'active' || state === 'interrupted' ? 'active' : 'inactive';
  return {
    ...(audio
      ? {
          mediaStreamingSubscription: {
            id: audio.id,
            state: stateOf(audio.state),
            subscribedContentTypes: ['audio'],
          },
        }
      : {}),
    ...(transcript
      ? {
          transcriptionSubscription: {
            id: transcript.id,
            state: stateOf(transcript.state),
            subscribedResultTypes: transcript.settings.intermediate ? ['final', 'intermediate'] : ['final'],
            locale: transcript.settings.locale,
          },
        }
      : {}),
  };
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
    ...subscriptions(connection),
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

/** One page, and the address of the next one where there is more. */
export function encodeParticipants(
  participants: readonly Participant[],
  nextLink?: string,
): { readonly value: readonly ParticipantModel[]; readonly nextLink?: string } {
  return {
    value: participants.map(encodeParticipant),
    ...(nextLink === undefined ? {} : { nextLink }),
  };
}
