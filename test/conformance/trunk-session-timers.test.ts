/** Session timers (RFC 4028) as the trunks of the configuration set them, against SIPp and over real sockets. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, resultOf } from '../peers/application.ts';
import { freePort } from '../peers/free-port.ts';
import { openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';
import { type RunningSipp, type SippOptions, sippMissing, startSipp } from '../peers/sipp.ts';

const settings = (trunks: string, routes: string): string => `
carrier: { simulated: false }
trunks:
${trunks}
routes:
${routes}
destinations: { allow: ['+155'] }
sip: { t1: 2s, healthInterval: 100h }
callRinging: { pstn: 1h }
drainTimeout: 100ms
`;

const timers = {
  us: '{ expires: 5m, refresher: us }',
  brief: '{ expires: 5m, minimum: 120s }',
  off: 'off',
} as const;
type Timer = keyof typeof timers;
const names = Object.keys(timers) as readonly Timer[];
const number = { us: '+15551234567', brief: '+15561234567', off: '+15571234567' } as const;

describe('session timers of trunks against SIPp', { skip: sippMissing(), timeout: 60_000 }, () => {
  let ports: Readonly<Record<Timer, number>>;
  let server: Ringback;
  let app: Application;
  let sipp: RunningSipp | undefined;
  before(async () => {
    const first = await freePort(names.length);
    ports = { us: first, brief: first + 1, off: first + 2 };
    const trunks = names.map(
      (name) =>
        `  - { name: ${name}, kind: carrier, host: 127.0.0.1, port: ${ports[name]}, media: none, sessionTimer: ${timers[name]} }`,
    );
    const routes = names.map((name) => `  - { pattern: '\\${number[name]}', trunk: ${name} }`);
    server = await startRingback({ config: settings(trunks.join('\n'), routes.join('\n')) });
    app = await openApplication({ server: server.server.ready });
    await app.listen();
    // The first OPTIONS finds nobody.
    await server.clock.advance('128s');
  });
  afterEach(() => sipp?.stop());
  after(async () => {
    await server.stop();
    await app[Symbol.asyncDispose]();
  });

  const start = async (trunk: Timer, options: SippOptions): Promise<void> => {
    // Nothing is lost here, and SIPp takes no message twice: neither side repeats one only because the machine is busy.
    const values = { retrans: '5000', ...options.values };
    sipp = await startSipp({ ...options, values, port: ports[trunk] });
  };
  const sippIsContent = async (): Promise<void> => {
    const { code, errors } = (await sipp?.done) ?? {};
    assert.equal(code, 0, errors);
  };

  test('ours is asked for with who refreshes, made longer after 422, and refreshed by us', async () => {
    const values = {
      ...{ asks: '300;refresher=uac', longer: '600', asksAgain: '600;refresher=uac' },
      ...{ refresh: 'UPDATE', update: ', UPDATE', body: 'Content-Length: 0\n\n', ack: '' },
    };
    await start('us', { scenario: 'callee-wants-longer', values });
    const { callConnectionProperties } = await app.client.createCall(invite(number.us), app.callbackUrl);
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    await server.clock.advance('300s');
    await app.client.getCallConnection(id).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
    await sippIsContent();
  });

  test('one that is too brief for the trunk gets 422 with its minimum, and then the caller refreshes', async () => {
    const remote = `127.0.0.1:${server.sip.udp}`;
    await start('brief', { scenario: 'caller-refreshes', remote, service: '+18005550101' });
    const { incomingCallContext } = await app.incoming();
    await app.client.answerCall(incomingCallContext, app.callbackUrl);
    const { callConnectionId } = await app.next('CallConnected');
    assert.deepEqual(resultOf(await app.next('CallDisconnected', callConnectionId)), [200, 540000]);
    await sippIsContent();
  });
});

describe('session timers of a trunk whose far end is silent', () => {
  let line: PhoneLine;
  let server: Ringback;
  let app: Application;
  const open = async (timer: string): Promise<string> => {
    // Its own clock is the wall, on which nothing falls due here.
    line = await openPhoneLine(['PCMU'], { session: { expires: 100 } });
    const trunk = `  - { name: phones, kind: carrier, host: 127.0.0.1, port: ${line.port}, media: none, sessionTimer: ${timer} }`;
    server = await startRingback({ config: settings(trunk, "  - { pattern: '\\+155\\d+', trunk: phones }") });
    app = await openApplication({ server: server.server.ready });
    const { callConnectionProperties } = await app.client.createCall(invite(number.us), app.callbackUrl);
    const id = callConnectionProperties.callConnectionId ?? '';
    await app.next('CallConnected', id);
    return id;
  };
  afterEach(async () => {
    await server.stop();
    await app[Symbol.asyncDispose]();
    await line[Symbol.asyncDispose]();
  });

  test('end the call that it does not refresh: 200/560000, and the phone gets our BYE', async () => {
    const id = await open('{ expires: 90s, refresher: them }');
    const phone = await line.answered();
    await server.clock.advance('59s');
    assert.equal(
      (await app.client.getCallConnection(id).getCallConnectionProperties()).callConnectionState,
      'connected',
    );
    await server.clock.advance('2s');
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 560000]);
    const { kind, by } = await phone.ended;
    assert.deepEqual([kind, by], ['bye', 'remote']);
  });

  test('that are off end nothing', async () => {
    const id = await open('off');
    await server.clock.advance('2h');
    assert.equal(
      (await app.client.getCallConnection(id).getCallConnectionProperties()).callConnectionState,
      'connected',
    );
    await app.client.getCallConnection(id).hangUp(true);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
  });
});
