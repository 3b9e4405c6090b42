import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import type { Recognition, SpeechFailure, SpeechPort } from '../../app/ports/speech.ts';
import { wavHeader } from '../../wire/wav/growing-wav.ts';
import { readPrompt } from '../../wire/wav/prompt.ts';
import { bytesOf } from '../../wire/wav/wav.ts';
import { createAzureSpeech } from './azure.ts';
import type { Fetch, HttpProviderOptions } from './fetch.ts';
import { stageProvider, voice } from './http-provider.fixture.ts';
import { createOpenAiSpeech } from './openai.ts';

const key = 'the-key-of-the-provider';
const tone = (rate: number): Int16Array =>
  Int16Array.from({ length: rate }, (_, n) => Math.round(8000 * Math.sin((2 * Math.PI * 440 * n) / rate)));
const wav = (samples: Int16Array, rate: number): Buffer =>
  Buffer.concat([wavHeader({ channels: 1, sampleRate: rate }, samples.length * 2), bytesOf(samples)]);

const hello = { said: { kind: 'text', text: 'Hello & <good> day' } } as const;
const kinds: Readonly<Record<string, (options: HttpProviderOptions) => SpeechPort>> = {
  Azure: createAzureSpeech,
  OpenAI: createOpenAiSpeech,
};

describe('Azure Speech', () => {
  test('speaks text as SSML, in the format that calls need', async () => {
    await using stage = await stageProvider((response) => response.end(wav(tone(16_000), 16_000)));
    const port = createAzureSpeech({ endpoint: stage.endpoint, key, fetch: stage.fetch });
    const speech = await port.synthesise({ ...hello, locale: 'de-DE', voiceName: 'de-DE-KatjaNeural' });
    assert.deepEqual(speech, { kind: 'speech', samples: tone(16_000), ignored: [] });
    const [asked] = stage.asked;
    assert.equal(asked?.path, '/cognitiveservices/v1');
    assert.equal(asked.headers['ocp-apim-subscription-key'], key);
    assert.equal(asked.headers['content-type'], 'application/ssml+xml');
    assert.equal(asked.headers['x-microsoft-outputformat'], 'riff-16khz-16bit-mono-pcm');
    assert.equal(
      asked.body.toString(),
      '<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="de-DE"><voice name="de-DE-KatjaNeural"><lang xml:lang="de-DE">Hello &amp; &lt;good&gt; day</lang></voice></speak>',
    );
  });

  test('gets SSML as it is, and no SSML that is broken', async () => {
    await using stage = await stageProvider((response) => response.end(wav(tone(16_000), 16_000)));
    const port = createAzureSpeech({ endpoint: stage.endpoint, key, fetch: stage.fetch });
    const ssml = '<speak version="1.0" xml:lang="en-US"><voice name="x">Hi</voice></speak>';
    assert.equal((await port.synthesise({ said: { kind: 'ssml', ssml } })).kind, 'speech');
    const broken = await port.synthesise({ said: { kind: 'ssml', ssml: '<speak>' } });
    assert.equal(broken.kind === 'failed' && broken.because, 'malformed-ssml');
    const none = await port.synthesise({ said: { kind: 'ssml', ssml: '<speak> </speak>' } });
    assert.equal(none.kind === 'failed' && none.because, 'empty');
    assert.deepEqual(
      stage.asked.map(({ body }) => body.toString()),
      [ssml],
    );
  });

  const detailed = (...NBest: readonly object[]): object => ({ RecognitionStatus: 'Success', NBest });
  const list = ['Sales', 'Technical support', '2 tickets'];
  const answers: Readonly<
    Record<string, readonly [answer: object, phrases: readonly string[] | undefined, got: Recognition]>
  > = {
    'what was said': [
      detailed({ Display: 'Hello there.', Confidence: 0.9 }, { Display: 'Yellow hair.', Confidence: 0.2 }),
      undefined,
      { kind: 'text', text: 'Hello there.', confidence: 0.9 },
    ],
    'the phrase, whatever its punctuation and case': [
      detailed({ Display: 'Technical support!', Confidence: 0.8 }),
      list,
      { kind: 'phrase', phrase: 'Technical support', confidence: 0.8 },
    ],
    'the phrase among further guesses, numbers as words': [
      detailed({ Display: 'To tickets', Confidence: 0.6 }, { Display: 'Two tickets.', Confidence: 0.5 }),
      list,
      { kind: 'phrase', phrase: '2 tickets', confidence: 0.5 },
    ],
    'no match, and what it heard instead': [
      detailed({ Display: 'Sales please.', Confidence: 0.9 }),
      list,
      { kind: 'no-match', heard: 'Sales please.' },
    ],
    'no match': [{ RecognitionStatus: 'NoMatch' }, list, { kind: 'no-match' }],
    'no match where it heard nothing': [detailed({ Display: '' }), list, { kind: 'no-match' }],
    silence: [{ RecognitionStatus: 'InitialSilenceTimeout' }, undefined, { kind: 'silence' }],
    'the text of the simple format': [
      { RecognitionStatus: 'Success', DisplayText: 'Hi.' },
      undefined,
      { kind: 'text', text: 'Hi.' },
    ],
  };
  for (const [what, [answer, phrases, got]] of Object.entries(answers)) {
    test(`hears ${what}`, async () => {
      await using stage = await stageProvider((response) => response.end(JSON.stringify(answer)));
      const port = createAzureSpeech({ endpoint: stage.endpoint, key, fetch: stage.fetch });
      const request = { audio: voice, locale: 'en-GB', ...(phrases ? { phrases } : {}) };
      assert.deepEqual(await port.recognise(request), got);
      const [asked] = stage.asked;
      assert.equal(
        asked?.path,
        '/speech/recognition/conversation/cognitiveservices/v1?language=en-GB&format=detailed',
      );
      assert.equal(asked.headers['content-type'], 'audio/wav; codecs=audio/pcm; samplerate=16000');
      const sent = readPrompt(asked.body);
      assert.ok('samples' in sent && sent.samples.length > 16_000 && sent.samples.length < voice.length);
    });
  }

  test('finds both services of a custom domain and of a region', async () => {
    const urls: string[] = [];
    const fetch: Fetch = async ({ url }) => {
      urls.push(url);
      return { failed: 'not here', how: 'unreachable' };
    };
    for (const endpoint of [
      'https://me.cognitiveservices.azure.com',
      'https://westus.api.cognitive.microsoft.com/',
    ]) {
      const port = createAzureSpeech({ endpoint, key, fetch });
      await port.synthesise(hello);
      await port.recognise({ audio: voice, locale: 'en-US' });
    }
    assert.deepEqual(
      urls.map((url) => url.replace(/\?.*/, '')),
      [
        'https://me.cognitiveservices.azure.com/tts/cognitiveservices/v1',
        'https://me.cognitiveservices.azure.com/stt/speech/recognition/conversation/cognitiveservices/v1',
        'https://westus.tts.speech.microsoft.com/cognitiveservices/v1',
        'https://westus.stt.speech.microsoft.com/speech/recognition/conversation/cognitiveservices/v1',
      ],
    );
  });
});

