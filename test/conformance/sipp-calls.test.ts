/** Calls between an application and SIPp, as carrier and as caller, through the whole server over UDP and TCP. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { type Application, resultOf } from '../peers/application.ts';
import { sippMissing } from '../peers/sipp.ts';
import { type Line, SippStage } from '../peers/sipp-stage.ts';
import { reached } from '../peers/timeline.ts';

const skip = sippMissing();

const lines: readonly Line[] = [
  { protocol: 'udp', t1: 50 },
  { protocol: 'tcp', t1: 50 },
  { protocol: 'udp', t1: 500 },
];

for (const line of lines) {
  const title = `SIPp over ${line.protocol.toUpperCase()}, T1 = ${line.t1} ms`;
  describe(title, { skip, timeout: 60_000 }, () => {
    let stage: SippStage;
    let app: Application;
    before(async () => {
      stage = await SippStage.open(line);
      app = stage.app;
    });
    afterEach(() => stage.clean());
    after(() => stage.close());

    const refusals = [
      ['486', 'Busy Here', 486, 560486],
      ['603', 'No Thanks', 603, 560603],
    ] as const;
    for (const [status, reason, code, subCode] of refusals) {
      test(`a carrier that answers ${status} ends the call with ${code}/${subCode} and its own words`, async () => {
        const id = await stage.call({ scenario: 'callee-final', values: { code: status, reason } });
        const failed = await app.next('CreateCallFailed', id);
        assert.deepEqual(resultOf(failed), [code, subCode]);
        assert.deepEqual(failed.resultInformation?.sipDetails, { code: Number(status), message: reason });
        assert.deepEqual(failed.resultInformation?.q850Details, { code: 17, message: 'User busy' });
        const ended = await app.next('CallDisconnected', id);
        assert.deepEqual(ended.resultInformation, failed.resultInformation);
        assert.deepEqual(app.stream(id), ['CreateCallFailed', 'CallDisconnected']);
        await stage.sippIsContent();
      });
    }

    test('a carrier that rings for ever is cancelled: 487/10004 for the application, 487/560487 in the log', async () => {
      const id = await stage.call({ scenario: 'callee-cancelled' });
      await reached(stage.server.server.ready, id, /^180 /);
      await stage.server.clock.advance('115s');
      assert.deepEqual(resultOf(await app.next('CreateCallFailed', id)), [487, 10004]);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [487, 10004]);
      await stage.sippIsContent();
      assert.deepEqual(await stage.logRow(), [487, 560487]);
    });

    test('an application that gives up while it rings is told 487/0 and SIPp is cancelled', async () => {
      const id = await stage.call({ scenario: 'callee-cancelled' });
      await reached(stage.server.server.ready, id, /^180 /);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [487, 0]);
      assert.deepEqual(app.stream(id), ['CallDisconnected']);
      await stage.sippIsContent();
    });

    test('a carrier answers and the application hangs up', async () => {
      const id = await stage.call({ scenario: 'callee-answers' });
      await app.next('CallConnected', id);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      await stage.sippIsContent();
      assert.deepEqual(await stage.logRow(), [0, 0]);
    });

    test('a carrier answers and hangs up: 200/560000 with its cause', async () => {
      const id = await stage.call({ scenario: 'callee-hangs-up', values: { hold: '50' } });
      await app.next('CallConnected', id);
      const ended = await app.next('CallDisconnected', id);
      assert.deepEqual(resultOf(ended), [200, 560000]);
      assert.deepEqual(ended.resultInformation?.q850Details, { code: 16, message: 'Normal call clearing' });
      assert.equal(app.stream(id).at(-1), 'CallDisconnected');
      await stage.sippIsContent();
    });

    test('a caller gives up before the answer: 487/540487 in the log, and its context is over', async () => {
      await stage.caller({ scenario: 'caller-cancels', values: { ring: '50' } });
      const { incomingCallContext, from } = await app.incoming();
      assert.equal(from.rawId, '4:+15551230000');
      await stage.sippIsContent();
      assert.deepEqual(await stage.logRow(), [487, 540487]);
      await assert.rejects(app.client.answerCall(incomingCallContext, app.callbackUrl), {
        statusCode: 404,
        code: '8522',
      });
    });

    const answer = async (): Promise<string> => {
      const { incomingCallContext, callerDisplayName } = await app.incoming();
      assert.equal(callerDisplayName, 'Ada');
      await app.client.answerCall(incomingCallContext, app.callbackUrl);
      const { callConnectionId = '' } = await app.next('CallConnected');
      return callConnectionId;
    };

    test('a caller is answered and hangs up: 200/540000', async () => {
      await stage.caller({ scenario: 'caller-hangs-up', values: { hold: '50' } });
      const id = await answer();
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 540000]);
      await stage.sippIsContent();
      assert.deepEqual(await stage.logRow(), [0, 540000]);
    });

    test('a caller is answered and hung up', async () => {
      await stage.caller({ scenario: 'caller-is-hung-up' });
      const id = await answer();
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      await stage.sippIsContent();
    });

    for (const [callRejectReason, code] of [
      ['none', '603'],
      ['busy', '486'],
      ['forbidden', '403'],
    ] as const) {
      test(`a caller who is rejected (${callRejectReason}) gets ${code}`, async () => {
        await stage.caller({ scenario: 'caller-refused', values: { code } });
        const { incomingCallContext } = await app.incoming();
        await app.client.rejectCall(incomingCallContext, { callRejectReason });
        await stage.sippIsContent();
      });
    }

    test('a caller whom nobody answers gets 480 after two minutes', async () => {
      await stage.caller({ scenario: 'caller-refused', values: { code: '480' } });
      await app.incoming();
      await stage.server.clock.advance('120s');
      await stage.sippIsContent();
    });
  });
}
