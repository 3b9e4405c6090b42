/** Event Grid events in both envelopes (`reference/event-grid.md` §4 to §6). */
import type { CallingEvent, GridEvent, RecordedEvent } from '../../domain/call/events.ts';
import type { Header } from '../../domain/call/leg-events.ts';
import type { ChatGridEvent } from '../../domain/chat/grid-events.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { SmsGridEvent } from '../../domain/sms/grid-events.ts';
import { chatGridData } from './chat-grid-event.ts';
import { identifierModel } from './identifier.ts';
import { smsGridData } from './sms-grid-event.ts';

export type GridSchema = 'eventgrid' | 'cloudevents';

export interface GridEnvelope {
  readonly id: string;
  readonly at: Instant;
  readonly topic: string;
  /** By which subscriptions filter (`domain/call/events.ts`, `domain/chat/grid-events.ts`). */
  readonly subject: string;
}

export type GridData = Readonly<Record<string, unknown>>;

export interface EventGridEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly data: GridData;
  readonly eventType: string;
  readonly dataVersion: '1.0';
  readonly metadataVersion: '1';
  readonly eventTime: string;
}

export interface GridCloudEvent {
  readonly id: string;
  readonly source: string;
  readonly subject: string;
  readonly type: string;
  readonly time: string;
  readonly data: GridData;
  readonly specversion: '1.0';
}

/** The topic of a resource: what Azure calls its resource id. */
export function gridTopic(resource: string): string {
  return `/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/ringback/providers/Microsoft.Communication/communicationServices/${resource}`;
}

const attendee = (identifier: Identifier): GridData => ({
  communicationIdentifier: identifierModel(identifier),
  role: 'Attendee',
});

function calling(event: CallingEvent): GridData {
  return {
    startedBy: { communicationIdentifier: identifierModel(event.startedBy), role: 'Organizer' },
    serverCallId: event.serverCallId,
    isTwoParty: event.isTwoParty,
    correlationId: event.correlationId,
    isRoomsCall: false,
  };
}

/** A header that came twice is one entry with both values (RFC 3261 7.3.1). */
function customContext(headers: readonly Header[], voipHeaders: readonly Header[]): GridData {
  const values = new Map<string, string>();
  for (const { name, value } of headers) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return {
    sipHeaders: Object.fromEntries(values),
    voipHeaders: Object.fromEntries(voipHeaders.map(({ name, value }) => [name, value])),
  };
}

const capital = (word: string): string => `${word[0]?.toUpperCase()}${word.slice(1)}`;

/** `contentLocationPlain`, `recordingStorageKind` and `problem` are ours. */
function recorded(event: RecordedEvent): GridData {
  const { chunks, startedAt, durationMs, content, channels, format, problem } = event;
  return {
    recordingStorageInfo: {
      recordingChunks: chunks.map((chunk) => ({ ...chunk, endReason: 'SessionEnded' })),
      recordingStorageKind: event.storage === 'here' ? 'azureCommunicationServices' : 'azureBlobStorage',
    },
    recordingStartTime: new Date(startedAt).toISOString(),
    recordingDurationMs: durationMs,
    recordingContentType: capital(content),
    recordingChannelType: capital(channels),
    recordingFormatType: capital(format),
    sessionEndReason: event.endReason,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Everything that a subscription may be owed. */
export type AnyGridEvent = GridEvent | ChatGridEvent | SmsGridEvent;

const isChat = (event: AnyGridEvent): event is ChatGridEvent => 'threadId' in event;
const isSms = (event: AnyGridEvent): event is SmsGridEvent =>
  event.type === 'SMSReceived' || event.type === 'SMSDeliveryReportReceived';

/** Events of texts have the id of their message, others one of their own (`reference/sms.md` §4). */
export const gridEventId = (event: AnyGridEvent, own: string): string =>
  isSms(event) ? event.messageId : own;

function gridData(event: AnyGridEvent): GridData {
  if (isChat(event)) return chatGridData(event);
  if (isSms(event)) return smsGridData(event);
  switch (event.type) {
    case 'IncomingCall': {
      const { headers, voipHeaders = [] } = event;
      const passedOn = headers.length + voipHeaders.length > 0;
      return {
        to: identifierModel(event.to),
        from: identifierModel(event.from),
        serverCallId: event.serverCallId,
        callerDisplayName: event.callerDisplayName,
        ...(passedOn ? { customContext: customContext(headers, voipHeaders) } : {}),
        incomingCallContext: event.incomingCallContext,
        correlationId: event.correlationId,
      };
    }
    case 'CallStarted':
      return calling(event);
    case 'CallParticipantAdded':
    case 'CallParticipantRemoved':
      return {
        user: attendee(event.user),
        displayName: '',
        participantId: event.participantId,
        ...calling(event),
      };
    case 'CallEnded': {
      const { outcome, endedBy } = event;
      return {
        ...(endedBy
          ? {
              endedBy: {
                communicationIdentifier: identifierModel(endedBy),
                kind: 'participant',
                name: endedBy.rawId,
              },
            }
          : {}),
        reason: { code: outcome.code, subCode: outcome.subCode ?? 0, phrase: outcome.name },
        callDurationInSeconds: event.durationMs / 1000,
        ...calling(event),
      };
    }
    case 'RecordingFileStatusUpdated':
      return recorded(event);
  }
}

export function gridEvent(event: AnyGridEvent, envelope: GridEnvelope, schema: 'eventgrid'): EventGridEvent;
export function gridEvent(event: AnyGridEvent, envelope: GridEnvelope, schema: 'cloudevents'): GridCloudEvent;
export function gridEvent(
  event: AnyGridEvent,
  envelope: GridEnvelope,
  schema: GridSchema,
): EventGridEvent | GridCloudEvent;
export function gridEvent(
  event: AnyGridEvent,
  { id, at, topic, subject }: GridEnvelope,
  schema: GridSchema,
): EventGridEvent | GridCloudEvent {
  const type = `Microsoft.Communication.${event.type}`;
  const data = gridData(event);
  const time = new Date(at).toISOString();
  return schema === 'eventgrid'
    ? { id, topic, subject, data, eventType: type, dataVersion: '1.0', metadataVersion: '1', eventTime: time }
    : { id, source: topic, subject, type, time, data, specversion: '1.0' };
}
