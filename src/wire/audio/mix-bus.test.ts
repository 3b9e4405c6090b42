import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Limiter } from './limiter.ts';
import { MixBus, type MixInput } from './mix-bus.ts';
import { correlation, rms, sine } from './signals.fixture.ts';

const rate = 16_000;
const frame = 320;

/** Plays one signal into each input, and gives what each hears, and what all together are. */
function converse(bus: MixBus, parties: ReadonlyMap<MixInput, Int16Array>, samples: number) {
  const heard = new Map([...parties.keys()].map((input) => [input, new Int16Array(samples)]));
  const all = new Int16Array(samples);
  for (let at = 0; at < samples; at += frame) {
    for (const [input, said] of parties) input.hear(said.subarray(at, at + frame));
    bus.mix();
    for (const [input, into] of heard) input.take(into.subarray(at, at + frame));
    bus.takeAll(all.subarray(at, at + frame));
  }
  return { heard: [...heard.values()], all };
}

/** Without the minutes that a report of every difference takes. */
const isSame = (one: Int16Array, other: Int16Array): boolean =>
  one.length === other.length && one.every((sample, n) => sample === other[n]);

const steady = (samples: Int16Array): Int16Array => samples.subarray(rate / 2);

describe('a conference', () => {
  test('lets everybody hear the others, and nobody himself', () => {
    const bus = new MixBus();
    const said = [sine(300, rate, rate, 5000), sine(700, rate, rate, 5000), sine(1100, rate, rate, 5000)];
    const { heard, all } = converse(bus, new Map(said.map((each) => [bus.join(), each])), rate);
    for (const [index, hears] of heard.entries()) {
      const others = new Int16Array(rate);
      for (const each of said.toSpliced(index, 1)) for (let n = 0; n < rate; n++) others[n]! += each[n]!;
      assert.ok(isSame(hears, others));
      assert.ok(Math.abs(correlation(hears, said[index]!)) < 0.01);
    }
    assert.ok(correlation(all, said[0]!) > 0.5);
  });

  test('passes a voice alone unchanged, sample for sample', () => {
    const bus = new MixBus();
    const voice = sine(440, rate, rate, 29_000);
    const { heard } = converse(
      bus,
      new Map([
        [bus.join(), voice],
        [bus.join(), new Int16Array(rate)],
      ]),
      rate,
    );
    assert.ok(isSame(heard[1]!, voice));
    assert.ok(heard[0]!.every((sample) => sample === 0));
  });

  test('is silent for whoever says nothing in a frame, and forgets who left', () => {
    const bus = new MixBus();
    const [alice, bob] = [bus.join(), bus.join()];
    const out = new Int16Array(frame);
    alice.hear(sine(440, rate, frame));
    bus.mix();
    bob.take(out);
    assert.ok(rms(out) > 1000);
    bus.mix();
    bob.take(out);
    assert.equal(rms(out), 0);
    alice.hear(sine(440, rate, frame));
    alice.leave();
    bus.mix();
    bob.take(out);
    assert.deepEqual([rms(out), bus.size], [0, 1]);
  });

  test('plays to one what is for that one alone', () => {
    const bus = new MixBus();
    const [alice, bob] = [bus.join(), bus.join()];
    const prompt = sine(900, rate, frame, 8000);
    const [toAlice, toBob] = [new Int16Array(frame), new Int16Array(frame)];
    bus.mix();
    alice.take(toAlice, prompt);
    bob.take(toBob);
    assert.ok(isSame(toAlice, prompt));
    assert.equal(rms(toBob), 0);
  });

  test('mutes and amplifies what the others hear, without a click', () => {
    const bus = new MixBus();
    const [alice, bob] = [bus.join(), bus.join()];
    const voice = sine(440, rate, 4 * frame, 8000);
    const out = new Int16Array(4 * frame);
    for (let index = 0; index < 4; index++) {
      if (index === 1) alice.muted = true;
      if (index === 3) {
        alice.muted = false;
        alice.gain = 2;
      }
      alice.hear(voice.subarray(index * frame, (index + 1) * frame));
      bus.mix();
      bob.take(out.subarray(index * frame, (index + 1) * frame));
    }
    const levels = [0, 1, 2, 3].map((index) => rms(out.subarray(index * frame, (index + 1) * frame)));
    assert.ok(levels[0]! > 5500 && levels[1]! < levels[0]! && levels[2] === 0, String(levels));
    assert.ok(Math.abs(out.at(-1)! - 2 * voice.at(-1)!) <= 2);
    const steepest = Math.max(...voice.map((sample, n) => Math.abs(sample - (voice[n - 1] ?? 0))));
    for (let n = 1; n < out.length; n++) {
      assert.ok(Math.abs(out[n]! - out[n - 1]!) <= 2 * steepest + 30, `a click at sample ${n}`);
    }
  });

  test('refuses a frame of another length', () => {
    const bus = new MixBus();
    assert.throws(() => bus.join().hear(new Int16Array(160)), /320 samples, not 160/);
    assert.throws(() => bus.join().take(new Int16Array(480)), /320 samples, not 480/);
  });
});

