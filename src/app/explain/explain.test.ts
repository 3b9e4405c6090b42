import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildTimeline } from './build-timeline.ts';
import { explain } from './explain.ts';
import { traceSubjects } from './sources.ts';
import { application, refusedCall, Story, start, target, trunk } from './story.fixture.ts';
import type { Explanation, Timeline } from './timeline.ts';

function timelineOf(story: Story): Timeline {
  const timeline = buildTimeline(story.sources());
  assert.ok(timeline);
  return timeline;
}

function explained(story: Story): Explanation {
  const explanation = explain(story.sources());
  assert.ok(explanation);
  return explanation;
}

const texts = (timeline: Pick<Timeline, 'entries'>): readonly string[] =>
  timeline.entries.map(({ text }) => text);

/** Asserts that these beginnings occur in this order. */
function assertOrder(lines: readonly string[], beginnings: readonly string[]): void {
  let from = 0;
  for (const beginning of beginnings) {
    const found = lines.findIndex((line, index) => index >= from && line.startsWith(beginning));
    assert.ok(found >= 0, `"${beginning}" does not come after line ${from} of\n${lines.join('\n')}`);
    from = found + 1;
  }
}

test('a busy phone: request, ladder, states and end stand in causal order though the clock never moved', () => {
  const timeline = timelineOf(refusedCall(486, 'Busy Here'));
  assert.equal(new Set(timeline.entries.map(({ at }) => at)).size, 1);
  assertOrder(texts(timeline), [
    'POST /calling/callConnections?api-version=2025-05-15 (201)',
    'call call-1 starts',
    'application calls +15005554860',
    '+15005554860 is to be called, showing +18005550100 (trunk simulated)',
    'audio of +15005554860 is received at 127.0.0.1:20000',
    'INVITE sip:+15005554860@127.0.0.1:5090 (CSeq 1 INVITE, UDP, 80 bytes)',
    '100 Trying',
    '180 Ringing',
    '+15005554860 rings (180 Ringing)',
    '486 Busy Here',
    'ACK sip:',
    '+15005554860 ended: 486/560486',
    'call connection app-1 failed: 486/560486',
    'CreateCallFailed is owed to app.example.com/app-1/events, not tried yet',
    'the call ended: 486/560486',
  ]);
  assert.equal(timeline.entries.at(-1)?.row, 'call/486/560486');
  assert.equal(timeline.endedAt, timeline.startedAt);
});

test('a busy phone is explained in words, with advice, how to reproduce and each participant', () => {
  const { end, participants, because } = explained(refusedCall(486, 'Busy Here'));
  assert.equal(end?.row, 'call/486/560486');
  assert.equal(end?.situation, 'sip-486@inviting');
  assert.equal(end?.words, 'the far end answered 486 Busy Here while it was being called');
  assert.equal(end?.reproduce, 'ringback reproduce call/486/560486');
  assert.ok(end && end.advice.length > 0 && end.meaning.length > 0);
  assert.deepEqual(
    participants.map(({ kind, row }) => [kind, row]),
    [
      ['phone', 'call/486/560486'],
      ['application', 'call/486/560486'],
    ],
  );
  assertOrder(texts({ entries: because }), ['POST', 'INVITE', '180', '486', 'the call ended']);
  assert.ok(!because.some(({ text }) => text.startsWith('100 Trying') || text.startsWith('ACK')));
});

test('an answer that no row lists is explained by its family', () => {
  const { end } = explained(refusedCall(488, 'Not Acceptable Here'));
  assert.equal(end?.row, 'call/488/560488');
  assert.match(end?.meaning ?? '', /SIP|carrier|phone/);
  assert.match(end?.reproduce ?? '', /\+15005554880/);
});

test('nobody answers: the log row of the phone differs from what the application is told', () => {
  const story = new Story().create().allocated().after(40).ringing().after(115_000).input({ input: 'tick' });
  const { end, participants } = explained(story);
  assert.equal(end?.row, 'call/487/10004');
  assert.equal(end?.words, 'nobody answered before the ring limit, so we gave up');
  assert.deepEqual(end?.otherwise, ['an answer within 115 s would have connected the call']);
  assert.equal(participants[0]?.row, 'call/487/560487');
  assert.equal(participants[0]?.words, 'we cancelled the call before anybody answered');
});

test('the application hangs up while it rings: how long it could have rung is said, and the late answer is shown', () => {
  const story = new Story()
    .create()
    .allocated()
    .ringing()
    .after(5000)
    .http('DELETE', '/calling/callConnections/app-1?api-version=2025-05-15', 204)
    .input({ input: 'hang-up', connectionId: 'app-1' })
    .sip('out', 'CANCEL sip:+15005554860@127.0.0.1:5090 SIP/2.0', '1 CANCEL')
    .after(20)
    .answered();
  const { end, because } = explained(story);
  assert.equal(end?.row, 'call/487/0');
  assert.equal(end?.words, 'the application hung up before anybody answered');
  assert.deepEqual(end?.otherwise, [
    '+15005554860 could have rung for 110 s more before the ring limit',
    'trunk: answered came 0.020 s after the end: the end came first',
  ]);
  assertOrder(texts(timelineOf(story)), [
    'DELETE',
    '+15005554860 ended',
    'the call ended',
    'CANCEL',
    'ignored: trunk: answered',
  ]);
  assert.match(because.at(-1)?.text ?? '', /^ignored/);
});

