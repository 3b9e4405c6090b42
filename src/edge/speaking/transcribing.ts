/** What was said in a call that is transcribed, by the speech service of its resource. */
import type { Blobs } from '../../app/ports/blobs.ts';
import type { SpeechFailureKind, SpeechPort } from '../../app/ports/speech.ts';
import type { StreamFault } from '../../domain/media/stream.ts';
import { samplesOf } from '../../wire/wav/wav.ts';

export interface TranscribingOptions {
  readonly blobs: Blobs;
  readonly speechOf: (resourceId: string, endpoint: string) => SpeechPort | undefined;
}

export interface SpokenUtterance {
  readonly resourceId: string;
  readonly speechEndpoint: string;
  /** Blob: mono PCM of 16 bit and 16 kHz. It is removed. */
  readonly utterance: string;
  /** BCP 47. */
  readonly locale: string;
}

export type Transcript =
  | { readonly heard: 'words'; readonly text: string; readonly confidence?: number }
  /** Silence, or no words. */
  | { readonly heard: 'nothing' }
  | { readonly fault: StreamFault; readonly why: string };

const faults: Readonly<Record<SpeechFailureKind, StreamFault>> = {
  authentication: 'unauthenticated',
  forbidden: 'forbidden',
  'identity-refused': 'forbidden',
  throttled: 'throttled',
  'bad-request': 'bad-request',
  timeout: 'timed-out',
  connection: 'speech-unreachable',
  'provider-error': 'speech-unreachable',
  'bad-answer': 'speech-unreachable',
  // Of synthesis alone.
  empty: 'internal',
  'malformed-ssml': 'internal',
  'unsupported-language': 'bad-request',
  'unknown-words': 'bad-request',
  'not-installed': 'speech-unreachable',
};

export const createTranscribing =
  ({ blobs, speechOf }: TranscribingOptions) =>
  async ({ resourceId, speechEndpoint, utterance, locale }: SpokenUtterance): Promise<Transcript> => {
    const bytes = await blobs.get(utterance);
    await blobs.remove(utterance);
    if (!bytes) return { fault: 'internal', why: 'what was said is no longer there' };
    const speech = speechOf(resourceId, speechEndpoint);
    if (!speech) return { fault: 'speech-unreachable', why: 'the resource lists no such speech service' };
    const found = await speech.recognise({ audio: samplesOf(bytes), locale });
    switch (found.kind) {
      case 'text':
      case 'phrase': {
        const text = found.kind === 'text' ? found.text : found.phrase;
        const { confidence } = found;
        return { heard: 'words', text, ...(confidence === undefined ? {} : { confidence }) };
      }
      case 'silence':
      case 'no-match':
        return { heard: 'nothing' };
      case 'failed':
        return { fault: faults[found.because], why: found.detail };
    }
  };
