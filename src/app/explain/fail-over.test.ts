import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../../domain/call/inputs.ts';
import { buildTimeline } from './build-timeline.ts';
import { Story, target } from './story.fixture.ts';

const number = '+15005554860';
const invite = (port: number): string => `INVITE sip:${number}@127.0.0.1:${port} SIP/2.0`;
const ack = `ACK sip:${number}@127.0.0.1 SIP/2.0`;
const acknowledged = 'ACK sip:phone@127.0.0.1 (CSeq';
const second = { callId: 'second' };

const route: Route = {
  to: 'trunk',
  trunk: 'first',
  others: ['spare'],
  media: true,
  capped: false,
  from: '+18005550100',
};

const begun = (): Story =>
  new Story()
    .create([target('leg-1', number, route)])
    .allocated()
    .sip('out', invite(1), '1 INVITE');

const out = (story: Story, why: string): Story =>
  story.input({
    input: 'trunk',
    event: { kind: 'ended', legId: 'leg-1', end: { how: 'unreachable', why } },
  });

/** What stands between the first INVITE and what the application is owed, by its first words. */
function told(story: Story): readonly string[] {
  const texts = buildTimeline(story.sources())?.entries.map(({ text }) => text) ?? [];
  const from = texts.findIndex((text) => text.startsWith('INVITE'));
  return texts
    .slice(
      from,
      texts.findIndex((text) => text.includes('failed')),
    )
    .map((text) => text.replace(number, 'phone').split(' ').slice(0, 3).join(' '));
}

test('each trunk that is tried, its answer and what follows from it stand in order though the clock never moved', () => {
  const story = begun()
    .sip('in', 'SIP/2.0 503 First is full', '1 INVITE')
    .sip('out', ack, '1 ACK')
    .final(503, 'First is full')
    .sip('out', invite(2), '1 INVITE', second)
    .sip('in', 'SIP/2.0 503 Second is full', '1 INVITE', second)
    .sip('out', ack, '1 ACK', second)
    .final(503, 'Second is full');
  assert.deepEqual(told(story), [
    'INVITE sip:phone@127.0.0.1:1 (CSeq',
    '503 First is',
    acknowledged,
    'phone was not',
    'INVITE sip:phone@127.0.0.1:2 (CSeq',
    '503 Second is',
    acknowledged,
    'phone ended: 503/560503',
  ]);
});

test('an INVITE that found nobody stands before its end, and before the trunk that is tried next', () => {
  const story = out(begun(), 'connection refused').sip('out', invite(2), '1 INVITE', second);
  assert.deepEqual(told(out(story, 'connection refused')), [
    'INVITE sip:phone@127.0.0.1:1 (CSeq',
    'phone was not',
    'INVITE sip:phone@127.0.0.1:2 (CSeq',
    'phone ended: 503/560503',
  ]);
});

test('an INVITE that is repeated with credentials is no other attempt: its end follows its last answer', () => {
  const story = begun()
    .sip('in', 'SIP/2.0 407 Proxy Authentication Required', '1 INVITE')
    .sip('out', ack, '1 ACK')
    .sip('out', invite(1), '2 INVITE')
    .sip('in', 'SIP/2.0 486 Busy Here', '2 INVITE')
    .sip('out', ack, '2 ACK')
    .final(486, 'Busy Here');
  assert.deepEqual(told(story), [
    'INVITE sip:phone@127.0.0.1:1 (CSeq',
    '407 Proxy Authentication',
    acknowledged,
    'INVITE sip:phone@127.0.0.1:1 (CSeq',
    '486 Busy Here',
    acknowledged,
    'phone ended: 486/560486',
  ]);
});
