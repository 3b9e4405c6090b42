/**
 * How many phone legs one media process carries: every packet heard, none more than 5 ms behind its schedule at p99. And
 * whether a hundred calls that play different files keep it from that. Yardstick: how late a timer of 20 ms is in a process
 * that does nothing else, in the same seconds.
 *
 *     node bench/pacing.ts [seconds for each figure, 3 when absent]
 */
import { writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { bytesOf } from '../src/wire/wav/wav.ts';
import { pause, percentile, rounded } from './figures.ts';
import { type MediaProcess, openMediaProcess } from './media-process.ts';

const seconds = Number(process.argv[2] ?? 3);
const cleanP99Ms = 5;
const tickP99Ms = 10;
/** Tried in this order until the aim is missed. */
const climbing = {
  'forwarded, 2 in a call': { perCall: 2, legs: [200, 400, 600] },
  'mixed, 3 in a call': { perCall: 3, legs: [198, 300, 399] },
} as const;

interface Figures {
  readonly late: readonly number[];
  readonly timer: readonly number[];
  /** Of those the phones were owed and were not sent or did not get, and those they sent and the legs did not get. */
  readonly lost: number;
  readonly cpu: number;
}

/** How late a timer of 20 ms comes, here. */
function timerLateness(): { stop(): readonly number[] } {
  const late: number[] = [];
  let due = performance.now() + 20;
  const timer = setInterval(() => {
    late.push(Math.max(0, performance.now() - due));
    due = performance.now() + 20;
  }, 20);
  return {
    stop: () => {
      clearInterval(timer);
      return late;
    },
  };
}

async function observe(media: MediaProcess): Promise<Figures> {
  await media.phones.heard();
  const before = await media.lost();
  const watch = media.watch();
  const timer = timerLateness();
  const [cpu, since] = [media.cpu(), performance.now()];
  await pause(seconds * 1000);
  const busy = (media.cpu() - cpu) / 1000 / (performance.now() - since);
  const late = watch.lateness();
  const { lost } = await media.phones.heard();
  return { late, timer: timer.stop(), lost: lost + (await media.lost()) - before, cpu: busy };
}

const row = (what: string, legs: number, { late, timer, lost, cpu }: Figures) => ({
  what,
  legs,
  'late p50 ms': rounded(percentile(late, 0.5)),
  'p99 ms': rounded(percentile(late, 0.99)),
  'worst ms': rounded(percentile(late, 1)),
  'a bare timer p99 ms': rounded(percentile(timer, 0.99)),
  'packets lost': lost,
  'of a core': `${Math.round(100 * cpu)} %`,
  'legs on a core': Math.floor(legs / cpu),
  load: rounded(loadavg()[0] ?? 0, 1),
});

/** Where a bare timer is late as well, it is the machine that is busy, and nothing is known. */
const isMissed = ({ late, lost, timer }: Figures): boolean =>
  percentile(timer, 0.99) < cleanP99Ms && (lost > 0 || percentile(late, 0.99) >= cleanP99Ms);

const rows = [];
for (const [what, { perCall, legs }] of Object.entries(climbing)) {
  for (const count of legs) {
    const media = await openMediaProcess({ legs: count, perCall });
    try {
      await pause(1500);
      const figures = await observe(media);
      rows.push(row(what, count, figures));
      if (isMissed(figures)) break;
    } finally {
      await media.stop();
    }
  }
}
console.table(rows);
console.log(
  `Aim: 400 legs on a core, p99 under ${cleanP99Ms} ms, none lost; it climbs until that is missed while a bare timer is in time. The phones have a process of their own on one of ${availableParallelism()} processors.`,
);

/** A file for each of a hundred calls, ten seconds long; all begin at once. */
async function playing(): Promise<void> {
  const calls = 100;
  const media = await openMediaProcess({ legs: calls, perCall: 1, speaking: 0 });
  try {
    for (let call = 0; call < calls; call++) {
      const samples = Int16Array.from(
        { length: 160_000 },
        (_, n) => 5000 * Math.sin((n * (call + 10)) / 400),
      );
      writeFileSync(join(media.folder, `file-${call}`), bytesOf(samples));
    }
    await pause(1500);
    const observed = observe(media);
    for (let call = 0; call < calls; call++) {
      const prompts = [`file-${call}`];
      media.host.port.play({
        ...{ callId: media.callOf(call), operationId: `play-${call}` },
        ...{ to: 'all', prompts, loop: true },
      });
    }
    const figures = await observed;
    const begun = media.events.filter(
      (event) => event.kind === 'operation' && event.event.kind === 'prompt-began',
    );
    console.table([
      { ...row('calls that play different files', calls, figures), 'that began': begun.length },
    ]);
    console.log(`Aim: p99 under ${tickP99Ms} ms.`);
  } finally {
    await media.stop();
  }
}
await playing();
