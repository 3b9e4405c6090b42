import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { phoneNumber } from '../../domain/ids/identifier.ts';
import { CallService } from './call-service.ts';
import { Office } from './office.fixture.ts';

let office: Office;
beforeEach(() => {
  office = new Office();
});

async function created(): Promise<string> {
  const answer = await office.create();
  assert.ok('ok' in answer);
  return answer.ok.connection.id;
}

test('nothing goes out before its fact is stored', async () => {
  const unlock = office.store.faults.lock();
  const answer = office.create();
  assert.deepEqual(office.did, []);
  unlock();
  await answer;
  assert.deepEqual(office.did, ['invite']);
});

test('a call that could not be stored has not begun: the number is free and nothing was sent', async () => {
  const undo = office.store.faults.fill();
  const answer = await office.create();
  assert.equal('refused' in answer && answer.refused.row, 'automation/500/9999');
  assert.equal(office.numberUse.busy('+18005550100'), 0);
  assert.deepEqual(office.did, ['refused']);
  undo();
  await created();
});

test('a store that does not answer in time is told apart from one that fails', async () => {
  const unlock = office.store.faults.lock();
  const answer = await office.create();
  assert.equal('refused' in answer && answer.refused.row, 'automation/504/9002');
  unlock();
});

test('what the far end said while the store was out is told again once it is back', async () => {
  const connectionId = await created();
  const [legId = ''] = office.legs;
  const undo = office.store.faults.fill();
  office.service.desk.trunk({
    kind: 'ended',
    legId,
    end: { how: 'final', sip: { code: 486, message: 'Busy Here' } },
  });
  await office.quiet.settled(1000);
  assert.deepEqual(office.types(), []);
  undo();
  await office.clock.advance(1000);
  assert.deepEqual(office.types(), ['CreateCallFailed', 'CallDisconnected']);
  const view = office.service.connection({ resourceId: 'res', connectionId });
  assert.equal('ok' in view && view.ok.connection.at.phase, 'ended');
});

test('a journal that another owner wrote to is not written over', async () => {
  const connectionId = await created();
  const index = office.store.find(connectionId);
  const callId = index?.callId ?? '';
  const next = office.store.journal(callId).length + 1;
  await office.store.append({
    callId,
    fromSeq: next,
    at: office.clock.now(),
    facts: [{ fact: 'input-ignored', at: office.clock.now(), input: 'somebody', why: 'else' }],
    entries: [],
  });
  const first = await office.service.hangUp({ resourceId: 'res', connectionId });
  assert.ok('refused' in first);
  const again = await office.service.hangUp({ resourceId: 'res', connectionId });
  assert.ok('ok' in again);
  assert.equal(office.store.journal(callId).filter(({ seq }) => seq === next).length, 1);
});

test('an ended call is known for a minute, then it never was', async () => {
  const connectionId = await created();
  const command = { resourceId: 'res', connectionId };
  await office.service.hangUp(command);
  await office.clock.advance(59_999);
  const late = await office.service.terminate(command);
  assert.equal('refused' in late && late.refused.row, 'automation/400/8528');
  await office.clock.advance(1);
  const gone = office.service.connection(command);
  assert.equal('refused' in gone && gone.refused.row, 'automation/404/8522');
});

test('another resource is told that the call does not exist', async () => {
  const connectionId = await created();
  const answer = await office.service.hangUp({ resourceId: 'other', connectionId });
  assert.equal('refused' in answer && answer.refused.row, 'automation/404/8522');
});

test('a process that starts on a journal with live calls ends them and owes their events', async () => {
  const connectionId = await created();
  const successor = new CallService(office.parts);
  assert.equal(await successor.desk.restarted(), 1);
  assert.deepEqual(office.types(), ['CreateCallFailed', 'CallDisconnected']);
  const view = successor.connection({ resourceId: 'res', connectionId });
  assert.equal('ok' in view && view.ok.call.end?.outcome.row, 'call/500');
});

test('a signal that aborts before the call is stored leaves no call behind', async () => {
  const unlock = office.store.faults.lock();
  const abort = new AbortController();
  const answer = office.service.create(
    {
      resourceId: 'res',
      targets: [phoneNumber('+15005552000')],
      callbackUri: 'https://app.example/events',
      apiVersion: '2026-03-12',
      sourceCallerId: '+18005550100',
    },
    undefined,
    abort.signal,
  );
  abort.abort();
  unlock();
  const refused = await answer;
  assert.equal('refused' in refused && refused.refused.row, 'automation/500/9003');
  assert.deepEqual(office.store.calls({ limit: 10 }), []);
});

test('a resource has as many calls alive as it may', async () => {
  office = new Office({ activeCalls: 1 });
  await created();
  const answer = await office.create();
  assert.equal('refused' in answer && answer.refused.row, 'automation/429/8530');
  assert.equal('retryAfterMs' in answer && answer.retryAfterMs, 1000);
});
