/** Attended transfers (RFC 3891, RFC 5589 7): two phones of a trunk that are SIP endpoints of the liftable stack, and an application. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { until } from '../../scenarios/stage/wait.ts';
import type { InboundCall, OutboundCall, SipEndpoint } from '../../src/edge/sip/api.ts';
import { wallClock } from '../../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../../src/edge/sip/endpoint.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication } from '../peers/application.ts';
import { sdp } from '../peers/raw-sip.ts';
import { reached } from '../peers/timeline.ts';

const ours = '+18005550101';
const numbers = { ada: '+15551110000', bob: '+15552220000' } as const;
type Name = keyof typeof numbers;

const settings = (ports: Readonly<Record<Name, number>>): string => `
carrier: { simulated: false }
trunks:
  - { name: ada, kind: direct-routing, host: 127.0.0.1, port: ${ports.ada} }
  - { name: bob, kind: direct-routing, host: 127.0.0.1, port: ${ports.bob} }
routes:
  - { pattern: '\\+1555111\\d{4}', trunk: ada }
  - { pattern: '\\+1555222\\d{4}', trunk: bob }
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms, healthInterval: 1h }
drainTimeout: 100ms
`;

describe('an attended transfer', { timeout: 60_000 }, () => {
  let server: Ringback;
  let app: Application;
  let id: string;
  let withApp: OutboundCall;
  const phones = {} as Record<Name, SipEndpoint>;
  const ports = {} as Record<Name, number>;
  /** Calls that a phone got and answered. */
  let taken: Record<Name, InboundCall[]>;
  let ended: string[];

  beforeEach(async () => {
    taken = { ada: [], bob: [] };
    ended = [];
    for (const name of ['ada', 'bob'] as const) {
      phones[name] = createSipEndpoint({
        hosts: ['127.0.0.1'],
        port: 0,
        clock: wallClock,
        timing: { t1: 50, t4: 500 },
        onInvite(call) {
          const replaced = call.replaces && taken[name].find(({ key }) => key === call.replaces?.key);
          taken[name].push(call);
          call.answer(sdp);
          return {
            // RFC 3891 3: whoever answers the new call hangs up the one it replaces.
            acknowledged: () => replaced?.bye(),
            ended: ({ kind, by }) => ended.push(`${name} ${kind} ${by}`),
          };
        },
      });
      const [address] = await phones[name].start();
      ports[name] = address!.port;
    }
    server = await startRingback({ config: settings(ports) });
    app = await openApplication({ server: server.server.ready });
    await app.listen();
    // Ada calls our number, and the application answers.
    const answered = place('ada', ours, server.sip.udp);
    await app.client.answerCall((await app.incoming()).incomingCallContext, app.callbackUrl);
    withApp = await answered;
    id = (await app.next('CallConnected')).callConnectionId ?? '';
  });
  afterEach(async () => {
    await server.stop();
    await app[Symbol.asyncDispose]();
    for (const phone of Object.values(phones)) await phone.stop();
  });

  function place(from: Name, to: string, port: number, replaces?: string): Promise<OutboundCall> {
    const uri = `sip:${to}@127.0.0.1:${port}`;
    return new Promise((resolve) => {
      const call = phones[from].invite(
        {
          target: { host: '127.0.0.1', port, protocol: 'udp' },
          ...{ requestUri: uri, to: uri, from: `sip:${numbers[from]}@127.0.0.1:${ports[from]}`, sdp },
          headers: replaces === undefined ? [] : [{ name: 'Replaces', value: replaces }],
        },
        {
          answered: () => resolve(call),
          ended: ({ kind, by }) => ended.push(`${from} ${kind} ${by}`),
        },
      );
    });
  }

  const phonesInCall = async (connection = id): Promise<readonly string[]> => {
    const { values = [] } = await app.client.getCallConnection(connection).listParticipants();
    return values.flatMap(({ identifier }) =>
      identifier && 'phoneNumber' in identifier ? [identifier.phoneNumber] : [],
    );
  };
  const nowWith = (number: string, connection = id): Promise<true> =>
    until(`${number} alone with the application`, async () => {
      const present = await phonesInCall(connection);
      return present.join() === number ? { is: true } : { notYet: `there are ${present.join(', ')}` };
    });
  const told = (line: string): Promise<true> =>
    until(line, async () =>
      ended.includes(line) ? { is: true } : { notYet: ended.join('; ') || 'nothing ended' },
    );

  test('by REFER: we call whom the phone talks to, in place of that call', async () => {
    assert.deepEqual(await phonesInCall(), [numbers.ada]);
    const consulting = await place('ada', numbers.bob, ports.bob);
    const result = await withApp.refer({
      to: `sip:${numbers.bob}@127.0.0.1:${ports.bob}`,
      replaces: consulting.dialog!,
    });
    assert.deepEqual(result, { kind: 'done', status: 200, reason: 'OK' });
    withApp.bye();
    await nowWith(numbers.bob);
    // Bob has hung up on Ada, whose call is replaced by ours.
    await told('ada bye remote');
    assert.equal(taken.bob.length, 2);
    await app.client.getCallConnection(id).hangUp(false);
    await app.next('CallDisconnected', id);
    await told('bob bye remote');
  });

  test('by an INVITE with Replaces: who sends it takes the place of the phone, which is hung up', async () => {
    const { callId, localTag, remoteTag } = withApp.dialog!;
    // As we see the dialog: our tag is the to-tag.
    await place('bob', ours, server.sip.udp, `${callId};to-tag=${remoteTag};from-tag=${localTag}`);
    await nowWith(numbers.bob);
    await told('ada bye remote');
    await reached(server.server.ready, id, /takes the place of \+15551110000/);
    await app.client.getCallConnection(id).hangUp(false);
    await told('bob bye remote');
  });

  test('between two calls with us joins them, and the phone is out of both', async () => {
    const answered = place('ada', '+18005550102', server.sip.udp);
    await app.client.answerCall((await app.incoming()).incomingCallContext, app.callbackUrl);
    const second = await answered;
    const { callConnectionId: other = '' } = await app.next('CallConnected');
    const result = await withApp.refer({
      to: `sip:+18005550102@127.0.0.1:${server.sip.udp}`,
      replaces: second.dialog!,
    });
    assert.deepEqual(result, { kind: 'done', status: 200, reason: 'OK' });
    withApp.bye();
    await told('ada bye remote');
    // Each call has a leg to the other in her place.
    await nowWith('+18005550102');
    await nowWith(ours, other);
    await reached(server.server.ready, id, /first packet of \+18005550102/);
    await reached(server.server.ready, other, /first packet of \+18005550101/);
    await app.client.getCallConnection(id).hangUp(false);
    await app.next('CallDisconnected', other);
  });

  test('by an INVITE that names a call which is over is refused with 481, and nobody is disturbed', async () => {
    const refused = new Promise<number>((resolve) => {
      const uri = `sip:${ours}@127.0.0.1:${server.sip.udp}`;
      phones.bob.invite(
        {
          target: { host: '127.0.0.1', port: server.sip.udp, protocol: 'udp' },
          ...{ requestUri: uri, to: uri, from: `sip:${numbers.bob}@127.0.0.1:${ports.bob}`, sdp },
          headers: [{ name: 'Replaces', value: 'nothing;to-tag=a;from-tag=b' }],
        },
        { ended: ({ status }) => resolve(status) },
      );
    });
    assert.equal(await refused, 481);
    assert.deepEqual(await phonesInCall(), [numbers.ada]);
    await app.client.getCallConnection(id).hangUp(false);
  });
});
