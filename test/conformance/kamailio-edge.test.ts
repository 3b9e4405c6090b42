/** Calls with SIPp behind Kamailio, a proxy that stays on their way, turns UDP into TCP and asks who calls. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { readCapture } from '../../src/wire/pcap/reader.fixture.ts';
import { type Application, resultOf } from '../peers/application.ts';
import { fetchCapture } from '../peers/capture.ts';
import { kamailioMissing } from '../peers/kamailio.ts';
import { field } from '../peers/raw-sip.ts';
import { sippMissing } from '../peers/sipp.ts';
import { type Line, SippStage } from '../peers/sipp-stage.ts';
import { reached } from '../peers/timeline.ts';
import { complaints, tsharkMissing } from '../peers/tshark.ts';

const skip = kamailioMissing() || sippMissing();
const unread = tsharkMissing() !== false;
const t1 = 50;

const lines = [
  ['UDP on both sides of it', { protocol: 'udp', t1, edge: { protocol: 'udp' } }],
  ['TCP from us and UDP behind it', { protocol: 'tcp', t1, edge: { protocol: 'udp' } }],
  ['UDP from us and TCP behind it', { protocol: 'udp', t1, edge: { protocol: 'tcp' } }],
] as const satisfies readonly (readonly [string, Line])[];

for (const [title, line] of lines) {
  describe(`Kamailio between us and SIPp, ${title}`, { skip, timeout: 60_000 }, () => {
    let stage: SippStage;
    let app: Application;
    before(async () => {
      stage = await SippStage.open(line);
      app = stage.app;
    });
    afterEach(() => stage.clean());
    after(() => stage.close());
    const endOf = async (id: string) => resultOf(await app.next('CallDisconnected', id));
    /** The requests of ours to the edge, as `METHOD: number of Route headers`. */
    const routed = async (id: string): Promise<readonly string[]> => {
      const bytes = await fetchCapture(stage.ready, id);
      if (!unread) assert.deepEqual(await complaints(bytes, stage.edgePort), []);
      const packets = readCapture(bytes);
      const [first] = packets;
      const called = first?.to === `127.0.0.1:${stage.edgePort}`;
      // A connection that the edge made leads back to it from another port.
      const edge = called ? first.to : first?.from;
      return packets.flatMap(({ payload, to }) => {
        const [method = ''] = payload.split(' ');
        if (to !== edge || method.startsWith('SIP')) return [];
        return [`${method}: ${payload.split('\r\nRoute:').length - 1}`];
      });
    };
    const entries = line.protocol === line.edge.protocol ? 1 : 2;

    test('a carrier that is busy ends the call with 486/560486', async () => {
      const id = await stage.call({ scenario: 'callee-final' });
      assert.deepEqual(await endOf(id), [486, 560486]);
      await stage.sippIsContent();
    });

    test('a carrier that rings for ever is cancelled: 487/10004', async () => {
      const id = await stage.call({ scenario: 'callee-cancelled' });
      await reached(stage.ready, id, /^180 /);
      await stage.server.clock.advance('115s');
      assert.deepEqual(await endOf(id), [487, 10004]);
      await stage.sippIsContent();
    });

    test('an application that gives up while it rings is told 487/0 and SIPp is cancelled', async () => {
      const id = await stage.call({ scenario: 'callee-cancelled' });
      await reached(stage.ready, id, /^180 /);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await endOf(id), [487, 0]);
      await stage.sippIsContent();
    });

    test('our ACK and BYE follow the route that the answer recorded', async () => {
      const id = await stage.call({ scenario: 'callee-answers' });
      await app.next('CallConnected', id);
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await endOf(id), [200, 7000]);
      await stage.sippIsContent();
      assert.deepEqual(await routed(id), ['INVITE: 0', `ACK: ${entries}`, `BYE: ${entries}`]);
    });

    test('a carrier hangs up: 200/560000', async () => {
      const id = await stage.call({ scenario: 'callee-hangs-up', values: { hold: '50' } });
      await app.next('CallConnected', id);
      assert.deepEqual(await endOf(id), [200, 560000]);
      await stage.sippIsContent();
    });

    test('a carrier puts the call on hold by re-INVITE, and the application is told', async () => {
      const id = await stage.call({ scenario: 'callee-holds' });
      await app.next('CallConnected', id);
      assert.deepEqual(await endOf(id), [200, 560000]);
      const held = app.events.flatMap((event) =>
        event.kind === 'ParticipantsUpdated' && event.callConnectionId === id
          ? (event.participants ?? []).map(({ isOnHold }) => isOnHold)
          : [],
      );
      assert.ok(held.includes(true), `on hold: ${held}`);
      await stage.sippIsContent();
    });

    const answer = async (): Promise<string> => {
      const { incomingCallContext } = await app.incoming();
      await app.client.answerCall(incomingCallContext, app.callbackUrl);
      const { callConnectionId = '' } = await app.next('CallConnected');
      return callConnectionId;
    };

    test('a caller is answered and hangs up: 200/540000', async () => {
      await stage.caller({ scenario: 'caller-hangs-up', values: { hold: '50' } });
      assert.deepEqual(await endOf(await answer()), [200, 540000]);
      await stage.sippIsContent();
    });

    test('our BYE to a caller follows the route that its INVITE recorded', async () => {
      await stage.caller({ scenario: 'caller-is-hung-up' });
      const id = await answer();
      await app.client.getCallConnection(id).hangUp(false);
      assert.deepEqual(await endOf(id), [200, 7000]);
      await stage.sippIsContent();
      assert.deepEqual(await routed(id), [`BYE: ${entries}`]);
    });

    test('a caller gives up before the answer: 487/540487 in the log', async () => {
      await stage.caller({ scenario: 'caller-cancels', values: { ring: '50' } });
      await app.incoming();
      await stage.sippIsContent();
      assert.deepEqual(await stage.logRow(), [487, 540487]);
    });

    for (const [callRejectReason, code] of [
      ['none', '603'],
      ['busy', '486'],
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

describe('Kamailio that asks who calls', { skip, timeout: 60_000 }, () => {
  const challenge = { user: 'ringback', password: 's3cret' };
  const open = (protocol: 'udp' | 'tcp', credentials: typeof challenge | undefined): Promise<SippStage> =>
    SippStage.open({
      ...{ protocol, t1 },
      edge: { protocol, challenge, ...(credentials ? { credentials } : {}) },
    });

  for (const protocol of ['udp', 'tcp'] as const) {
    test(`takes our answer over ${protocol.toUpperCase()}, and the call goes on as any other`, async () => {
      const stage = await open(protocol, challenge);
      try {
        const id = await stage.call({ scenario: 'callee-answers' });
        await stage.app.next('CallConnected', id);
        await stage.app.client.getCallConnection(id).hangUp(false);
        assert.deepEqual(resultOf(await stage.app.next('CallDisconnected', id)), [200, 7000]);
        await stage.sippIsContent();
        const bytes = await fetchCapture(stage.ready, id);
        const invites = readCapture(bytes).filter(({ payload }) => payload.startsWith('INVITE'));
        // The second is the first with the proof (RFC 3261 22.2).
        assert.deepEqual(
          invites.map(({ payload }) => [
            field(payload, 'CSeq'),
            field(payload, 'Proxy-Authorization') !== '',
          ]),
          [
            ['1 INVITE', false],
            ['2 INVITE', true],
          ],
        );
      } finally {
        await stage.close();
      }
    });
  }

  for (const [title, credentials] of [
    ['with a wrong password', { ...challenge, password: 'a guess' }],
    ['without any', undefined],
  ] as const) {
    test(`ends a call ${title} with 407/560407, and SIPp hears nothing of it`, async () => {
      const stage = await open('udp', credentials);
      try {
        const id = await stage.dial();
        const failed = await stage.app.next('CreateCallFailed', id);
        assert.deepEqual(resultOf(failed), [407, 560407]);
        assert.equal(failed.resultInformation?.sipDetails?.code, 407);
        assert.deepEqual(resultOf(await stage.app.next('CallDisconnected', id)), [407, 560407]);
      } finally {
        await stage.close();
      }
    });
  }
});
