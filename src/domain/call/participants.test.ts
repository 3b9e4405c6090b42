import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { communicationUser, phoneNumber } from '../ids/identifier.ts';
import { participants } from './call.ts';
import type { InvitationOrder } from './inputs.ts';
import { answer, arrived, connection, create, overTrunk, ToldCall, target } from './told-call.fixture.ts';

const alice = '+15005552000';
const bob = '+15005552001';

const up = (): ToldCall => new ToldCall().tell(create(target('alice', undefined, alice))).answered('alice');

const invitation = (changes: Partial<InvitationOrder> = {}): InvitationOrder => ({
  id: 'invitation',
  connectionId: 'app',
  target: target('bob', undefined, bob),
  headers: [],
  voipHeaders: [],
  ...changes,
});

const added = (changes: Partial<InvitationOrder> = {}): ToldCall =>
  up().tell({ input: 'add', order: invitation(changes) });

const present = (call: ToldCall): readonly string[] =>
  call.call ? participants(call.call).map(({ identifier }) => identifier.rawId) : [];

describe('adding a participant', () => {
  it('succeeds when the phone answers, and the list of participants follows', () => {
    const call = added().answered('bob');
    assert.deepEqual(call.callbacks().slice(-2), ['AddParticipantSucceeded', 'ParticipantsUpdated']);
    assert.ok(present(call).includes(`4:${bob}`));
  });

  it('fails with the row of the phone that was busy, and the call goes on', () => {
    const call = added().ended('bob', { how: 'final', sip: { code: 486, message: 'Busy Here' } });
    const failed = call.effects.findLast((e) => e.effect === 'callback');
    assert.equal(failed?.effect === 'callback' && failed.event.type, 'AddParticipantFailed');
    assert.equal(failed?.effect === 'callback' && failed.event.outcome?.row, 'call/486/560486');
    assert.equal(call.row('app'), undefined);
  });

  it('gives up after the invitation’s own time', () => {
    const call = added({ timeoutMs: 10_000 }).allocated('bob').later(9_999);
    assert.equal(call.row('bob'), undefined);
    call.later(1);
    const failed = call.effects.findLast((e) => e.effect === 'callback');
    assert.equal(failed?.effect === 'callback' && failed.event.type, 'AddParticipantFailed');
    assert.equal(failed?.effect === 'callback' && failed.event.outcome?.row, 'call/487/10004');
    assert.equal(call.row('bob'), 'call/487/560487');
  });

  it('that is an application and never answers has a row of its own', () => {
    const route = { to: 'applications', resourceId: 'res', subscriptions: ['sub'] } as const;
    const call = up().tell({ input: 'add', order: invitation({ target: target('bob', route, bob) }) });
    call.tell({ input: 'offer-delivered', offerId: 'bob' }).later(120_000);
    const failed = call.effects.findLast((e) => e.effect === 'callback');
    assert.equal(failed?.effect === 'callback' && failed.event.type, 'AddParticipantFailed');
    assert.equal(failed?.effect === 'callback' && failed.event.outcome?.row, 'automation/408/8610');
  });

  it('of somebody who is invited or there already is a conflict', () => {
    assert.equal(
      added().tell({ input: 'add', order: invitation({ id: 'two' }) }).refused?.row,
      'automation/409/8519',
    );
    const there = up().tell({ input: 'add', order: invitation({ target: target('x', undefined, alice) }) });
    assert.equal(there.refused?.row, 'automation/409/8519');
  });

  it('before the answer is too early, and after the end too late', () => {
    const early = new ToldCall().tell(create(target('alice', undefined, alice)));
    assert.equal(early.tell({ input: 'add', order: invitation() }).refused?.row, 'automation/400/8501');
    const late = up().ended('alice', { how: 'hung-up' });
    assert.equal(late.tell({ input: 'add', order: invitation() }).refused?.row, 'automation/400/8528');
  });

  it('that is cancelled tells so and cancels the ringing phone, without a failure', () => {
    const call = added().allocated('bob');
    call.tell({
      input: 'cancel-add',
      connectionId: 'app',
      invitationId: 'invitation',
      operationContext: 'mine',
    });
    assert.equal(call.callbacks().at(-1), 'CancelAddParticipantSucceeded');
    assert.equal(call.did('cancel'), true);
    assert.ok(!call.callbacks().includes('AddParticipantFailed'));
    call.tell({ input: 'cancel-add', connectionId: 'app', invitationId: 'invitation' });
    assert.equal(call.refused?.row, 'automation/404/8522');
  });

  it('that is under way when the application hangs up fails before CallDisconnected', () => {
    const call = added().allocated('bob').tell({ input: 'terminate', connectionId: 'app' });
    assert.deepEqual(call.callbacks().slice(-2), ['AddParticipantFailed', 'CallDisconnected']);
    assert.equal(call.call?.end?.outcome.row, 'call/0/7000');
  });
});

