import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { phoneNumber } from '../ids/identifier.ts';
import { liveTransfers } from './call.ts';
import type { Route } from './inputs.ts';
import { answer, arrived, overTrunk, remote, type ToldCall, target } from './told-call.fixture.ts';
import { effect, inCall, targetNumber, transferring } from './transfer.fixture.ts';

describe('a phone that refers us', () => {
  const refer = (call: ToldCall, route: Route = overTrunk): ToldCall =>
    call.tell({
      input: 'refer',
      legId: 'phone',
      target: target('successor', route, targetNumber),
      headers: [{ name: 'X-Order', value: '7' }],
    });
  const statuses = (call: ToldCall) => effect(call, 'notify').map(({ status }) => status);
  const parties = (call: ToldCall) =>
    effect(call, 'callback')
      .findLast((each) => each.event.type === 'ParticipantsUpdated')
      ?.event.participants?.map(({ identifier }) => identifier.rawId)
      .filter((id) => id.startsWith('4:'));

  test('is told that its target rings and answers, and gives its place to it', () => {
    const call = refer(inCall(false)).allocated('successor');
    assert.deepEqual(effect(call, 'invite').at(-1)?.leg.headers, [{ name: 'X-Order', value: '7' }]);
    call.tell({
      input: 'trunk',
      event: { kind: 'ringing', legId: 'successor', sip: { code: 180, message: 'Ringing' } },
    });
    call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'successor', remote } });
    assert.deepEqual(statuses(call), [180, 200]);
    assert.deepEqual(parties(call), [`4:${targetNumber}`]);
    call.ended('phone', { how: 'hung-up' });
    assert.equal(call.row('phone'), 'call/0/7015');
    assert.equal(call.call?.connections.app?.at.phase, 'connected');
    call.ended('successor', { how: 'hung-up' });
    assert.equal(call.row('app'), 'call/0/560000');
  });

  test('is hung up after a few seconds when it does not hang up itself', () => {
    const call = refer(inCall(false)).answered('successor').later(3_999);
    assert.equal(call.did('hang-up'), false);
    call.later(1);
    assert.equal(call.row('phone'), 'call/0/7015');
    assert.ok(call.did('hang-up'));
    assert.equal(call.call?.connections.app?.at.phase, 'connected');
  });

  test('may hang up at once: its place is given away all the same', () => {
    const call = refer(inCall(false)).allocated('successor').ended('phone', { how: 'hung-up' });
    assert.equal(call.call?.connections.app?.at.phase, 'connected');
    call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'successor', remote } });
    assert.deepEqual(parties(call), [`4:${targetNumber}`]);
  });

  test('may do so after it called us, too', () => {
    const call = arrived().tell(answer()).allocated('phone');
    call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'phone' } });
    refer(call).allocated('successor').ended('phone', { how: 'hung-up' });
    call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'successor', remote } });
    assert.deepEqual(parties(call), [`4:${targetNumber}`]);
  });

  test('and has hung up when its target is not reached ends the call as phones end it', () => {
    const call = refer(inCall(false)).allocated('successor').ended('phone', { how: 'hung-up' });
    call.ended('successor', { how: 'final', sip: { code: 486, message: '' } });
    assert.equal(call.row('app'), 'call/0/560000');
    assert.ok(call.call?.end);
  });

  test('keeps its place when its target is not reached, and is told why in the words of SIP', () => {
    const busy = refer(inCall(false)).allocated('successor');
    busy.ended('successor', { how: 'final', sip: { code: 486, message: 'Busy Here' } });
    assert.deepEqual(statuses(busy), [486]);
    assert.deepEqual(parties(busy), ['4:+15005552000']);
    const forbidden: Route = { to: 'nowhere', because: 'destination-not-allowed', detail: '' };
    assert.deepEqual(statuses(refer(inCall(false), forbidden)), [403]);
    assert.deepEqual(statuses(refer(inCall(false)).allocated('successor').later(60_000)), [408]);
    assert.deepEqual(liveTransfers(busy.call!), []);
  });

  test('is refused while another transfer runs', () => {
    assert.deepEqual(statuses(refer(transferring(true))), [491]);
  });

  test('between two phones gives its place too, and the other hears the new one', () => {
    const call = arrived().tell({ input: 'redirect', offerId: 'offer', target: target('other') });
    call.answered('other').answered('phone');
    refer(call).answered('successor');
    assert.deepEqual(effect(call, 'bridge-media').at(-1), {
      effect: 'bridge-media',
      legId: 'other',
      otherLegId: 'successor',
    });
    call.ended('phone', { how: 'hung-up' }).ended('other', { how: 'hung-up' });
    assert.ok(call.call?.end);
  });
});

test('an INVITE that replaces a phone is answered at once, and then the phone is hung up', () => {
  const call = inCall(false);
  call.tell({
    input: 'succeed',
    successor: {
      legId: 'new',
      replaces: 'phone',
      trunk: 'carrier',
      media: true,
      from: phoneNumber('+15551239999'),
      headers: [],
      remote,
    },
  });
  call.allocated('new');
  assert.deepEqual(
    effect(call, 'accept').map(({ legId }) => legId),
    ['new'],
  );
  assert.equal(call.call?.legs.phone?.at.phase, 'up');
  call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'new' } });
  assert.equal(call.row('phone'), 'call/0/7015');
  assert.deepEqual(
    effect(call, 'hang-up').map(({ legId }) => legId),
    ['phone'],
  );
  assert.equal(call.call?.connections.app?.at.phase, 'connected');
});
