/** Speech over the API that OpenAI began and many local servers offer: `/v1/audio/speech`, `/v1/audio/transcriptions`. */
import { randomUUID } from 'node:crypto';
import type { Recognition, SpeechFailure, SpeechPort, SynthesisRequest } from '../../app/ports/speech.ts';
import { busRate } from '../../wire/audio/frame.ts';
import { wavHeader } from '../../wire/wav/growing-wav.ts';
import { bytesOf } from '../../wire/wav/wav.ts';
import { answeredAudio } from './answered-audio.ts';
import { failed } from './failed.ts';
import { askProvider, endpointUrl, type HttpProviderOptions, jsonOf } from './fetch.ts';
import { phraseIn } from './phrases.ts';
import { readSsml, speakable } from './ssml.ts';
import { isTooLong, longestMs, voiceIn } from './voice-in.ts';

export interface OpenAiOptions extends HttpProviderOptions {
  /** `tts-1` when absent. */
  readonly speechModel?: string;
  /** `whisper-1` when absent. */
  readonly transcriptionModel?: string;
}

const usual = { female: 'nova', male: 'onyx' } as const;

export function createOpenAiSpeech(options: OpenAiOptions): SpeechPort {
  const { endpoint, key, speechModel = 'tts-1', transcriptionModel = 'whisper-1' } = options;
  const authorization = { authorization: `Bearer ${key}` };
  return {
    async synthesise(request) {
      const text = textOf(request);
      if ('because' in text) return text;
      const { voiceName, voiceKind = 'female' } = request;
      const body = await askProvider(options, {
        url: endpointUrl(endpoint, '/v1/audio/speech'),
        headers: { ...authorization, 'content-type': 'application/json' },
        body: JSON.stringify({
          model: speechModel,
          input: text.text,
          voice: voiceName ?? usual[voiceKind],
          response_format: 'wav',
        }),
      });
      return 'because' in body ? body : answeredAudio(body, text.ignored);
    },

    async recognise({ audio, locale, phrases }) {
      if (isTooLong(audio)) return failed('bad-request', `The audio is longer than ${longestMs / 1000} s.`);
      const voice = voiceIn(audio);
      if (!voice) return { kind: 'silence' };
      const samples = bytesOf(voice);
      const { type, bytes } = form(
        {
          model: transcriptionModel,
          language: locale.split('-')[0] ?? 'en',
          response_format: 'json',
          // Only a hint: what comes back is compared with the list all the same.
          ...(phrases === undefined ? {} : { prompt: phrases.join(', ') }),
        },
        Buffer.concat([wavHeader({ channels: 1, sampleRate: busRate }, samples.length), samples]),
      );
      const body = await askProvider(options, {
        url: endpointUrl(endpoint, '/v1/audio/transcriptions'),
        headers: { ...authorization, 'content-type': type },
        body: bytes,
      });
      return 'because' in body ? body : recognised(jsonOf(body), phrases);
    },
  };
}

interface Text {
  readonly text: string;
  readonly ignored: readonly string[];
}

/** This API takes text alone: of SSML remain the words. */
function textOf({ said, locale }: SynthesisRequest): Text | SpeechFailure {
  const inText = locale === undefined ? [] : [`the locale ${locale}: the provider tells it from the text`];
  let read: Text;
  if (said.kind === 'text') read = { text: speakable(said.text), ignored: inText };
  else {
    const script = readSsml(said.ssml);
    if ('fault' in script) return failed('malformed-ssml', `The SSML cannot be read: ${script.fault}.`);
    const texts = script.parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []));
    read = {
      text: texts.join(' '),
      ignored: [...inText, ...script.ignored, 'SSML: only its words are sent'],
    };
  }
  return read.text === '' ? failed('empty', 'There is nothing to be said: there is no text.') : read;
}

/** RFC 7578. */
function form(
  fields: Readonly<Record<string, string>>,
  audio: Uint8Array,
): { readonly type: string; readonly bytes: Uint8Array } {
  const boundary = `ringback-${randomUUID()}`;
  const texts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const file = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="audio.wav"\r\nContent-Type: audio/wav\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(texts.join('') + file), audio, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

function recognised(answer: unknown, phrases: readonly string[] | undefined): Recognition | SpeechFailure {
  const { text } = (answer ?? {}) as { readonly text?: unknown };
  if (typeof text !== 'string') return failed('bad-answer', 'The speech provider answered without a text.');
  const said = text.trim();
  if (said === '') return { kind: 'no-match' };
  if (phrases === undefined) return { kind: 'text', text: said };
  const phrase = phraseIn(phrases, said);
  return phrase === undefined ? { kind: 'no-match', heard: said } : { kind: 'phrase', phrase };
}
