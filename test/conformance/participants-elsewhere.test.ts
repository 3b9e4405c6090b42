/** Users with clients, other applications and other calls: who else comes into a call, by the official client. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { Ringback } from '../../src/testing.ts';
import { type Application, phone, resultOf } from '../peers/application.ts';
import { acsUser, alice, bob, nameOf, namesOf, Party, user } from '../peers/party.ts';
import { reached } from '../peers/timeline.ts';

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

describe('a user with a client', () => {
  const carol = user('carol');

  test('is called through it, talks to the phone, and is told by the calling rows', async () => {
    const client = await server.client(carol);
    const id = await connected('+15005552031');
    await connectionOf(id).addParticipant({ targetParticipant: acsUser(carol) });
    const call = await client.ringing();
    call.speak('tone');
    call.answer();
    assert.deepEqual(resultOf(await app.next('AddParticipantSucceeded', id)), [200, 0]);
    await until('carol hears the phone', async () =>
      call.hearsSound ? { is: true } : { notYet: `${call.packetsHeard} packets` },
    );
    call.hangUp();
    await until('carol has left', async () => {
      const there = namesOf(await listed(id));
      return there.includes(carol) ? { notYet: there.join() } : { is: true };
    });
    await reached(server.server.ready, id, /the user hung up|0\/0 /);
  });

  test('may be muted, which a phone may not: 405/8520', async () => {
    const client = await server.client(carol);
    const id = await connected('+15005552020');
    await connectionOf(id).addParticipant({ targetParticipant: acsUser(carol) });
    const call = await client.ringing();
    call.speak('tone');
    call.answer();
    await app.next('AddParticipantSucceeded', id);
    await app.next('ParticipantsUpdated', id);
    const { operationContext } = await connectionOf(id).muteParticipant(acsUser(carol), {
      operationContext: 'hush',
    });
    assert.equal(operationContext, 'hush');
    const updated = await app.next('ParticipantsUpdated', id);
    assert.equal(updated.participants?.find((p) => nameOf(p) === carol)?.isMuted, true);
    await assert.rejects(connectionOf(id).muteParticipant(phone('+15005552020')), {
      statusCode: 405,
      code: '8520',
    });
  });

  for (const [does, row] of [
    ['declines', [603, 0]],
    ['busy', [486, 8539]],
  ] as const) {
    test(`who ${does}: ${row.join('/')}`, async () => {
      await server.client(carol, does);
      const id = await connected();
      await connectionOf(id).addParticipant({ targetParticipant: acsUser(carol) });
      assert.deepEqual(resultOf(await app.next('AddParticipantFailed', id)), row);
    });
  }

  test('is not heard by the others once muted', async () => {
    const dave = user('dave');
    const clients = { carol: await server.client(carol), dave: await server.client(dave) };
    const { callConnectionProperties } = await app.client.createGroupCall(
      [acsUser(carol), acsUser(dave)],
      app.callbackUrl,
    );
    const id = callConnectionProperties.callConnectionId ?? '';
    const calls = { carol: await clients.carol.ringing(), dave: await clients.dave.ringing() };
    calls.carol.speak('tone');
    for (const call of Object.values(calls)) call.answer();
    await until('dave hears carol', async () =>
      calls.dave.hearsSound ? { is: true } : { notYet: `${calls.dave.packetsHeard} packets` },
    );
    await connectionOf(id).muteParticipant(acsUser(carol));
    await until('dave hears her no more', async () =>
      calls.dave.hearsSound ? { notYet: 'he hears something' } : { is: true },
    );
    assert.equal(calls.carol.state, 'answered');
  });

  test('without one is nobody to be reached: 480/10037', async () => {
    const id = await connected();
    await connectionOf(id).addParticipant({ targetParticipant: acsUser(user('nobody')) });
    assert.deepEqual(resultOf(await app.next('AddParticipantFailed', id)), [480, 10_037]);
  });
});

describe('connect', () => {
  test('joins a call by its server call id, and leaves the others alone when it goes', async () => {
    const id = await connected();
    const { serverCallId = '' } = await connectionOf(id).getCallConnectionProperties();
    const { callConnectionProperties } = await app.client.connectCall(
      { kind: 'serverCallLocator', id: serverCallId },
      app.callbackUrl,
    );
    const guest = callConnectionProperties.callConnectionId ?? '';
    assert.notEqual(guest, id);
    assert.deepEqual(resultOf(await app.next('CallConnected', guest)), [200, 0]);
    assert.equal((await listed(guest)).length, 3);
    await connectionOf(guest).hangUp(false);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', guest)), [200, 7000]);
    assert.equal((await connectionOf(id).getCallConnectionProperties()).callConnectionState, 'connected');
  });

  test('to what is no call here is 404/8522; groups and rooms are named as not served: 405/8520', async () => {
    for (const [kind, status, code] of [
      ['serverCallLocator', 404, '8522'],
      ['groupCallLocator', 405, '8520'],
      ['roomCallLocator', 405, '8520'],
    ] as const)
      await assert.rejects(
        app.client.connectCall({ kind, id: '9f5b6a1e-0000-4000-8000-000000000000' }, app.callbackUrl),
        { statusCode: status, code },
        kind,
      );
  });
});

describe('moving participants', () => {
  test('brings them from one call into another without calling them again', async () => {
    const from = await connected('+15005552031');
    const to = await connected('+15005552022');
    const moved = await connectionOf(to).moveParticipants([phone('+15005552031')], from, {
      operationContext: 'join us',
    });
    assert.deepEqual([moved.fromCall, moved.operationContext], [from, 'join us']);
    assert.deepEqual(moved.participants?.map(nameOf), ['4:+15005552031']);
    const told = await app.next('MoveParticipantSucceeded', to);
    assert.deepEqual([...resultOf(told), told.operationContext, told.fromCall], [200, 0, 'join us', from]);
    const updated = await app.next('ParticipantsUpdated', to);
    assert.ok(namesOf(updated.participants).includes('+15005552031'));
    // Nobody is left in the other call.
    assert.deepEqual(resultOf(await app.next('CallDisconnected', from)), [200, 5002]);
    await connectionOf(to).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', to)), [200, 7000]);
    await reached(server.server.ready, to, /\+15005552031 ended: 0\/0 .*we hang up/);
  });

  test('lets them be heard there', async () => {
    const [carol, dave] = [user('carol'), user('dave')];
    const calls = [];
    const ids: string[] = [];
    for (const rawId of [carol, dave]) {
      const client = await server.client(rawId);
      const { callConnectionProperties } = await app.client.createCall(
        { targetParticipant: acsUser(rawId) },
        app.callbackUrl,
      );
      const id = callConnectionProperties.callConnectionId ?? '';
      const call = await client.ringing();
      call.speak(rawId === carol ? 'tone' : 'silence');
      call.answer();
      await app.next('CallConnected', id);
      calls.push(call);
      ids.push(id);
    }
    const [from = '', to = ''] = ids;
    const [atCarol, atDave] = calls;
    await until('dave hears silence', async () =>
      atDave?.packetsHeard ? { is: true } : { notYet: 'no packet' },
    );
    assert.equal(atDave?.hearsSound, false);
    await connectionOf(to).moveParticipants([acsUser(carol)], from);
    await until('dave hears carol', async () =>
      atDave?.hearsSound ? { is: true } : { notYet: `${atDave?.packetsHeard} packets` },
    );
    assert.equal(atCarol?.state, 'answered');
  });

  test('is refused from the same call, from none, and of those who are not there', async () => {
    const id = await connected();
    const other = await connected(bob);
    for (const [from, who, status, code] of [
      [id, alice, 405, '8520'],
      ['00000000-0000-4000-8000-000000000000', alice, 404, '8522'],
      [other, '+15005559999', 404, '8522'],
    ] as const)
      await assert.rejects(connectionOf(id).moveParticipants([phone(who)], from), {
        statusCode: status,
        code,
      });
  });
});

describe('a long list of participants', () => {
  test('comes in pages, which the client puts together', async () => {
    const users = Array.from({ length: 60 }, (_, index) => user(`member${index}`));
    for (const rawId of users) await server.client(rawId, 'accepts');
    const { callConnectionProperties } = await app.client.createGroupCall(
      users.map(acsUser),
      app.callbackUrl,
    );
    const id = callConnectionProperties.callConnectionId ?? '';
    await until('all are there', async () => {
      const { length } = await listed(id);
      return length === users.length + 1 ? { is: true } : { notYet: `${length} are` };
    });
    const there = namesOf(await listed(id));
    assert.equal(new Set(there).size, users.length + 1);
  });
});
