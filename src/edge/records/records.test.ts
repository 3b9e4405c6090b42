import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcome } from '../../domain/call/outcome.ts';
import { CallRecords } from './call-records.ts';
import { jsonLines, LogLines } from './log-lines.ts';
import { Metrics } from './metrics.ts';

function sinks(): { lines: Record<string, unknown>[]; metrics: Metrics; records: CallRecords } {
  const lines: Record<string, unknown>[] = [];
  const metrics = new Metrics();
  const log = new LogLines(jsonLines((line) => lines.push(JSON.parse(line))));
  return {
    lines,
    metrics,
    records: new CallRecords({ log, metrics, callLog: () => {}, operationLog: () => {} }),
  };
}

test('one line per fact, at the level of its row', () => {
  const { lines, metrics, records } = sinks();
  records.fact('c', { fact: 'call-ended', at: 1, outcome: outcome('media-lost@connected', 1) });
  records.refused(outcome('store-failed@request', 1, { detail: 'disk full' }));
  assert.deepEqual(
    lines.map(({ level, event, row }) => ({ level, event, row })),
    [
      { level: 'warn', event: 'call-ended', row: 'call/410/301005' },
      { level: 'error', event: 'request-refused', row: 'automation/500/9999' },
    ],
  );
  assert.match(metrics.text(), /ringback_outcomes_total\{surface="call",row="call\/410\/301005"\} 1/);
});

test('the set-up time is measured from the start of the call to its first connection', () => {
  const { metrics, records } = sinks();
  const header = {
    callId: 'c',
    resourceId: 'r',
    correlationId: 'x',
    serverCallId: 's',
    group: false,
  } as never;
  records.fact('c', { fact: 'call-started', at: 1000, header });
  records.fact('c', {
    fact: 'connection-connected',
    at: 1400,
    connectionId: 'a',
    outcome: outcome('established@connected', 1400),
  });
  assert.match(metrics.text(), /le="0.25"\} 0\n.*le="0.5"\} 1\n/);
});
