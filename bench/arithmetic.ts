/** What the arithmetic of audio costs by itself: yardsticks for everything that has sockets around it. */
import { frameSamples } from '../src/wire/audio/frame.ts';
import { MixBus } from '../src/wire/audio/mix-bus.ts';
import { Resampler } from '../src/wire/audio/resample.ts';
import { decodeG711, encodeG711 } from '../src/wire/rtp/g711.ts';
import { median } from './figures.ts';

const rounds = 5;
/** Keeps the work from being optimized away. */
let sink = 0;

/** µs of CPU time of one run, the median of several rounds that take `budgetMs` in all. */
export function cost(run: () => number, budgetMs: number): number {
  for (const warm = performance.now() + budgetMs / 2; performance.now() < warm; ) sink += run();
  const figures = Array.from({ length: rounds }, () => {
    const before = process.cpuUsage();
    let count = 0;
    for (const until = performance.now() + budgetMs / rounds; performance.now() < until; count += 10)
      for (let n = 0; n < 10; n++) sink += run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / count;
  });
  if (Number.isNaN(sink)) throw new Error('the arithmetic came to nothing');
  return median(figures);
}

export const voice = (pitch: number, samples = frameSamples, amplitude = 6000): Int16Array =>
  Int16Array.from({ length: samples }, (_, n) => Math.round(amplitude * Math.sin((n * pitch) / 50)));

/** Everybody of a conference says a frame and hears one. */
export function mixed(parties: number, amplitude: number): () => number {
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

/** G.711 to 16 kHz, and back again. */
export function toTheBusAndBack(): () => number {
  const bytes = encodeG711('PCMU', voice(4, 160));
  const [up, down] = [new Resampler(8000, 16_000), new Resampler(16_000, 8000)];
  const [narrow, wide] = [new Int16Array(160), new Int16Array(frameSamples)];
  const back = new Uint8Array(160);
  return () => {
    up.process(decodeG711('PCMU', bytes, narrow), wide);
    down.process(wide, narrow);
    return encodeG711('PCMU', narrow, back)[7]!;
  };
}

/** µs of CPU for each party and second of a conference in which all speak. */
export const conferenceCost = (parties: number, budgetMs: number): number =>
  50 * (cost(mixed(parties, 20_000 / parties), budgetMs) / parties + cost(toTheBusAndBack(), budgetMs));
