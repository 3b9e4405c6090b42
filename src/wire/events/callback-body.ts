/** Call Automation callbacks (`reference/call-automation.md` §9). */
import type { CallbackEvent } from '../../domain/call/events.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { type IdentifierModel, identifierModel } from './identifier.ts';

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

/** The body of one callback: an array with exactly one CloudEvent. */
export function callbackBody(
  event: CallbackEvent,
  { id, at, apiVersion }: CallbackEnvelope,
): readonly [CallbackCloudEvent] {
  const subject = `calling/callConnections/${event.callConnectionId}`;
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
