import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Resampler, resampled } from './resample.ts';
import { amplitudeAt, correlation, signalToNoise, sine } from './signals.fixture.ts';

const pairs = [
  [8000, 16_000],
  [16_000, 8000],
  [16_000, 24_000],
  [24_000, 16_000],
  [8000, 24_000],
  [24_000, 8000],
  [22_050, 16_000],
] as const;

/** In frames of 20 ms, as calls have them. */
function streamed(samples: Int16Array, from: number, to: number): Int16Array {
  const resampler = new Resampler(from, to);
  const frame = from / 50;
  const all: number[] = [];
  for (let at = 0; at + frame <= samples.length; at += frame) {
    const out = new Int16Array(resampler.samplesFor(frame));
    assert.equal(resampler.process(samples.subarray(at, at + frame), out), out.length);
    all.push(...out);
  }
  return Int16Array.from(all);
}

describe('a change of sample rate', () => {
  for (const [from, to] of pairs) {
    test(`from ${from} to ${to} Hz keeps a tone's pitch, level and shape`, () => {
      for (const hertz of [200, 1000, 3000]) {
        const got = resampled(sine(hertz, from, from), from, to);
        assert.equal(got.length, to);
        const middle = got.subarray(to / 10, to - to / 10);
        const wanted = sine(hertz, to, to).subarray(to / 10, to - to / 10);
        const snr = signalToNoise(wanted, middle);
        assert.ok(snr > 55, `${hertz} Hz: ${snr.toFixed(1)} dB`);
      }
    });
  }

  test('down to 8 kHz and back leaves a tone of the telephone band as it was', () => {
    for (const hertz of [300, 1000, 3400]) {
      const tone = sine(hertz, 16_000, 16_000);
      const back = resampled(resampled(tone, 16_000, 8000), 8000, 16_000);
      const alike = correlation(tone.subarray(1600, 14_400), back.subarray(1600, 14_400));
      assert.ok(alike > 0.99, `${hertz} Hz: ${alike}`);
    }
  });

  test('down does not fold what the lower rate cannot carry back into the audible', () => {
    for (const [hertz, alias] of [
      [4700, 3300],
      [6000, 2000],
      [7900, 100],
    ] as const) {
      const got = resampled(sine(hertz, 16_000, 16_000, 20_000), 16_000, 8000);
      const level = amplitudeAt(alias, 8000, got.subarray(800, 7200));
      assert.ok(level < 20, `${hertz} Hz comes back at ${alias} Hz with ${level.toFixed(1)} of 20000`);
    }
  });

  test('up adds no image of the tone above the old band', () => {
    const got = resampled(sine(3000, 8000, 8000, 20_000), 8000, 16_000);
    assert.ok(amplitudeAt(5000, 16_000, got.subarray(1600, 14_400)) < 20);
  });

  test('frame by frame gives the same samples as in one piece', () => {
    for (const [from, to] of pairs.slice(0, 6)) {
      const noise = Int16Array.from({ length: from / 2 }, (_, n) => ((n * 7919) % 20_011) - 10_000);
      const whole = new Resampler(from, to);
      const atOnce = new Int16Array(whole.samplesFor(noise.length));
      whole.process(noise, atOnce);
      assert.deepEqual(streamed(noise, from, to), atOnce);
    }
  });

  test('gives a frame of 20 ms for each frame of 20 ms', () => {
    for (const [from, to] of pairs.slice(0, 6)) {
      const resampler = new Resampler(from, to);
      for (let frame = 0; frame < 5; frame++) {
        assert.equal(resampler.process(new Int16Array(from / 50), new Int16Array(to / 50)), to / 50);
      }
    }
  });

  test('of the loudest there is stops at the ends of 16 bits instead of wrapping round', () => {
    const square = Int16Array.from({ length: 8000 }, (_, n) => (n % 40 < 20 ? 32_767 : -32_768));
    const got = resampled(square, 8000, 16_000);
    for (let n = 200; n < got.length - 200; n++) {
      const wanted = square[n >> 1]!;
      const isEdge = n % 40 < 2 || n % 40 > 37;
      assert.ok(isEdge || Math.sign(got[n]!) === Math.sign(wanted), `sample ${n}: ${got[n]}`);
    }
  });

  test('forgets the past when it is told to', () => {
    const resampler = new Resampler(8000, 16_000);
    resampler.process(sine(500, 8000, 160), new Int16Array(320));
    resampler.reset();
    const out = new Int16Array(320);
    resampler.process(new Int16Array(160), out);
    assert.ok(out.every((sample) => sample === 0));
  });

  test('refuses rates that are none, and room that is too small', () => {
    for (const rate of [0, -8000, 1.5, Number.NaN])
      assert.throws(() => new Resampler(rate, 8000), RangeError);
    assert.throws(() => new Resampler(8000, 16_000).process(new Int16Array(160), new Int16Array(319)), /320/);
  });
});
