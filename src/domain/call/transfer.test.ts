import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { phoneNumber } from '../ids/identifier.ts';

import type { Route } from './inputs.ts';
import { answer, arrived, created, overTrunk, type ToldCall, target } from './told-call.fixture.ts';
import {
  applications,
  effect,
  event,
  inCall,
  order,
  otherTrunk,
  targetNumber,
  told,
  transferring,
} from './transfer.fixture.ts';

describe('a phone that takes REFER', () => {
  test('is told whom to call; once it has reached them, the application is out of the call', () => {
    const headers = [{ name: 'X-Order', value: '7' }];
    const call = transferring(true, { headers });
    assert.deepEqual(effect(call, 'refer'), [
      { effect: 'refer', legId: 'phone', number: targetNumber, headers },
    ]);
    assert.equal(effect(call, 'invite').length, 1, 'nobody is called by us');
    told(told(call, 'progress', 180, 'Ringing'), 'done', 200, 'OK');
    assert.deepEqual(call.callbacks().slice(-2), ['CallTransferAccepted', 'CallDisconnected']);
    const accepted = event(call, 'CallTransferAccepted');
    assert.deepEqual(
      [accepted?.transferTarget?.rawId, accepted?.transferee?.rawId, accepted?.operationContext],
      [`4:${targetNumber}`, '4:+15005552000', 'my transfer'],
    );
    assert.equal(accepted?.outcome?.row, 'automation/200/0');
    assert.equal(call.row('app'), 'call/0/7015');
    assert.equal(call.row('phone'), 'call/0/7015');
    assert.ok(call.did('hang-up'));
    assert.ok(call.call?.end);
  });

  test('and has called us is told just so', () => {
    const call = arrived(undefined, true).tell(answer()).allocated('phone');
    call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'phone' } });
    call.tell({ input: 'transfer', order: order() });
    assert.equal(effect(call, 'refer')[0]?.number, targetNumber);
  });

  const answers = [
    [603, 'automation/603/8538'],
    [486, 'automation/486/8539'],
    [600, 'automation/600/8540'],
    [480, 'automation/480/8541'],
    [487, 'automation/487/8542'],
    [404, 'automation/404/8543'],
    [408, 'automation/408/8544'],
    [503, 'call/503/560503'],
    [488, 'call/488/560488'],
  ] as const;
  for (const [status, row] of answers) {
    test(`whose target answers ${status} fails the transfer with ${row}, and the call goes on`, () => {
      const call = told(transferring(true), 'done', status, 'Says The Target');
      const failed = event(call, 'CallTransferFailed')?.outcome;
      assert.equal(failed?.row, row);
      assert.deepEqual(failed?.sip, { code: status, message: 'Says The Target' });
      assert.equal(call.call?.connections.app?.at.phase, 'connected');
      assert.equal(call.call?.legs.phone?.at.phase, 'up');
      assert.equal(
        call.tell({ input: 'transfer', order: order({ target: target('again') }) }).refused,
        undefined,
      );
    });
  }

  const refusals = [
    [481, 'automation/481'],
    [603, 'automation/603'],
    [403, 'automation/603'],
    [405, 'automation/405/8520'],
    [501, 'automation/405/8520'],
  ] as const;
  for (const [status, row] of refusals) {
    test(`that refuses the REFER itself with ${status} fails the transfer with ${row}`, () => {
      const call = told(transferring(true), 'refused', status);
      assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, row);
    });
  }

  test('that hangs up meanwhile fails it with 487/8542, and the call ends as phones end it', () => {
    const call = transferring(true).ended('phone', { how: 'hung-up' });
    assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, 'automation/487/8542');
    assert.equal(call.row('app'), 'call/0/560000');
    assert.equal(call.callbacks().at(-1), 'CallDisconnected');
  });

  test('that tells nothing fails it after 60 s with 408/8544; with 487/8542 where the target rang', () => {
    assert.equal(event(transferring(true).later(59_999), 'CallTransferFailed'), undefined);
    const silent = transferring(true).later(60_000);
    assert.equal(event(silent, 'CallTransferFailed')?.outcome?.row, 'automation/408/8544');
    const rang = told(transferring(true), 'progress', 180).later(60_000);
    assert.equal(event(rang, 'CallTransferFailed')?.outcome?.row, 'automation/487/8542');
    assert.deepEqual(told(rang, 'done', 200).callbacks().slice(-1), ['CallTransferFailed']);
  });

  test('that stops telling before it knows fails it: nothing shows that the target was reached', () => {
    const call = told(transferring(true), 'done', 100, 'Trying');
    assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, 'automation/408/8544');
  });

  for (const [behind, route] of [
    ['another trunk', otherTrunk],
    ['no trunk: an application', applications],
  ] as const) {
    test(`is not referred to a target behind ${behind}`, () => {
      const call = transferring(true, { target: target('target', route, targetNumber) });
      assert.equal(effect(call, 'refer').length, 0);
    });
  }
});

