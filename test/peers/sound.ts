/** Sounds that tests play and say, and what they look for in what was heard: samples of 16 bit, one channel. */
import { wavHeader } from '../../src/wire/wav/growing-wav.ts';
import { bytesOf } from '../../src/wire/wav/wav.ts';

/** Samples a second of prompts and recordings, and of phones. */
export const wide = 16_000;
export const narrow = 8000;

export const sine = (hz: number, seconds: number, rate = wide, amplitude = 8000): Int16Array =>
  Int16Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hz * i) / rate),
  );

/** A tone that moves: no two stretches of it are alike, so that it is found where it is and nowhere else. */
export function sweep(fromHz: number, toHz: number, seconds: number, rate = wide): Int16Array {
  let phase = 0;
  return Int16Array.from({ length: Math.round(rate * seconds) }, (_, i) => {
    phase += (2 * Math.PI * (fromHz + ((toHz - fromHz) * i) / (rate * seconds))) / rate;
    return 8000 * Math.sin(phase);
  });
}

export function wav(samples: Int16Array, sampleRate = wide): Buffer {
  const bytes = bytesOf(samples);
  return Buffer.concat([wavHeader({ channels: 1, sampleRate }, bytes.length), bytes]);
}

/** How much of a sound is a tone of this frequency, 0 to 1 (Goertzel). */
export function share(samples: Int16Array, hz: number, rate = narrow): number {
  const w = 2 * Math.cos((2 * Math.PI * hz) / rate);
  let [one, two, energy] = [0, 0, 0];
  for (const sample of samples) {
    [one, two] = [sample + w * one - two, one];
    energy += sample * sample;
  }
  const power = one * one + two * two - w * one * two;
  return energy === 0 ? 0 : (2 * power) / (samples.length * energy);
}

/** Whether a tenth of a second of it is this tone and hardly anything else. */
export function rings(samples: Int16Array, hz: number, rate = narrow): boolean {
  const tenth = rate / 10;
  for (let at = 0; at + tenth <= samples.length; at += tenth) {
    if (share(samples.subarray(at, at + tenth), hz, rate) > 0.9) return true;
  }
  return false;
}

export interface Match {
  /** Index of the sample of `heard` where it begins. */
  readonly at: number;
  /** Normalised, at most 1. */
  readonly correlation: number;
}

/** Where a sound at 8 kHz is most like a stretch of what was heard, and how much. */
export function bestMatch(heard: Int16Array, sound: Int16Array): Match {
  // Every seventh sample tells where to look, and all of them how much alike it is there.
  const { at } = search(heard, sound, 0, heard.length, 7);
  return search(heard, sound, at - 4, at + 4, 1);
}

/**
 * The same for a sound at 16 kHz. What delays it may do so by half a sample of 8 kHz, so both halves of its samples
 * are tried. Tests make no sound above 4 kHz: nothing folds over.
 */
export function bestNarrowMatch(heard: Int16Array, sound: Int16Array): Match {
  const [even, odd] = [0, 1].map((half) =>
    bestMatch(
      heard,
      sound.filter((_, i) => i % 2 === half),
    ),
  ) as [Match, Match];
  return even.correlation > odd.correlation ? even : odd;
}

function search(heard: Int16Array, sound: Int16Array, from: number, to: number, stride: number): Match {
  let best: Match = { at: 0, correlation: 0 };
  for (let at = Math.max(0, from); at <= Math.min(to, heard.length - sound.length); at += 1) {
    let [dot, ours, theirs] = [0, 0, 0];
    for (let i = 0; i < sound.length; i += stride) {
      const a = sound[i] ?? 0;
      const b = heard[at + i] ?? 0;
      dot += a * b;
      ours += a * a;
      theirs += b * b;
    }
    const correlation = ours * theirs === 0 ? 0 : dot / Math.sqrt(ours * theirs);
    if (correlation > best.correlation) best = { at, correlation };
  }
  return best;
}