describe('an OpenAI-compatible provider', () => {
  test('speaks text at whatever rate it likes, also where it did not know the length beforehand', async () => {
    for (const declared of [48_000, 0, 0xffff_ffff]) {
      const audio = wav(tone(24_000), 24_000);
      audio.writeUInt32LE(declared, 40);
      await using stage = await stageProvider((response) => response.end(audio));
      const port = createOpenAiSpeech({ endpoint: `${stage.endpoint}base/`, key, fetch: stage.fetch });
      const speech = await port.synthesise({ ...hello, voiceKind: 'male' });
      assert.ok(
        speech.kind === 'speech' && speech.samples.length === 16_000,
        JSON.stringify(speech).slice(0, 200),
      );
      const [asked] = stage.asked;
      assert.equal(asked?.path, '/base/v1/audio/speech');
      assert.equal(asked.headers.authorization, `Bearer ${key}`);
      assert.deepEqual(JSON.parse(asked.body.toString()), {
        model: 'tts-1',
        input: 'Hello & <good> day',
        voice: 'onyx',
        response_format: 'wav',
      });
    }
  });

  test('gets the words of SSML, and what is lost is named', async () => {
    await using stage = await stageProvider((response) => response.end(wav(tone(16_000), 16_000)));
    const port = createOpenAiSpeech({ endpoint: stage.endpoint, key, fetch: stage.fetch });
    const ssml = '<speak>One<break time="1s"/><prosody pitch="low">two</prosody></speak>';
    const speech = await port.synthesise({ said: { kind: 'ssml', ssml } });
    assert.deepEqual(speech.kind === 'speech' && speech.ignored, [
      'prosody pitch',
      'SSML: only its words are sent',
    ]);
    assert.equal(JSON.parse(stage.asked[0]?.body.toString() ?? '').input, 'One two');
  });

  test('hears, and what it heard is compared with the phrases', async () => {
    const said = ['Confirm.', 'I would rather not.', '  '];
    await using stage = await stageProvider((response) =>
      response.end(JSON.stringify({ text: said[stage.asked.length - 1] })),
    );
    const port = createOpenAiSpeech({ endpoint: stage.endpoint, key, fetch: stage.fetch });
    const request = { audio: voice, locale: 'en-US', phrases: ['confirm', 'cancel'] };
    assert.deepEqual(
      [await port.recognise(request), await port.recognise(request), await port.recognise(request)],
      [
        { kind: 'phrase', phrase: 'confirm' },
        { kind: 'no-match', heard: 'I would rather not.' },
        { kind: 'no-match' },
      ],
    );
    const [asked] = stage.asked;
    assert.equal(asked?.path, '/v1/audio/transcriptions');
    // Node's own parser reads the form.
    const type = asked.headers['content-type'] ?? '';
    const form = await new Response(asked.body, { headers: { 'content-type': type } }).formData();
    const fields = ['model', 'language', 'response_format', 'prompt'].map((name) => form.get(name));
    assert.deepEqual(fields, ['whisper-1', 'en', 'json', 'confirm, cancel']);
    const file = form.get('file');
    assert.ok(file instanceof File && 'samples' in readPrompt(new Uint8Array(await file.arrayBuffer())));
  });
});