test('an unanswered INVITE shows its retransmissions as such', () => {
  const invite = 'INVITE sip:+15005550000@127.0.0.1:5090 SIP/2.0';
  const story = new Story()
    .create([target('leg-1', '+15005550000')])
    .allocated()
    .sip('out', invite, '1 INVITE');
  for (const ms of [500, 1000, 2000]) story.after(ms).sip('out', invite, '1 INVITE', { repeated: true });
  story
    .after(28_500)
    .input({ input: 'trunk', event: { kind: 'ended', legId: 'leg-1', end: { how: 'no-reply' } } });
  const timeline = timelineOf(story);
  const ladder = timeline.entries.filter(({ kind }) => kind === 'sip');
  assert.deepEqual(
    ladder.map(({ offsetMs, detail }) => [offsetMs, detail?.deltaMs, detail?.repeated, detail?.unanswered]),
    [
      [0, undefined, false, true],
      [500, 500, true, true],
      [1500, 1000, true, true],
      [3500, 2000, true, true],
    ],
  );
  assert.match(ladder[1]?.text ?? '', /\(repeated\)$/);
  assert.equal(explained(story).end?.words, 'the trunk gave no SIP reply at all');
});

test('media that comes, stops and stays away is told step by step', () => {
  const story = new Story().create().allocated().ringing().answered().after(60);
  story.input({ input: 'media', event: { kind: 'heard', legId: 'leg-1' } }).after(3000);
  story
    .input({ input: 'media', event: { kind: 'tone', legId: 'leg-1', tone: '1', durationMs: 200 } })
    .after(5000);
  story
    .input({ input: 'media', event: { kind: 'silent', legId: 'leg-1' } })
    .after(120_000)
    .input({ input: 'tick' });
  story.input({ input: 'media', event: { kind: 'told', legId: 'leg-1', hearing: false } });
  const { end, timeline } = explained(story);
  assert.equal(end?.row, 'call/410/301005');
  assertOrder(texts(timeline), [
    '+15005554860 is connected; audio PCMU to 127.0.0.1:40000; packets of +15005554860 are awaited, given up at +20.000 s',
    'first packet of +15005554860 heard',
    'key 1 (200 ms)',
    'no packets of +15005554860, given up at +128.060 s',
    'the silence limit fell due: is +15005554860 heard just now?',
    '+15005554860 ended: 410/301005',
  ]);
  assert.deepEqual(end?.otherwise, ['audio again within 120 s of the silence would have kept the call']);
});

test('a call between two applications has a lifeline for each, and a failing webhook shows every attempt', () => {
  const offered = target('offer-1', '+18005550101', {
    to: 'applications',
    resourceId: 'resource-1',
    subscriptions: ['desk'],
  });
  const story = new Story()
    .http('POST', '/calling/callConnections', 201)
    .create([offered])
    .after(10)
    .attempt('IncomingCall', { status: 200, detail: '' }, 'delivered')
    .input({ input: 'offer-delivered', offerId: 'offer-1' })
    .after(100)
    .http('POST', '/calling/callConnections:answer', 200)
    .input({ input: 'answer', offerId: 'offer-1', connection: application('app-2', 'callee') });
  story.attempt('CallConnected', { detail: 'connection refused' }, 'owed').after(1000);
  story.attempt('CallConnected', { status: 503, detail: 'try\nlater' }, 'owed').after(2000);
  story.attempt('CallConnected', { status: 404, detail: '' }, 'given-up').after(500);
  story.input({ input: 'terminate', connectionId: 'app-1' });
  const { timeline, participants } = explained(story);
  assertOrder(texts(timeline), [
    'POST /calling/callConnections (201)',
    'call from +18005550100 to +18005550101 offered to subscription desk',
    'IncomingCall is owed to subscription desk',
    'IncomingCall to subscription desk: 200 after 12 ms',
    'the offer reached an application',
    'POST /calling/callConnections:answer (200)',
    'the offer is answered by call connection app-2',
    'CallConnected to app.example.com/app-2/events: no answer after 12 ms (connection refused; tried again 1 s later)',
    'CallConnected to app.example.com/app-2/events: 503 after 12 ms (try later; tried again 2 s later)',
    'CallConnected to app.example.com/app-2/events: 404 after 12 ms (given up)',
    'the call ended: 0/7000',
  ]);
  const lifelines = new Set(timeline.entries.flatMap(({ from, to }) => [from, to]));
  assert.deepEqual([...lifelines].sort(), [
    'application 1',
    'application 2',
    'ringback',
    'subscription desk',
    'webhook 1',
    'webhook 2',
  ]);
  assert.deepEqual(
    participants.map(({ row }) => row),
    ['call/0/7000', 'call/0/7000'],
  );
  assert.ok(!JSON.stringify(timeline).includes('secret=1'));
});

