/**
 * Reading and writing SIP messages: µs of CPU time each, beside the readers and writers of SIP.js and JsSIP on the same messages.
 * "Read" is what each stack does with a message that comes; "and reached" asks all three for the same parts of it, which
 * must come to the same. JSON.parse of as many bytes says how fast the machine is.
 *
 *     node bench/parse.ts [milliseconds for each figure, 200 when absent]
 */
import { parseSdp } from '../src/wire/sdp/sdp.ts';
import { median, rounded, times } from './figures.ts';
import { type Codec, jsSip, ours, sipJs } from './sip-codecs.ts';
import { messages, plainInvite, sdp } from './sip-messages.ts';

const budgetMs = Number(process.argv[2] ?? 200);
const rounds = 5;
const clockEveryMs = 2;

/** Keeps the work from being optimized away. */
let sink = 0;

const cpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};

/** `ms` of CPU time from now on are over, or twice as much of wall time, where other processes take their turn. */
function spent(ms: number): () => boolean {
  const cpu = cpuMs() + ms;
  const wall = performance.now() + 2 * ms;
  return () => cpuMs() >= cpu || performance.now() >= wall;
}

/** µs of one run in CPU time of this thread, which other processes do not lengthen; the median of several rounds. */
function cost(run: () => number): number {
  let warmed = 0;
  const begun = cpuMs();
  const warm = spent(budgetMs / 2);
  for (; warmed === 0 || !warm(); warmed++) sink += run();
  // Looking at the clock costs too; a slow run is looked at after each.
  const batch = Math.max(1, Math.round((warmed * clockEveryMs) / (cpuMs() - begun)));
  const figures = Array.from({ length: rounds }, () => {
    const started = cpuMs();
    const done = spent(budgetMs / rounds);
    let count = 0;
    for (; count === 0 || !done(); count += batch) for (let n = 0; n < batch; n++) sink += run();
    return ((cpuMs() - started) * 1000) / count;
  });
  return median(figures);
}

interface Figures {
  readonly read: number;
  readonly reached: number;
  /** What `reach` came to. */
  readonly sum: number;
}

function reading<M>({ read, reach }: Codec<M>, text: string): Figures | undefined {
  const first = read(text);
  if (first === undefined) return undefined;
  const again = (): M => read(text)!;
  return {
    read: cost(() => (again() === undefined ? 0 : 1)),
    reached: cost(() => reach(again())),
    sum: reach(first),
  };
}

/** The same bytes as a JSON string in an object, headers apart. */
const asJson = (text: string): string => JSON.stringify(text.split('\r\n'));

const other = (figures: Figures | undefined, own: Figures): string => {
  if (!figures) return 'refused';
  const note = figures.sum === own.sum ? '' : ' (read otherwise)';
  return `${rounded(figures.reached, 1)} = ${times(figures.reached, own.reached)}${note}`;
};

const readings = Object.entries(messages).map(([name, text]) => {
  const own = reading(ours, text);
  if (!own) throw new Error(`we do not take ${name}`);
  const json = asJson(text);
  const yardstick = cost(() => (JSON.parse(json) as readonly string[]).length);
  return {
    message: name,
    bytes: text.length,
    'read µs': rounded(own.read),
    'and reached': rounded(own.reached),
    'SIP.js': other(reading(sipJs, text), own),
    JsSIP: other(reading(jsSip, text), own),
    'JSON.parse': rounded(yardstick),
  };
});
console.log('Reading, µs. SIP.js and JsSIP stand beside "and reached", and how many times that they take:');
console.table(readings);

function writing<M>(codec: Codec<M>): readonly [number, number] {
  const request = codec.read(plainInvite);
  if (request === undefined) throw new Error('a plain INVITE was refused');
  return [cost(() => codec.writeRequest(sdp).length), cost(() => codec.writeResponse(request, sdp).length)];
}

const writings = [writing(ours), writing(sipJs), writing(jsSip)] as const;
const written = (what: string, at: 0 | 1) => {
  const [own, one, two] = writings;
  return {
    message: what,
    'ours µs': rounded(own[at]),
    'SIP.js': `${rounded(one[at])} = ${times(one[at], own[at])}`,
    JsSIP: `${rounded(two[at])} = ${times(two[at], own[at])}`,
  };
};
console.log('Writing, each from its own parts; SIP.js and JsSIP make tags where they find none:');
console.table([written('INVITE with SDP', 0), written('200 with SDP', 1)]);

const offered = jsSip.read(plainInvite);
if (!offered) throw new Error('a plain INVITE was refused');
const sdpOwn = cost(() => parseSdp(sdp)?.media.length ?? 0);
const sdpOther = cost(() => jsSip.readSdp(offered));
console.table([
  {
    'SDP, bytes': sdp.length,
    'ours µs': rounded(sdpOwn),
    'JsSIP (sdp-transform)': `${rounded(sdpOther)} = ${times(sdpOther, sdpOwn)}`,
  },
]);
console.log(`Aim: a message costs less than 10 µs.${sink < 0 ? ' ' : ''}`);
