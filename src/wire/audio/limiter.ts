/** Brings a sum of voices into 16 bits without wrapping round and without audible pumping. */

/** -1 dBFS. What stays below passes unchanged. */
const ceiling = 29_204;
/** The gain falls within 2.5 ms, and comes back over about 250 ms: slower than syllables, faster than sentences. */
const attackSamples = 40;
const recoveryPerFrame = 0.08;

/** Above the ceiling the curve flattens towards full scale, and never reaches beyond. */
const bent = (value: number): number => {
  const magnitude = Math.abs(value);
  if (magnitude <= ceiling) return value;
  const room = 32_767 - ceiling;
  const over = (magnitude - ceiling) / room;
  return Math.sign(value) * (ceiling + (room * over) / (1 + over));
};

/** Limits one listener's stream; keeps its gain from frame to frame. */
export class Limiter {
  #gain = 1;

  /** 1 while nothing is held back. */
  get gain(): number {
    return this.#gain;
  }

  /** Writes `sum` (any 32-bit values) into `into`, which is as long: 20 ms a frame. */
  limit(sum: Int32Array, into: Int16Array): void {
    const before = this.#gain;
    let peak = 0;
    for (let index = 0; index < sum.length; index++) {
      const magnitude = Math.abs(sum[index]!);
      if (magnitude > peak) peak = magnitude;
    }
    const allowed = peak > ceiling ? ceiling / peak : 1;
    const recovered = before > 0.999 ? 1 : before + (1 - before) * recoveryPerFrame;
    const after = Math.min(allowed, recovered);
    this.#gain = after;
    if (before === 1 && after === 1) {
      for (let index = 0; index < sum.length; index++) into[index] = sum[index]!;
      return;
    }
    const ramp = after < before ? Math.min(attackSamples, sum.length) : sum.length;
    const step = (after - before) / ramp;
    for (let index = 0; index < sum.length; index++) {
      const gain = index < ramp ? before + step * (index + 1) : after;
      into[index] = Math.round(bent(sum[index]! * gain));
    }
  }
}
