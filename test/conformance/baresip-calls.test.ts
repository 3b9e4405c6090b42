/** Calls between an application and baresip, a foreign phone with audio, behind a session border controller's trunk. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Application } from '../peers/application.ts';
import { baresipMissing } from '../peers/baresip.ts';
import { BaresipStage, number } from '../peers/baresip-stage.ts';
import { loggedEnd, newestEnd } from '../peers/call-log.ts';
import { fetchCapture } from '../peers/capture.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = baresipMissing();
const unread = tsharkMissing() !== false;

for (const transport of ['udp', 'tcp'] as const) {
  describe(`baresip over ${transport.toUpperCase()}`, { skip, timeout: 120_000 }, () => {
    let stage: BaresipStage;
    let app: Application;
    before(async () => {
      stage = await BaresipStage.open({ transport });
      app = stage.app;
    });
    afterEach(() => stage.putDown());
    after(() => stage[Symbol.asyncDispose]());

    test('a phone that rejects the call is busy: 486/560486', async () => {
      await stage.pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await stage.far.do('hangup');
      assert.deepEqual(await stage.failed(id), [486, 560486]);
      assert.deepEqual(await stage.endOf(id), [486, 560486]);
    });

    test('a phone that takes one call at a time is busy for the second', async () => {
      await stage.pickUp('auto', { calls: 1 });
      const first = await stage.create();
      await app.next('CallConnected', first);
      const second = await stage.create();
      assert.deepEqual(await stage.failed(second), [486, 560486]);
      await app.client.getCallConnection(first).hangUp(false);
      await app.next('CallDisconnected', first);
    });

    test('a phone that speaks none of our codecs refuses: 488/560488', async () => {
      await stage.pickUp('auto', { codecs: 'G722/16000/1' });
      assert.deepEqual(await stage.failed(await stage.create()), [488, 560488]);
    });

    test('a phone that nobody answers is cancelled after its time: 487/10004', async () => {
      await stage.pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await stage.until(id, /^180 Ringing/);
      await stage.server.clock.advance('115s');
      assert.deepEqual(await stage.failed(id), [487, 10004]);
      await stage.far.next('CALL_CLOSED');
      await stage.until(id, /^487 Request Terminated/);
      assert.deepEqual(await loggedEnd(stage.ready, id), [487, 560487]);
    });

    test('an application that gives up while it rings is told 487/0, and the phone stops ringing', async () => {
      await stage.pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [487, 0]);
      await stage.far.next('CALL_CLOSED');
    });

    test('a phone that answers after ringing is heard, and hung up by the application', async () => {
      await stage.pickUp('manual');
      const id = await stage.create();
      await stage.far.next('CALL_INCOMING');
      await stage.far.do('accept');
      await app.next('CallConnected', id);
      await stage.until(id, /first packet/);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [200, 7000]);
      await stage.far.next('CALL_CLOSED');
    });

    test('a phone that hangs up ends the call with 200/560000', async () => {
      await stage.pickUp('auto');
      const id = await stage.connected();
      await stage.until(id, /first packet/);
      await stage.far.do('hangup');
      assert.deepEqual(await stage.endOf(id), [200, 560000]);
    });

    test('keys pressed on the phone stand in the timeline, in order', async () => {
      await stage.pickUp('auto');
      const id = await stage.connected();
      await stage.until(id, /first packet/);
      for (const [index, key] of ['5', '#'].entries()) {
        await stage.far.do('sndcode', key);
        await stage.until(id, /^key /, index + 1);
      }
      const keys = await stage.until(id, /^key /, 2);
      assert.deepEqual(
        keys.map((text) => text.split(' ')[1]),
        ['5', '#'],
      );
    });

    test('a phone that holds and resumes is on hold for the application meanwhile', async () => {
      await stage.pickUp('auto');
      const id = await stage.connected();
      await stage.onHold(id, false);
      await stage.until(id, /first packet/);
      await stage.far.do('hold');
      await stage.onHold(id, true);
      await stage.far.do('resume');
      await stage.onHold(id, false);
      await stage.until(id, /packets of \S+ are heard again/);
      await stage.far.do('hangup');
      assert.deepEqual(await stage.endOf(id), [200, 560000]);
      if (unread) return;
      // What we answered to its re-INVITEs, as a third party reads it.
      assert.deepEqual(await complaints(await fetchCapture(stage.ready, id), stage.port), []);
    });

    test('a phone that calls and gives up before it is answered: 487/540487 in the log', async () => {
      await stage.pickUp('manual');
      const { incomingCallContext, from } = await stage.dial();
      assert.equal(from.rawId, `4:${number}`);
      await stage.far.do('hangup');
      assert.deepEqual(await newestEnd(stage.ready), [487, 540487]);
      await assert.rejects(app.client.answerCall(incomingCallContext, app.callbackUrl), {
        statusCode: 404,
        code: '8522',
      });
    });

    test('a phone that calls, is answered and heard, and hangs up: 200/540000', async () => {
      await stage.pickUp('manual');
      const id = await stage.dialled();
      await stage.until(id, /first packet/);
      await stage.far.do('hangup');
      assert.deepEqual(await stage.endOf(id), [200, 540000]);
    });

    test('a phone that calls may hold and resume as well', async () => {
      await stage.pickUp('manual');
      const id = await stage.dialled();
      await stage.onHold(id, false);
      await stage.until(id, /first packet/);
      await stage.far.do('hold');
      await stage.onHold(id, true);
      await stage.far.do('resume');
      await stage.onHold(id, false);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [200, 7000]);
      await stage.far.next('CALL_CLOSED');
    });

    test('a phone that calls is hung up by the application: 200/7000', async () => {
      await stage.pickUp('manual');
      const id = await stage.dialled();
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await stage.endOf(id), [200, 7000]);
      await stage.far.next('CALL_CLOSED');
    });

    for (const [callRejectReason, status] of [
      ['none', '603 Decline'],
      ['busy', '486 Busy Here'],
    ] as const) {
      test(`a phone that calls and is rejected (${callRejectReason}) sees ${status}`, async () => {
        await stage.pickUp('manual');
        const { incomingCallContext } = await stage.dial();
        await app.client.rejectCall(incomingCallContext, { callRejectReason });
        const { param } = await stage.far.next('CALL_CLOSED');
        assert.equal(param, status);
      });
    }
  });
}
