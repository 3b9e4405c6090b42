/**
 * Change of sample rate by a polyphase FIR filter: zeros between the samples, a low pass, and only those products that are
 * not zero (Crochiere and Rabiner, "Multirate Digital Signal Processing", 1983, chapter 3). The low pass is a sinc under a
 * Kaiser window: flat to 0.86 of the lower Nyquist frequency, images and aliases 70 dB down.
 */
import { toSample } from './frame.ts';

/** Kaiser's formula for 70 dB. */
const attenuationDb = 70;
const beta = 0.1102 * (attenuationDb - 8.7);
/** Of the lower Nyquist frequency. 8 kHz audio is flat to 3440 Hz: telephony ends at 3400. */
const passes = 0.86;
/** Aliases may fold down to where the pass band ends, no further. */
const stops = 2 - passes;

/** Modified Bessel function of the first kind, order zero. */
const bessel = (x: number): number => {
  let sum = 1;
  for (let term = 1, k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
};

/** Coefficients that are not zero, and which sample of the window each is for; their number is a multiple of four. */
interface Scattered {
  readonly coefficients: Float64Array;
  readonly places: Int32Array;
}

/**
 * One in the middle, and pairs around it that share a coefficient: half the products, and places that need no table.
 * `first`, `last`: of the outermost pair; each further one is `step` closer. Their number is a multiple of four.
 */
interface Folded {
  readonly pairs: Float64Array;
  readonly first: number;
  readonly last: number;
  readonly step: number;
  readonly middle: number;
  readonly centre: number;
}

type Phase = Scattered | Folded;

const isZero = (coefficient: number): boolean => Math.abs(coefficient) <= 1e-9;

/** Between a rate and its double, all phases can be folded. */
function folded(all: Float64Array): Folded | undefined {
  const kept = [...all.keys()].filter((tap) => !isZero(all[tap]!));
  const middle = kept.length % 2 === 1 ? kept[kept.length >> 1]! : undefined;
  const half = kept.slice(0, kept.length >> 1);
  const [first = 0, second = 1] = half;
  const last = kept.at(-1)!;
  const step = second - first;
  const fits = half.every((tap, n) => tap === first + n * step && isZero(all[tap]! - all[last - n * step]!));
  if (!fits) return undefined;
  const pairs = new Float64Array(4 * Math.ceil(half.length / 4));
  pairs.set(half.map((tap) => all[tap]!));
  return {
    ...{ pairs, first, last, step },
    ...{ middle: middle ?? 0, centre: middle === undefined ? 0 : all[middle]! },
  };
}

/** Between a rate and its double, every other coefficient of a sinc is zero. */
function withoutZeros(all: Float64Array): Scattered {
  const kept = [...all.keys()].filter((tap) => !isZero(all[tap]!));
  const length = 4 * Math.ceil(kept.length / 4);
  const places = Int32Array.from({ length }, (_, index) => kept[index] ?? 0);
  return {
    places,
    coefficients: Float64Array.from(places, (tap, index) => (index < kept.length ? all[tap]! : 0)),
  };
}

interface Filter {
  readonly phases: readonly Phase[];
  readonly taps: number;
  /** By how many input samples the output lags behind: a whole number, because there are evenly many taps. */
  readonly lag: number;
}

const design = (up: number, down: number): Filter => {
  const widest = Math.max(up, down);
  // In cycles per sample of the rate between, `up` times that of the input.
  const transition = (stops - passes) / (2 * widest);
  const wanted = (attenuationDb - 7.95) / (14.36 * transition);
  const taps = 2 * Math.ceil(wanted / (2 * up));
  const length = taps * up;
  const middle = length / 2;
  const cut = 1 / widest;
  const at = (n: number): number => {
    const x = n - middle;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cut * x) / (Math.PI * cut * x);
    const edge = 1 - (x / middle) ** 2;
    return sinc * (edge <= 0 ? 0 : bessel(beta * Math.sqrt(edge)));
  };
  const phases = Array.from({ length: up }, (_, phase) => {
    const coefficients = Float64Array.from({ length: taps }, (__, tap) => at((taps - 1 - tap) * up + phase));
    // Each phase passes direct current unchanged, so that a level does not ripple from sample to sample.
    const sum = coefficients.reduce((total, each) => total + each, 0);
    const even = coefficients.map((each) => each / sum);
    return folded(even) ?? withoutZeros(even);
  });
  return { phases, taps, lag: middle / up };
};

const filters = new Map<string, Filter>();

const filterOf = (up: number, down: number): Filter => {
  const key = `${up}/${down}`;
  const known = filters.get(key);
  if (known) return known;
  const made = design(up, down);
  filters.set(key, made);
  return made;
};

const divisor = (one: number, other: number): number => (other === 0 ? one : divisor(other, one % other));

/** Outputs of one phase: the first is made of the window from `at` on and stands at `out`; there are `count`. */
interface Run {
  readonly window: Float64Array;
  readonly into: Int16Array;
  readonly at: number;
  readonly atStep: number;
  readonly out: number;
  readonly outStep: number;
  readonly count: number;
}

// Four sums side by side: an addition that waits for the one before it takes four times as long.

