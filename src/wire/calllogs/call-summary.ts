/** Call log records in the shape that a diagnostic setting writes to storage (`reference/call-logs.md` §1, §2). */
import type { OperationRecord, ParticipantRecord } from '../../domain/call/events.ts';

interface LogRecord<Category extends string, Properties> {
  /** ISO 8601. */
  readonly time: string;
  readonly resourceId: string;
  readonly operationName: string;
  readonly operationVersion: string;
  readonly category: Category;
  readonly correlationId: string;
  readonly properties: Properties;
}

export type CallSummary = LogRecord<
  'CallSummary',
  {
    readonly correlationId: string;
    readonly identifier: string;
    readonly callStartTime: string;
    /** Seconds. */
    readonly callDuration: number;
    readonly callType: string;
    readonly teamsThreadId: string;
    readonly participantId: string;
    readonly participantStartTime: string;
    /** Seconds. */
    readonly participantDuration: number;
    readonly participantEndReason: string;
    readonly participantEndSubCode: string;
    readonly resultCategory: string;
    readonly participantType: string;
    readonly pstnParticipantCallType: string;
    readonly endpointId: string;
    readonly endpointType: ParticipantRecord['endpoint'];
    readonly osVersion: string;
    readonly sdkVersion: string;
    readonly diagnosticOptions: string;
    /** Ours: the documented row, and the situation that led there. */
    readonly ringbackRow: string;
    readonly ringbackSituation: string;
  }
>;

/** Storage records write what is missing as this text. */
const missing = 'null';

const iso = (at: number): string => new Date(at).toISOString();
const seconds = (ms: number): number => Math.round(ms / 1000);

/** The values of this column are not documented; these say direction and type, as its description does. */
function pstnCallType({ endpoint, direction }: ParticipantRecord): string {
  if (endpoint !== 'PSTN' || direction === undefined) return missing;
  return direction === 'outbound' ? 'PSTN outbound' : 'PSTN inbound';
}

export interface CallSummaryContext {
  readonly resourceId: string;
  /** Absent: not known. */
  readonly callType?: 'P2P' | 'Group';
}

export function callSummary(
  record: ParticipantRecord,
  { resourceId, callType }: CallSummaryContext,
): CallSummary {
  const { outcome, endpoint, identifier, correlationId } = record;
  return {
    time: iso(record.endedAt),
    resourceId,
    operationName: 'CallSummary',
    operationVersion: '1.0',
    category: 'CallSummary',
    correlationId,
    properties: {
      correlationId,
      // The log names users without `8:` and never names a phone.
      identifier: endpoint === 'PSTN' ? missing : identifier.rawId.replace(/^8:/, ''),
      callStartTime: iso(record.callStartedAt),
      callDuration: seconds(record.endedAt - record.callStartedAt),
      callType: callType ?? missing,
      teamsThreadId: missing,
      participantId: record.participantId,
      participantStartTime: iso(record.startedAt),
      participantDuration: seconds(record.connectedMs),
      participantEndReason: String(outcome.code),
      // A row without a subcode is written with 0 where a number is expected (`design.md` §3).
      participantEndSubCode: String(outcome.subCode ?? 0),
      resultCategory: outcome.category ?? missing,
      participantType: 'ACS',
      pstnParticipantCallType: pstnCallType(record),
      endpointId: record.participantId,
      endpointType: endpoint,
      osVersion: missing,
      sdkVersion: missing,
      diagnosticOptions: missing,
      ringbackRow: outcome.row,
      ringbackSituation: outcome.situation,
    },
  };
}

/** By the log's schema it has no subcode. */
export type CallAutomationOperation = LogRecord<
  'CallAutomationOperational',
  {
    readonly callConnectionId: string;
    readonly callerIpAddress: string;
    readonly correlationId: string;
    readonly durationMs: number;
    readonly level: 'Informational' | 'Error';
    readonly operationId: string;
    readonly resultSignature: number;
    readonly resultType: 'Succeeded' | 'Failed';
    readonly sdkType: string;
    readonly sdkVersion: string;
    readonly serverCallId: string;
    readonly subOperationName: string;
    readonly uri: string;
  }
>;

/** `azsdk-js-communication-call-automation/1.6.0 …` names language and version. */
function sdkOf(userAgent: string | undefined): { readonly sdkType: string; readonly sdkVersion: string } {
  const [, sdkType, sdkVersion] = /azsdk-([a-z]+)-[a-z-]+\/(\S+)/i.exec(userAgent ?? '') ?? [];
  return { sdkType: sdkType ?? missing, sdkVersion: sdkVersion ?? missing };
}

export function callAutomationOperation(operation: OperationRecord): CallAutomationOperation {
  const failed = operation.status >= 400;
  const correlationId = operation.correlationId ?? missing;
  return {
    time: iso(operation.at),
    resourceId: operation.resourceId,
    operationName: operation.operation,
    operationVersion: operation.apiVersion,
    category: 'CallAutomationOperational',
    correlationId,
    properties: {
      callConnectionId: operation.callConnectionId ?? missing,
      callerIpAddress: operation.callerIpAddress ?? missing,
      correlationId,
      durationMs: Math.round(operation.durationMs),
      level: failed ? 'Error' : 'Informational',
      operationId: operation.requestId,
      resultSignature: operation.status,
      resultType: failed ? 'Failed' : 'Succeeded',
      ...sdkOf(operation.userAgent),
      serverCallId: operation.serverCallId ?? missing,
      subOperationName: missing,
      uri: operation.url,
    },
  };
}
