/** Calls between an application and baresip, a foreign phone with audio, behind a session border controller's trunk. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication, phone, resultOf } from '../peers/application.ts';
import { Baresip, type BaresipOptions, baresipMissing, phonePort } from '../peers/baresip.ts';
import { loggedEnd } from '../peers/call-log.ts';
import { fetchCapture } from '../peers/capture.ts';
import { reached } from '../peers/timeline.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = baresipMissing();
const unread = tsharkMissing() !== false;
const number = '+15557654321';
const ours = '+18005550101';

const settings = (protocol: 'udp' | 'tcp', port: number): string => `
carrier: { simulated: false }
trunks:
  - { name: sbc, kind: direct-routing, host: 127.0.0.1, port: ${port}, protocol: ${protocol} }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: sbc }
destinations: { allow: ['+1555'] }
sip: { t1: 100ms, t4: 1s, healthInterval: 1h }
drainTimeout: 100ms
`;

for (const transport of ['udp', 'tcp'] as const) {
  describe(`baresip over ${transport.toUpperCase()}`, { skip, timeout: 120_000 }, () => {
    let server: Ringback;
    let app: Application;
    let far: Baresip;
    let port: number;

    beforeEach(async () => {
      port = await phonePort();
      server = await startRingback({ config: settings(transport, port) });
      app = await openApplication({ server: server.server.ready });
      await app.listen();
    });
    afterEach(async () => {
      await far[Symbol.asyncDispose]();
      await server.stop();
      await app[Symbol.asyncDispose]();
    });

    const pickUp = async (
      answers: BaresipOptions['answers'],
      more: Partial<BaresipOptions> = {},
    ): Promise<void> => {
      far = await Baresip.start({ transport, port, user: number, answers, ...more });
    };
    const until = (id: string, line: RegExp, times = 1): Promise<readonly string[]> =>
      reached(server.server.ready, id, line, times);
    const create = async (): Promise<string> => {
      const to = { targetParticipant: phone(number), sourceCallIdNumber: phone('+18005550100') };
      const { callConnectionProperties } = await app.client.createCall(to, app.callbackUrl);
      return callConnectionProperties.callConnectionId ?? '';
    };
    /** The phone is up, was called and has answered. */
    const connected = async (): Promise<string> => {
      await pickUp('auto');
      const id = await create();
      await app.next('CallConnected', id);
      await far.next('CALL_ESTABLISHED');
      return id;
    };
    const dial = async (): Promise<string> => {
      await pickUp('manual');
      const suffix = transport === 'tcp' ? ';transport=tcp' : '';
      await far.do('dial', `sip:${ours}@127.0.0.1:${server.sip.udp}${suffix}`);
      const { incomingCallContext, from } = await app.incoming();
      assert.equal(from.rawId, `4:${number}`);
      return incomingCallContext;
    };
    const dialled = async (): Promise<string> => {
      await app.client.answerCall(await dial(), app.callbackUrl);
      const { callConnectionId = '' } = await app.next('CallConnected');
      await far.next('CALL_ESTABLISHED');
      return callConnectionId;
    };
    const endOf = async (id: string) => resultOf(await app.next('CallDisconnected', id));
    const failed = async (id: string) => resultOf(await app.next('CreateCallFailed', id));

    test('a phone that rejects the call is busy: 486/560486', async () => {
      await pickUp('manual');
      const id = await create();
      await far.next('CALL_INCOMING');
      await far.do('hangup');
      assert.deepEqual(await failed(id), [486, 560486]);
      assert.deepEqual(await endOf(id), [486, 560486]);
    });

    test('a phone that takes one call at a time is busy for the second', async () => {
      await pickUp('auto', { calls: 1 });
      const first = await create();
      await app.next('CallConnected', first);
      const second = await create();
      assert.deepEqual(await failed(second), [486, 560486]);
      await app.client.getCallConnection(first).hangUp(false);
      await app.next('CallDisconnected', first);
    });

    test('a phone that speaks none of our codecs refuses: 488/560488', async () => {
      await pickUp('auto', { codecs: 'G722/16000/1' });
      assert.deepEqual(await failed(await create()), [488, 560488]);
    });

    test('a phone that nobody answers is cancelled after its time: 487/10004', async () => {
      await pickUp('manual');
      const id = await create();
      await far.next('CALL_INCOMING');
      await until(id, /^180 Ringing/);
      await server.clock.advance('115s');
      assert.deepEqual(await failed(id), [487, 10004]);
      await far.next('CALL_CLOSED');
      await until(id, /^487 Request Terminated/);
      assert.deepEqual(await loggedEnd(server.server.ready, id), [487, 560487]);
    });

    test('an application that gives up while it rings is told 487/0, and the phone stops ringing', async () => {
      await pickUp('manual');
      const id = await create();
      await far.next('CALL_INCOMING');
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await endOf(id), [487, 0]);
      await far.next('CALL_CLOSED');
    });

    test('a phone that answers after ringing is heard, and hung up by the application', async () => {
      await pickUp('manual');
      const id = await create();
      await far.next('CALL_INCOMING');
      await far.do('accept');
      await app.next('CallConnected', id);
      await until(id, /first packet/);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await endOf(id), [200, 7000]);
      await far.next('CALL_CLOSED');
    });

    test('a phone that hangs up ends the call with 200/560000', async () => {
      const id = await connected();
      await until(id, /first packet/);
      await far.do('hangup');
      assert.deepEqual(await endOf(id), [200, 560000]);
    });

    test('keys pressed on the phone stand in the timeline, in order', async () => {
      const id = await connected();
      await until(id, /first packet/);
      for (const [index, key] of ['5', '#'].entries()) {
        await far.do('sndcode', key);
        await until(id, /^key /, index + 1);
      }
      const keys = await until(id, /^key /, 2);
      assert.deepEqual(
        keys.map((text) => text.split(' ')[1]),
        ['5', '#'],
      );
    });

    test('a phone that holds and resumes is on hold for the application meanwhile', async () => {
      const id = await connected();
      const onHold = async (wanted: boolean): Promise<void> => {
        for (;;) {
          const { participants = [] } = await app.next('ParticipantsUpdated', id);
          const them = participants.find(({ identifier }) => 'phoneNumber' in (identifier ?? {}));
          if (them?.isOnHold === wanted) return;
        }
      };
      await onHold(false);
      await until(id, /first packet/);
      await far.do('hold');
      await onHold(true);
      await far.do('resume');
      await onHold(false);
      await until(id, /packets of \S+ are heard again/);
      await far.do('hangup');
      assert.deepEqual(await endOf(id), [200, 560000]);
      if (unread) return;
      // What we answered to its re-INVITEs, as a third party reads it.
      assert.deepEqual(await complaints(await fetchCapture(server.server.ready, id), port), []);
    });

    test('a phone that calls and gives up before it is answered: 487/540487 in the log', async () => {
      const context = await dial();
      await far.do('hangup');
      const { value } = (await signedRequest(server.server.ready, 'GET', 'calls?limit=1', undefined)) as {
        readonly value: readonly { readonly callId: string }[];
      };
      assert.deepEqual(await loggedEnd(server.server.ready, value[0]?.callId ?? ''), [487, 540487]);
      await assert.rejects(app.client.answerCall(context, app.callbackUrl), {
        statusCode: 404,
        code: '8522',
      });
    });

    test('a phone that calls, is answered and heard, and hangs up: 200/540000', async () => {
      const id = await dialled();
      await until(id, /first packet/);
      await far.do('hangup');
      assert.deepEqual(await endOf(id), [200, 540000]);
    });

    test('a phone that calls is hung up by the application: 200/7000', async () => {
      const id = await dialled();
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await endOf(id), [200, 7000]);
      await far.next('CALL_CLOSED');
    });

    for (const [callRejectReason, status] of [
      ['none', '603 Decline'],
      ['busy', '486 Busy Here'],
    ] as const) {
      test(`a phone that calls and is rejected (${callRejectReason}) sees ${status}`, async () => {
        await app.client.rejectCall(await dial(), { callRejectReason });
        const { param } = await far.next('CALL_CLOSED');
        assert.equal(param, status);
      });
    }
  });
}