function runScattered({ coefficients, places }: Scattered, run: Run): void {
  const { window, into, atStep, outStep } = run;
  let { at, out } = run;
  for (let left = run.count; left > 0; left--) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let tap = 0; tap < places.length; tap += 4) {
      a += coefficients[tap]! * window[at + places[tap]!]!;
      b += coefficients[tap + 1]! * window[at + places[tap + 1]!]!;
      c += coefficients[tap + 2]! * window[at + places[tap + 2]!]!;
      d += coefficients[tap + 3]! * window[at + places[tap + 3]!]!;
    }
    into[out] = toSample(a + b + c + d);
    at += atStep;
    out += outStep;
  }
}

function runFolded({ pairs, first, last, step, middle, centre }: Folded, run: Run): void {
  const { window, into, atStep, outStep } = run;
  const [two, three, four] = [2 * step, 3 * step, 4 * step];
  let { at, out } = run;
  for (let left = run.count; left > 0; left--) {
    let low = at + first;
    let high = at + last;
    let a = centre * window[at + middle]!;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let pair = 0; pair < pairs.length; pair += 4) {
      a += pairs[pair]! * (window[low]! + window[high]!);
      b += pairs[pair + 1]! * (window[low + step]! + window[high - step]!);
      c += pairs[pair + 2]! * (window[low + two]! + window[high - two]!);
      d += pairs[pair + 3]! * (window[low + three]! + window[high - three]!);
      low += four;
      high -= four;
    }
    into[out] = toSample(a + b + c + d);
    at += atStep;
    out += outStep;
  }
}

/** Samples that are filtered in one go. */
const blockSamples = 960;

/**
 * One stream from one rate to another; keeps what it needs of the past, and allocates nothing per frame.
 *
 * ```ts
 * const up = new Resampler(8000, 16000);
 * const wide = new Int16Array(320);
 * up.process(frame, wide); // 160 samples in, 320 out
 * ```
 */
export class Resampler {
  readonly #up: number;
  readonly #down: number;
  readonly #filter: Filter;
  /** The last `taps - 1` samples of before, then the block. */
  readonly #window: Float64Array;
  /** Where the next output sample lies, in steps of the rate between, counted from the start of the next block. */
  #next = 0;

  /** Rates in Hz. Throws a RangeError for rates that are not whole numbers above 0. */
  constructor(from: number, to: number) {
    if (!Number.isInteger(from) || !Number.isInteger(to) || from < 1 || to < 1) {
      throw new RangeError(`Cannot change ${from} Hz to ${to} Hz: sample rates are whole numbers above 0.`);
    }
    const common = divisor(from, to);
    this.#up = to / common;
    this.#down = from / common;
    this.#filter = filterOf(this.#up, this.#down);
    this.#window = new Float64Array(this.#filter.taps - 1 + blockSamples);
  }

  /** By how many input samples the output lags behind the input. */
  get lag(): number {
    return this.#filter.lag;
  }

  /** How many samples the next `count` ones become. A frame of 20 ms always becomes a frame of 20 ms. */
  samplesFor(count: number): number {
    return Math.max(0, Math.ceil((count * this.#up - this.#next) / this.#down));
  }

  /** Fills `into`, which has room for `samplesFor(input.length)`, and returns how many samples it wrote. */
  process(input: Int16Array, into: Int16Array): number {
    const due = this.samplesFor(input.length);
    if (into.length < due) throw new RangeError(`${due} samples do not fit into ${into.length}.`);
    let written = 0;
    for (let from = 0; from < input.length; from += blockSamples) {
      written = this.#block(input, from, Math.min(blockSamples, input.length - from), into, written);
    }
    return written;
  }

  /** Forgets the past: what comes next has nothing to do with what came before. */
  reset(): void {
    this.#window.fill(0);
    this.#next = 0;
  }

  #block(input: Int16Array, from: number, count: number, into: Int16Array, written: number): number {
    const window = this.#window;
    const { phases, taps } = this.#filter;
    const up = this.#up;
    const down = this.#down;
    for (let index = 0; index < count; index++) window[taps - 1 + index] = input[from + index]!;
    const end = count * up;
    const outputs = Math.max(0, Math.ceil((end - this.#next) / down));
    // Phases come in turn: output `n` is of the same as output `n + up`.
    for (let turn = 0; turn < Math.min(up, outputs); turn++) {
      const first = this.#next + turn * down;
      const at = Math.floor(first / up);
      const phase = phases[first - at * up]!;
      const count = Math.ceil((outputs - turn) / up);
      const run = { window, into, at, atStep: down, out: written + turn, outStep: up, count };
      if ('pairs' in phase) runFolded(phase, run);
      else runScattered(phase, run);
    }
    this.#next += outputs * down - end;
    window.copyWithin(0, count, count + taps - 1);
    return written + outputs;
  }
}

/** A whole recording at another rate: as long as before, and without the lag. */
export function resampled(samples: Int16Array, from: number, to: number): Int16Array {
  if (from === to) return samples.slice();
  const resampler = new Resampler(from, to);
  // Silence in front makes the lag a whole number of samples at the new rate.
  const front = (from - (resampler.lag % from)) % (from / divisor(from, to));
  const padded = new Int16Array(front + samples.length + resampler.lag + 1);
  padded.set(samples, front);
  const all = new Int16Array(resampler.samplesFor(padded.length));
  resampler.process(padded, all);
  const skipped = ((resampler.lag + front) * to) / from;
  return all.slice(skipped, skipped + Math.round((samples.length * to) / from));
}
