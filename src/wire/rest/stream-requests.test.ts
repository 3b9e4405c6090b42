import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultOf, okOf, policy, testModels } from './media.fixture.ts';
import {
  decodeStreaming,
  decodeTranscription,
  mediaStreamingOptionsModel,
  streamingModel,
  takeMediaStreaming,
  takeTranscription,
  transcriptionModel,
  transcriptionOptionsModel,
} from './stream-requests.ts';

const url = 'wss://bot.example/audio';
const audio = (change: object = {}, allowHttpCallbacks = false) =>
  takeMediaStreaming({ allowHttpCallbacks })(
    { transportType: 'websocket', audioChannelType: 'mixed', transportUrl: url, ...change },
    'mediaStreamingOptions',
  );
const transcript = (change: object = {}) =>
  takeTranscription(policy)(
    { transportType: 'websocket', locale: 'en-US', transportUrl: url, ...change },
    'transcriptionOptions',
  );

describe('the models of the official client', () =>
  testModels([
    ['WebSocketMediaStreamingOptions', mediaStreamingOptionsModel],
    ['WebSocketTranscriptionOptions', transcriptionOptionsModel],
    ['StartMediaStreamingRequest', streamingModel],
    ['StopMediaStreamingRequest', streamingModel],
    ['StopTranscriptionRequest', streamingModel],
    ['StartTranscriptionRequest', transcriptionModel],
    ['UpdateTranscriptionRequest', transcriptionModel],
  ]));

describe('options of media streaming', () => {
  test('are read, with what the client leaves to us', () => {
    const plain = { kind: 'audio', url, channels: 'mixed', rate: 16000, bidirectional: false, dtmf: false };
    assert.deepEqual(okOf(audio()), { settings: plain, onConnect: false });
    const all = {
      audioChannelType: 'unmixed',
      contentType: 'audio',
      startMediaStreaming: true,
      enableBidirectional: true,
      audioFormat: 'pcm24KMono',
      enableDtmfTones: true,
    };
    assert.deepEqual(okOf(audio(all)), {
      settings: { kind: 'audio', url, channels: 'unmixed', rate: 24000, bidirectional: true, dtmf: true },
      onConnect: true,
    });
  });

  for (const [what, change, fault] of [
    ['another transport', { transportType: 'http' }, /transportType: .*must be one of websocket/],
    ['no channels', { audioChannelType: null }, /audioChannelType: .*required/],
    ['another format', { audioFormat: 'pcm8KMono' }, /pcm16KMono, pcm24KMono/],
    ['an http address', { transportUrl: 'https://bot.example/' }, /^stream-address .*absolute wss URL/],
    ['a plain websocket', { transportUrl: 'ws://bot.example/' }, /^stream-address .*must be a wss URL/],
    ['a password', { transportUrl: 'wss://u:p@bot.example/' }, /^stream-address .*user name or password/],
    ['no address', { transportUrl: 'wss://' }, /^stream-address .*absolute wss URL/],
  ] as const) {
    test(`with ${what} are refused`, () => assert.match(faultOf(audio(change)), fault));
  }

  test('may name a plain websocket on loopback for local trials, and nowhere else', () => {
    for (const host of ['127.0.0.1:9000', 'localhost', '[::1]:1'])
      assert.equal(okOf(audio({ transportUrl: `ws://${host}/a` }, true)).settings.url, `ws://${host}/a`);
    for (const host of ['127.0.0.1.evil.example', '10.0.0.1', 'localhost.evil.example'])
      assert.match(faultOf(audio({ transportUrl: `ws://${host}/a` }, true)), /^stream-address/);
  });
});

describe('options of transcription', () => {
  test('are read', () => {
    assert.deepEqual(okOf(transcript()), {
      settings: { kind: 'transcript', url, locale: 'en-US', intermediate: false },
      onConnect: false,
    });
    const all = { startTranscription: true, enableIntermediateResults: true };
    assert.deepEqual(okOf(transcript(all)), {
      settings: { kind: 'transcript', url, locale: 'en-US', intermediate: true },
      onConnect: true,
    });
  });

  test('name no custom model', () => {
    assert.match(faultOf(transcript({ speechModelEndpointId: 'm' })), /^unsupported.*speechModelEndpointId/);
  });

  test('need a language', () => {
    assert.match(faultOf(transcript({ locale: null })), /locale: .*required/);
    assert.match(faultOf(transcript({ locale: 'en_US!' })), /BCP 47/);
  });
});

test('a request to start, stop or change a stream may be empty', () => {
  assert.deepEqual(okOf(decodeStreaming(undefined, policy)), {});
  assert.deepEqual(okOf(decodeTranscription({}, policy)), {});
  const about = { operationContext: 'c', operationCallbackUri: 'https://app.example/' };
  assert.deepEqual(okOf(decodeStreaming(about, policy)), {
    operationContext: 'c',
    callbackUri: 'https://app.example/',
  });
  assert.deepEqual(okOf(decodeTranscription({ locale: 'de-DE', speechModelEndpointId: 'm' }, policy)), {
    locale: 'de-DE',
    speechModel: 'm',
  });
  assert.match(faultOf(decodeStreaming([], policy)), /must be a JSON object/);
});
