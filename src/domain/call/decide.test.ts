import assert from 'node:assert/strict';
import { test } from 'node:test';
import { communicationUser, phoneNumber } from '../ids/identifier.ts';
import { servedAs } from './compat.ts';
import { replay } from './evolve.ts';
import type { Route } from './inputs.ts';
import { answer, arrived, created, overTrunk, remote, target } from './told-call.fixture.ts';

const viaCarrier = {
  to: 'trunk',
  trunk: 'carrier',
  media: true,
  capped: false,
  from: '+18005550100',
} as const;
const toApps: Route = { to: 'applications', resourceId: 'res', subscriptions: ['sub'] };

test('a busy phone fails the call with 486/560486 and both events carry it', () => {
  const call = created(target('leg'))
    .allocated('leg')
    .ended('leg', { how: 'final', sip: { code: 486, message: 'Busy Here' } });
  assert.deepEqual(call.callbacks(), ['CreateCallFailed', 'CallDisconnected']);
  assert.equal(call.row('app'), 'call/486/560486');
  assert.equal(call.row('leg'), 'call/486/560486');
  assert.equal(call.call?.end?.outcome.sip?.message, 'Busy Here');
});

for (const [status, row] of [
  [403, 'call/403/560403'],
  [404, 'call/404/560404'],
  [408, 'call/408/560408'],
  [480, 'call/480/560480'],
  [484, 'call/484/560484'],
  [487, 'call/487/560487'],
  [500, 'call/500/560500'],
  [503, 'call/503/560503'],
  [603, 'call/603/560603'],
  [488, 'call/488/560488'],
] as const) {
  test(`a final response ${status} to our INVITE is ${row}`, () => {
    const call = created(target('leg'))
      .allocated('leg')
      .ended('leg', { how: 'final', sip: { code: status, message: '' } });
    assert.equal(call.row('app'), row);
  });
}

test('no reply at all is not the far end saying 408', () => {
  assert.equal(
    created(target('leg')).allocated('leg').ended('leg', { how: 'no-reply' }).row('app'),
    'call/408/500001',
  );
});

test('an unreachable trunk is 503/560503 without the words of a far end', () => {
  const call = created(target('leg'))
    .allocated('leg')
    .ended('leg', { how: 'unreachable', why: 'connection refused' });
  assert.equal(call.row('app'), 'call/503/560503');
  assert.equal(call.call?.end?.outcome.sip, undefined);
});

for (const [what, end] of [
  ['says 503', { how: 'final', sip: { code: 503, message: 'Service Unavailable' } }],
  ['refuses', { how: 'unreachable', why: 'connection refused' }],
  ['is silent', { how: 'no-reply' }],
] as const) {
  test(`a trunk that ${what} is passed over for the next, and nobody is told until the last has failed`, () => {
    const call = created(target('leg', { ...viaCarrier, others: ['second', 'third'] })).allocated('leg');
    call.ended('leg', end);
    const invited = call.effects.flatMap((e) => (e.effect === 'invite' ? [e.leg.trunk] : []));
    assert.deepEqual(invited, ['carrier', 'second']);
    assert.deepEqual(call.callbacks(), []);
    call.ended('leg', end).ended('leg', { how: 'final', sip: { code: 503, message: '' } });
    assert.equal(call.row('app'), 'call/503/560503');
    assert.equal(call.effects.filter((e) => e.effect === 'allocate-media').length, 1);
  });
}

test('what the called party says is final, whatever other trunks there are', () => {
  const call = created(target('leg', { ...viaCarrier, others: ['second'] })).allocated('leg');
  call.ended('leg', { how: 'final', sip: { code: 486, message: 'Busy Here' } });
  assert.equal(call.row('app'), 'call/486/560486');
});

test('an answered call connects, lists its people, and ends 0/560000 when the phone hangs up', () => {
  const call = created(target('leg')).answered('leg');
  assert.deepEqual(call.callbacks(), ['CallConnected', 'ParticipantsUpdated']);
  call.ended('leg', { how: 'hung-up' });
  assert.deepEqual(call.callbacks(), ['CallConnected', 'ParticipantsUpdated', 'CallDisconnected']);
  assert.equal(call.row('app'), 'call/0/560000');
});