describe('a sum too loud for 16 bits', () => {
  const shapes: Readonly<Record<string, readonly Int16Array[]>> = {
    'of two equal tones': [sine(440, rate, rate, 32_000), sine(440, rate, rate, 32_000)],
    'of ten tones': Array.from({ length: 10 }, (_, k) => sine(200 + 130 * k, rate, rate, 30_000)),
    'of square waves': Array.from({ length: 4 }, () =>
      sine(300, rate, rate).map((x) => (x < 0 ? -32_768 : 32_767)),
    ),
  };
  for (const [name, said] of Object.entries(shapes)) {
    test(`${name} never wraps round: every sample has the sign of the sum`, () => {
      const bus = new MixBus();
      const { all } = converse(bus, new Map(said.map((each) => [bus.join(), each])), rate);
      for (let n = 0; n < rate; n++) {
        const sum = said.reduce((total, each) => total + each[n]!, 0);
        assert.ok(Math.sign(sum) * all[n]! >= -1, `sample ${n}: ${all[n]} for ${sum}`);
        assert.ok(Math.abs(all[n]!) <= Math.abs(sum) + 1);
      }
    });
  }

  test('of two tones keeps its shape and a steady level', () => {
    const bus = new MixBus();
    const said = [sine(440, rate, 2 * rate, 30_000), sine(620, rate, 2 * rate, 30_000)];
    const { all } = converse(bus, new Map(said.map((each) => [bus.join(), each])), 2 * rate);
    const half = said[0]!.map((sample, n) => (sample + said[1]![n]!) / 2);
    assert.ok(correlation(steady(half), steady(all)) > 0.998);
    const levels = Array.from({ length: 10 }, (_, k) =>
      rms(all.subarray(rate + k * 1600, rate + (k + 1) * 1600)),
    );
    assert.ok(Math.max(...levels) / Math.min(...levels) < 1.06, levels.map(Math.round).join(' '));
  });

  test('lets go slowly: the gain comes back in a second, not within a syllable', () => {
    const limiter = new Limiter();
    const out = new Int16Array(frame);
    limiter.limit(new Int32Array(frame).fill(90_000), out);
    const held = limiter.gain;
    const quiet = new Int32Array(frame).fill(1000);
    const gains = Array.from({ length: 60 }, () => {
      limiter.limit(quiet, out);
      return limiter.gain;
    });
    assert.ok(held < 0.33 && gains[2]! < 0.5 && gains[49]! > 0.98 && gains.at(-1)! > 0.99, String(gains));
    for (const [index, gain] of gains.entries()) assert.ok(gain - (gains[index - 1] ?? held) < 0.06);
  });

  test('returns to passing samples unchanged', () => {
    const limiter = new Limiter();
    const out = new Int16Array(frame);
    limiter.limit(new Int32Array(frame).fill(-2_000_000), out);
    const sum = Int32Array.from(sine(500, rate, frame));
    for (let index = 0; index < 150; index++) limiter.limit(sum, out);
    assert.deepEqual([...out], [...sum]);
  });
});
