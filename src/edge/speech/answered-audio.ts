import type { Speech, SpeechFailure } from '../../app/ports/speech.ts';
import { busRate } from '../../wire/audio/frame.ts';
import { resampled } from '../../wire/audio/resample.ts';
import { readWav, samplesOf } from '../../wire/wav/wav.ts';
import { failed } from './failed.ts';

/** Rates that speech comes in. */
const [lowest, highest] = [8000, 48_000];

/**
 * What a provider said, at 16 kHz. Whoever writes WAV while speaking does not know its length, and writes 0 or the largest
 * one: what is there counts.
 */
export function answeredAudio(body: Uint8Array, ignored: readonly string[]): Speech | SpeechFailure {
  const wav = readWav(body);
  if ('found' in wav)
    return failed('bad-answer', `The speech provider answered with ${wav.found} instead of WAV.`);
  const { encoding, channels, bitsPerSample, sampleRate } = wav;
  if (
    encoding !== 'PCM' ||
    channels !== 1 ||
    bitsPerSample !== 16 ||
    sampleRate < lowest ||
    sampleRate > highest
  ) {
    return failed(
      'bad-answer',
      `The speech provider answered with ${encoding}, ${bitsPerSample}-bit, ${channels} channels, ${sampleRate} Hz; expected is mono 16-bit PCM.`,
    );
  }
  const data = wav.declaredBytes === 0 ? body.subarray(wav.data.byteOffset - body.byteOffset) : wav.data;
  if (data.length < 2) return failed('bad-answer', 'The speech provider answered with no audio.');
  return { kind: 'speech', samples: resampled(samplesOf(data), sampleRate, busRate), ignored };
}
