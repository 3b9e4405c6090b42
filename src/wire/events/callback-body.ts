/** Call Automation callbacks (`reference/call-automation.md` §9). */
import type { CallbackEvent } from '../../domain/call/events.ts';
import type { RecognizeResult } from '../../domain/call/facts.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Tone } from '../../domain/media/operation.ts';
import { type IdentifierModel, identifierModel } from './identifier.ts';
import { streamUpdate } from './stream-update.ts';

export interface ResultInformation {
  readonly code: number;
  readonly subCode: number;
  readonly message: string;
  readonly sipDetails?: { readonly code: number; readonly message: string };
  readonly q850Details?: { readonly code: number; readonly message: string };
}

export interface CallbackCloudEvent {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data: {
    readonly version: string;
    readonly operationContext?: string;
    readonly resultInformation: ResultInformation;
    readonly callConnectionId: string;
    readonly serverCallId: string;
    readonly correlationId: string;
    readonly publicEventType: string;
    readonly participants?: readonly {
      readonly identifier: IdentifierModel;
      readonly isMuted: boolean;
      readonly isOnHold: boolean;
    }[];
    readonly sequenceNumber?: number;
    readonly participant?: IdentifierModel;
    readonly invitationId?: string;
    readonly fromCall?: string;
    readonly recognitionType?: 'dtmf' | 'choices' | 'speech';
    readonly dtmfResult?: { readonly tones: readonly Tone[] };
    readonly choiceResult?: {
      readonly label: string;
      readonly recognizedPhrase?: string;
      readonly confidence?: number;
    };
    readonly speechResult?: { readonly speech: string; readonly confidence?: number };
    readonly failedPlaySourceIndex?: number;
    readonly tone?: Tone;
    readonly sequenceId?: number;
    readonly recordingId?: string;
    readonly state?: 'active' | 'inactive';
    readonly startDateTime?: string;
    readonly recordingKind?: 'azureCommunicationServices';
    readonly mediaStreamingUpdate?: object;
    readonly transcriptionUpdate?: object;
    readonly transferTarget?: IdentifierModel;
    readonly transferee?: IdentifierModel;
  };
  readonly time: string;
  readonly specversion: '1.0';
  readonly datacontenttype: 'application/json';
  readonly subject: string;
}

export interface CallbackEnvelope {
  readonly id: string;
  readonly at: Instant;
  readonly apiVersion: string;
}

const plainSuccess: ResultInformation = { code: 200, subCode: 0, message: '' };

/** What `resultInformation` says of an outcome; absent: that all went well. */
export function resultInformation(outcome?: Outcome): ResultInformation {
  if (!outcome) return plainSuccess;
  // Calling code 0 is reported as 200 in these events.
  const code = outcome.code === 0 ? 200 : outcome.code;
  const subCode = outcome.subCode ?? 0;
  if (code === 200 && subCode === 0) return plainSuccess;
  const { detail, sip, q850 } = outcome;
  return {
    code,
    subCode,
    message: `${sentence(outcome.name)}${detail ? ` ${sentence(detail)}` : ''}`,
    ...(sip ? { sipDetails: { code: sip.code, message: sip.message } } : {}),
    ...(q850 ? { q850Details: { code: q850.code, message: q850.message } } : {}),
  };
}

const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** What the live service writes where there is no instant. */
const never = '0001-01-01T00:00:00+00:00';

function recordingOf({
  id,
  active,
  since,
}: NonNullable<CallbackEvent['recording']>): Partial<CallbackCloudEvent['data']> {
  return {
    recordingId: id,
    state: active ? 'active' : 'inactive',
    startDateTime: since === undefined ? never : new Date(since).toISOString(),
    recordingKind: 'azureCommunicationServices',
  };
}

function recognized(result: RecognizeResult): Partial<CallbackCloudEvent['data']> {
  switch (result.type) {
    case 'dtmf':
      return { recognitionType: 'dtmf', dtmfResult: { tones: result.tones } };
    case 'choices': {
      const { label, phrase, confidence } = result;
      const heard = phrase === undefined ? {} : { recognizedPhrase: phrase };
      const sure = confidence === undefined ? {} : { confidence };
      return { recognitionType: 'choices', choiceResult: { label, ...heard, ...sure } };
    }
    case 'speech':
      return {
        recognitionType: 'speech',
        speechResult: {
          speech: result.speech,
          ...(result.confidence === undefined ? {} : { confidence: result.confidence }),
        },
      };
  }
}

const subjectOf = ({ type, callConnectionId, serverCallId, recording }: CallbackEvent): string =>
  recording && type === 'RecordingStateChanged'
    ? `calling/recordings/${serverCallId}/${recording.id}/${type}`
    : `calling/callConnections/${callConnectionId}`;

/** The body of one callback: an array with exactly one CloudEvent. */
export function callbackBody(
  event: CallbackEvent,
  { id, at, apiVersion }: CallbackEnvelope,
): readonly [CallbackCloudEvent] {
  const subject = subjectOf(event);
  const type = `Microsoft.Communication.${event.type}`;
  const participants = event.participants?.map(({ identifier, isMuted, isOnHold }) => ({
    identifier: identifierModel(identifier),
    isMuted,
    isOnHold,
  }));
  return [
    {
      id,
      source: subject,
      type,
      data: {
        version: apiVersion,
        ...(event.operationContext === undefined ? {} : { operationContext: event.operationContext }),
        resultInformation: resultInformation(event.outcome),
        callConnectionId: event.callConnectionId,
        serverCallId: event.serverCallId,
        correlationId: event.correlationId,
        publicEventType: type,
        ...(participants === undefined ? {} : { participants }),
        ...(event.sequenceNumber === undefined ? {} : { sequenceNumber: event.sequenceNumber }),
        ...(event.participant === undefined
          ? {}
          : { participant: identifierModel(event.participant.identifier) }),
        ...(event.invitationId === undefined ? {} : { invitationId: event.invitationId }),
        ...(event.fromCall === undefined ? {} : { fromCall: event.fromCall }),
        ...(event.recognized ? recognized(event.recognized) : {}),
        ...(event.failedPlaySourceIndex === undefined
          ? {}
          : { failedPlaySourceIndex: event.failedPlaySourceIndex }),
        ...(event.tone === undefined ? {} : { tone: event.tone }),
        ...(event.sequenceId === undefined ? {} : { sequenceId: event.sequenceId }),
        ...(event.recording ? recordingOf(event.recording) : {}),
        ...streamUpdate(event),
        ...(event.transferTarget ? { transferTarget: identifierModel(event.transferTarget) } : {}),
        ...(event.transferee ? { transferee: identifierModel(event.transferee) } : {}),
      },
      time: new Date(at).toISOString(),
      specversion: '1.0',
      datacontenttype: 'application/json',
      subject,
    },
  ];
}
