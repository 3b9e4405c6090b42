/** Speech that comes with the server: flite speaks English, espeak-ng other languages, pocketsphinx understands English. */
import type { Speech, SpeechFailure, SpeechPort, SynthesisRequest } from '../../../app/ports/speech.ts';
import { failed } from '../failed.ts';
import { type Part, readSsml, type Script, speakable } from '../ssml.ts';
import { espeakLanguages } from './espeak-languages.ts';
import { EmbeddedRecogniser, type RecogniserOptions } from './recogniser.ts';
import type { SpokenPart } from './synthesis-jobs.ts';
import { Synthesiser } from './synthesiser.ts';
import { cast } from './voices.ts';

export interface EmbeddedSpeech extends SpeechPort {
  /** Ends the worker thread; whoever waits for speech is told that it failed. */
  close(): Promise<void>;
}

export interface EmbeddedSpeechOptions extends RecogniserOptions {
  /** The program that is asked for languages other than English; `espeak-ng` unless told. */
  readonly espeak?: string;
}

/** Speech is held in memory as a whole: at 32 kB a second, not without end. flite says some 15 characters a second. */
const mostCharacters = 20_000;

export function createEmbeddedSpeech(options: EmbeddedSpeechOptions = {}): EmbeddedSpeech {
  const { espeak = 'espeak-ng' } = options;
  const synthesiser = new Synthesiser(espeak);
  const recogniser = new EmbeddedRecogniser(options);
  let others: Promise<ReadonlySet<string>> | undefined;
  const otherLanguages = (): Promise<ReadonlySet<string>> => {
    others ??= espeakLanguages(espeak);
    return others;
  };

  return {
    synthesise: (request) =>
      toldAsFailure(async () => {
        const script = scriptOf(request);
        if ('kind' in script) return script;
        const ignored = new Set(script.ignored);
        const spoken: SpokenPart[] = [];
        for (const part of script.parts) {
          if (part.kind === 'pause') spoken.push(part);
          else {
            const found = cast(part, await otherLanguages());
            if ('language' in found) return unspoken(found.language);
            for (const each of found.ignored) ignored.add(each);
            const { kind, text, rate, gain } = part;
            spoken.push({ kind, text, rate, gain, voice: found.voice });
          }
        }
        const samples = await synthesiser.speak(spoken);
        if ('because' in samples) return samples;
        return { kind: 'speech', samples, ignored: [...ignored] } satisfies Speech;
      }),
    recognise: (request) => toldAsFailure(() => recogniser.recognise(request)),
    close: () => synthesiser.close(),
  };
}

/** A full disk, no process to be had: whoever asked is told. */
const toldAsFailure = <T>(work: () => Promise<T | SpeechFailure>): Promise<T | SpeechFailure> =>
  work().catch((error: unknown) =>
    failed(
      'provider-error',
      `Embedded speech failed: ${error instanceof Error ? error.message : String(error)}.`,
    ),
  );

function scriptOf({ said, locale, voiceName, voiceKind }: SynthesisRequest): Script | SpeechFailure {
  const wished = {
    ...(locale === undefined ? {} : { locale }),
    ...(voiceName === undefined ? {} : { voiceName }),
    ...(voiceKind === undefined ? {} : { voiceKind }),
  };
  let script: Script;
  if (said.kind === 'text') {
    const text = speakable(said.text);
    const parts: readonly Part[] = text === '' ? [] : [{ kind: 'text', text, rate: 1, gain: 1, ...wished }];
    script = { parts, ignored: [] };
  } else {
    const read = readSsml(said.ssml);
    if ('fault' in read) return failed('malformed-ssml', `The SSML cannot be read: ${read.fault}.`);
    // What the document says itself goes before what the request says.
    script = {
      ...read,
      parts: read.parts.map((part) => (part.kind === 'text' ? { ...wished, ...part } : part)),
    };
  }
  if (!script.parts.some((part) => part.kind === 'pause' || /[\p{L}\p{N}]/u.test(part.text))) {
    return failed('empty', 'There is nothing to be said: the text has no letter and no digit.');
  }
  const length = script.parts.reduce((sum, part) => sum + (part.kind === 'text' ? part.text.length : 0), 0);
  if (length > mostCharacters) {
    return failed('bad-request', `The text has ${length} characters; at most ${mostCharacters} are spoken.`);
  }
  return script;
}

const unspoken = (language: string): SpeechFailure =>
  failed(
    'unsupported-language',
    `The embedded voices speak English, not ${language.slice(0, 35)}. Install the Debian package espeak-ng for it, or name a speech provider.`,
  );
