/** Calls that are handed over: by the official client to SIPp, by SIPp to us, with REFER and without; over UDP and TCP. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { type Application, phone, resultOf } from '../peers/application.ts';
import { sippMissing } from '../peers/sipp.ts';
import { type Line, SippStage } from '../peers/sipp-stage.ts';
import { reached } from '../peers/timeline.ts';

const skip = sippMissing();

/** SIPp is +15557654321. Others behind its trunk are +1555…; the simulated carrier's phones are +1500555…. */
const them = '+15557654321';
const beside = '+15557650000';
const rawIdOf = (identifier: object | undefined): unknown =>
  identifier && 'rawId' in identifier ? identifier.rawId : undefined;

for (const protocol of ['udp', 'tcp'] as const) {
  const open = (transfer: 'refer' | 'bridge' | 'none'): Promise<SippStage> => {
    // SIPp sends no audio.
    const more = 'media: { setupLimit: 10m }';
    const line: Line = { protocol, t1: 50, simulated: true, trunk: `, transfer: ${transfer}`, more };
    return SippStage.open(line);
  };

  const staged = (transfer: 'refer' | 'bridge' | 'none') => {
    const on = {} as { stage: SippStage; app: Application };
    before(async () => {
      on.stage = await open(transfer);
      on.app = on.stage.app;
    });
    afterEach(() => on.stage.clean());
    after(() => on.stage.close());
    return {
      on,
      /** Until the application is in a call with SIPp. */
      async connected(scenario: string, values: Readonly<Record<string, string>>): Promise<string> {
        const id = await on.stage.call({ scenario, values });
        await on.app.next('CallConnected', id);
        return id;
      },
      transfer: (id: string, to: string) =>
        on.app.client
          .getCallConnection(id)
          .transferCallToParticipant(phone(to), { operationContext: 'handed over' }),
      stateOf: async (id: string) =>
        (await on.app.client.getCallConnection(id).getCallConnectionProperties()).callConnectionState,
    };
  };

  describe(`over ${protocol.toUpperCase()}, a phone that takes REFER`, { skip, timeout: 60_000 }, () => {
    const { on, connected, transfer, stateOf } = staged('refer');
    const refer = `sip:.${beside.slice(1)}@`;

    test('calls the target itself, and the application is out of the call: 200/7015', async () => {
      const { app, stage } = on;
      const values = { refer, code: '200', reason: 'OK', hold: '300' };
      const id = await connected('callee-is-referred', values);
      const { operationContext } = await transfer(id, beside);
      assert.equal(operationContext, 'handed over');
      await reached(stage.ready, id, /the transfer: 180 Ringing/);
      assert.equal(await stateOf(id), 'transferAccepted');
      const accepted = await app.next('CallTransferAccepted', id);
      assert.deepEqual(resultOf(accepted), [200, 0]);
      assert.equal(accepted.operationContext, 'handed over');
      // The SDK passes these two on as they came.
      assert.deepEqual(
        [rawIdOf(accepted.transferTarget), rawIdOf(accepted.transferee)],
        [`4:${beside}`, `4:${them}`],
      );
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7015]);
      assert.deepEqual(app.stream(id).slice(-2), ['CallTransferAccepted', 'CallDisconnected']);
      await stage.sippIsContent();
      assert.deepEqual(await stage.logRow(), [0, 7015]);
    });

    for (const [code, reason, row] of [
      ['486', 'Busy Here', [486, 8539]],
      ['603', 'Decline', [603, 8538]],
      ['487', 'Request Terminated', [487, 8542]],
      ['600', 'Busy Everywhere', [600, 8540]],
      ['404', 'Not Found', [404, 8543]],
    ] as const) {
      test(`tells that its target answers ${code}: ${row.join('/')}, and the call goes on`, async () => {
        const { app, stage } = on;
        const id = await connected('callee-is-referred', { refer, code, reason });
        await transfer(id, beside);
        const failed = await app.next('CallTransferFailed', id);
        assert.deepEqual(resultOf(failed), row);
        assert.deepEqual(failed.resultInformation?.sipDetails, { code: Number(code), message: reason });
        assert.equal(failed.operationContext, 'handed over');
        assert.equal(await stateOf(id), 'connected');
        await app.client.getCallConnection(id).hangUp(false);
        assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
        await stage.sippIsContent();
      });
    }

    test('that declines the REFER itself: 603 without a subcode', async () => {
      const { app, stage } = on;
      const id = await connected('callee-refuses-refer', { refer, code: '603', reason: 'Decline' });
      await transfer(id, beside);
      assert.deepEqual(resultOf(await app.next('CallTransferFailed', id)), [603, 0]);
      assert.equal(await stateOf(id), 'connected');
      await app.client.getCallConnection(id).hangUp(false);
      await stage.sippIsContent();
    });

    test('that knows the call no longer: 481, and with it the call is over', async () => {
      const { app, stage } = on;
      const reason = 'Call/Transaction Does Not Exist';
      const id = await connected('callee-refuses-refer', { refer, code: '481', reason });
      await transfer(id, beside);
      assert.deepEqual(resultOf(await app.next('CallTransferFailed', id)), [481, 0]);
      await app.next('CallDisconnected', id);
      assert.deepEqual(app.stream(id).slice(-2), ['CallTransferFailed', 'CallDisconnected']);
      await stage.sippIsContent();
    });
  });

  describe(`over ${protocol.toUpperCase()}, a trunk whose phones we bridge`, {
    skip,
    timeout: 60_000,
  }, () => {
    const { on, connected, transfer, stateOf } = staged('bridge');

    test('the target is called by us and joined to the phone, and the application is out: 200/7015', async () => {
      const { app, stage } = on;
      const id = await connected('callee-answers', {});
      await transfer(id, '+15005552010');
      assert.deepEqual(resultOf(await app.next('CallTransferAccepted', id)), [200, 0]);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7015]);
      await reached(stage.ready, id, /audio of \+15557654321 and \+15005552010 is joined/);
      // The target hangs up by itself; SIPp is told.
      await stage.server.clock.advance('2s');
      await stage.sippIsContent();
    });

    test('a busy target fails it with 486/8539; while it rings a second transfer is 409/8519', async () => {
      const { app, stage } = on;
      const id = await connected('callee-answers', {});
      await transfer(id, '+15005554860');
      const failed = await app.next('CallTransferFailed', id);
      assert.deepEqual(resultOf(failed), [486, 8539]);
      assert.deepEqual(failed.resultInformation?.q850Details, { code: 17, message: 'User busy' });
      await transfer(id, '+15005551800');
      assert.equal(await stateOf(id), 'transferring');
      await assert.rejects(transfer(id, '+15005552000'), { statusCode: 409, code: '8519' });
      await reached(stage.ready, id, /\+15005551800 rings/);
      await stage.server.clock.advance('60s');
      assert.deepEqual(resultOf(await app.next('CallTransferFailed', id)), [487, 8542]);
      await app.client.getCallConnection(id).hangUp(false);
      await stage.sippIsContent();
    });

    test('a phone that asks to be replaced is told of it, and gives its place to who answers', async () => {
      const { app, stage } = on;
      const id = await connected('callee-refers', { target: '+15005552000', code: '200' });
      await reached(stage.ready, id, /the transfer succeeded/);
      const present = async (): Promise<readonly string[]> => {
        const { values = [] } = await app.client.getCallConnection(id).listParticipants();
        return values.flatMap(({ identifier }) =>
          identifier && 'phoneNumber' in identifier ? [identifier.phoneNumber] : [],
        );
      };
      assert.deepEqual(await present(), ['+15005552000']);
      // SIPp does not hang up by itself.
      await stage.server.clock.advance('4s');
      await stage.sippIsContent();
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
      assert.ok(!app.stream(id).some((kind) => kind.startsWith('CallTransfer')));
    });

    for (const [target, code, scenario] of [
      ['+15005554860', '486', 'callee-refers'],
      ['+15558888888888888', '403', 'callee-refers-nowhere'],
      ['+18005550190', '404', 'callee-refers-nowhere'],
    ] as const) {
      test(`a phone that asks for ${target} is told ${code}, and the call goes on`, async () => {
        const { app, stage } = on;
        const id = await connected(scenario, { target, code });
        await reached(stage.ready, id, /the transfer failed/);
        assert.equal(await stateOf(id), 'connected');
        await app.client.getCallConnection(id).hangUp(false);
        await stage.sippIsContent();
      });
    }
  });

  describe(`over ${protocol.toUpperCase()}, a trunk that serves no transfer`, {
    skip,
    timeout: 60_000,
  }, () => {
    const { on, connected } = staged('none');

    test('declines the REFER of a phone with 603', async () => {
      const id = await connected('callee-refers-in-vain', { target: '+15005552000' });
      await reached(on.stage.ready, id, /603 Decline/);
      await on.app.client.getCallConnection(id).hangUp(false);
      await on.stage.sippIsContent();
    });
  });
}
