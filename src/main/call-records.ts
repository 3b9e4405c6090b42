/** What is written down of calls: their logs, their traces, and what of them is counted. */
import { join } from 'node:path';
import type { Clock } from '../app/ports/clock.ts';
import type { Records } from '../app/ports/records.ts';
import type { Json, Store } from '../app/ports/store.ts';
import type { Trace, TracePort } from '../app/ports/trace.ts';
import type { Config } from '../config/config.ts';
import { CallRecords } from '../edge/records/call-records.ts';
import { LineFile } from '../edge/records/line-file.ts';
import type { LogLines } from '../edge/records/log-lines.ts';
import type { Metrics } from '../edge/records/metrics.ts';
import { callAutomationOperation, callSummary } from '../wire/calllogs/call-summary.ts';
import { operationsOf } from './administration.ts';

export interface CallRecordsParts {
  readonly config: Config;
  readonly directory: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: LogLines;
  readonly metrics: Metrics;
  readonly trouble: (what: string) => (error: unknown) => void;
}

export interface OpenedRecords {
  readonly records: Records;
  readonly trace: TracePort;
  /** Forgets what is older. */
  prune(before: number): Promise<unknown>;
  close(): Promise<unknown>;
}

export function openRecords(parts: CallRecordsParts): OpenedRecords {
  const { config, directory, store, clock, log, metrics, trouble } = parts;
  const logFile = (name: string): LineFile =>
    new LineFile({
      directory: join(directory, 'logs'),
      name,
      now: () => clock.now(),
      onTrouble: trouble(name),
    });
  const callLog = logFile('call-summary');
  const operationLog = logFile('call-operations');
  const records = new CallRecords({
    log,
    metrics,
    callLog: (record, resourceId) => {
      if (!config.memory) callLog.add(JSON.stringify(callSummary(record, { resourceId })));
    },
    operationLog: (record) => {
      if (!config.memory) operationLog.add(JSON.stringify(callAutomationOperation(record)));
      if (record.callId !== undefined)
        store.addTrace(operationsOf(record.callId), record.at, record as unknown as Json);
    },
  });
  return {
    records,
    trace: {
      add: (entry: Trace): void =>
        store.addTrace(entry.kind === 'sip' ? entry.legId : entry.callId, entry.at, entry as unknown as Json),
    },
    prune: (before) => Promise.all([store.prune(before), callLog.prune(before), operationLog.prune(before)]),
    close: () => Promise.all([callLog.close(), operationLog.close()]),
  };
}
