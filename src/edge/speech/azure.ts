/** Azure Speech over REST: text to speech, and speech to text for short audio. */
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

/** Voices that speak many languages, for requests that name none. */
const usual = { female: 'en-US-AvaMultilingualNeural', male: 'en-US-AndrewMultilingualNeural' } as const;

export function createAzureSpeech(options: HttpProviderOptions): SpeechPort {
  const { key } = options;
  const { synthesis, recognition } = addresses(options.endpoint);
  return {
    async synthesise(request) {
      const ssml = documentOf(request);
      if (typeof ssml !== 'string') return ssml;
      const body = await askProvider(options, {
        url: synthesis,
        headers: {
          'ocp-apim-subscription-key': key,
          'content-type': 'application/ssml+xml',
          'x-microsoft-outputformat': 'riff-16khz-16bit-mono-pcm',
        },
        body: ssml,
      });
      return 'because' in body ? body : answeredAudio(body, []);
    },

    async recognise({ audio, locale, phrases }) {
      if (isTooLong(audio)) return failed('bad-request', `The audio is longer than ${longestMs / 1000} s.`);
      const voice = voiceIn(audio);
      if (!voice) return { kind: 'silence' };
      const samples = bytesOf(voice);
      const header = wavHeader({ channels: 1, sampleRate: busRate }, samples.length);
      const body = await askProvider(options, {
        url: `${recognition}?language=${encodeURIComponent(locale)}&format=detailed`,
        headers: {
          'ocp-apim-subscription-key': key,
          'content-type': `audio/wav; codecs=audio/pcm; samplerate=${busRate}`,
          accept: 'application/json',
        },
        body: Buffer.concat([header, samples]),
      });
      return 'because' in body ? body : recognised(jsonOf(body), phrases);
    },
  };
}

/** Where the two services of an endpoint are: a custom domain has both, a region one host for each. */
function addresses(endpoint: string): { readonly synthesis: string; readonly recognition: string } {
  const host = URL.parse(endpoint)?.hostname ?? '';
  const region = /^([\w-]+)\.api\.cognitive\.microsoft\.com$/.exec(host)?.[1];
  const isCustom = host.endsWith('.cognitiveservices.azure.com');
  const base = (service: 'tts' | 'stt'): string => {
    if (region !== undefined) return `https://${region}.${service}.speech.microsoft.com`;
    return isCustom ? endpointUrl(endpoint, `/${service}`) : endpoint;
  };
  return {
    synthesis: endpointUrl(base('tts'), '/cognitiveservices/v1'),
    recognition: endpointUrl(base('stt'), '/speech/recognition/conversation/cognitiveservices/v1'),
  };
}

function documentOf({ said, locale, voiceName, voiceKind }: SynthesisRequest): string | SpeechFailure {
  if (said.kind === 'ssml') {
    const read = readSsml(said.ssml);
    if ('fault' in read) return failed('malformed-ssml', `The SSML cannot be read: ${read.fault}.`);
    if (read.parts.length === 0) return failed('empty', 'There is nothing to be said: the SSML has no text.');
    return said.ssml;
  }
  const text = speakable(said.text);
  if (text === '') return failed('empty', 'There is nothing to be said: the text is empty.');
  const voice = escaped(voiceName ?? usual[voiceKind ?? 'female']);
  const language = escaped(locale ?? 'en-US');
  return `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="${language}"><voice name="${voice}"><lang xml:lang="${language}">${escaped(text)}</lang></voice></speak>`;
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

interface Answer {
  readonly RecognitionStatus?: unknown;
  readonly DisplayText?: unknown;
  readonly NBest?: unknown;
}

interface Guess {
  readonly text: string;
  readonly confidence?: number;
}

function recognised(answer: unknown, phrases: readonly string[] | undefined): Recognition | SpeechFailure {
  const { RecognitionStatus: status, ...rest } = (answer ?? {}) as Answer;
  switch (status) {
    case 'Success':
      break;
    case 'InitialSilenceTimeout':
      return { kind: 'silence' };
    case 'NoMatch':
    case 'BabbleTimeout':
      return { kind: 'no-match' };
    case 'Error':
      return failed('provider-error', 'The speech provider says that recognition failed on its side.');
    default:
      return failed(
        'bad-answer',
        'The speech provider answered without a RecognitionStatus that is documented.',
      );
  }
  const guesses = guessesIn(rest);
  const [best] = guesses;
  if (!best) return { kind: 'no-match' };
  if (phrases === undefined) return { kind: 'text', ...best };
  for (const { text, ...sure } of guesses) {
    const phrase = phraseIn(phrases, text);
    if (phrase !== undefined) return { kind: 'phrase', phrase, ...sure };
  }
  return { kind: 'no-match', heard: best.text };
}

/** The best first. */
function guessesIn({ NBest, DisplayText }: Answer): readonly Guess[] {
  const list: readonly unknown[] = Array.isArray(NBest) ? NBest : [];
  const guesses = list.flatMap((each): readonly Guess[] => {
    const { Display, Lexical, Confidence } = (each ?? {}) as Readonly<Record<string, unknown>>;
    const text = typeof Display === 'string' ? Display : Lexical;
    if (typeof text !== 'string' || text.trim() === '') return [];
    return [{ text, ...(typeof Confidence === 'number' ? { confidence: Confidence } : {}) }];
  });
  if (guesses.length > 0) return guesses;
  return typeof DisplayText === 'string' && DisplayText.trim() !== '' ? [{ text: DisplayText }] : [];
}