test('the application hangs up: 0/7000 for it, 0/0 in the log row of the phone, and BYE goes out', () => {
  const call = created(target('leg')).answered('leg').tell({ input: 'hang-up', connectionId: 'app' });
  assert.equal(call.row('app'), 'call/0/7000');
  assert.equal(call.row('leg'), 'call/0/0');
  assert.ok(call.did('hang-up'));
});

test('the application hangs up while it rings: 487/0 without CreateCallFailed, 487/560487 in the log row', () => {
  const call = created(target('leg')).allocated('leg').tell({ input: 'hang-up', connectionId: 'app' });
  assert.deepEqual(call.callbacks(), ['CallDisconnected']);
  assert.equal(call.row('app'), 'call/487/0');
  assert.equal(call.row('leg'), 'call/487/560487');
  assert.ok(call.did('cancel'));
});

test('a phone that rings for ever is given up after the ring limit and no earlier', () => {
  const call = created(target('leg')).allocated('leg').later(114_999);
  assert.equal(call.row('app'), undefined);
  call.later(1);
  assert.equal(call.row('app'), 'call/487/10004');
  assert.equal(call.row('leg'), 'call/487/560487');
  assert.deepEqual(call.callbacks(), ['CreateCallFailed', 'CallDisconnected']);
});

test('first end wins: what comes after the end changes nothing and is journalled as ignored', () => {
  const call = created(target('leg')).answered('leg').tell({ input: 'terminate', connectionId: 'app' });
  const before = call.row('leg');
  call.ended('leg', { how: 'hung-up' });
  assert.equal(call.row('leg'), before);
  assert.equal(call.facts.at(-1)?.fact, 'input-ignored');
  assert.equal(call.callbacks().at(-1), 'CallDisconnected');
});

for (const [because, row] of [
  ['caller-id-not-owned', 'call/403/510403'],
  ['destination-not-allowed', 'call/403/510403'],
  ['no-route', 'call/403/511532'],
  ['own-number-unassigned', 'call/404/511404'],
  ['number-cap-reached', 'call/603/560603'],
] as const) {
  test(`a target that leads nowhere (${because}) fails with ${row} and nothing is sent`, () => {
    const call = created(target('leg', { to: 'nowhere', because, detail: '' }));
    assert.equal(call.row('app'), row);
    assert.equal(call.did('invite') || call.did('allocate-media'), false);
  });
}

test('an answered phone that never sends audio is given up after the set-up limit', () => {
  const call = created(target('leg')).answered('leg').later(20_000);
  assert.ok(call.did('ask-media'));
  call.tell({ input: 'media', event: { kind: 'told', legId: 'leg', hearing: false } });
  assert.equal(call.row('app'), 'call/410/531004');
});

test('a limit that falls due while packets flow is re-armed', () => {
  const call = created(target('leg')).answered('leg').later(20_000);
  call.tell({ input: 'media', event: { kind: 'told', legId: 'leg', hearing: true } }).later(500_000);
  assert.equal(call.row('app'), undefined);
});

test('audio that stops for the loss limit ends the call with 410/301005', () => {
  const call = created(target('leg')).answered('leg');
  call.tell({ input: 'media', event: { kind: 'heard', legId: 'leg' } });
  call.tell({ input: 'media', event: { kind: 'silent', legId: 'leg' } }).later(119_999);
  assert.equal(call.did('ask-media'), false);
  call.later(1).tell({ input: 'media', event: { kind: 'told', legId: 'leg', hearing: false } });
  assert.equal(call.row('app'), 'call/410/301005');
});

test('a phone that holds the call may be silent for as long as it likes', () => {
  const call = created(target('leg')).answered('leg');
  call.tell({
    input: 'trunk',
    event: { kind: 'media-changed', legId: 'leg', remote: { ...remote, direction: 'sendonly' } },
  });
  assert.equal(call.later(1_000_000).row('app'), undefined);
  assert.ok(call.callbacks().filter((type) => type === 'ParticipantsUpdated').length === 2);
});

