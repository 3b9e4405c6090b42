/** Phones in and out of a call, as an application brings it about with the official client. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { Ringback } from '../../src/testing.ts';
import { type Application, invite, phone, resultOf } from '../peers/application.ts';
import { acsUser, alice, bob, nameOf, namesOf, Party } from '../peers/party.ts';
import { reached } from '../peers/timeline.ts';

const rings = '+15005551800';
const busy = '+15005554860';

let party: Party;
let server: Ringback;
let app: Application;
before(async () => {
  party = await Party.open();
  ({ server, app } = party);
});
afterEach(() => server.reset());
after(() => party[Symbol.asyncDispose]());

const connectionOf = (id: string) => party.connectionOf(id);
const connected = (to?: string) => party.connected(to);
const listed = (id: string) => party.listed(id);

describe('adding a phone', () => {
  test('that answers: AddParticipantSucceeded, then ParticipantsUpdated with the next number', async () => {
    const id = await connected();
    const added = await connectionOf(id).addParticipant(invite(bob), { operationContext: 'bob' });
    assert.equal(added.operationContext, 'bob');
    assert.ok(added.invitationId);
    assert.equal(nameOf(added.participant ?? {}), `4:${bob}`);
    const succeeded = await app.next('AddParticipantSucceeded', id);
    assert.deepEqual(resultOf(succeeded), [200, 0]);
    assert.equal(succeeded.operationContext, 'bob');
    const updated = await app.next('ParticipantsUpdated', id);
    assert.equal(updated.sequenceNumber, 2);
    assert.ok(namesOf(updated.participants).includes(bob));
    assert.deepEqual(app.stream(id).slice(-2), ['AddParticipantSucceeded', 'ParticipantsUpdated']);
    const list = await listed(id);
    assert.equal(list.length, 3);
    const found = await connectionOf(id).getParticipant(phone(bob));
    assert.deepEqual([found.isMuted, found.isOnHold], [false, false]);
    await connectionOf(id).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
  });

  test('that is busy: 486/560486 with the words of the carrier, and the call goes on', async () => {
    const id = await connected();
    await connectionOf(id).addParticipant(invite(busy), { operationContext: 'busy' });
    const failed = await app.next('AddParticipantFailed', id);
    assert.deepEqual(resultOf(failed), [486, 560_486]);
    assert.deepEqual(failed.resultInformation?.sipDetails, { code: 486, message: 'Busy Here' });
    assert.equal(failed.operationContext, 'busy');
    assert.equal((await connectionOf(id).getCallConnectionProperties()).callConnectionState, 'connected');
  });

  test('gives up after the invitation’s own time-out: 487/10004', async () => {
    const id = await connected();
    await connectionOf(id).addParticipant(invite(rings), { invitationTimeoutInSeconds: 7 });
    await reached(server.server.ready, id, /\+15005551800 rings/);
    await server.clock.advance('6s');
    assert.ok(!app.stream(id).includes('AddParticipantFailed'));
    await server.clock.advance('1s');
    const failed = await app.next('AddParticipantFailed', id);
    assert.deepEqual(resultOf(failed), [487, 10_004]);
    assert.match(failed.resultInformation?.message ?? '', /7 s/);
  });

  test('may be cancelled while it rings: 200/5300, and no failure', async () => {
    const id = await connected();
    const { invitationId = '' } = await connectionOf(id).addParticipant(invite(rings));
    await reached(server.server.ready, id, /\+15005551800 rings/);
    const cancelled = await connectionOf(id).cancelAddParticipantOperation(invitationId, {
      operationContext: 'never mind',
    });
    assert.deepEqual([cancelled.invitationId, cancelled.operationContext], [invitationId, 'never mind']);
    const told = await app.next('CancelAddParticipantSucceeded', id);
    assert.deepEqual(resultOf(told), [200, 5300]);
    assert.equal(told.invitationId, invitationId);
    assert.equal(told.operationContext, 'never mind');
    await reached(server.server.ready, id, /487/);
    assert.ok(!app.stream(id).includes('AddParticipantFailed'));
    await assert.rejects(connectionOf(id).cancelAddParticipantOperation(invitationId), {
      statusCode: 404,
      code: '8522',
    });
  });

  test('twice is a conflict, whether it rings or is there', async () => {
    const id = await connected();
    await connectionOf(id).addParticipant(invite(rings));
    for (const twice of [rings, alice])
      await assert.rejects(connectionOf(id).addParticipant(invite(twice)), {
        statusCode: 409,
        code: '8519',
      });
  });

  test('shows the number of the call where the request names none, and fails with one that is not ours', async () => {
    const id = await connected();
    await connectionOf(id).addParticipant({ targetParticipant: phone(bob) });
    await app.next('AddParticipantSucceeded', id);
    await reached(server.server.ready, id, /\+15005552021 is to be called, showing \+18005550100/);
    await connectionOf(id).addParticipant(invite('+15005552030', '+18005559999'));
    assert.deepEqual(resultOf(await app.next('AddParticipantFailed', id)), [403, 510_403]);
  });

  test('of another resource’s user is refused: 400/7602', async () => {
    const id = await connected();
    const stranger = '8:acs:00000000-0000-4000-8000-0000000000ff_bob';
    await assert.rejects(connectionOf(id).addParticipant({ targetParticipant: acsUser(stranger) }), {
      statusCode: 400,
      code: '7602',
    });
  });

  test('before the answer is too early: 400/8501', async () => {
    const { callConnectionProperties } = await app.client.createCall(invite(rings), app.callbackUrl);
    const id = callConnectionProperties.callConnectionId ?? '';
    await assert.rejects(connectionOf(id).addParticipant(invite(bob)), { statusCode: 400, code: '8501' });
    await connectionOf(id).hangUp(true);
  });
});

describe('removing a participant', () => {
  test('tells so and who is left; whoever left is absent: 404/8558', async () => {
    const id = await connected();
    await connectionOf(id).addParticipant(invite(bob));
    await app.next('ParticipantsUpdated', id);
    const removed = await connectionOf(id).removeParticipant(phone(bob), { operationContext: 'out' });
    assert.equal(removed.operationContext, 'out');
    const told = await app.next('RemoveParticipantSucceeded', id);
    assert.deepEqual([...resultOf(told), told.operationContext], [200, 0, 'out']);
    const updated = await app.next('ParticipantsUpdated', id);
    assert.equal(updated.sequenceNumber, 3);
    assert.ok(!namesOf(updated.participants).includes(bob));
    await assert.rejects(connectionOf(id).removeParticipant(phone(bob)), { statusCode: 404, code: '8558' });
    await assert.rejects(connectionOf(id).getParticipant(phone(bob)), { statusCode: 404, code: '8558' });
    await assert.rejects(connectionOf(id).getParticipant(phone('+15005559999')), {
      statusCode: 404,
      code: '8522',
    });
  });

  test('that was the last one ends the call: 200/5002', async () => {
    const id = await connected();
    await connectionOf(id).removeParticipant(phone(alice));
    await app.next('RemoveParticipantSucceeded', id);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 5002]);
    assert.deepEqual(app.stream(id).slice(-2), ['RemoveParticipantSucceeded', 'CallDisconnected']);
  });
});

describe('hold', () => {
  test('shows in the list until it is ended; twice is 400/8500', async () => {
    const id = await connected();
    const media = connectionOf(id).getCallMedia();
    await assert.rejects(media.unhold(phone(alice)), { statusCode: 400, code: '8500' });
    await media.hold(phone(alice));
    const updated = await app.next('ParticipantsUpdated', id);
    assert.equal(updated.participants?.find((p) => nameOf(p) === `4:${alice}`)?.isOnHold, true);
    assert.equal((await connectionOf(id).getParticipant(phone(alice))).isOnHold, true);
    await assert.rejects(media.hold(phone(alice)), { statusCode: 400, code: '8500' });
    await media.unhold(phone(alice));
    await app.next('ParticipantsUpdated', id);
    assert.equal((await connectionOf(id).getParticipant(phone(alice))).isOnHold, false);
  });

  test('with a spoken text needs a speech service: 405/8522', async () => {
    const id = await connected();
    const text = { kind: 'textSource', text: 'One moment.' } as const;
    await assert.rejects(connectionOf(id).getCallMedia().hold(phone(alice), { playSource: text }), {
      statusCode: 405,
      code: '8522',
    });
  });
});

describe('a call created with several targets', () => {
  test('connects with the first, and tells each that is not reached by itself', async () => {
    const { callConnectionProperties } = await app.client.createGroupCall(
      [phone(alice), phone(busy), phone(bob)],
      app.callbackUrl,
      { sourceCallIdNumber: phone('+18005550100') },
    );
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    assert.deepEqual(resultOf(await app.next('AddParticipantFailed', id)), [486, 560_486]);
    await until('both phones are there', async () => {
      const there = namesOf(await listed(id));
      return there.includes(alice) && there.includes(bob) ? { is: true } : { notYet: there.join() };
    });
    const numbers = app.events.flatMap((event) =>
      event.kind === 'ParticipantsUpdated' && event.callConnectionId === id ? [event.sequenceNumber] : [],
    );
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => index + 1),
    );
  });
});
