import { type Random, seeded } from './random.ts';

/** Runs `count` inputs and counts their outcomes. What fails names the seed that does it again alone. */
export function fuzzMany(
  count: number,
  seed: number,
  fuzz: (next: Random) => string,
): Readonly<Record<string, number>> {
  const outcomes: Record<string, number> = {};
  for (let n = seed; n < seed + count; n++) {
    try {
      const outcome = fuzz(seeded(n));
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    } catch (cause) {
      throw new Error(`seed ${n}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
  return outcomes;
}
