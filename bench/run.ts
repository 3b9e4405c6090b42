/**
 * `npm run bench` runs every measure, `npm run bench -- calls get` those named. Figures stand beside a yardstick of the
 * same run; the machine is never quiet, so read ratios, and rates only where the load was small. It stops by itself and
 * never fails: a broken measure says so.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { rounded } from './figures.ts';

interface Measure {
  readonly says: string;
  readonly args: readonly string[];
  /** More than this means that it hangs. */
  readonly atMostS: number;
}

const measures: Readonly<Record<string, Measure>> = {
  ready: { says: 'start to ready line, and idle memory', args: [], atMostS: 90 },
  get: { says: 'GET of a call, HMAC checked', args: [], atMostS: 60 },
  calls: { says: 'whole calls: REST, SIP, callbacks, journal', args: [], atMostS: 240 },
  held: {
    says: 'a thousand calls at once, and ten thousand dialogs in the bare SIP stack',
    args: [],
    atMostS: 120,
  },
  http: { says: 'the HTTP edge alone: the same GET, without desks, records and logs', args: [], atMostS: 60 },
  stack: { says: 'the bare SIP stack, over UDP, TCP and TLS', args: [], atMostS: 120 },
  parse: { says: 'reading and writing a SIP message', args: [], atMostS: 60 },
  fuzz: { says: 'two million hostile inputs for the SIP and SDP readers', args: [], atMostS: 240 },
  flood: { says: 'calls while garbage floods the SIP port', args: [], atMostS: 90 },
  media: { says: 'what a phone leg costs: forwarded, mixed, recorded, streamed', args: [], atMostS: 60 },
  pacing: { says: 'how many phone legs a media process carries in time', args: [], atMostS: 60 },
  play: {
    says: 'from play to sound, from a key to its callback, through the whole server',
    args: [],
    atMostS: 60,
  },
  chat: { says: 'chat messages, told to every device and confirmed', args: [], atMostS: 180 },
  mixer: { says: 'the arithmetic of audio: mixing, sample rates, levels', args: [], atMostS: 60 },
};

async function run(name: string, { says, args, atMostS }: Measure): Promise<number> {
  const load = `load ${rounded(loadavg()[0] ?? 0, 1)} on ${availableParallelism()} processors`;
  console.log(`\n${name}: ${says} (${load})`);
  const started = performance.now();
  const file = fileURLToPath(new URL(`${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: 'inherit' });
  const limit = setTimeout(() => {
    console.log(`${name} took longer than ${atMostS} s and is stopped.`);
    child.kill('SIGKILL');
  }, atMostS * 1000);
  const [code] = await once(child, 'exit');
  clearTimeout(limit);
  if (code !== 0) console.log(`${name} gave no figures; why stands above.`);
  return Math.round((performance.now() - started) / 1000);
}

const named = process.argv.slice(2);
const unknown = named.filter((name) => !Object.hasOwn(measures, name));
if (unknown.length > 0) {
  console.log(`There is no measure ${unknown.join(', ')}; there are ${Object.keys(measures).join(', ')}.`);
} else {
  const seconds: Record<string, number> = {};
  for (const [name, measure] of Object.entries(measures)) {
    if (named.length === 0 || named.includes(name)) seconds[name] = await run(name, measure);
  }
  console.log('\nSeconds each took:');
  console.table(seconds);
}