for (const [name, create] of Object.entries(kinds)) {
  describe(`${name}, when it fails`, () => {
    const provoke = async (answer: (response: ServerResponse) => void, timeoutMs = 5000) => {
      await using stage = await stageProvider(answer);
      const port = create({ endpoint: stage.endpoint, key, fetch: stage.fetch, timeoutMs });
      return await Promise.all([port.synthesise(hello), port.recognise({ audio: voice, locale: 'en-US' })]);
    };
    const because = (answers: readonly { readonly kind: string }[]): readonly string[] =>
      answers.map((answer) => {
        if (answer.kind !== 'failed') return JSON.stringify(answer).slice(0, 100);
        const { because: cause, detail } = answer as SpeechFailure;
        assert.ok(detail.length > 20 && !detail.includes(key), detail);
        return cause;
      });

    const statuses = {
      301: 'bad-answer',
      400: 'bad-request',
      401: 'authentication',
      403: 'forbidden',
      404: 'bad-request',
      408: 'timeout',
      429: 'throttled',
      500: 'provider-error',
      503: 'provider-error',
      504: 'timeout',
    };
    for (const [status, cause] of Object.entries(statuses)) {
      test(`with ${status}: ${cause}`, async () => {
        const answers = await provoke((response) => {
          response.writeHead(Number(status), { location: 'http://127.0.0.1:1/' }).end('{"error":"no"}');
        });
        assert.deepEqual(because(answers), [cause, cause]);
      });
    }

    const garbage: Readonly<Record<string, string | Buffer>> = {
      nothing: '',
      'a page of HTML': '<html>',
      'JSON of another kind': '{"a":[]}',
      'JSON that is null': 'null',
      'broken JSON': '{"text":',
      stereo: (() => {
        const stereo = wav(tone(16_000), 16_000);
        stereo.writeUInt16LE(2, 22);
        return stereo;
      })(),
      'a header without audio': wav(new Int16Array(0), 16_000),
    };
    for (const [what, body] of Object.entries(garbage)) {
      test(`with ${what}: bad-answer`, async () => {
        assert.deepEqual(because(await provoke((response) => response.end(body))), [
          'bad-answer',
          'bad-answer',
        ]);
      });
    }

    test('by answering too slowly, or never to the end: timeout', async () => {
      assert.deepEqual(because(await provoke(() => {}, 100)), ['timeout', 'timeout']);
      const endless = (response: ServerResponse): void => {
        response.writeHead(200, { 'content-length': 1000 }).write('{');
      };
      assert.deepEqual(because(await provoke(endless, 100)), ['timeout', 'timeout']);
    });

    test('by answering with more than anybody wants: bad-answer, and the rest is not read', async () => {
      let sent = 0;
      const answers = await provoke((response) => {
        const part = Buffer.alloc(2 ** 20);
        const pour = (): void => {
          while (!response.destroyed && sent < 400 * part.length) {
            sent += part.length;
            if (!response.write(part)) {
              response.once('drain', pour);
              return;
            }
          }
          response.end();
        };
        pour();
      }, 20_000);
      assert.deepEqual(because(answers), ['bad-answer', 'bad-answer']);
      assert.ok(sent < 200 * 2 ** 20, `${sent} bytes were read`);
      for (const answer of answers) assert.match((answer as SpeechFailure).detail, /more than 32 MB/);
    });

    test('by closing the connection, or by not being there: connection', async () => {
      assert.deepEqual(because(await provoke((response) => response.destroy())), [
        'connection',
        'connection',
      ]);
      const gone = await stageProvider(() => {});
      await gone[Symbol.asyncDispose]();
      await using stage = await stageProvider(() => {});
      const port = create({ endpoint: gone.endpoint, key, fetch: stage.fetch });
      assert.deepEqual(because([await port.synthesise(hello)]), ['connection']);
    });

    test('to have an address that we would open: forbidden', async () => {
      await using stage = await stageProvider(() => {});
      const port = create({ endpoint: 'https://169.254.169.254/', key, fetch: stage.fetch });
      assert.deepEqual(because([await port.synthesise(hello)]), ['forbidden']);
    });

    test('is not asked where there is nothing to say or to hear', async () => {
      await using stage = await stageProvider((response) => response.end());
      const port = create({ endpoint: stage.endpoint, key, fetch: stage.fetch });
      assert.deepEqual(because([await port.synthesise({ said: { kind: 'text', text: ' \n' } })]), ['empty']);
      assert.deepEqual(await port.recognise({ audio: new Int16Array(48_000), locale: 'en-US' }), {
        kind: 'silence',
      });
      const long = new Int16Array(61 * 16_000);
      assert.deepEqual(because([await port.recognise({ audio: long, locale: 'en-US' })]), ['bad-request']);
      assert.deepEqual(stage.asked, []);
    });
  });
}
