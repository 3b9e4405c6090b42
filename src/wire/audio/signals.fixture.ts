/** Test signals, and how alike two of them are. */

export const sine = (hertz: number, rate: number, samples: number, amplitude = 10_000): Int16Array =>
  Int16Array.from({ length: samples }, (_, n) =>
    Math.round(amplitude * Math.sin((2 * Math.PI * hertz * n) / rate)),
  );

/** Pearson's, of the best alignment within `lag` samples. */
export function correlation(one: Int16Array, other: Int16Array, lag = 0): number {
  let best = -1;
  for (let shift = -lag; shift <= lag; shift++) {
    let [xy, xx, yy] = [0, 0, 0];
    for (let n = Math.max(0, -shift); n < one.length && n + shift < other.length; n++) {
      const [x, y] = [one[n]!, other[n + shift]!];
      xy += x * y;
      xx += x * x;
      yy += y * y;
    }
    best = Math.max(best, xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy));
  }
  return best;
}

/** In dB: what of `got` is `wanted`, against the rest. */
export function signalToNoise(wanted: Int16Array, got: Int16Array): number {
  let [signal, noise] = [0, 0];
  for (let n = 0; n < wanted.length; n++) {
    signal += wanted[n]! ** 2;
    noise += (wanted[n]! - got[n]!) ** 2;
  }
  return 10 * Math.log10(signal / Math.max(noise, 1e-9));
}

export const rms = (samples: Int16Array): number =>
  Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

/** The amplitude of one frequency in it (Goertzel). */
export function amplitudeAt(hertz: number, rate: number, samples: Int16Array): number {
  let [re, im] = [0, 0];
  for (let n = 0; n < samples.length; n++) {
    const angle = (2 * Math.PI * hertz * n) / rate;
    re += samples[n]! * Math.cos(angle);
    im += samples[n]! * Math.sin(angle);
  }
  return (2 * Math.hypot(re, im)) / samples.length;
}
