import type { OperationRecord, ParticipantRecord } from '../../domain/call/events.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Outcome } from '../../domain/call/outcome.ts';

export type { OperationRecord } from '../../domain/call/events.ts';

/** Logs, call logs and metrics: told after the fact, never asked. */
export interface Records {
  /** One line per fact. */
  fact(callId: string, fact: Fact): void;
  /** One participant of a call that has ended, for the call log. */
  participant(callId: string, resourceId: string, record: ParticipantRecord): void;
  /** One request to the Call Automation API, for the call log. */
  operation(record: OperationRecord): void;
  /** A decision threw: a defect of ours, logged with its stack. */
  defect(error: unknown, callId: string): void;
  /** A request that was refused; `callId` where one is known. */
  refused(outcome: Outcome, callId?: string): void;
}