test('an inbound call is rung, offered, answered and connected when the phone acknowledges', () => {
  const call = arrived();
  assert.ok(call.did('ring') && call.did('announce'));
  call.tell(answer());
  assert.deepEqual(call.callbacks(), []);
  call.answered('phone');
  assert.deepEqual(call.callbacks(), ['CallConnected', 'ParticipantsUpdated']);
  assert.equal(call.ended('phone', { how: 'hung-up' }).row('app'), 'call/0/540000');
});

test('a caller who cancels while the answer is under way fails the answer with 487/540487', () => {
  const call = arrived().tell(answer()).ended('phone', { how: 'cancelled' });
  assert.deepEqual(call.callbacks(), ['AnswerFailed', 'CallDisconnected']);
  assert.equal(call.row('app'), 'call/487/540487');
});

test('a caller who is gone cannot be answered', () => {
  const call = arrived().ended('phone', { how: 'cancelled' }).tell(answer());
  assert.equal(call.refused?.row, 'automation/404/8522');
});

for (const [reason, row, status] of [
  ['none', 'call/603/0', 603],
  ['busy', 'call/486/540486', 486],
  ['forbidden', 'automation/403/7504', 403],
] as const) {
  test(`a phone rejected as ${reason} gets SIP ${status} and its leg ${row}`, () => {
    const call = arrived().tell({ input: 'reject', offerId: 'offer', reason });
    assert.equal(call.row('phone'), row);
    assert.ok(call.effects.some((e) => e.effect === 'refuse' && e.status === status));
  });
}

test('nobody listens: 480/10037 at once', () => {
  const call = created(
    target('offer', { to: 'applications', resourceId: 'res', subscriptions: [] }, '+18005550101'),
  );
  assert.equal(call.row('app'), 'call/480/10037');
});

test('an event nobody acknowledged is 8586, a call nobody answered 8587, SIP 480 for the phone', () => {
  assert.equal(created(target('offer', toApps)).later(120_000).row('app'), 'automation/408/8586');
  const delivered = created(target('offer', toApps)).tell({ input: 'offer-delivered', offerId: 'offer' });
  assert.equal(delivered.later(120_000).row('app'), 'automation/408/8587');
  const phone = arrived().tell({ input: 'offer-delivered', offerId: 'offer' }).later(120_000);
  assert.ok(phone.effects.some((e) => e.effect === 'refuse' && e.status === 480));
});

test('two applications in one call have an event stream each and end together', () => {
  const user = communicationUser('8:acs:res_bob');
  const call = created({ id: 'offer', identifier: user, route: toApps }).tell(answer('other', 'offer', user));
  assert.deepEqual(call.callbacks('app'), ['CallConnected', 'ParticipantsUpdated']);
  assert.deepEqual(call.callbacks('other'), ['CallConnected', 'ParticipantsUpdated']);
  call.tell({ input: 'hang-up', connectionId: 'other' });
  assert.equal(call.row('app'), 'call/0/7000');
  assert.equal(call.row('other'), 'call/0/7000');
  const told = call.effects.flatMap((e) => (e.effect === 'announce' ? [e.event.type] : []));
  assert.deepEqual(told, [
    'IncomingCall',
    'CallStarted',
    'CallParticipantAdded',
    'CallParticipantRemoved',
    'CallEnded',
  ]);
});

test('a redirected caller is offered to the next and answered there', () => {
  const next = { id: 'next', identifier: phoneNumber('+18005550101'), route: toApps };
  const call = arrived()
    .tell({ input: 'redirect', offerId: 'offer', target: next })
    .tell(answer('app', 'next'))
    .answered('phone');
  assert.deepEqual(call.callbacks(), ['CallConnected', 'ParticipantsUpdated']);
  assert.equal(call.tell(answer('late')).refused?.row, 'automation/404/8522');
});

test('a caller redirected to a phone is answered when it answers, and both end together', () => {
  const call = arrived().tell({ input: 'redirect', offerId: 'offer', target: target('other') });
  call.answered('other');
  assert.ok(call.facts.some((f) => f.fact === 'leg-accepting' && f.legId === 'phone'));
  call.answered('phone');
  assert.ok(call.did('bridge-media'));
  call.ended('other', { how: 'hung-up' });
  assert.equal(call.row('phone'), 'call/0/0');
  assert.equal(call.row('other'), 'call/0/560000');
});

