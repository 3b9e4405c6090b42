/**
 * Telephone audio for a recogniser that learnt from wide-band audio: what is missing above 4 kHz is filled by a faint mirror
 * image of what is below (what it brings: docs/decisions/speech.md).
 */
import { toSample } from '../../../wire/audio/frame.ts';
import { resampled } from '../../../wire/audio/resample.ts';

/** Of the whole energy; in wide-band speech there is a hundred times as much. */
const emptyAbove = 10 ** -4.5;
/** What an 8 kHz recording becomes at 16 kHz ends some way above 4 kHz, as filters do; audio at this rate holds all of it. */
const holdsTelephony = 11_000;
const imageGain = 0.15;

const energy = (samples: Int16Array): number => samples.reduce((sum, sample) => sum + sample * sample, 0);

/** Whether 16 kHz audio comes from an 8 kHz recording, by what is missing. */
export function isNarrowBand(samples: Int16Array): boolean {
  const lower = resampled(resampled(samples, 16_000, holdsTelephony), holdsTelephony, 16_000);
  const upper = samples.map((sample, index) => sample - (lower[index] ?? 0));
  return energy(upper) < emptyAbove * energy(samples);
}

/** Adds the image: every second sample with the other sign is the spectrum mirrored at 4 kHz. */
export const withImage = (samples: Int16Array): Int16Array =>
  samples.map((sample, index) => toSample(sample * (1 + (index % 2 === 0 ? imageGain : -imageGain))));
