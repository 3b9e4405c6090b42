/** Calls between applications and SIPp over a network that loses 15 % of the datagrams each way: each ends as it should. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import { realNetwork } from '../../src/edge/sip/network-real.ts';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { loggedEnd } from '../peers/call-log.ts';
import { freePort } from '../peers/free-port.ts';
import { type LossyNetwork, lossyNetwork } from '../peers/lossy-network.ts';
import { type RunningSipp, type SippOptions, sippMissing, startSipp } from '../peers/sipp.ts';
import { reached } from '../peers/timeline.ts';

const skip = sippMissing();
const share = 0.15;
const seed = 3;
const ofEach = 20;
const atOnce = 10;
/**
 * SIPp gives up earlier than RFC 3261 has it, and takes offence at what overtakes a lost message: a BYE before the ACK, a
 * CANCEL that is repeated because the answer to the first was lost.
 */
const patient: Partial<SippOptions> = {
  seconds: 40,
  extra: [
    ...['-max_invite_retrans', '12', '-max_non_invite_retrans', '12'],
    ...['-default_behaviors', 'all,-bye,-abortunexp'],
  ],
};
const linger = '3500';

interface Kind {
  readonly title: string;
  readonly sipp: SippOptions;
  readonly connects: boolean;
  /** Code and subcode of CallDisconnected, and of the phone in the call log. */
  readonly ends: readonly [number, number];
  readonly logged: readonly [number, number];
  /** What the application does once the call has come that far. */
  readonly act?: (id: string) => Promise<unknown>;
}

