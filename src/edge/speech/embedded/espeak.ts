/** espeak-ng, where it is installed, for the languages that flite does not speak. Blocks: worker threads only. */
import { spawnSync } from 'node:child_process';
import { resampled } from '../../../wire/audio/resample.ts';
import { promptRate } from '../../../wire/wav/prompt.ts';
import { readWav, samplesOf } from '../../../wire/wav/wav.ts';

const wordsPerMinute = 165;
const timeoutMs = 20_000;
const mostBytes = 64 * 2 ** 20;

/** PCM at 16 kHz. Throws where espeak-ng fails: a language it does not have. */
export function espeak(text: string, voice: string, rate: number, program: string): Int16Array {
  const pace = Math.min(Math.max(Math.round(wordsPerMinute * rate), 80), 450);
  const { status, stdout, stderr, error } = spawnSync(
    program,
    ['-v', voice, '-s', String(pace), '-b', '1', '--stdin', '--stdout'],
    { input: text, timeout: timeoutMs, maxBuffer: mostBytes },
  );
  if (error || status !== 0) {
    throw new Error(`${program} failed: ${error?.message ?? String(stderr).trim().slice(0, 200)}`);
  }
  const wav = readWav(stdout);
  if ('found' in wav || wav.encoding !== 'PCM' || wav.channels !== 1 || wav.bitsPerSample !== 16) {
    throw new Error(`${program} wrote ${'found' in wav ? wav.found : 'something else than mono 16-bit PCM'}`);
  }
  return resampled(samplesOf(wav.data), wav.sampleRate, promptRate);
}
