/**
 * A million SIP messages and a million session descriptions, other ones with every run; `npm test` runs a tenth, always
 * the same. A property that does not hold ends it with the seed that does it again.
 *
 *     node bench/fuzz.ts [inputs of each kind, 1000000 when absent] [seed]
 */
import type { Random } from '../test/fuzz/random.ts';
import { fuzzMany } from '../test/fuzz/run.ts';
import { fuzzSdp } from '../test/fuzz/sdp-properties.ts';
import { fuzzSip } from '../test/fuzz/sip-properties.ts';
import { rounded } from './figures.ts';

const count = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? Date.now() % 2 ** 31);

const kinds: Readonly<Record<string, (next: Random) => string>> = { SIP: fuzzSip, SDP: fuzzSdp };
console.log(`Seed ${seed}.`);
for (const [kind, fuzz] of Object.entries(kinds)) {
  let slowest = 0;
  const started = performance.now();
  let last = started;
  const outcomes = fuzzMany(count, seed, (next) => {
    const outcome = fuzz(next);
    const now = performance.now();
    slowest = Math.max(slowest, now - last);
    last = now;
    return outcome;
  });
  const took = last - started;
  console.table([
    {
      kind,
      inputs: count,
      failed: 0,
      'µs each, properties and all': rounded((took * 1000) / count, 1),
      'slowest ms': rounded(slowest, 1),
      ...outcomes,
    },
  ]);
}
console.log('Aim: none fails. The slowest is a pause of the collector as a rule.');
