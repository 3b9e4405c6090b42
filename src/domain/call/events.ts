/** Events that a call owes to others, as values; their wire shape is `wire/events`. */
import type { Identifier } from '../ids/identifier.ts';
import type { Instant } from '../ids/instant.ts';
import type { Tone } from '../media/operation.ts';
import type { RecordingSettings } from '../media/recording.ts';
import type { StreamStatus } from '../media/stream.ts';
import type { Participant } from './call.ts';
import type { RecognizeResult } from './facts.ts';
import type { Header } from './leg-events.ts';
import type { Outcome } from './outcome.ts';

/** To the callback address of one call connection (`reference/call-automation.md` §9). */
export interface CallbackEvent {
  readonly type:
    | 'CallConnected'
    | 'CallDisconnected'
    | 'CreateCallFailed'
    | 'AnswerFailed'
    | 'ParticipantsUpdated'
    | 'ConnectFailed'
    | 'AddParticipantSucceeded'
    | 'AddParticipantFailed'
    | 'CancelAddParticipantSucceeded'
    | 'RemoveParticipantSucceeded'
    | 'MoveParticipantSucceeded'
    | 'MoveParticipantFailed'
    | 'HoldFailed'
    | 'PlayStarted'
    | 'PlayCompleted'
    | 'PlayFailed'
    | 'PlayCanceled'
    | 'RecognizeCompleted'
    | 'RecognizeFailed'
    | 'RecognizeCanceled'
    | 'SendDtmfTonesCompleted'
    | 'SendDtmfTonesFailed'
    | 'ContinuousDtmfRecognitionToneReceived'
    | 'ContinuousDtmfRecognitionToneFailed'
    | 'ContinuousDtmfRecognitionStopped'
    | 'RecordingStateChanged'
    | 'StartRecordingFailed'
    | 'MediaStreamingStarted'
    | 'MediaStreamingStopped'
    | 'MediaStreamingFailed'
    | 'TranscriptionStarted'
    | 'TranscriptionStopped'
    | 'TranscriptionUpdated'
    | 'TranscriptionFailed'
    | 'CallTransferAccepted'
    | 'CallTransferFailed';
  readonly callConnectionId: string;
  readonly serverCallId: string;
  readonly correlationId: string;
  readonly operationContext?: string;
  /** Absent for ParticipantsUpdated, which is always a success. */
  readonly outcome?: Outcome;
  readonly participants?: readonly Participant[];
  readonly sequenceNumber?: number;
  readonly participant?: Participant;
  readonly invitationId?: string;
  /** Of MoveParticipant…: the call connection that the participant was moved from. */
  readonly fromCall?: string;
  /** Of RecognizeCompleted. */
  readonly recognized?: RecognizeResult;
  /** Which source of a prompt could not be heard. */
  readonly failedPlaySourceIndex?: number;
  /** Of continuous recognition: the key, and its number from 1. */
  readonly tone?: Tone;
  readonly sequenceId?: number;
  readonly recording?: {
    readonly id: string;
    readonly active: boolean;
    /** When it became active; absent while it is not. */
    readonly since?: Instant;
  };
  /** Of media streaming and transcription: why the event comes. */
  readonly stream?: StreamStatus | 'subscription-started' | 'restored' | 'locale-updated';
  readonly transferTarget?: Identifier;
  readonly transferee?: Identifier;
}

/** Where a callback goes. */
export interface CallbackAddress {
  readonly kind: 'callback';
  readonly url: string;
  readonly resourceId: string;
  readonly apiVersion: string;
}

/** To the event subscriptions of the resource (`reference/event-grid.md` §5). */
export type GridEvent =
  | {
      readonly type: 'IncomingCall';
      readonly from: Identifier;
      readonly to: Identifier;
      readonly serverCallId: string;
      readonly callerDisplayName: string;
      readonly headers: readonly Header[];
      readonly voipHeaders?: readonly Header[];
      readonly incomingCallContext: string;
      readonly correlationId: string;
      readonly offerId: string;
    }
  | ({ readonly type: 'CallStarted' } & CallingEvent)
  | ({
      readonly type: 'CallParticipantAdded' | 'CallParticipantRemoved';
      readonly user: Identifier;
      readonly participantId: string;
    } & CallingEvent)
  | ({
      readonly type: 'CallEnded';
      readonly endedBy?: Identifier;
      readonly outcome: Outcome;
      readonly durationMs: number;
    } & CallingEvent)
  | ({ readonly type: 'RecordingFileStatusUpdated' } & RecordedEvent);

/** A recording is over, and its file is where this says. */
export interface RecordedEvent extends Pick<RecordingSettings, 'content' | 'channels' | 'format'> {
  readonly callConnectionId: string;
  readonly serverCallId: string;
  readonly recordingId: string;
  /** None where nothing was recorded. */
  readonly chunks: readonly RecordingChunk[];
  readonly startedAt: Instant;
  /** Of what was recorded, pauses left out. */
  readonly durationMs: number;
  readonly storage: RecordingSettings['storage']['kind'];
  readonly endReason: 'CallEnded' | 'StoppedByUser';
  /** What did not go as it was asked for, in words: cut short, in another format, not exported. */
  readonly problem?: string;
}

export interface RecordingChunk {
  readonly documentId: string;
  readonly index: number;
  readonly contentLocation: string;
  readonly metadataLocation: string;
  /** Absent where the file lies in a storage of the application's. */
  readonly deleteLocation?: string;
  /** The content on the host that the resource is reached by. */
  readonly contentLocationPlain?: string;
}

export interface CallingEvent {
  readonly startedBy: Identifier;
  readonly serverCallId: string;
  readonly correlationId: string;
  readonly isTwoParty: boolean;
}

/** The subject by which subscriptions filter. */
export function gridSubject(event: GridEvent): string {
  switch (event.type) {
    case 'IncomingCall':
      return `/caller/${event.from.rawId}/recipient/${event.to.rawId}`;
    case 'CallStarted':
      return `call/${event.serverCallId}/startedBy/${event.startedBy.rawId}`;
    case 'CallParticipantAdded':
    case 'CallParticipantRemoved':
      return `call/${event.serverCallId}/participant/${event.user.rawId}`;
    case 'CallEnded':
      return `call/${event.serverCallId}`;
    case 'RecordingFileStatusUpdated':
      return `/recording/call/${event.callConnectionId}/serverCallId/${event.serverCallId}/recordingId/${event.recordingId}`;
  }
}

/** One participant of a call in the call log (`reference/call-logs.md` §2), told from its own side. */
export interface ParticipantRecord {
  readonly correlationId: string;
  readonly callStartedAt: Instant;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** Milliseconds; 0 when it never connected. */
  readonly connectedMs: number;
  readonly participantId: string;
  readonly identifier: Identifier;
  readonly endpoint: 'PSTN' | 'VoIP' | 'BOT';
  readonly direction?: 'outbound' | 'inbound';
  readonly outcome: Outcome;
}

/** One request to the Call Automation API, served or refused (`reference/call-logs.md` §4). */
export interface OperationRecord {
  readonly at: Instant;
  readonly resourceId: string;
  /** As the API description names it: `CreateCall`, `HangUpCall`… */
  readonly operation: string;
  readonly apiVersion: string;
  readonly requestId: string;
  readonly status: number;
  readonly durationMs: number;
  /** Path, without the query. */
  readonly url: string;
  readonly callerIpAddress?: string;
  readonly userAgent?: string;
  readonly correlationId?: string;
  readonly callConnectionId?: string;
  readonly serverCallId?: string;
  /** Where the request is about a call. */
  readonly callId?: string;
}