describe('removing a participant', () => {
  it('hangs up the phone and tells so, then who is left', () => {
    const call = added().answered('bob');
    call.tell({ input: 'remove', order: { connectionId: 'app', participant: phoneNumber(bob) } });
    assert.deepEqual(call.callbacks().slice(-2), ['RemoveParticipantSucceeded', 'ParticipantsUpdated']);
    assert.equal(call.row('bob'), 'call/0/5300');
    assert.equal(call.row('app'), undefined);
  });

  it('of the last one ends the call of the application with 200/5002', () => {
    const call = up().tell({
      input: 'remove',
      order: { connectionId: 'app', participant: phoneNumber(alice) },
    });
    assert.deepEqual(call.callbacks().slice(-2), ['RemoveParticipantSucceeded', 'CallDisconnected']);
    assert.equal(call.row('app'), 'call/0/5002');
  });

  it('tells who has left from who never was there', () => {
    const call = added().answered('bob').ended('bob', { how: 'hung-up' });
    call.tell({ input: 'remove', order: { connectionId: 'app', participant: phoneNumber(bob) } });
    assert.equal(call.refused?.row, 'automation/404/8558');
    call.tell({ input: 'remove', order: { connectionId: 'app', participant: phoneNumber('+15005559999') } });
    assert.equal(call.refused?.row, 'automation/404/8522');
  });
});

describe('hold', () => {
  const held = (on: boolean) =>
    ({
      input: 'hold',
      order: { connectionId: 'app', operationId: 'music', participant: phoneNumber(alice), on },
    }) as const;

  it('takes the phone out of the conversation and back, and shows in the list', () => {
    const call = up().tell(held(true));
    assert.equal(call.did('take-part'), true);
    assert.equal(call.call && participants(call.call).some(({ isOnHold }) => isOnHold), true);
    assert.equal(call.callbacks().at(-1), 'ParticipantsUpdated');
    call.tell(held(false));
    assert.equal(call.call && participants(call.call).some(({ isOnHold }) => isOnHold), false);
  });

  it('twice, and of what is not held, is refused', () => {
    assert.equal(up().tell(held(false)).refused?.row, 'automation/400/8500');
    assert.equal(up().tell(held(true)).tell(held(true)).refused?.row, 'automation/400/8500');
  });
});

describe('mute', () => {
  it('is for applications and users, not for phones', () => {
    const call = up().tell({ input: 'mute', connectionId: 'app', participant: phoneNumber(alice) });
    assert.equal(call.refused?.row, 'automation/405/8520');
  });
});

describe('an application that connects to a call', () => {
  it('is told of it as of a call of its own, and leaves the others alone when it goes', () => {
    const call = arrived().tell(answer()).answered('phone');
    call.tell({ input: 'connect', connection: { ...connection('guest', 'callee'), role: 'guest' } });
    assert.deepEqual(call.callbacks('guest'), ['CallConnected', 'ParticipantsUpdated']);
    call.tell({ input: 'terminate', connectionId: 'guest' });
    assert.equal(call.row('guest'), 'call/0/7000');
  });

  it('cannot join before anybody has answered', () => {
    const call = arrived().tell({
      input: 'connect',
      connection: { ...connection('guest', 'callee'), role: 'guest' },
    });
    assert.equal(call.refused?.row, 'automation/400/8501');
  });
});

