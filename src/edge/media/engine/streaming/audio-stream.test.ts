import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createOutboundAudioData,
  createOutboundStopAudioData,
  type DtmfData,
} from '@azure/communication-call-automation';
import type { AudioStreamSettings } from '../../../../domain/media/stream.ts';
import { amplitudeAt } from '../../../../wire/audio/signals.fixture.ts';
import { bytesOf } from '../../../../wire/wav/wav.ts';
import { type Talker, tone } from '../audio/talker.fixture.ts';
import { CallStage, type CallStageOptions, type Connected, StreamApplication } from './streaming.fixture.ts';

const settings = (url: string, changes: Partial<AudioStreamSettings> = {}): AudioStreamSettings => ({
  kind: 'audio',
  url,
  channels: 'mixed',
  rate: 16_000,
  bidirectional: false,
  dtmf: false,
  ...changes,
});

/** A call of these participants, streamed to an application. */
async function streamed(
  legs: readonly string[],
  changes: Partial<AudioStreamSettings> = {},
  options: CallStageOptions = {},
) {
  const application = await StreamApplication.open();
  const stage = new CallStage(options);
  const voices = legs.map((legId) => stage.join(legId));
  stage.open(settings(application.url(), changes));
  const connected = await application.connection();
  await stage.event(0);
  return {
    application,
    stage,
    voices,
    connected,
    voice: voices[0]!,
    async [Symbol.asyncDispose]() {
      stage[Symbol.dispose]();
      await application[Symbol.asyncDispose]();
    },
  };
}

const came = (connected: Connected, count: number) => (): boolean => connected.audio.length >= count;
const howMany = (connected: Connected) => (): string => `${connected.audio.length} frames of audio came`;

/** A tone of an application at its rate. */
const speech = (hertz: number, rate: number, ms: number): string =>
  createOutboundAudioData(
    Buffer.from(
      bytesOf(
        Int16Array.from({ length: (rate * ms) / 1000 }, (_, n) =>
          Math.round(8000 * Math.sin((2 * Math.PI * hertz * n) / rate)),
        ),
      ),
    ).toString('base64'),
  );

/** How loud a tone is in the last 200 ms that somebody heard. */
const loud = ({ heard }: Talker, hertz: number): number => amplitudeAt(hertz, 8000, heard.slice(-1600));

describe('an application that listens', () => {
  test('is told what it will hear, of which call and by whom, and then a frame every 20 ms', async () => {
    await using call = await streamed(['alice']);
    const { connected, stage } = call;
    await stage.playUntil(came(connected, 3), howMany(connected));
    assert.equal(connected.headers['x-ms-call-connection-id'], 'connection');
    assert.equal(connected.headers['x-ms-call-correlation-id'], 'correlation');
    assert.equal(connected.headers.authorization, 'Bearer token');
    assert.equal(connected.kinds[0], 'AudioMetadata');
    const { audioMetadata } = JSON.parse(connected.texts[0] ?? '');
    assert.deepEqual(audioMetadata, {
      subscriptionId: 'subscription',
      encoding: 'PCM',
      sampleRate: 16_000,
      channels: 1,
      length: 640,
    });
    const [frame] = connected.audio;
    assert.equal(Buffer.from(frame?.data ?? '', 'base64').length, 640);
    assert.equal(frame?.isSilent, true);
    assert.equal(frame?.participant, undefined);
    assert.ok(Math.abs(Date.parse(String(frame?.timestamp)) - Date.now()) < 10_000);
    assert.deepEqual(stage.told, ['open']);
  });

  for (const rate of [16_000, 24_000] as const)
    test(`hears everybody in one stream of ${rate / 1000} kHz, and not who is muted`, async () => {
      await using call = await streamed(['alice', 'bob', 'carol'], { rate });
      const { connected, stage, voices } = call;
      for (const [index, voice] of voices.entries()) voice.says = tone([500, 1000, 1500][index]!);
      stage.rooms.part('call', 'carol', { muted: true, held: false });
      await stage.playUntil(came(connected, 40), howMany(connected));
      const frames = connected.audio.slice(20, 40);
      assert.ok(
        frames.every(({ isSilent, data }) => !isSilent && Buffer.from(data, 'base64').length === rate / 25),
      );
      const samples = connected.samples(frames);
      for (const [hertz, amplitude] of [
        [500, 8000],
        [1000, 8000],
        [1500, 0],
      ] as const)
        assert.ok(Math.abs(amplitudeAt(hertz, rate, samples) - amplitude) < 500, `${hertz} Hz`);
    });

  test('hears each of a few by themselves, with their names', async () => {
    await using call = await streamed(['+15550000001', '+15550000002'], { channels: 'unmixed' });
    const { connected, stage, voices } = call;
    voices[0]!.says = tone(500);
    voices[1]!.says = tone(1000);
    await stage.playUntil(came(connected, 80), howMany(connected));
    for (const [number, hertz, other] of [
      ['+15550000001', 500, 1000],
      ['+15550000002', 1000, 500],
    ] as const) {
      const own = connected.audio.filter(
        ({ participant }) =>
          participant && 'phoneNumber' in participant && participant.phoneNumber === number,
      );
      const samples = connected.samples(own.slice(10, 30));
      assert.ok(amplitudeAt(hertz, 16_000, samples) > 7500);
      assert.ok(amplitudeAt(other, 16_000, samples) < 100);
    }
  });

  test('hears the four who speak, out of six', async () => {
    const legs = ['one', 'two', 'three', 'four', 'five', 'six'];
    await using call = await streamed(legs, { channels: 'unmixed' });
    const { connected, stage, voices } = call;
    stage.frames(20);
    for (const voice of voices.slice(2)) voice.says = tone(500);
    stage.frames(40);
    await stage.playUntil(came(connected, 4 * 60), howMany(connected));
    const speaking = connected.texts.slice(-4).map((text) => JSON.parse(text).audioData.participantRawID);
    assert.deepEqual(speaking.sort(), ['4:five', '4:four', '4:six', '4:three']);
  });

  for (const dtmf of [true, false])
    test(`is ${dtmf ? '' : 'not '}told of keys where it did ${dtmf ? '' : 'not '}ask for them`, async () => {
      await using call = await streamed(['alice'], { dtmf });
      const { connected, stage } = call;
      for (const key of '5#') stage.rooms.key('call', key);
      stage.rooms.key('another call', '1');
      await stage.playUntil(came(connected, 3), howMany(connected));
      const keys = connected.frames<DtmfData>('DtmfData').map(({ data }) => data);
      assert.deepEqual(keys, dtmf ? ['5', '#'] : []);
    });

  test('is not heard, whatever it sends', async () => {
    await using call = await streamed(['alice']);
    const { connected, stage, voice } = call;
    connected.socket.send(speech(1000, 16_000, 1000));
    await stage.playUntil(came(connected, 60), howMany(connected));
    assert.ok(voice.heard.every((sample) => sample === 0));
  });
});

