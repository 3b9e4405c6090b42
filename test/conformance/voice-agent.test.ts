/** A voice agent as its developer writes it: the official client answers, a websocket hears the caller and speaks to them. */
import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import {
  type AnswerCallOptions,
  createOutboundAudioData,
  createOutboundStopAudioData,
  type DtmfData,
} from '@azure/communication-call-automation';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { until } from '../../scenarios/stage/wait.ts';
import { StreamApplication } from '../../src/edge/media/engine/streaming/streaming.fixture.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';
import { type Application, openApplication, resultOf } from '../peers/application.ts';
import { type LinePhone, openPhoneLine, type PhoneLine } from '../peers/phone-line.ts';

const settings = (port: number): string => `
carrier: { simulated: false }
trunks:
  - { name: phones, kind: carrier, host: 127.0.0.1, port: ${port} }
routes:
  - { pattern: '\\+1555\\d{7}', trunk: phones }
destinations: { allow: ['+1555'] }
sip: { t1: 50ms, t4: 500ms }
drainTimeout: 100ms
`;

let line: PhoneLine;
let server: Ringback;
let app: Application;
let agent: StreamApplication;

afterEach(async () => {
  await server.stop();
  await line[Symbol.asyncDispose]();
  await app[Symbol.asyncDispose]();
  await agent[Symbol.asyncDispose]();
});

type Streaming = NonNullable<AnswerCallOptions['mediaStreamingOptions']>;

/** A phone calls, and the application answers with media streaming. */
async function answered(changes: Partial<Streaming> = {}): Promise<{ id: string; caller: LinePhone }> {
  line = await openPhoneLine();
  server = await startRingback({ config: settings(line.port) });
  app = await openApplication({ server: server.server.ready });
  agent = await StreamApplication.open();
  await app.listen();
  const calling = line.call('+18005550101', server.sip.udp);
  const { incomingCallContext } = await app.incoming();
  const { callConnectionProperties } = await app.client.answerCall(incomingCallContext, app.callbackUrl, {
    mediaStreamingOptions: {
      transportType: 'websocket',
      transportUrl: agent.url(),
      contentType: 'audio',
      audioChannelType: 'mixed',
      startMediaStreaming: true,
      enableBidirectional: true,
      audioFormat: 'pcm24KMono',
      enableDtmfTones: true,
      ...changes,
    },
  });
  return { id: callConnectionProperties.callConnectionId ?? '', caller: await calling };
}

/** A square wave of G.711 µ-law at full scale, and whether a payload is as loud. */
const loudByte = 0x80;
const isLoud = (payload: Uint8Array): boolean => payload.some((byte) => (byte & 0x7f) < 0x20);
const tenSeconds = Buffer.alloc(480_000, Buffer.from([0xff, 0x3f])).toString('base64');

const loudPackets = ({ rtp }: LinePhone): number => rtp.heard.filter(({ payload }) => isLoud(payload)).length;

