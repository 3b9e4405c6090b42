import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { participants } from '../../domain/call/call.ts';
import { communicationUser, phoneNumber } from '../../domain/ids/identifier.ts';
import { Office } from './office.fixture.ts';
import type { AddParticipant, MoveParticipants } from './participant-commands.ts';
import { ParticipantService } from './participant-service.ts';

const alice = '+15005552000';
const bob = '+15005552009';
let office: Office;
let desk: ParticipantService;
let sameProcess: boolean;

beforeEach(() => {
  office = new Office();
  sameProcess = true;
  const { service, parts } = office;
  desk = new ParticipantService({
    ...parts,
    desk: service.desk,
    asking: service.asking,
    media: { canMove: () => sameProcess },
    speechServices: { of: () => undefined },
  });
});

/** Effects leave once the store has their facts. */
async function stored(): Promise<void> {
  await office.store.flush();
  await new Promise((resolve) => setImmediate(resolve));
}

/** In a call with this phone. */
async function connected(number = alice): Promise<string> {
  const answer = await office.service.create({
    resourceId: 'res',
    targets: [phoneNumber(number)],
    callbackUri: 'https://app.example/events',
    apiVersion: '2026-03-12',
    sourceCallerId: '+18005550101',
  });
  assert.ok('ok' in answer);
  office.service.trunk({ kind: 'answered', legId: office.legs.at(-1)! });
  await stored();
  return answer.ok.connection.id;
}

const add = (connectionId: string, more: Partial<AddParticipant> = {}) =>
  desk.add({
    resourceId: 'res',
    connectionId,
    participant: phoneNumber(bob),
    headers: [],
    voipHeaders: [],
    ...more,
  });

const callOf = (connectionId: string) => office.service.desk.calls.byPart(connectionId)?.call;
const presentIn = (connectionId: string): readonly string[] => {
  const call = callOf(connectionId);
  return call ? participants(call).map(({ identifier }) => identifier.rawId) : [];
};

describe('adding', () => {
  test('a phone shows the number of the call, or the one that the request names, and brings its headers', async () => {
    const id = await connected();
    const headers = [{ name: 'X-Order', value: '7' }];
    assert.ok('ok' in (await add(id, { headers, sourceDisplayName: 'Shop' })));
    const { to, from, displayName, headers: sent } = office.invited.at(-1)!;
    assert.deepEqual([to, from, displayName, sent], [bob, '+18005550101', 'Shop', headers]);
    assert.ok(
      'ok' in (await add(id, { participant: phoneNumber('+15005552010'), sourceCallerId: '+18005550100' })),
    );
    assert.equal(office.invited.at(-1)?.from, '+18005550100');
  });

  test('is answered with an id, by which the answer is remembered with the decision', async () => {
    const id = await connected();
    let promised: string | undefined;
    const bodyHash = '';
    const answer = await desk.add(
      { resourceId: 'res', connectionId: id, participant: phoneNumber(bob), headers: [], voipHeaders: [] },
      (decided) => {
        assert.ok('ok' in decided);
        promised = decided.ok.invitationId;
        const expiresAt = office.clock.now() + 1000;
        return { key: 'repeatable', bodyHash, status: 202, body: promised, expiresAt };
      },
    );
    assert.equal('ok' in answer && answer.ok.invitationId, promised);
    await stored();
    assert.equal(office.store.repeat('repeatable', office.clock.now())?.body, promised);
  });

  test('a user calls the client where one is registered, and offers the call where none is', async () => {
    const id = await connected();
    const carol = communicationUser('8:acs:res_carol');
    office.clients.set(carol.rawId, 'clients');
    assert.ok('ok' in (await add(id, { participant: carol })));
    const leg = Object.values(callOf(id)!.legs).find(({ party }) => party.rawId === carol.rawId);
    assert.deepEqual([leg?.trunk, leg?.media], ['clients', true]);
    assert.ok('ok' in (await add(id, { participant: communicationUser('8:acs:res_dave') })));
    await stored();
    assert.equal(office.types().at(-1), 'AddParticipantFailed');
  });

  test('to a call of another resource, or to none, is not found', async () => {
    const id = await connected();
    for (const wrong of [{ resourceId: 'other' }, { connectionId: 'nothing' }]) {
      const answer = await add(id, wrong);
      assert.equal('refused' in answer && answer.refused.row, 'automation/404/8522');
    }
  });
});