describe('calls of which 15 % of the datagrams are lost each way', { skip, timeout: 60_000 }, () => {
  let lossy: LossyNetwork;
  let server: Ringback;
  let app: Application;
  let ports: readonly number[];

  const hangUp = (id: string) => app.client.getCallConnection(id).hangUp(false);
  const kinds: readonly Kind[] = [
    {
      title: 'busy',
      sipp: { scenario: 'callee-final' },
      ...{ connects: false, ends: [486, 560486], logged: [486, 560486] },
    },
    {
      title: 'declined',
      sipp: { scenario: 'callee-final', values: { code: '603', reason: 'Decline' } },
      ...{ connects: false, ends: [603, 560603], logged: [603, 560603] },
    },
    {
      title: 'cancelled',
      sipp: { scenario: 'callee-cancelled' },
      ...{ connects: false, ends: [487, 0], logged: [487, 560487] },
      act: async (id) => {
        await reached(server.server.ready, id, /^180 /);
        await hangUp(id);
      },
    },
    {
      title: 'answered and hung up by the application',
      sipp: { scenario: 'callee-answers' },
      ...{ connects: true, ends: [200, 7000], logged: [0, 0] },
      act: hangUp,
    },
    {
      title: 'answered and hung up by the carrier',
      sipp: { scenario: 'callee-hangs-up', values: { hold: '1000' } },
      ...{ connects: true, ends: [200, 560000], logged: [0, 560000] },
    },
  ];

  before(async () => {
    lossy = lossyNetwork(realNetwork(), share, seed);
    const first = await freePort(kinds.length);
    ports = kinds.map((_, index) => first + index);
    server = await startRingback({
      clock: 'real',
      internals: { network: lossy.network },
      config: `
carrier: { simulated: false }
trunks:
${ports.map((port, index) => `  - { name: sipp${index}, kind: direct-routing, host: 127.0.0.1, port: ${port}, media: none }`).join('\n')}
routes:
${ports.map((_, index) => `  - { pattern: '\\+1555${index}\\d{6}', trunk: sipp${index} }`).join('\n')}
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms, healthInterval: 1h }
drainTimeout: 100ms
`,
    });
    app = await openApplication({ server: server.server.ready });
    await app.listen();
  });
  after(async () => {
    await server.stop();
    await app[Symbol.asyncDispose]();
  });

  const gauge = async (name: string): Promise<readonly number[]> => {
    const text = await (await fetch(new URL('/metrics', server.httpEndpoint))).text();
    return [...text.matchAll(new RegExp(`^${name}(?:{[^}]*})? (\\d+)$`, 'gm'))].map(([, value]) =>
      Number(value),
    );
  };
  const nothingIsLeft = (): Promise<true> =>
    until('no call and no transaction', async () => {
      const [alive, transactions] = await Promise.all([
        gauge('ringback_calls_alive'),
        gauge('ringback_sip_transactions'),
      ]);
      assert.deepEqual([alive.length, transactions.length], [1, 2], 'the metrics name them');
      const left = [...alive, ...transactions];
      return left.every((count) => count === 0) ? { is: true } : { notYet: left.join(', ') };
    });

  const play = async ({ act, ends, logged, connects }: Kind, to: string): Promise<void> => {
    const { callConnectionProperties } = await app.client.createCall(invite(to), app.callbackUrl);
    const id = callConnectionProperties.callConnectionId ?? '';
    if (connects) await app.next('CallConnected', id);
    await act?.(id);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), ends, to);
    const told = app.stream(id).filter((kind) => kind !== 'ParticipantsUpdated');
    const refused = !connects && act === undefined;
    assert.deepEqual(told, [
      ...(connects ? ['CallConnected'] : []),
      ...(refused ? ['CreateCallFailed'] : []),
      'CallDisconnected',
    ]);
    assert.deepEqual(await loggedEnd(server.server.ready, id), logged, to);
  };

  test('each of 100 that are placed ends with its row, once, and nothing is left of them', async () => {
    const sipps = await Promise.all(
      kinds.map(({ sipp }, index) =>
        startSipp({
          ...{ ...patient, ...sipp, calls: ofEach, port: ports[index]! },
          values: { ...sipp.values, linger },
        }),
      ),
    );
    try {
      const calls = kinds.flatMap((kind, index) =>
        Array.from(
          { length: ofEach },
          (_, call) => () => play(kind, `+1555${index}${String(call).padStart(6, '0')}`),
        ),
      );
      const worker = async (): Promise<void> => {
        for (let next = calls.shift(); next; next = calls.shift()) await next();
      };
      await Promise.all(Array.from({ length: atOnce }, worker));
      for (const { done } of sipps) {
        const { code, errors } = await done;
        assert.equal(code, 0, errors);
      }
    } finally {
      for (const sipp of sipps) sipp.stop();
    }
    await nothingIsLeft();
    const { carried, lost } = lossy.counts;
    assert.ok(carried > 600 && Math.abs(lost / carried - share) < 0.03, `${lost} of ${carried} were lost`);
    const { value } = (await signedRequest(server.server.ready, 'GET', 'calls?limit=1000', undefined)) as {
      readonly value: readonly unknown[];
    };
    assert.equal(value.length, kinds.length * ofEach);
  });

  for (const [title, scenario, values, act, row] of [
    [
      'answered and hung up by the caller',
      'caller-hangs-up',
      { hold: '1000' },
      (context: string) => app.client.answerCall(context, app.callbackUrl),
      [0, 540000],
    ],
    [
      'rejected',
      'caller-refused',
      { code: '486', linger },
      (context: string) => app.client.rejectCall(context, { callRejectReason: 'busy' }),
      [486, 540486],
    ],
  ] as const) {
    test(`each of ${ofEach} that come and are ${title} ends with its row, and nothing is left of them`, async () => {
      const sipp: RunningSipp = await startSipp({
        ...patient,
        ...{ scenario, values, calls: ofEach, callsPerSecond: 50 },
        ...{ remote: `127.0.0.1:${server.sip.udp}`, service: '+18005550101' },
      });
      try {
        const came: string[] = [];
        for (let call = 0; call < ofEach; call++) {
          const { incomingCallContext, correlationId } = await app.incoming();
          came.push(correlationId);
          await act(incomingCallContext);
        }
        const { code, errors } = await sipp.done;
        assert.equal(code, 0, errors);
        for (const id of came) assert.deepEqual(await loggedEnd(server.server.ready, id), row, id);
        assert.equal(new Set(came).size, ofEach);
      } finally {
        sipp.stop();
      }
      await nothingIsLeft();
    });
  }
});