describe('a transfer that we make ourselves', () => {
  test('calls the target, joins both phones when it answers, and the application is out', () => {
    const headers = [{ name: 'User-To-User', value: '56a390' }];
    const call = transferring(false, { headers });
    call.allocated('target');
    assert.deepEqual(effect(call, 'invite').at(-1)?.leg.headers, headers);
    call.answered('target');
    assert.deepEqual(call.callbacks().slice(-2), ['CallTransferAccepted', 'CallDisconnected']);
    assert.equal(call.row('app'), 'call/0/7015');
    assert.deepEqual(effect(call, 'bridge-media'), [
      { effect: 'bridge-media', legId: 'phone', otherLegId: 'target' },
    ]);
    assert.equal(call.call?.end, undefined, 'the phones talk on');
    call.ended('target', { how: 'hung-up' });
    assert.ok(call.call?.end);
    assert.equal(call.row('phone'), 'call/0/0');
  });

  for (const [status, row] of [
    [486, 'automation/486/8539'],
    [603, 'automation/603/8538'],
    [480, 'automation/480/8541'],
    [503, 'call/503/560503'],
  ] as const) {
    test(`fails with ${row} when the target answers ${status}, and the call goes on`, () => {
      const call = transferring(false).allocated('target');
      call.ended('target', { how: 'final', sip: { code: status, message: '' } });
      assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, row);
      assert.deepEqual(call.callbacks().at(-1), 'CallTransferFailed');
      assert.equal(call.call?.connections.app?.at.phase, 'connected');
    });
  }

  test('fails with 408/8544 when the target gives no reply, and with the routing row where it cannot be called', () => {
    const silent = transferring(false).allocated('target').ended('target', { how: 'no-reply' });
    assert.equal(event(silent, 'CallTransferFailed')?.outcome?.row, 'automation/408/8544');
    const nowhere: Route = { to: 'nowhere', because: 'caller-id-not-owned', detail: '' };
    const unroutable = transferring(true, { target: target('target', nowhere) });
    assert.equal(event(unroutable, 'CallTransferFailed')?.outcome?.row, 'call/403/510403');
    const capped: Route = { to: 'nowhere', because: 'number-cap-reached', detail: '' };
    const busyNumber = transferring(true, { target: target('target', capped) });
    assert.equal(event(busyNumber, 'CallTransferFailed')?.outcome?.row, 'call/603/560603');
  });

  test('that rings for 60 s is cancelled: 487/8542', () => {
    const call = transferring(false).allocated('target');
    call.tell({
      input: 'trunk',
      event: { kind: 'ringing', legId: 'target', sip: { code: 180, message: '' } },
    });
    call.later(60_000);
    assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, 'automation/487/8542');
    assert.ok(call.did('cancel'));
    assert.equal(call.row('target'), 'call/487/560487');
  });

  test('is withdrawn when the application hangs up: 487 without a subcode, before the last event', () => {
    const call = transferring(false).allocated('target').tell({ input: 'hang-up', connectionId: 'app' });
    assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, 'automation/487');
    assert.deepEqual(call.callbacks().slice(-2), ['CallTransferFailed', 'CallDisconnected']);
    assert.ok(call.did('cancel'));
    assert.ok(call.call?.end);
  });

  test('is offered to the applications of an own number; who answers is in the call with the phone', () => {
    const call = transferring(false, {
      target: target('offer', applications, '+18005550101'),
      voipHeaders: [{ name: 'ticket', value: '7' }],
    });
    const [announced] = effect(call, 'announce');
    assert.equal(announced?.event.type, 'IncomingCall');
    assert.deepEqual('voipHeaders' in announced!.event && announced.event.voipHeaders, [
      { name: 'ticket', value: '7' },
    ]);
    call.tell(answer('other', 'offer', phoneNumber('+18005550101')));
    assert.equal(call.row('app'), 'call/0/7015');
    assert.deepEqual(call.callbacks('app').slice(-2), ['CallTransferAccepted', 'CallDisconnected']);
    assert.deepEqual(call.callbacks('other'), ['CallConnected', 'ParticipantsUpdated']);
  });

  test('to an application that redirects it goes on where it was redirected to', () => {
    const call = transferring(false, { target: target('offer', applications, '+18005550101') });
    call.tell({ input: 'redirect', offerId: 'offer', target: target('redirected') });
    call.answered('redirected');
    assert.equal(call.row('app'), 'call/0/7015');
    assert.equal(event(call, 'CallTransferAccepted')?.transferTarget?.rawId, '4:+18005550101');
  });

  for (const [reason, row] of [
    ['none', 'automation/603/8538'],
    ['busy', 'automation/486/8539'],
    ['forbidden', 'automation/403/7504'],
  ] as const) {
    test(`to an application that rejects it (${reason}) fails with ${row}`, () => {
      const call = transferring(false, { target: target('offer', applications, '+18005550101') });
      call.tell({ input: 'reject', offerId: 'offer', reason });
      assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, row);
      assert.equal(call.call?.connections.app?.at.phase, 'connected');
    });
  }
});

