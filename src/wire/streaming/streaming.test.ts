import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type AudioData,
  type AudioMetadata,
  createOutboundAudioData,
  createOutboundStopAudioData,
  type DtmfData,
  StreamingData,
  type TranscriptionData,
  type TranscriptionMetadata,
} from '@azure/communication-call-automation';
import { longestFrame, readFrame } from './frames-in.ts';
import {
  audioData,
  audioMetadata,
  dtmfData,
  transcriptionData,
  transcriptionMetadata,
} from './frames-out.ts';

describe("the SDK's parser reads", () => {
  test('the metadata of audio', () => {
    const text = audioMetadata({ subscriptionId: 'sub', sampleRate: 24_000, length: 960 });
    assert.deepEqual(StreamingData.parse(text) as AudioMetadata, {
      subscriptionId: 'sub',
      encoding: 'PCM',
      sampleRate: 24_000,
      channels: 1,
    });
    assert.equal(StreamingData.getStreamingKind(), 'AudioMetadata');
    assert.equal(JSON.parse(text).audioMetadata.length, 960);
  });

  test('audio of everybody, and of one', () => {
    const pcm = Uint8Array.from([1, 2, 254, 255]);
    const at = Date.parse('2026-03-12T12:00:00.020Z');
    const mixed = StreamingData.parse(audioData({ at, pcm, silent: false })) as AudioData;
    assert.deepEqual(mixed, {
      data: 'AQL+/w==',
      timestamp: '2026-03-12T12:00:00.020Z',
      isSilent: false,
      participant: undefined,
    });
    const participantRawId = '4:+15551230000';
    const own = StreamingData.parse(audioData({ at, pcm, silent: true, participantRawId })) as AudioData;
    assert.ok(own.participant && 'phoneNumber' in own.participant);
    assert.equal(own.participant.phoneNumber, '+15551230000');
    assert.equal(own.isSilent, true);
  });

  test('a key', () => {
    assert.deepEqual(StreamingData.parse(dtmfData('#')) as DtmfData, { data: '#' });
  });

  test('the metadata of a transcript', () => {
    const format = { subscriptionId: 'sub', locale: 'en-GB', callConnectionId: 'app', correlationId: 'c' };
    assert.deepEqual(StreamingData.parse(transcriptionMetadata(format)) as TranscriptionMetadata, {
      ...format,
      speechRecognitionModelEndpointId: null,
    });
    const own = StreamingData.parse(transcriptionMetadata({ ...format, speechModel: 'mine' }));
    assert.equal((own as TranscriptionMetadata).speechRecognitionModelEndpointId, 'mine');
  });

  test('what was said, in ticks of 100 ns, its words in order and without gaps', () => {
    const said = { text: 'hello to you', fromMs: 1500, lastedMs: 1000, participantRawId: '4:+15551230000' };
    const final = StreamingData.parse(transcriptionData({ ...said, confidence: 0.5, final: true }));
    const { words, ...rest } = final as TranscriptionData;
    assert.deepEqual(
      [rest.text, rest.format, rest.confidence, rest.offsetInTicks, rest.durationInTicks, rest.resultState],
      ['hello to you', 'display', 0.5, 15_000_000, 10_000_000, 'Final'],
    );
    assert.deepEqual(words, [
      { text: 'hello', offsetInTicks: 15_000_000, durationInTicks: 5_000_000 },
      { text: 'to', offsetInTicks: 20_000_000, durationInTicks: 2_000_000 },
      { text: 'you', offsetInTicks: 22_000_000, durationInTicks: 3_000_000 },
    ]);
    const soFar = StreamingData.parse(transcriptionData({ ...said, text: '', final: false }));
    assert.deepEqual((soFar as TranscriptionData).words, []);
    assert.equal((soFar as TranscriptionData).resultState, 'Intermediate');
  });
});

describe('an application that speaks', () => {
  const pcm = Buffer.from([0, 1, 2, 3]);
  const data = pcm.toString('base64');

  test('is read in the case of every SDK, whatever else it says', () => {
    for (const frame of [
      JSON.parse(createOutboundAudioData(data)),
      { kind: 'AudioData', audioData: { data }, stopAudio: null },
      { kind: 'audioData', audioData: { data, timestamp: 17, participant: null, isSilent: false } },
      { Kind: 'AudioData', AudioData: { Data: data }, StopAudio: null },
    ]) {
      const read = readFrame(JSON.stringify(frame));
      assert.ok(read.kind === 'audio', JSON.stringify(read));
      assert.deepEqual(Buffer.from(read.pcm), pcm);
    }
  });

  test('may stop what it said', () => {
    assert.deepEqual(readFrame(createOutboundStopAudioData()), { kind: 'stop-audio' });
    for (const kind of ['StopAudio', 'STOPAUDIO'])
      assert.deepEqual(readFrame(JSON.stringify({ kind, audioData: null, stopAudio: {} })), {
        kind: 'stop-audio',
      });
  });

  const hostile: readonly (readonly [string, string, RegExp])[] = [
    ['nothing', '', /not JSON/],
    ['half a frame', '{"kind":"AudioData"', /not JSON/],
    ['brackets without end', '['.repeat(500_000), /not JSON/],
    ['a list', '[]', /kind is nothing/],
    ['null', 'null', /kind is nothing/],
    ['a number for a kind', '{"kind":1}', /kind is 1/],
    ['a kind that is not for us', '{"kind":"AudioMetadata"}', /kind is "AudioMetadata"/],
    ['a prototype', '{"__proto__":{"kind":"StopAudio"}}', /kind is nothing/],
    ['no audio', '{"kind":"AudioData"}', /data is nothing/],
    ['audio that is a list', '{"kind":"AudioData","audioData":{"data":[1,2]}}', /data is \[1,2\]/],
    ['no base64', '{"kind":"AudioData","audioData":{"data":"????"}}', /not base64/],
    ['base64 for URLs', '{"kind":"AudioData","audioData":{"data":"_-8="}}', /not base64/],
    ['base64 without its padding', '{"kind":"AudioData","audioData":{"data":"AAA"}}', /not base64/],
    ['half a sample', '{"kind":"AudioData","audioData":{"data":"AAAA"}}', /3 bytes/],
    ['too much', `"${'A'.repeat(longestFrame)}"`, /more than/],
  ];
  for (const [what, text, why] of hostile)
    test(`is told what is wrong with ${what}`, () => {
      const read = readFrame(text);
      assert.ok(read.kind === 'malformed', JSON.stringify(read).slice(0, 100));
      assert.match(read.why, why);
      assert.ok(read.why.length < 200);
    });
});
