import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createOutboundAudioData,
  createOutboundStopAudioData,
  type DtmfData,
  StreamingData,
} from '@azure/communication-call-automation';
import type { StreamRequest } from '../../app/ports/media.ts';
import { StreamApplication } from './engine/streaming/streaming.fixture.ts';
import { createMediaHost, type MediaHostOptions } from './host.ts';
import { openMediaDiary, openTestPhone, until } from './phone.fixture.ts';
import { answerTo, type StreamServices } from './stream-opener.ts';

const services: StreamServices = {
  resolve: async () => ({ addresses: ['127.0.0.1'], roots: [] }),
  authorization: async (resourceId) => `token-of-${resourceId}`,
  transcribe: async () => ({ heard: 'words', text: 'hello' }),
};

const where = { about: 'where', resourceId: 'resource', url: 'wss://application.example' } as const;
const words = {
  about: 'words',
  resourceId: 'resource',
  speechEndpoint: 'https://speech.example',
  utterance: 'utterance-1',
  locale: 'en-US',
} as const;

describe('the server process answers', () => {
  test('where a stream goes, and as whom', async () => {
    assert.deepEqual(await answerTo(where, services), {
      addresses: ['127.0.0.1'],
      roots: [],
      authorization: 'Bearer token-of-resource',
    });
  });

  test('what was said', async () => {
    assert.deepEqual(await answerTo(words, services), { heard: 'words', text: 'hello' });
  });

  test('why it goes nowhere', async () => {
    const no = (answer: Awaited<ReturnType<StreamServices['resolve']>>): StreamServices => ({
      ...services,
      resolve: async () => answer,
    });
    assert.deepEqual(await answerTo(where, no({ forbidden: 'private' })), {
      fault: 'forbidden',
      why: 'private',
    });
    assert.deepEqual(await answerTo(where, no({ unresolvable: 'ENOTFOUND' })), {
      fault: 'handshake-failed',
      why: 'ENOTFOUND',
    });
  });

  test('whatever breaks', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('a bug');
    };
    const all = { resolve: broken, authorization: broken, transcribe: broken };
    for (const question of [where, words])
      assert.deepEqual(await answerTo(question, all), { fault: 'internal', why: 'a bug' });
    assert.equal('fault' in (await answerTo(where, undefined)), true);
  });
});

const request = (url: string): StreamRequest => ({
  callId: 'call',
  connectionId: 'connection',
  correlationId: 'correlation',
  resourceId: 'resource',
  stream: {
    id: 'subscription',
    settings: { kind: 'audio', url, channels: 'mixed', rate: 24_000, bidirectional: true, dtmf: true },
    onConnect: true,
    state: 'opening',
  },
  participants: { leg: '4:+15551230000' },
});

/** A phone in a call that is streamed to an echo. */
async function openEcho(options: Partial<MediaHostOptions>) {
  const application = await StreamApplication.open();
  application.onConnection = ({ socket }) =>
    socket.on('message', (data) => {
      const frame = StreamingData.parse(data.toString());
      if (StreamingData.getStreamingKind() === 'AudioData' && 'isSilent' in frame && !frame.isSilent)
        socket.send(createOutboundAudioData(String(frame.data)));
    });
  const diary = openMediaDiary();
  const host = createMediaHost({
    rtpPorts: [0, 0],
    address: '127.0.0.1',
    streams: services,
    onEvent: diary.onEvent,
    ...options,
  });
  await host.start();
  const phone = await openTestPhone();
  host.port.allocate('call', 'leg');
  const { local } = await diary.next('allocated', 'leg');
  host.port.connect('leg', phone.media);
  return {
    application,
    diary,
    host,
    phone,
    server: local,
    async [Symbol.asyncDispose]() {
      await host.stop();
      await phone.close();
      await application[Symbol.asyncDispose]();
    },
  };
}

/** The loudest of G.711: a square wave, 100 Hz. */
const shout = Uint8Array.from({ length: 160 }, (_, n) => (n % 80 < 40 ? 0x80 : 0x00));
const isLoud = (payload: Uint8Array): boolean => payload.some((byte) => (byte & 0x7f) < 0x20);

for (const inProcess of [true, false])
  test(`a phone hears the application's echo until StopAudio, in ${inProcess ? 'this' : 'a media'} process`, async () => {
    await using call = await openEcho({ inProcess });
    const { host, diary, phone, server, application } = call;
    host.port.openStream(request(application.url()));
    const { event } = await diary.next('stream');
    assert.deepEqual(event, { connectionId: 'connection', stream: 'audio', now: 'open' });
    const connected = await application.connection();
    assert.equal(connected.headers.authorization, 'Bearer token-of-resource');
    const talk = setInterval(() => phone.say(server, { payload: shout }), 20);
    await until(
      () => phone.heard.filter(({ payload }) => isLoud(payload)).length > 25,
      () => 'no echo',
    );
    clearInterval(talk);

    // What it says of itself in one go, ten seconds of it, is cut off.
    const tenSeconds = Buffer.alloc(480_000, Buffer.from([0xff, 0x3f]));
    const last = () => phone.heard.slice(-5);
    connected.socket.send(createOutboundAudioData(Buffer.alloc(960).toString('base64')));
    await until(
      () => last().every(({ payload }) => !isLoud(payload)),
      () => 'the echo does not end',
    );
    connected.socket.send(createOutboundAudioData(tenSeconds.toString('base64')));
    await until(
      () => phone.heard.at(-1)?.payload.every((byte) => (byte & 0x7f) < 0x20),
      () => 'it is not heard',
    );
    connected.socket.send(createOutboundStopAudioData());
    // Who answers a ping has read what came before it.
    await connected.pong();
    const at = phone.heard.length;
    await until(
      () => last().every(({ payload }) => !isLoud(payload)),
      () => 'it is not cut off',
    );
    const after = phone.heard.slice(at).filter(({ payload }) => isLoud(payload)).length;
    assert.ok(after * 20 <= 100, `${after * 20} ms were heard after StopAudio`);

    phone.press(server, '7');
    await until(
      () => connected.frames<DtmfData>('DtmfData').some(({ data }) => data === '7'),
      () => `it was told ${connected.kinds.slice(-3)}`,
    );
    // Though nobody is in the call any more.
    host.port.release('leg');
    host.port.closeStream('call', 'connection', 'audio');
    assert.equal((await connected.closed).code, 1000);
    const closed = await diary.next('stream');
    assert.equal(closed.event.now, 'closed');
  });

test('a stream of a call without audio has failed', async () => {
  await using call = await openEcho({ inProcess: true });
  call.host.port.openStream({ ...request(call.application.url()), callId: 'another call' });
  const { event } = await call.diary.next('stream');
  assert.ok(event.now === 'failed' && event.fault === 'internal', JSON.stringify(event));
});
