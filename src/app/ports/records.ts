import type { ParticipantRecord } from '../../domain/call/events.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Outcome } from '../../domain/call/outcome.ts';

/** Logs, call logs and metrics: told after the fact, never asked. */
export interface Records {
  /** One line per fact. */
  fact(callId: string, fact: Fact): void;
  /** One participant of a call that has ended, for the call log. */
  participant(callId: string, resourceId: string, record: ParticipantRecord): void;
  /** A request that was refused; `callId` where one is known. */
  refused(outcome: Outcome, callId?: string): void;
}
