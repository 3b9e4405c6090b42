/**
 * What audio costs before any socket: µs of CPU for each 20 ms frame of one party. Yardstick: copying the frame, and adding it to a
 * sum and taking it away again without any limiter. `node bench/mixer.ts [milliseconds for each figure, 300 when absent]`
 */

import { heard, listening } from '../src/wire/audio/endpointing.ts';
import { frameSamples } from '../src/wire/audio/frame.ts';
import { levelOf, loudnessAfter, quiet } from '../src/wire/audio/level.ts';
import { MixBus } from '../src/wire/audio/mix-bus.ts';
import { Resampler } from '../src/wire/audio/resample.ts';
import { decodeG711, encodeG711 } from '../src/wire/rtp/g711.ts';
import { median, rounded, times } from './figures.ts';

const budgetMs = Number(process.argv[2] ?? 300);
const rounds = 5;
const frameUs = 20_000;

/** µs of CPU time of one run, the median of several rounds. `sink` keeps the work from being optimized away. */
let sink = 0;
function cost(run: () => number): number {
  for (const warm = performance.now() + budgetMs / 2; performance.now() < warm; ) sink += run();
  const figures = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    let count = 0;
    for (const until = performance.now() + budgetMs / rounds; performance.now() < until; count += 10)
      for (let n = 0; n < 10; n++) sink += run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  });
  return median(figures);
}

const voice = (pitch: number, samples = frameSamples, amplitude = 6000): Int16Array =>
  Int16Array.from({ length: samples }, (_, n) => Math.round(amplitude * Math.sin((n * pitch) / 50)));

/** Everybody of a conference says a frame and hears one. */
function mixed(parties: number, amplitude: number): () => number {
  const bus = new MixBus();
  const legs = Array.from({ length: parties }, (_, index) => ({
    input: bus.join(),
    says: voice(3 + (index % 11), frameSamples, amplitude),
    hears: new Int16Array(frameSamples),
  }));
  return () => {
    for (const { input, says } of legs) input.hear(says);
    bus.mix();
    for (const { input, hears } of legs) input.take(hears);
    return legs[0]!.hears[7]!;
  };
}

/** The same without classes, gains and limiter: the sum, and each one's own part taken away. */
function bare(parties: number): () => number {
  const says = Array.from({ length: parties }, (_, index) => voice(3 + (index % 11)));
  const sum = new Int32Array(frameSamples);
  const hears = new Int16Array(frameSamples);
  return () => {
    sum.fill(0);
    for (const each of says) for (let n = 0; n < frameSamples; n++) sum[n]! += each[n]!;
    for (const each of says) {
      for (let n = 0; n < frameSamples; n++) {
        const value = sum[n]! - each[n]!;
        hears[n] = Math.max(-32_768, Math.min(32_767, value));
      }
    }
    return hears[7]!;
  };
}

const conferences = [3, 20, 100].map((parties) => {
  const yardstick = cost(bare(parties)) / parties;
  const clear = cost(mixed(parties, 20_000 / parties)) / parties;
  const limited = cost(mixed(parties, 30_000)) / parties;
  return {
    parties,
    'mixed µs': rounded(clear),
    'with the limiter at work': rounded(limited),
    'bare sum µs': rounded(yardstick),
    'of it': times(clear, yardstick),
    'parties on one core': Math.floor(frameUs / clear),
  };
});
console.table(conferences);

const copied = new Int16Array(frameSamples);
const wide = voice(4);
const copy = cost(() => {
  copied.set(wide);
  return copied[7]!;
});
const resampling = ([from, to]: readonly [number, number]): (() => number) => {
  const resampler = new Resampler(from, to);
  const [input, output] = [voice(4, from / 50), new Int16Array(to / 50)];
  return () => resampler.process(input, output);
};
const narrow = voice(4, 160);
const bytes = encodeG711('PCMU', narrow);
const [up, down] = [new Resampler(8000, 16_000), new Resampler(16_000, 8000)];
const [into, back] = [new Int16Array(frameSamples), new Int16Array(160)];
let state = listening;
let loudness = quiet;
const settings = { initialSilenceMs: 5000, endSilenceMs: 2000, mostMs: Number.POSITIVE_INFINITY };
const steps: Readonly<Record<string, () => number>> = {
  '8 kHz to 16 kHz': resampling([8000, 16_000]),
  '16 kHz to 8 kHz': resampling([16_000, 8000]),
  '16 kHz to 24 kHz': resampling([16_000, 24_000]),
  '24 kHz to 16 kHz': resampling([24_000, 16_000]),
  'G.711 to the bus and back': () => {
    up.process(decodeG711('PCMU', bytes), into);
    down.process(into, back);
    return encodeG711('PCMU', back)[7]!;
  },
  'level, and who speaks': () => {
    loudness = loudnessAfter(loudness, levelOf(wide), 20);
    return loudness.db;
  },
  'level, and when somebody is done': () => {
    state = heard(state, levelOf(wide), 20, settings);
    return state.phase.length;
  },
};
console.table(
  Object.entries(steps).map(([step, run]) => {
    const figure = cost(run);
    return {
      step,
      'µs per frame': rounded(figure),
      'copying a frame': rounded(copy),
      'of it': times(figure, copy),
    };
  }),
);
console.log(`A frame lasts ${frameUs} µs.${sink === 0.5 ? ' ' : ''}`);
