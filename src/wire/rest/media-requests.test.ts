import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { faultOf, okOf, phone, policy, target, targetRead, testModels } from './media.fixture.ts';
import {
  choiceModel,
  decodePlay,
  decodeRecognize,
  decodeSendDtmf,
  decodeTarget,
  dtmfOptionsModel,
  playModel,
  playOptionsModel,
  recognizeModel,
  recognizeOptionsModel,
  sendDtmfModel,
  speechOptionsModel,
  targetModel,
} from './media-requests.ts';
import { fileModel, playSourceModel, ssmlModel, takePlaySource, textModel } from './play-source.ts';

const file = { kind: 'file', file: { uri: 'https://prompts.example/a.wav' } };
const fileRead = { kind: 'file', uri: 'https://prompts.example/a.wav' };

describe('the models of the official client', () =>
  testModels([
    ['PlayRequest', playModel],
    ['PlayOptionsInternal', playOptionsModel],
    ['PlaySourceInternal', playSourceModel],
    ['FileSourceInternal', fileModel],
    ['TextSourceInternal', textModel],
    ['SsmlSourceInternal', ssmlModel],
    ['RecognizeRequest', recognizeModel],
    ['RecognizeOptions', recognizeOptionsModel],
    ['DtmfOptions', dtmfOptionsModel],
    ['SpeechOptions', speechOptionsModel],
    ['Choice', choiceModel],
    ['SendDtmfTonesRequest', sendDtmfModel],
    ['ContinuousDtmfRecognitionRequest', targetModel],
    ['UnholdRequest', targetModel],
  ]));

describe('a source', () => {
  const take = (value: unknown) => takePlaySource(value, 'playSources[0]');

  test('is a file, a text or SSML', () => {
    assert.deepEqual(okOf(take({ ...file, playSourceCacheId: 'c' })), { ...fileRead, cacheId: 'c' });
    const text = { text: 'Good\nmorning', sourceLocale: 'en-GB', voiceKind: 'male', voiceName: 'v' };
    assert.deepEqual(
      okOf(take({ kind: 'text', text: { ...text, customVoiceEndpointId: 'e' }, file: null })),
      {
        kind: 'text',
        text: 'Good\nmorning',
        voice: { locale: 'en-GB', kind: 'male', name: 'v', endpointId: 'e' },
      },
    );
    assert.deepEqual(
      okOf(take({ kind: 'ssml', ssml: { ssmlText: '<speak/>', customVoiceEndpointId: 'e' } })),
      { kind: 'ssml', ssml: '<speak/>', endpointId: 'e' },
    );
  });

  for (const [what, value, fault] of [
    ['of no kind', { file: { uri: 'https://a.example/' } }, /^invalid playSources\[0\]\.kind: .*required/],
    ['of another kind', { kind: 'video' }, /must be one of file, text, ssml/],
    ['that is not what it says', { kind: 'text', file: file.file }, /playSources\[0\]\.text: .*required/],
    ['without an address', { kind: 'file', file: {} }, /playSources\[0\]\.file\.uri: .*required/],
    ['at a path', { kind: 'file', file: { uri: '/a.wav' } }, /absolute http or https URL/],
    ['on a disk', { kind: 'file', file: { uri: 'file:///etc/passwd' } }, /absolute http or https URL/],
    ['with a password', { kind: 'file', file: { uri: 'https://u:p@a.example/' } }, /user name or password/],
    [
      'at too long an address',
      { kind: 'file', file: { uri: `https://a.example/${'a'.repeat(4096)}` } },
      /4096/,
    ],
    [
      'of too long a text',
      { kind: 'text', text: { text: 'a'.repeat(4001) } },
      /4000 characters and has 4001/,
    ],
    ['of a voice of no kind', { kind: 'text', text: { text: 'a', voiceKind: 'robot' } }, /male, female/],
    ['that is no object', 'hello', /must be a JSON object and is a string/],
  ] as const) {
    test(`${what} is refused`, () => assert.match(faultOf(take(value)), fault));
  }
});

describe('a request to play', () => {
  test('is read with every field', () => {
    const read = decodePlay(
      {
        playSources: [file, { kind: 'text', text: { text: 'Hello' } }],
        playTo: [target],
        interruptCallMediaOperation: true,
        playOptions: { loop: true },
        operationContext: 'mine',
        operationCallbackUri: 'https://app.example/cb',
      },
      policy,
    );
    assert.deepEqual(okOf(read), {
      sources: [fileRead, { kind: 'text', text: 'Hello', voice: {} }],
      to: [targetRead],
      loop: true,
      interrupt: true,
      operationContext: 'mine',
      callbackUri: 'https://app.example/cb',
    });
  });

  test('to nobody in particular is to everybody, once, without interrupting', () => {
    assert.deepEqual(okOf(decodePlay({ playSources: [file] }, policy)), {
      ...{ sources: [fileRead], to: [], loop: false, interrupt: false },
    });
  });

  test('needs one to ten sources, and a callback of its own must be https', () => {
    assert.match(faultOf(decodePlay({}, policy)), /playSources: .*required/);
    assert.match(faultOf(decodePlay({ playSources: [] }, policy)), /at least one element/);
    assert.match(faultOf(decodePlay({ playSources: Array(11).fill(file) }, policy)), /may have 10 elements/);
    const body = { playSources: [file], operationCallbackUri: 'http://app.example/' };
    assert.match(faultOf(decodePlay(body, policy)), /^invalid operationCallbackUri/);
  });
});

