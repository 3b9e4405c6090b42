/** Events that a call owes to others, as values; their wire shape is `wire/events`. */
import type { Identifier } from '../ids/identifier.ts';
import type { Instant } from '../ids/instant.ts';
import type { Participant } from './call.ts';
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
    | 'AddParticipantFailed'
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
    } & CallingEvent);

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
  readonly endpoint: 'PSTN' | 'BOT';
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
