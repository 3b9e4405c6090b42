/**
 * What audio costs before any socket: µs of CPU for each 20 ms frame of one party. Yardstick: copying the frame, and adding it to a
 * sum and taking it away again without any limiter. `node bench/mixer.ts [milliseconds for each figure, 300 when absent]`
 */

import { heard, listening } from '../src/wire/audio/endpointing.ts';
import { frameSamples } from '../src/wire/audio/frame.ts';
import { levelOf, loudnessAfter, quiet } from '../src/wire/audio/level.ts';
import { Resampler } from '../src/wire/audio/resample.ts';
import { cost as costOf, mixed, toTheBusAndBack, voice } from './arithmetic.ts';
import { rounded, times } from './figures.ts';

const budgetMs = Number(process.argv[2] ?? 300);
const frameUs = 20_000;
const cost = (run: () => number): number => costOf(run, budgetMs);

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
let state = listening;
let loudness = quiet;
const settings = { initialSilenceMs: 5000, endSilenceMs: 2000, mostMs: Number.POSITIVE_INFINITY };
const steps: Readonly<Record<string, () => number>> = {
  '8 kHz to 16 kHz': resampling([8000, 16_000]),
  '16 kHz to 8 kHz': resampling([16_000, 8000]),
  '16 kHz to 24 kHz': resampling([16_000, 24_000]),
  '24 kHz to 16 kHz': resampling([24_000, 16_000]),
  'G.711 to the bus and back': toTheBusAndBack(),
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
console.log(`A frame lasts ${frameUs} µs.`);
