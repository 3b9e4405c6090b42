/** The next number, 0 to `below - 1`. The same sequence for the same seed. */
export type Random = (below: number) => number;

export function seeded(seed: number): Random {
  let a = (seed ^ 0x9e3779b9) | 0;
  return (below) => {
    // mulberry32
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

export function one<T>(next: Random, values: readonly T[]): T {
  const value = values[next(values.length)];
  if (value === undefined) throw new Error('one of nothing');
  return value;
}