describe('a request to recognise', () => {
  const decode = (input: string, options: object, more: object = {}) =>
    decodeRecognize(
      { recognizeInputType: input, recognizeOptions: { targetParticipant: target, ...options }, ...more },
      policy,
    );
  const common = {
    target: targetRead,
    prompts: [],
    interrupt: false,
    interruptPrompt: false,
    initialSilenceMs: 5000,
  };
  const keys = { maxTonesToCollect: 3 };

  test('keys is read, with what the client leaves to us', () => {
    assert.deepEqual(okOf(decode('dtmf', { dtmfOptions: keys })), {
      ...common,
      input: 'dtmf',
      dtmf: { maxTones: 3, interToneMs: 2000, stopTones: [] },
    });
    assert.deepEqual(
      okOf(
        decode(
          'dtmf',
          {
            interruptPrompt: true,
            initialSilenceTimeoutInSeconds: 12,
            dtmfOptions: { interToneTimeoutInSeconds: 7, stopTones: ['pound', 'a'] },
          },
          { playPrompt: file, interruptCallMediaOperation: true, operationContext: 'mine' },
        ),
      ),
      {
        ...common,
        input: 'dtmf',
        prompts: [fileRead],
        interrupt: true,
        interruptPrompt: true,
        initialSilenceMs: 12_000,
        dtmf: { interToneMs: 7000, stopTones: ['pound', 'a'] },
        operationContext: 'mine',
      },
    );
  });

  test('speech, keys or speech, and choices are read', () => {
    const speech = { locale: 'de-DE', endSilenceMs: 800 };
    const asked = { speechLanguage: 'de-DE', speechOptions: { endSilenceTimeoutInMs: 800 } };
    assert.deepEqual(okOf(decode('speech', asked)), { ...common, input: 'speech', speech });
    assert.deepEqual(
      okOf(decode('speechOrDtmf', { ...asked, dtmfOptions: keys, speechRecognitionModelEndpointId: 'm' })),
      {
        ...common,
        input: 'speechOrDtmf',
        dtmf: { maxTones: 3, interToneMs: 2000, stopTones: [] },
        speech,
        speechModel: 'm',
      },
    );
    const choices = [
      { label: 'Yes', phrases: ['yes', 'sure'], tone: 'one' },
      { label: 'No', phrases: ['no'] },
    ];
    assert.deepEqual(okOf(decode('choices', { choices })), {
      ...common,
      input: 'choices',
      speech: { locale: 'en-US', endSilenceMs: 2000 },
      choices,
    });
  });

  test('several prompts go before one', () => {
    const two = [file, { kind: 'text', text: { text: 'Hello' } }];
    const read = okOf(decode('dtmf', { dtmfOptions: keys }, { playPrompt: file, playPrompts: two }));
    assert.equal(read.prompts.length, 2);
    const one = okOf(decode('dtmf', { dtmfOptions: keys }, { playPrompt: file, playPrompts: [] }));
    assert.deepEqual(one.prompts, [fileRead]);
  });

  for (const [what, input, options, fault] of [
    ['of no kind', 'telepathy', {}, /recognizeInputType: .*dtmf, speech, speechOrDtmf, choices/],
    ['of keys without rules', 'dtmf', {}, /recognizeOptions\.dtmfOptions: .*required/],
    ['that nothing ends', 'dtmf', { dtmfOptions: {} }, /nothing else ends the operation/],
    ['of no key at all', 'dtmf', { dtmfOptions: { maxTonesToCollect: 0 } }, /whole number from 1 to 1000/],
    ['of a key that no phone has', 'dtmf', { dtmfOptions: { stopTones: ['flash'] } }, /stopTones\[0\]/],
    [
      'that waits for a negative time',
      'speech',
      { initialSilenceTimeoutInSeconds: -1 },
      /whole number from 0 to 300/,
    ],
    ['that waits for ever', 'speech', { initialSilenceTimeoutInSeconds: 301 }, /from 0 to 300/],
    [
      'with a pause between keys of an hour',
      'dtmf',
      { dtmfOptions: { maxTonesToCollect: 1, interToneTimeoutInSeconds: 3600 } },
      /from 1 to 60/,
    ],
    ['of a language that is none', 'speech', { speechLanguage: 'English!' }, /BCP 47/],
    ['without choices', 'choices', {}, /recognizeOptions\.choices: .*required/],
    ['of no choices', 'choices', { choices: [] }, /at least one element/],
    ['of a choice nobody could make', 'choices', { choices: [{ label: 'a' }] }, /neither phrases nor a tone/],
    [
      'of two choices of one label',
      'choices',
      {
        choices: [
          { label: 'a', tone: 'one' },
          { label: 'a', tone: 'two' },
        ],
      },
      /label "a" stands twice/,
    ],
    [
      'of two choices of one key',
      'choices',
      {
        choices: [
          { label: 'a', tone: 'one' },
          { label: 'b', tone: 'one' },
        ],
      },
      /tone one stands twice/,
    ],
    ['of nobody', 'speech', { targetParticipant: null }, /targetParticipant: .*required/],
  ] as const) {
    test(`${what} is refused`, () => assert.match(faultOf(decode(input, options)), fault));
  }
});

describe('a request to send keys', () => {
  const decode = (tones: unknown) => decodeSendDtmf({ tones, targetParticipant: target }, policy);

  test('is read', () => {
    assert.deepEqual(okOf(decode(['one', 'asterisk'])), { target: targetRead, tones: ['one', 'asterisk'] });
    assert.deepEqual(okOf(decodeTarget({ targetParticipant: phone('+15005552001') }, policy)), {
      target: targetRead,
    });
  });

  test('has one to eighteen of them, each of a phone', () => {
    assert.match(faultOf(decode([])), /at least one element/);
    assert.match(faultOf(decode(Array(19).fill('one'))), /may have 18 elements and has 19/);
    assert.match(faultOf(decode(['1'])), /tones\[0\]/);
    assert.match(faultOf(decodeTarget({}, policy)), /targetParticipant: .*required/);
  });
});
