/** Phones with real RTP through the whole server: what they hear, what they press, and what becomes of a lost process. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { signedRequest } from '../../src/main/signed-request.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, invite, openApplication, phone, resultOf } from '../peers/application.ts';
import { type Codec, openPhoneLine, type PhoneLine, payloadType, silence } from '../peers/phone-line.ts';
import { reached } from '../peers/timeline.ts';

const settings = (port: number): string => `
carrier: { simulated: false }
trunks:
  - { name: phones, kind: carrier, host: 127.0.0.1, port: ${port}, maxConcurrentCallsPerNumber: 10 }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: phones }
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms }
drainTimeout: 100ms
`;

let line: PhoneLine;
let server: Ringback;
let app: Application;

async function open(codecs?: readonly Codec[]): Promise<void> {
  line = await openPhoneLine(codecs);
  server = await startRingback({ config: settings(line.port) });
  app = await openApplication({ server: server.server.ready });
}

afterEach(async () => {
  await server.stop();
  await line[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
});

const ready = () => server.server.ready;

async function call(to = '+15557654321') {
  const { callConnectionProperties } = await app.client.createCall(invite(to), app.callbackUrl);
  const id = callConnectionProperties.callConnectionId ?? '';
  const far = await line.answered();
  await app.next('CallConnected', id);
  return { id, far };
}

/** Why the phone has not heard 50 packets (a second) that are as expected. */
const packetsOf = (heard: { readonly length: number }) => (): string | undefined =>
  heard.length >= 50 ? undefined : `${heard.length} packets came back`;

for (const codec of ['PCMU', 'PCMA'] as const) {
  test(`a phone that talks ${codec} hears a packet of silence for every 20 ms`, async () => {
    await open([codec]);
    const { id, far } = await call();
    await far.sayUntil(0x33, packetsOf(far.rtp.heard));
    await reached(ready(), id, /first packet/);
    const { heard } = far.rtp;
    assert.deepEqual(new Set(heard.map((packet) => packet.payloadType)), new Set([payloadType[codec]]));
    for (const payload of far.payloads()) {
      assert.equal(payload.length, 160);
      assert.ok(payload.every((byte) => byte === silence[codec]));
    }
    assert.equal(new Set(heard.map(({ ssrc }) => ssrc)).size, 1);
    for (const [i, packet] of heard.slice(1).entries()) {
      const before = heard[i]!;
      assert.equal((packet.sequence - before.sequence) & 0xffff, 1);
      // Whole frames: where the process was held up, some are skipped, and the clock of the audio goes on.
      const ahead = (packet.timestamp - before.timestamp) >>> 0;
      assert.ok(ahead >= 160 && ahead % 160 === 0, `the timestamp went ${ahead} further`);
    }
    await app.client.getCallConnection(id).hangUp(false);
    assert.equal((await far.ended).kind, 'bye');
  });
}

test('keys that a phone presses stand in the timeline, each once and in order', async () => {
  await open();
  const { id, far } = await call();
  far.rtp.say(far.server);
  await reached(ready(), id, /first packet/);
  for (const [index, key] of [...'12*#'].entries()) {
    far.rtp.press(far.server, key);
    await reached(ready(), id, /^key /, index + 1);
  }
  const lines = await reached(ready(), id, /^key /, 4);
  assert.deepEqual(
    lines.map((text) => text.split(' ')[1]),
    [...'12*#'],
  );
  far.hangUp();
  const ended = await app.next('CallDisconnected', id);
  assert.deepEqual(resultOf(ended), [200, 560000]);
});

test('a media process that is killed ends its calls with 410, and the next call has audio', async () => {
  await open();
  const two = [await call('+15557654321'), await call('+15557654322')];
  for (const { id, far } of two) {
    far.rtp.say(far.server);
    await reached(ready(), id, /first packet/);
  }
  await signedRequest(ready(), 'POST', 'faults', { fault: 'media-killed' });
  for (const { id, far } of two) {
    const ended = await app.next('CallDisconnected', id);
    assert.deepEqual(resultOf(ended), [410, 0]);
    assert.equal((await far.ended).kind, 'bye');
  }
  const { id, far } = await call('+15557654323');
  await far.sayUntil(0x33, packetsOf(far.rtp.heard));
  await reached(ready(), id, /first packet/);
  far.hangUp();
  await app.next('CallDisconnected', id);
});

describe('a caller who is redirected to a phone', () => {
  const hears = (who: { payloads(): readonly Uint8Array[] }, byte: number) => (): string | undefined => {
    const last = who.payloads().at(-1);
    return last?.every((one) => one === byte) ? undefined : `heard ${last?.slice(0, 4)} last`;
  };
  const redirected = async () => {
    await app.listen();
    const calling = line.call('+18005550101', server.sip.udp);
    const { incomingCallContext } = await app.incoming();
    await app.client.redirectCall(incomingCallContext, { targetParticipant: phone('+15557654321') });
    const callee = await line.answered();
    return { caller: await calling, callee };
  };

  for (const codec of ['PCMU', 'PCMA'] as const) {
    test(`is heard there and hears it, ${codec} as it is`, async () => {
      await open([codec]);
      const { caller, callee } = await redirected();
      await caller.sayUntil(0x21, hears(callee, 0x21));
      await callee.sayUntil(0x42, hears(caller, 0x42));
      caller.hangUp();
      assert.equal((await callee.ended).kind, 'bye');
    });
  }

  test('is understood though the two speak different codecs', async () => {
    await open(['PCMU', 'PCMA']);
    const { caller, callee } = await redirected();
    const sound = () => {
      const last = callee.payloads().at(-1);
      const loud = last?.some((byte) => byte !== silence.PCMA);
      return loud ? undefined : `heard ${last ? 'silence' : 'nothing'}`;
    };
    await caller.sayUntil(0x21, sound);
    // The same level in the other law, every sample alike (ITU-T G.711, table 3 by way of linear PCM).
    assert.equal(new Set(callee.payloads().at(-1)).size, 1);
    callee.hangUp();
    assert.equal((await caller.ended).kind, 'bye');
  });
});