describe('connecting', () => {
  const connect = (serverCallId: string, resourceId = 'res') =>
    desk.connect({
      resourceId,
      serverCallId,
      callbackUri: 'https://app.example/guest',
      apiVersion: '2026-03-12',
    });

  test('is for resources that have a part in the call: 403/7504 for others', async () => {
    const call = callOf(await connected());
    const foreign = await connect(call!.serverCallId, 'other');
    assert.equal('refused' in foreign && foreign.refused.row, 'automation/403/7504');
    const guest = await connect(call!.serverCallId);
    assert.equal('ok' in guest && guest.ok.connection.at.phase, 'connected');
  });

  test('by a connection id, which is no server call id, finds nothing', async () => {
    const answer = await connect(await connected());
    assert.equal('refused' in answer && answer.refused.row, 'automation/404/8522');
  });
});

describe('moving', () => {
  const move = (to: string, fromCall: string, more: Partial<MoveParticipants> = {}) =>
    desk.move({
      resourceId: 'res',
      connectionId: to,
      fromCall,
      participants: [phoneNumber(alice)],
      ...more,
    });

  test('a phone goes on in the other call: what it says next is heard there', async () => {
    const from = await connected();
    const legId = office.legs[0]!;
    const to = await connected(bob);
    assert.ok('ok' in (await move(to, from)));
    await stored();
    assert.deepEqual(presentIn(from), []);
    assert.ok(presentIn(to).includes(`4:${alice}`));
    assert.equal(office.did.includes('hang-up'), false);
    office.service.trunk({ kind: 'ended', legId, end: { how: 'hung-up' } });
    await stored();
    assert.ok(!presentIn(to).includes(`4:${alice}`));
    assert.equal(callOf(to)?.end, undefined);
    // Whoever reads either journal again finds the same.
    office.service.desk.calls.clear();
    const again = office.service.desk.calls.load(office.store.find(to)?.callId ?? '')?.call;
    assert.equal(again?.legs[legId]?.at.phase, 'ended');
  });

  test('between media processes is refused by name', async () => {
    const from = await connected();
    const to = await connected(bob);
    const call = callOf(from);
    // Trunks of this office carry no audio; of one that does, the audio would have to pass.
    const legs = Object.values(call!.legs).map((leg) => [leg.id, { ...leg, media: true }] as const);
    office.service.desk.calls.byPart(from)!.call = { ...call!, legs: Object.fromEntries(legs) };
    sameProcess = false;
    const answer = await move(to, from);
    assert.equal('refused' in answer && answer.refused.row, 'automation/405/8520');
    assert.match(('refused' in answer && answer.refused.detail) || '', /different media processes/);
    assert.ok(presentIn(from).includes(`4:${alice}`));
  });

  /** Another owner writes to the journal: what is written next is refused. */
  async function disown(connectionId: string): Promise<void> {
    const callId = callOf(connectionId)!.callId;
    await office.store.append({
      callId,
      fromSeq: office.store.journal(callId).length + 1,
      at: office.clock.now(),
      facts: [{ fact: 'input-ignored', at: office.clock.now(), input: 'somebody', why: 'else' }],
      entries: [],
    });
  }

  test('that is only half written down is taken back, and told as failed', async () => {
    const from = await connected();
    await add(from, { participant: phoneNumber('+15005552005') });
    office.service.trunk({ kind: 'answered', legId: office.legs.at(-1)! });
    await stored();
    const to = await connected(bob);
    await disown(to);
    const answer = await move(to, from, { operationContext: 'join us' });
    assert.equal('refused' in answer && answer.refused.row, 'automation/500/9999');
    await stored();
    assert.deepEqual(presentIn(to), [`4:${bob}`, callOf(to)!.connections[to]!.identity.rawId]);
    assert.ok(presentIn(from).includes(`4:${alice}`));
    const failed = office.owed.findLast(
      ({ event }) => (event as { type?: string }).type === 'MoveParticipantFailed',
    );
    assert.equal((failed?.event as { operationContext?: string } | undefined)?.operationContext, 'join us');
  });

  test('that fails hangs up a phone whose call ended when it left', async () => {
    const from = await connected();
    const to = await connected(bob);
    await disown(to);
    await move(to, from);
    await stored();
    assert.equal(office.did.filter((what) => what === 'hang-up').length, 1);
    assert.equal(callOf(from)?.legs[office.legs[0]!]?.at.phase, 'ended');
  });
});
