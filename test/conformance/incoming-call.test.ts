/** What the official client can do with an incoming call: answer it among others, reject it, redirect it. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, phone, resultOf } from '../peers/application.ts';
import { reached } from '../peers/timeline.ts';

const owned = '+18005550101';
const other = '+18005550102';

describe('an incoming call', () => {
  let server: Ringback;
  let caller: Application;
  let callee: Application;
  before(async () => {
    server = await startRingback();
    [caller, callee] = await Promise.all([
      openApplication({ server: server.server.ready }),
      openApplication({ server: server.server.ready }),
    ]);
    await callee.listen();
  });
  after(async () => {
    await server.stop();
    await caller[Symbol.asyncDispose]();
    await callee[Symbol.asyncDispose]();
  });

  const call = async (to = owned): Promise<string> => {
    const { callConnectionProperties } = await caller.client.createCall(invite(to), caller.callbackUrl, {
      operationContext: 'caller',
    });
    return callConnectionProperties.callConnectionId ?? '';
  };
  /** How the call ended for the application that placed it. */
  const failed = async (id: string) => {
    const one = await caller.next('CreateCallFailed', id);
    const two = await caller.next('CallDisconnected', id);
    assert.deepEqual(two.resultInformation, one.resultInformation);
    assert.deepEqual(caller.stream(id), ['CreateCallFailed', 'CallDisconnected']);
    return resultOf(one);
  };

  test('names caller and callee and carries a context of its own', async () => {
    const id = await call();
    const one = await callee.incoming();
    assert.deepEqual(
      [one.from.rawId, one.to.rawId, one.from.kind, one.to.kind],
      ['4:+18005550100', `4:${owned}`, 'phoneNumber', 'phoneNumber'],
    );
    assert.ok(one.serverCallId && one.correlationId && one.incomingCallContext);
    await callee.client.rejectCall(one.incomingCallContext);
    await failed(id);
  });

  const reasons = [
    ['none', 603, 0],
    ['busy', 486, 8539],
    ['forbidden', 403, 7504],
  ] as const;
  for (const [callRejectReason, code, subCode] of reasons) {
    test(`that is rejected (${callRejectReason}) ends with ${code}/${subCode} for the caller`, async () => {
      const id = await call();
      const { incomingCallContext } = await callee.incoming();
      await callee.client.rejectCall(incomingCallContext, { callRejectReason });
      assert.deepEqual(await failed(id), [code, subCode]);
    });
  }

  test('between two applications of a resource gives each its own events, the end last', async () => {
    const calling = await call();
    const { incomingCallContext } = await callee.incoming();
    const { callConnection, callConnectionProperties } = await callee.client.answerCall(
      incomingCallContext,
      callee.callbackUrl,
      { operationContext: 'callee' },
    );
    const answered = callConnectionProperties.callConnectionId ?? '';
    assert.notEqual(answered, calling);
    for (const [app, id, context] of [
      [caller, calling, 'caller'],
      [callee, answered, 'callee'],
    ] as const) {
      const connected = await app.next('CallConnected', id);
      assert.equal(connected.operationContext, context);
      const { participants = [] } = await app.next('ParticipantsUpdated', id);
      assert.equal(participants.length, 2);
    }
    const { values = [] } = await callConnection.listParticipants();
    assert.equal(values.length, 2);

    await callConnection.hangUp(false);
    assert.deepEqual(resultOf(await caller.next('CallDisconnected', calling)), [200, 7000]);
    assert.deepEqual(resultOf(await callee.next('CallDisconnected', answered)), [200, 7000]);
    for (const [app, id] of [
      [caller, calling],
      [callee, answered],
    ] as const) {
      assert.equal(app.stream(id).at(-1), 'CallDisconnected');
      assert.equal(app.stream(id).filter((kind) => kind === 'CallDisconnected').length, 1);
      assert.equal(app.stream(id)[0], 'CallConnected');
    }
    // Neither application heard of the other's connection.
    assert.deepEqual([caller.stream(answered), callee.stream(calling)], [[], []]);
  });

  test('that is redirected to an owned number is offered anew there', async () => {
    const id = await call();
    const first = await callee.incoming();
    await callee.client.redirectCall(first.incomingCallContext, { targetParticipant: phone(other) });
    const second = await callee.incoming();
    assert.deepEqual([second.from.rawId, second.to.rawId], ['4:+18005550100', `4:${other}`]);
    assert.equal(second.correlationId, first.correlationId);
    assert.notEqual(second.incomingCallContext, first.incomingCallContext);
    await callee.client.answerCall(second.incomingCallContext, callee.callbackUrl);
    const connected = await caller.next('CallConnected', id);
    await caller.client.getCallConnection(id).hangUp(true);
    assert.deepEqual(resultOf(await caller.next('CallDisconnected', id)), [200, 7000]);
    assert.equal(connected.serverCallId, second.serverCallId);
  });

  test('that is redirected to a phone connects the caller once the phone answers', async () => {
    const id = await call();
    const { incomingCallContext } = await callee.incoming();
    const before = callee.events.length;
    await callee.client.redirectCall(incomingCallContext, { targetParticipant: phone('+15005552000') });
    await caller.next('CallConnected', id);
    await reached(server.server.ready, id, /first (audio )?packet/i);
    const { values = [] } = await caller.client.getCallConnection(id).listParticipants();
    assert.ok(values.some(({ identifier }) => identifier && 'phoneNumber' in identifier));
    assert.equal(callee.events.length, before, 'who redirects hears no more of the call');
    await caller.client.getCallConnection(id).hangUp(true);
    await caller.next('CallDisconnected', id);
  });

  test('that nobody answers ends after two minutes, and its context with it', async () => {
    const id = await call();
    const { incomingCallContext } = await callee.incoming();
    await server.clock.advance('120s');
    assert.deepEqual(await failed(id), [408, 8587]);
    await assert.rejects(callee.client.answerCall(incomingCallContext, callee.callbackUrl), {
      statusCode: 404,
      code: '8522',
    });
  });

  test('that its caller gives up is over for the callee', async () => {
    const id = await call();
    const { incomingCallContext } = await callee.incoming();
    await caller.client.getCallConnection(id).hangUp(false);
    assert.deepEqual(resultOf(await caller.next('CallDisconnected', id)), [487, 0]);
    await assert.rejects(callee.client.rejectCall(incomingCallContext), { statusCode: 404, code: '8522' });
  });
});