describe('a caller who talks to a voice agent', () => {
  test('hears what the agent makes of it', async () => {
    const { id, caller } = await answered();
    const started = await app.next('MediaStreamingStarted', id);
    assert.deepEqual(started.mediaStreamingUpdate, {
      contentType: 'Audio',
      mediaStreamingStatus: 'mediaStreamingStarted',
      mediaStreamingStatusDetails: 'subscriptionStarted',
    });
    const connected = await agent.connection();
    assert.equal(connected.headers['x-ms-call-connection-id'], id);
    assert.equal(connected.headers['x-ms-call-correlation-id'], started.correlationId);
    const keys = await fetch(new URL('/calling/keys', server.httpEndpoint));
    await jwtVerify(
      String(connected.headers.authorization).replace(/^Bearer /, ''),
      createLocalJWKSet((await keys.json()) as Parameters<typeof createLocalJWKSet>[0]),
      { issuer: 'https://acscallautomation.communication.azure.com' },
    );
    const audioOf = (text: string) => JSON.parse(text).audioData;
    connected.socket.on('message', (data) => {
      const audio = audioOf(String(data));
      if (audio?.silent === false) connected.socket.send(createOutboundAudioData(audio.data));
    });
    let talk = 0;
    // The level changes every packet: an even one would be no sound at all.
    while (loudPackets(caller) < 25) {
      assert.ok(talk < 250, `after ${talk} packets ${loudPackets(caller)} came back`);
      await caller.sayUntil(talk % 2 === 0 ? loudByte : 0x00, once());
      talk += 1;
    }
    await app.client.getCallConnection(id).hangUp(true);
    assert.equal((await connected.closed).code, 1000);
    await app.next('MediaStreamingStopped', id);
    assert.deepEqual(resultOf(await app.next('CallDisconnected', id)), [200, 7000]);
  });

  test('interrupts it: within 100 ms of audio it is silent', async () => {
    const { id, caller } = await answered();
    await app.next('MediaStreamingStarted', id);
    const connected = await agent.connection();
    connected.socket.send(createOutboundAudioData(tenSeconds));
    await caller.sayUntil(0xff, () => (loudPackets(caller) > 10 ? undefined : 'nothing is heard'));
    connected.socket.send(createOutboundStopAudioData());
    // Who answers a ping has read what came before it.
    await connected.pong();
    const before = caller.rtp.heard.length;
    await caller.sayUntil(0xff, () => (caller.rtp.heard.length > before + 25 ? undefined : 'no audio comes'));
    const late = caller.rtp.heard.slice(before).filter(({ payload }) => isLoud(payload)).length;
    assert.ok(late * 20 <= 100, `${late * 20} ms were heard after StopAudio`);
  });

  test('presses keys, and the agent is told', async () => {
    const { id, caller } = await answered();
    await app.next('MediaStreamingStarted', id);
    const connected = await agent.connection();
    caller.rtp.say(caller.server);
    for (const key of '42') caller.rtp.press(caller.server, key);
    await until('the keys', async () => {
      const keys = connected.frames<DtmfData>('DtmfData').map(({ data }) => data);
      return keys.join('') === '42' ? { is: keys } : { notYet: `it was told ${keys}` };
    });
  });
});

describe('the websocket of a voice agent', () => {
  test('may be started and stopped while the call goes on', async () => {
    const { id } = await answered({ startMediaStreaming: false });
    await app.next('CallConnected', id);
    const media = app.client.getCallConnection(id).getCallMedia();
    for (let turn = 0; turn < 2; turn++) {
      await media.startMediaStreaming({ operationContext: `turn ${turn}` });
      const started = await app.next('MediaStreamingStarted', id);
      assert.equal(started.operationContext, `turn ${turn}`);
      const connected = await agent.connection(turn);
      await media.stopMediaStreaming();
      assert.equal((await connected.closed).code, 1000);
      const stopped = await app.next('MediaStreamingStopped', id);
      assert.equal(stopped.mediaStreamingUpdate?.mediaStreamingStatusDetails, 'subscriptionStopped');
    }
  });

  test('is connected again when it was lost, and the application is told when it cannot be', async () => {
    const { id } = await answered();
    await app.next('MediaStreamingStarted', id);
    (await agent.connection()).socket.terminate();
    const again = await app.next('MediaStreamingStarted', id);
    assert.equal(again.mediaStreamingUpdate?.mediaStreamingStatusDetails, 'streamConnectionReestablished');
    const second = await agent.connection(1);
    agent.answering = 503;
    second.socket.terminate();
    const failed = await app.next('MediaStreamingFailed', id);
    assert.equal(failed.mediaStreamingUpdate?.mediaStreamingStatusDetails, 'streamConnectionInterrupted');
  });

  test('that is refused is a failure of its own, and the call goes on', async () => {
    const { id } = await answered({ transportUrl: 'ws://127.0.0.1:9/' });
    const failed = await app.next('MediaStreamingFailed', id);
    assert.equal(
      failed.mediaStreamingUpdate?.mediaStreamingStatusDetails,
      'initialWebSocketConnectionFailed',
    );
    const { callConnectionState } = await app.client.getCallConnection(id).getCallConnectionProperties();
    assert.equal(callConnectionState, 'connected');
  });
});

/** One packet, no more. */
function once(): () => string | undefined {
  let said = false;
  return () => {
    if (said) return undefined;
    said = true;
    return 'not said yet';
  };
}
