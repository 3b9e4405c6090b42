import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Metrics } from '../edge/records/metrics.ts';
import type { TrunkStatus, TrunksStatus } from '../edge/trunk/trunk.ts';
import { gauges } from './gauges.ts';
import { smsGauges } from './sms-gauges.ts';

const trunk: TrunkStatus = {
  ...{ name: 'acme', kind: 'carrier', media: 'rtp', state: 'up', why: '200 OK', legs: 2 },
};
const status: TrunksStatus = {
  trunks: [
    { ...trunk, registration: 'not registered', registered: false },
    { ...trunk, name: 'backup', state: 'down', why: 'no reply to OPTIONS', legs: 0 },
    { ...trunk, name: 'new', state: 'unknown', why: 'not answered yet', legs: 0 },
  ],
  refusedSources: 3,
  unusableOffers: 1,
  sip: {
    ...{ calls: 2, clientTransactions: 4, serverTransactions: 5, connections: 6, timers: 0 },
    ...{ received: 7, sent: 8, retransmitted: 9, malformed: 10, refused: 11, dropped: 12 },
  },
};

function text(): string {
  const metrics = new Metrics();
  gauges(metrics, {
    callsAlive: () => 1,
    outboxOwed: () => 13,
    mediaLegs: () => 2,
    devices: () => ({ sessions: 3, attached: 2 }),
    trunks: () => status,
  });
  smsGauges(metrics, {
    texts: { pending: 1 },
    sms: { queues: () => [{ queue: 'acme', length: 2 }], countParts: () => 3 },
    carriers: () => [{ name: 'acme', target: 'smpp.carrier.example:2775', bound: false, pending: 0 }],
  });
  return metrics.text();
}

test('each trunk has a line, and what is not known of it has none', () => {
  const lines = text().split('\n');
  const of = (name: string): readonly string[] => lines.filter((line) => line.startsWith(`${name}{`));
  assert.deepEqual(of('ringback_trunk_up'), [
    'ringback_trunk_up{trunk="acme"} 1',
    'ringback_trunk_up{trunk="backup"} 0',
  ]);
  assert.deepEqual(of('ringback_trunk_registered'), ['ringback_trunk_registered{trunk="acme"} 0']);
  assert.equal(of('ringback_trunk_calls').length, 3);
  assert.deepEqual(of('ringback_sip_transactions'), [
    'ringback_sip_transactions{side="client"} 4',
    'ringback_sip_transactions{side="server"} 5',
  ]);
  for (const line of ['ringback_outbox_owed 13', 'ringback_sip_refused_sources_total 3'])
    assert.ok(lines.includes(line), line);
});

test('every metric stands on the page of the admin API, and none besides', () => {
  const served = [...text().matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  const page = readFileSync(join(import.meta.dirname, '../../docs/surfaces/admin.md'), 'utf8');
  const [, section = ''] = /^## Metrics\n([\s\S]*?)^## /m.exec(page) ?? [];
  const named = section
    .split('\n')
    .map((line) => line.split('|')[1] ?? '')
    .flatMap((cell) => [...cell.matchAll(/`(\w+)/g)].map(([, name]) => name));
  assert.deepEqual(named.toSorted(), served.toSorted());
});