describe('in a group call', () => {
  const one = phoneNumber('+15005552001');
  const group = (): ToldCall =>
    created(target('one', overTrunk, one.rawId.slice(2)), target('two', overTrunk, '+15005552002'))
      .answered('one')
      .answered('two');

  test('a transfer must say whom', () => {
    const { refused } = group().tell({ input: 'transfer', order: order() });
    assert.equal(refused?.row, 'automation/400/8523');
  });

  test('only the one who is transferred leaves it', () => {
    const call = group().tell({ input: 'transfer', order: order({ transferee: one }) });
    call.answered('target');
    assert.equal(call.call?.connections.app?.at.phase, 'connected');
    const [last] = effect(call, 'callback').slice(-1);
    assert.equal(last?.event.type, 'ParticipantsUpdated');
    assert.deepEqual(
      last?.event.participants?.map(({ identifier }) => identifier.rawId).filter((id) => id.startsWith('4:')),
      ['4:+15005552002'],
    );
    assert.deepEqual(effect(call, 'bridge-media').at(-1), {
      effect: 'bridge-media',
      legId: 'one',
      otherLegId: 'target',
    });
    call.tell({ input: 'terminate', connectionId: 'app' });
    assert.equal(call.call?.legs.one?.at.phase, 'up', 'they talk on without the group');
    call.ended('one', { how: 'hung-up' });
    assert.ok(call.call?.end);
  });

  test('a target that is not reached fails the transfer and nothing else', () => {
    const call = group().tell({ input: 'transfer', order: order({ transferee: one }) });
    call.allocated('target').ended('target', { how: 'final', sip: { code: 486, message: '' } });
    assert.equal(event(call, 'CallTransferFailed')?.outcome?.row, 'automation/486/8539');
    assert.ok(!call.callbacks().includes('AddParticipantFailed'));
  });

  test('an application is no target, because those transferred would still be in the group', () => {
    const { refused } = group().tell({
      input: 'transfer',
      order: order({ transferee: one, target: target('offer', applications) }),
    });
    assert.equal(refused?.row, 'automation/405/8520');
  });
});

test('a transfer is refused before the call is connected, after it, while another runs, and for who is not there', () => {
  const early = created(target('phone')).tell({ input: 'transfer', order: order() });
  assert.equal(early.refused?.row, 'automation/400/8501');
  const late = inCall(true)
    .tell({ input: 'terminate', connectionId: 'app' })
    .tell({ input: 'transfer', order: order() });
  assert.equal(late.refused?.row, 'automation/400/8528');
  const second = transferring(true).tell({ input: 'transfer', order: order({ target: target('second') }) });
  assert.equal(second.refused?.row, 'automation/409/8519');
  const stranger = transferring(true, { transferee: phoneNumber('+15005559999') });
  assert.equal(stranger.refused?.row, 'automation/404/8522');
  const nobody = transferring(true, {
    target: { ...target('target'), identifier: { kind: 'unknown', rawId: '19:x' } },
  });
  assert.equal(nobody.refused?.row, 'automation/405/8520');
});

test('the eleventh hop looks like a loop: 400/8521', () => {
  const call = arrived();
  for (let hop = 1; hop <= 10; hop += 1) {
    const offerId = hop === 1 ? 'offer' : `offer-${hop - 1}`;
    call.tell({ input: 'redirect', offerId, target: target(`offer-${hop}`, applications) });
  }
  call.tell({ input: 'redirect', offerId: 'offer-10', target: target('offer-11', applications) });
  assert.equal(call.row('phone'), 'automation/400/8521');
  assert.ok(call.call?.end);
});