describe('an application that speaks', () => {
  for (const rate of [16_000, 24_000] as const)
    test(`is heard by everybody at ${rate / 1000} kHz, and does not hear itself`, async () => {
      await using call = await streamed(['alice', 'bob'], { bidirectional: true, rate });
      const { connected, stage, voices } = call;
      voices[0]!.says = tone(500);
      connected.socket.send(speech(1000, rate, 2000));
      for (const voice of voices)
        await stage.playUntil(
          () => loud(voice, 1000) > 7000,
          () => `${voice.legId} hears ${loud(voice, 1000)}`,
        );
      const from = connected.audio.length;
      await stage.playUntil(came(connected, from + 20), howMany(connected));
      const heard = connected.samples(connected.audio.slice(-15));
      assert.ok(amplitudeAt(500, rate, heard) > 7000);
      assert.ok(amplitudeAt(1000, rate, heard) < 200, `${amplitudeAt(1000, rate, heard)}`);
    });

  test('falls silent within 100 ms of audio once it says StopAudio, and may speak again', async () => {
    await using call = await streamed(['alice'], { bidirectional: true });
    const { connected, stage, voice } = call;
    connected.socket.send(speech(1000, 16_000, 20_000));
    const hears = (): boolean => loud(voice, 1000) > 7000;
    await stage.playUntil(hears, () => 'nothing is heard');
    connected.socket.send(createOutboundStopAudioData());
    // Who answers a ping has read what came before it.
    await connected.pong();
    stage.frames(5);
    const before = voice.heard.length;
    stage.frames(5);
    assert.ok(voice.heard.slice(before).every((sample) => Math.abs(sample) < 5));
    connected.socket.send(speech(1000, 16_000, 1000));
    await stage.playUntil(hears, () => 'it is not heard again');
  });

  test('says every sample it sent, in whatever pieces', async () => {
    await using call = await streamed(['alice'], { bidirectional: true });
    const { connected, stage, voice } = call;
    const whole = bytesOf(Int16Array.from({ length: 16_000 }, (_, n) => Math.round(8000 * Math.sin(n / 4))));
    for (let at = 0; at < whole.length; at += 1234)
      connected.socket.send(
        createOutboundAudioData(Buffer.from(whole.subarray(at, at + 1234)).toString('base64')),
      );
    const heardMs = () => voice.heard.filter((sample) => Math.abs(sample) > 1000).length / 8;
    // A sine is above an eighth of its height for 92 % of the time.
    await stage.playUntil(
      () => heardMs() >= 900,
      () => `${heardMs()} ms were heard`,
    );
    stage.frames(10);
    assert.ok(heardMs() <= 940, `${heardMs()} ms`);
  });

  test('is closed when more of it waits than is borne', async () => {
    await using call = await streamed(['alice'], { bidirectional: true }, { limits: { queuedMs: 3000 } });
    const { connected, stage } = call;
    for (let second = 0; second < 4; second++) connected.socket.send(speech(1000, 16_000, 1000));
    const { code, reason } = await connected.closed;
    assert.equal(code, 1008);
    assert.match(reason, /3 s of audio wait/);
    const event = await stage.event(1);
    assert.ok(event.now === 'failed' && event.fault === 'bad-request' && /3 s of audio wait/.test(event.why));
  });

  test('is borne while it talks nonsense, and closed when it does nothing else', async () => {
    await using call = await streamed(['alice'], { bidirectional: true }, { limits: { malformed: 10 } });
    const { connected, stage, voice } = call;
    for (let count = 0; count < 10; count++) connected.socket.send('{"kind":"Nonsense"}');
    connected.socket.send(speech(1000, 16_000, 1000));
    await stage.playUntil(
      () => loud(voice, 1000) > 7000,
      () => 'it is not heard',
    );
    connected.socket.send('?');
    const { code, reason } = await connected.closed;
    assert.equal(code, 1007);
    assert.match(reason, /not JSON/);
    assert.deepEqual(stage.told, ['open', 'failed bad-request']);
  });

  test('is closed when a message is too large', async () => {
    await using call = await streamed(['alice'], { bidirectional: true });
    const { connected, stage } = call;
    connected.socket.send('x'.repeat(2 * 1024 * 1024));
    assert.equal((await connected.closed).code, 1009);
    await stage.event(1);
    assert.deepEqual(stage.told, ['open', 'failed bad-request']);
  });
});
