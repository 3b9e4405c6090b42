import type { OperationRecord, Records } from '../../app/ports/records.ts';
import type { ParticipantRecord } from '../../domain/call/events.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import { type LogLines, levelOf } from './log-lines.ts';
import type { Metrics } from './metrics.ts';

export interface RecordSinks {
  readonly log: LogLines;
  readonly metrics: Metrics;
  /** One call-log record, as JSON on one line (`reference/call-logs.md` §2). */
  readonly callLog: (record: ParticipantRecord, resourceId: string) => void;
  /** The same for a request (§4). */
  readonly operationLog: (record: OperationRecord) => void;
}

/** What of a fact is worth a log line: its ids and its outcome, not its whole state. */
function logged(fact: Fact): Readonly<Record<string, unknown>> {
  const parts = fact as unknown as Readonly<Record<string, unknown>>;
  const ids: Record<string, unknown> = {};
  for (const key of ['connectionId', 'legId', 'offerId', 'operation', 'input', 'why', 'tone', 'sequence']) {
    if (parts[key] !== undefined) ids[key] = parts[key];
  }
  if (fact.fact === 'leg-opened')
    Object.assign(ids, {
      legId: fact.leg.id,
      direction: fact.leg.direction,
      party: fact.leg.party.rawId,
      trunk: fact.leg.trunk,
    });
  if (fact.fact === 'connection-opened')
    Object.assign(ids, { connectionId: fact.connection.id, role: fact.connection.role });
  if (fact.fact === 'offer-opened')
    Object.assign(ids, { offerId: fact.offer.id, target: fact.offer.target.rawId });
  return ids;
}

const verdict = ({ row, code, subCode, situation, detail }: Outcome): Readonly<Record<string, unknown>> => ({
  row,
  code,
  subCode,
  situation,
  detail,
});

export class CallRecords implements Records {
  readonly #sinks: RecordSinks;
  readonly #started = new Map<string, number>();

  constructor(sinks: RecordSinks) {
    this.#sinks = sinks;
  }

  fact(callId: string, fact: Fact): void {
    const { log, metrics } = this.#sinks;
    const outcome = 'outcome' in fact ? fact.outcome : undefined;
    if (log.wants(fact.fact)) {
      log.line(outcome ? levelOf(outcome) : 'info', fact.fact, {
        callId,
        ...logged(fact),
        ...(outcome ? verdict(outcome) : {}),
      });
    }
    if (fact.fact === 'call-started') this.#started.set(callId, fact.at);
    if (fact.fact === 'connection-connected') {
      const started = this.#started.get(callId);
      if (started !== undefined) metrics.setUp((fact.at - started) / 1000);
      this.#started.delete(callId);
    }
    if (fact.fact === 'call-ended') {
      this.#started.delete(callId);
      metrics.outcome(fact.outcome);
    }
  }

  participant(_callId: string, resourceId: string, record: ParticipantRecord): void {
    this.#sinks.callLog(record, resourceId);
  }

  operation(record: OperationRecord): void {
    this.#sinks.operationLog(record);
  }

  defect(error: unknown, callId: string): void {
    this.#sinks.log.line('error', 'bug', {
      callId,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }

  refused(outcome: Outcome, callId?: string): void {
    this.#sinks.metrics.outcome(outcome);
    this.#sinks.log.line(levelOf(outcome), 'request-refused', {
      ...(callId === undefined ? {} : { callId }),
      ...verdict(outcome),
    });
  }
}
