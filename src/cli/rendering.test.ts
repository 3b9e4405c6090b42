import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../app/explain/explain.ts';
import { refusedCall, Story } from '../app/explain/story.fixture.ts';
import type { Explanation } from '../app/explain/timeline.ts';
import { renderCalls } from './calls.ts';
import { renderAdvanced } from './clock.ts';
import { renderDelivery } from './deliveries.ts';
import { renderLadder } from './ladder.ts';
import { renderReproduced } from './reproduce.ts';
import { renderSubscription } from './subscriptions.ts';
import { columns, table } from './table.ts';
import { renderVerdict, verdictBlock } from './verdict.ts';

function explained(story: Story): Explanation {
  const explanation = explain(story.sources());
  assert.ok(explanation);
  // As it comes over the wire.
  return JSON.parse(JSON.stringify(explanation)) as Explanation;
}

function assertFits(text: string): void {
  for (const line of text.split('\n')) {
    assert.ok([...line].length <= columns, `wider than ${columns}: ${line}`);
    assert.equal(line, line.trimEnd());
  }
}

test('the ladder shows time, delta, who and what, and wraps under the last column', () => {
  const story = new Story().create().after(4).allocated().after(40).ringing();
  story.sip('in', 'SIP/2.0 180 Ringing', '1 INVITE', { lines: `X: ${'y'.repeat(300)}` });
  story.sip('out', `INVITE sip:${'z'.repeat(200)} SIP/2.0`, '1 INVITE');
  const text = renderLadder(explained(story).timeline);
  assertFits(text);
  assert.match(text, /^Call call-1, started 2026-01-15 10:00:00 UTC, alive\n/);
  assert.match(text, /\n {2} TIME {3}DELTA {2}BETWEEN +TEXT\n|\n {2} TIME {3}DELTA {2}BETWEEN\n/);
  assert.match(text, /\n {2}0\.004 {2}\+0\.004 +audio of \+15005554860 is received at 127\.0\.0\.1:20000\n/);
  assert.match(text, /<- carrier \+15005554860 {2}180 Ringing \(CSeq 1 INVITE, UDP, \d+ bytes\)/);
});

test('the verdict block names row, cause, category, meaning, advice and how to see it', () => {
  const text = verdictBlock(explained(refusedCall(486, 'Busy Here')));
  assertFits(text);
  assert.match(text, /^Ended with call\/486\/560486: /);
  assert.match(
    text,
    /Cause: +The far end answered 486 Busy Here while it was being called\. \(sip-486@inviting\)/,
  );
  assert.match(text, /Carried: +SIP 486 Busy Here/);
  assert.match(text, /Category: +Success/);
  assert.match(text, /Meaning: +\S/);
  assert.match(text, /What to do: +\S/);
  assert.match(text, /Each side: +\+15005554860: call\/486\/560486/);
  assert.match(text, /See it: +ringback reproduce call\/486\/560486/);
});

test('a live call says what it waits for', () => {
  const text = renderVerdict(explained(new Story().create().allocated().ringing()));
  assertFits(text);
  assert.match(text, /Waits for: +\+15005554860 to answer \(ring limit\), until 2026-01-15 10:01:55 UTC/);
});

test('lists are aligned and fit the page', () => {
  const listed = {
    callId: '9f2c1c9e-52c0-4c60-93a0-8d1f1c3f0a11',
    connectionIds: [],
    startedAt: '2026-01-15T10:00:00.123Z',
    from: '4:+18005550100',
    to: ['4:+15005554860', '4:+15005552000'],
  };
  const text = renderCalls([
    { ...listed, endedAt: '2026-01-15T10:00:01.000Z', row: 'call/486/560486' },
    listed,
  ]);
  assertFits(text);
  assert.match(
    text,
    /2026-01-15 10:00:00 {2}9f2c1c9e\S+ {2}\+18005550100 {2}\+15005554860 and 1 {2}call\/486\/560486\n/,
  );
  assert.match(text, / alive$/);
  const user = '8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_8fd24625-9a8b-4486-89c0-fb5a9979b4a3';
  assertFits(renderCalls([{ ...listed, from: user, to: [user], row: 'call/486/560486' }]));
  assertFits(table(['A', 'B'], [['x', 'y'.repeat(200)]]));
});

test('deliveries, subscriptions and a moved clock are told in words', () => {
  const [delivery] = new Story()
    .create()
    .after(10)
    .final(503, 'x')
    .attempt('CallDisconnected', { detail: 'connection refused' }, 'given-up')
    .sources()
    .deliveries.slice(-1);
  assert.ok(delivery);
  assert.match(
    renderDelivery(delivery),
    /^CallDisconnected to https:\/\/app\.example\.com\/\S+: given-up\n {2}2026-01-15 10:00:00 {2}--- {5}12 ms {2}connection refused$/,
  );
  const subscription = renderSubscription({
    name: 'n',
    endpoint: 'https://x/',
    state: 'AwaitingManualAction',
    reason: 'no answer',
    validationUrl: 'https://v/',
    since: '2026-01-15T10:00:00Z',
  });
  assert.match(subscription, /waits for its validation URL[\s\S]*Why: no answer\n {2}Open: https:\/\/v\//);
  assert.match(
    renderAdvanced({ now: 'T', fired: [{ at: 'T', what: 'ring limit' }], busy: ['a callback'] }),
    /ring limit\nIt is T; 1 fell due\.\nStopped early[\s\S]*a callback/,
  );
});

test('a row that did not come about says what was told instead', () => {
  const text = renderReproduced({
    row: 'call/486/560486',
    story: 'A phone is called that is engaged.',
    observer: 'event',
    observed: { where: 'event CreateCallFailed', code: 503, subCode: 0 },
    expected: { code: 486, subCode: 560486 },
    matches: false,
    tookMs: 5,
  });
  assert.match(
    text,
    /told by {2}event CreateCallFailed: 503\/0\n {2}did not come about: 486\/560486 was expected/,
  );
});