test('a caller who gives up: CANCEL and our replies stand before the end', () => {
  const story = new Story()
    .sip('in', 'INVITE sip:+18005550100@127.0.0.1 SIP/2.0', '7 INVITE')
    .sip('out', 'SIP/2.0 100 Trying', '7 INVITE')
    .arrive(['desk'])
    .sip('out', 'SIP/2.0 180 Ringing', '7 INVITE')
    .sip('in', 'CANCEL sip:+18005550100@127.0.0.1 SIP/2.0', '7 CANCEL')
    .sip('out', 'SIP/2.0 200 OK', '7 CANCEL')
    .sip('out', 'SIP/2.0 487 Request Terminated', '7 INVITE')
    .input({ input: 'trunk', event: { kind: 'ended', legId: 'leg-1', end: { how: 'cancelled' } } });
  const { end, timeline } = explained(story);
  assertOrder(texts(timeline), [
    'INVITE',
    'call call-1 starts',
    'call from +14255550123',
    '180',
    'CANCEL',
    '200 OK',
    '+14255550123 ended',
    'the call ended',
  ]);
  assert.equal(end?.words, 'the caller gave up while the call was on offer');
  assert.deepEqual(end?.otherwise, ['the offer of the call would have stood for 30 s more']);
});

test('a live call says where it stands and until when it waits', () => {
  const ringing = new Story().create().allocated().ringing();
  const { end, live } = explained(ringing);
  assert.equal(end, undefined);
  assert.deepEqual(live, {
    standing: ['call connection app-1 is connecting', '+15005554860 rings'],
    waitingFor: [
      { what: '+15005554860 to answer (ring limit)', due: new Date(start + 115_000).toISOString() },
    ],
  });
  const talking = ringing.answered().input({ input: 'media', event: { kind: 'heard', legId: 'leg-1' } });
  assert.deepEqual(explained(talking).live?.waitingFor, [{ what: 'somebody to hang up' }]);
});

test('a restart ends the call with its row, and what it cut short is said', () => {
  const { end } = explained(
    new Story().create().allocated().ringing().after(1000).input({ input: 'restarted' }),
  );
  assert.equal(end?.row, 'call/500');
  assert.equal(end?.words, 'the server was restarted while the call was alive');
});

test('a target that leads nowhere says which rule refused it', () => {
  const route = {
    to: 'nowhere',
    because: 'no-route',
    detail: 'no route of this server leads to +15700000000',
  } as const;
  const { end, timeline } = explained(new Story().create([target('leg-1', '+15700000000', route)]));
  assert.equal(end?.detail, 'no route of this server leads to +15700000000');
  assertOrder(texts(timeline), [
    '+15700000000 is to be called, showing +18005550100 (no trunk takes it)',
    'the call ended',
  ]);
});

test('one target of several that fails is told by itself while the others ring on', () => {
  const targets = [target('leg-1', '+15005554860'), target('leg-2', '+15005552000', trunk)];
  const story = new Story()
    .create(targets, true)
    .allocated('leg-1')
    .allocated('leg-2')
    .final(486, 'Busy Here');
  const { live, timeline, participants } = explained(story);
  assertOrder(texts(timeline), [
    '+15005554860 ended',
    '+15005554860 was not reached: 486/560486',
    'AddParticipantFailed is owed',
  ]);
  assert.equal(live?.waitingFor.length, 1);
  assert.deepEqual(
    participants.map(({ row }) => row),
    ['call/486/560486', undefined, undefined],
  );
});

test('credentials of SIP messages are not shown', () => {
  const lines = 'Authorization: Digest username="u",\r\n response="0123"\r\nFrom: <sip:a@b>\r\n';
  const story = new Story().create().sip('out', 'INVITE sip:x SIP/2.0', '1 INVITE', { lines });
  const message = String(timelineOf(story).entries.find(({ kind }) => kind === 'sip')?.detail?.message);
  assert.match(message, /Authorization: Digest \(hidden\)\r\nFrom: <sip:a@b>/);
  assert.ok(!message.includes('0123'));
});

test('a request that is traced when it was answered stands before what follows from it', () => {
  const story = new Story().create().after(4).allocated().after(3);
  story.http('POST', '/calling/callConnections', 201).after(1000);
  story.input({ input: 'hang-up', connectionId: 'app-1' }).after(2);
  story.http('DELETE', '/calling/callConnections/app-1', 204);
  assertOrder(texts(timelineOf(story)), [
    'POST',
    'call call-1 starts',
    'DELETE',
    '+15005554860 ended',
    'the call ended',
  ]);
});

test('traces are looked up by the call and its legs; no journal gives no timeline', () => {
  assert.deepEqual(traceSubjects(refusedCall(486, 'Busy Here').sources().journal), ['call-1', 'leg-1']);
  const nothing = { journal: [], traces: [], deliveries: [] };
  assert.equal(buildTimeline(nothing), undefined);
  assert.equal(explain(nothing), undefined);
});