describe('a user with a client', () => {
  const carol = communicationUser('8:acs:res_carol');
  const called = (): ToldCall =>
    new ToldCall().tell(create({ id: 'carol', identifier: carol, route: overTrunk })).allocated('carol');
  const finals: readonly (readonly [status: number, row: string])[] = [
    [603, 'call/603/0'],
    [600, 'call/603/0'],
    [486, 'automation/486/8539'],
    [487, 'call/487/0'],
    [480, 'call/480/10078'],
    [404, 'call/480/10078'],
    [500, 'call/480/10078'],
  ];
  for (const [code, row] of finals) {
    it(`that answers ${code} ends in ${row}`, () => {
      const call = called().ended('carol', { how: 'final', sip: { code, message: '' } });
      assert.deepEqual([call.row('carol'), call.row('app')], [row, row]);
    });
  }

  it('that gives no sign of life is not to be reached', () => {
    for (const end of [{ how: 'no-reply' }, { how: 'unreachable', why: 'refused' }] as const)
      assert.equal(called().ended('carol', end).row('carol'), 'call/480/10078');
  });

  it('that rings until the limit, or is cancelled, has the rows of calls and not of phones', () => {
    assert.equal(called().later(115_000).row('carol'), 'call/487/10004');
    assert.equal(called().tell({ input: 'terminate', connectionId: 'app' }).row('carol'), 'call/487/0');
  });

  it('hangs up with 0/0, and is in the call log as VoIP', () => {
    const call = called().answered('carol').ended('carol', { how: 'hung-up' });
    assert.deepEqual([call.row('carol'), call.row('app')], ['call/0/0', 'call/0/0']);
    const records = call.effects.flatMap((e) => (e.effect === 'record' ? [e.record.endpoint] : []));
    assert.ok(records.includes('VoIP'));
  });

  it('can be muted, which the others are told', () => {
    const call = called().answered('carol');
    call.tell({ input: 'mute', connectionId: 'app', participant: carol });
    assert.equal(call.call && participants(call.call).some(({ isMuted }) => isMuted), true);
    assert.equal(call.callbacks().at(-1), 'ParticipantsUpdated');
  });
});

describe('a call of several', () => {
  const two = () =>
    new ToldCall().tell(create(target('alice', undefined, alice), target('bob', undefined, bob)));

  it('that all have left by themselves ends with 200/5010', () => {
    const call = two().answered('alice').answered('bob');
    call.ended('alice', { how: 'hung-up' }).ended('bob', { how: 'hung-up' });
    assert.deepEqual([call.row('app'), call.row('bob')], ['call/0/5010', 'call/0/560000']);
  });

  it('that nobody joined ends with 200/5013', () => {
    const busy = { how: 'final', sip: { code: 486, message: 'Busy Here' } } as const;
    const call = two().ended('alice', busy).ended('bob', busy);
    assert.equal(call.row('app'), 'call/0/5013');
    assert.deepEqual(call.callbacks().slice(-2), ['CreateCallFailed', 'CallDisconnected']);
  });
});

describe('a phone that is moved', () => {
  const moved = { connectionId: 'app', fromConnectionId: 'other', operationContext: 'x' };
  const given = () => {
    const call = up();
    const leg = call.call!.legs.alice!;
    return { leg, call: call.tell({ input: 'give', legIds: ['alice'], toCallId: 'second' }) };
  };

  it('leaves without a word on the line, and whoever is alone then is told 200/5002', () => {
    const { call } = given();
    assert.deepEqual([call.row('app'), call.did('hang-up')], ['call/0/5002', false]);
    assert.equal(call.did('release-media'), false);
    assert.equal(call.call?.legs.alice, undefined);
  });

  it('comes with its audio, and the application is told before the list of participants', () => {
    const { leg } = given();
    const call = new ToldCall().tell(create(target('bob', undefined, bob))).answered('bob');
    call.tell({ input: 'take', legs: [leg], fromCallId: 'call', order: moved });
    assert.deepEqual(call.callbacks().slice(-2), ['MoveParticipantSucceeded', 'ParticipantsUpdated']);
    assert.equal(call.did('move-media'), true);
    assert.deepEqual([call.call?.group, call.call?.legs.alice?.movedFrom], [true, 'call']);
    assert.equal(call.ended('alice', { how: 'hung-up' }).row('app'), undefined);
  });

  it('that cannot be is told as failed', () => {
    const call = up();
    const who = [phoneNumber(bob)];
    call.tell({ input: 'move-failed', order: moved, participants: who, why: 'no disk' });
    assert.equal(call.callbacks().at(-1), 'MoveParticipantFailed');
  });
});