test('a caller redirected to a busy phone gets 486', () => {
  const call = arrived()
    .tell({ input: 'redirect', offerId: 'offer', target: target('other') })
    .allocated('other');
  call.ended('other', { how: 'final', sip: { code: 486, message: 'Busy Here' } });
  assert.ok(call.effects.some((e) => e.effect === 'refuse' && e.legId === 'phone' && e.status === 486));
});

test('in a group call one busy target is told by itself and the others go on', () => {
  const call = created(target('one'), target('two'))
    .allocated('one')
    .ended('one', { how: 'final', sip: { code: 486, message: '' } });
  assert.deepEqual(call.callbacks(), ['AddParticipantFailed']);
  call.answered('two');
  assert.deepEqual(call.callbacks(), ['AddParticipantFailed', 'CallConnected', 'ParticipantsUpdated']);
});

test('an application that hangs up leaves a group call, the others stay', () => {
  const call = created(target('one'), target('two'))
    .answered('one')
    .answered('two')
    .tell({ input: 'hang-up', connectionId: 'app' });
  assert.equal(call.row('app'), 'call/0/7000');
  assert.equal(call.row('one'), undefined);
  call.ended('one', { how: 'hung-up' });
  assert.equal(call.row('two'), 'call/0/0');
  assert.ok(call.call?.end);
});

test('the media process dies: its calls end 410, the next can begin', () => {
  const call = created(target('leg')).answered('leg');
  call.tell({ input: 'media', event: { kind: 'process-died', legIds: ['leg'], why: 'SIGKILL' } });
  assert.equal(call.row('app'), 'call/410');
});

test('the media host refuses or never answers a leg: 502/9001 and 504/9002', () => {
  const refused = created(target('leg')).tell({
    input: 'media',
    event: { kind: 'refused', legId: 'leg', why: 'no port' },
  });
  assert.equal(refused.row('app'), 'automation/502/9001');
  assert.equal(created(target('leg')).later(5_000).row('app'), 'automation/504/9002');
});

test('a restart ends what was alive with 500 and tells nobody by SIP, a graceful stop with 503 and BYE', () => {
  const restarted = created(target('leg')).answered('leg').tell({ input: 'restarted' });
  assert.equal(restarted.row('app'), 'call/500');
  assert.equal(restarted.did('hang-up'), false);
  const stopped = created(target('leg')).answered('leg').tell({ input: 'stopping' });
  assert.equal(stopped.row('app'), 'call/503');
  assert.ok(stopped.did('hang-up'));
});

test('a call that lasts as long as a call may is ended with 429/10110', () => {
  const call = created(target('leg')).answered('leg');
  call.tell({ input: 'media', event: { kind: 'heard', legId: 'leg' } }).later(107_999_999);
  assert.equal(call.row('app'), undefined);
  assert.equal(call.later(1).row('app'), 'call/429/10110');
  assert.ok(call.did('hang-up'));
});

test('the row printed as 497/560487 is served with 487, or as printed when the setting says so', () => {
  const call = created(target('leg')).allocated('leg').tell({ input: 'hang-up', connectionId: 'app' });
  const ended = call.facts.find((fact) => fact.fact === 'leg-ended');
  assert.ok(ended?.fact === 'leg-ended');
  for (const code560487 of [487, 497] as const) {
    const served = servedAs(ended, { code560487 });
    assert.equal('outcome' in served && served.outcome.code, code560487);
  }
});

test('an ended call refuses to be ended again', () => {
  const call = created(target('leg', overTrunk))
    .answered('leg')
    .tell({ input: 'hang-up', connectionId: 'app' });
  assert.equal(call.tell({ input: 'terminate', connectionId: 'app' }).refused?.row, 'automation/400/8528');
});

test('replaying the journal gives the same call', () => {
  const call = created(target('one'), target('two'))
    .answered('one')
    .answered('two')
    .ended('one', { how: 'hung-up' });
  const stored = JSON.parse(JSON.stringify(call.facts));
  assert.deepEqual(replay(stored), JSON.parse(JSON.stringify(call.call)));
});
