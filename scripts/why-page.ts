/**
 * Writes the example in `docs/why.md` from a call that really takes place: a phone whose first INVITE is lost, and a
 * webhook that is out of order once. `node scripts/why-page.ts` writes it, `--check` only says whether it is up to date.
 *
 * Two runs give the same text: the clock is manual, the network is one inside the process, and ids, ports, date and the
 * wall time of the webhook's answers are replaced, each by the same one for the same one.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit } from 'node:process';
import { Application } from '../demo/application.ts';
import type { Explanation } from '../src/app/explain/timeline.ts';
import * as api from '../src/cli/admin-api.ts';
import { renderLadder } from '../src/cli/ladder.ts';
import { renderMermaid } from '../src/cli/mermaid.ts';
import { type Door, readConnectionString } from '../src/cli/server-file.ts';
import { verdictBlock } from '../src/cli/verdict.ts';
import { memoryNetwork } from '../src/edge/sip/network-memory.ts';
import { type Ringback, startRingback } from '../src/testing.ts';

const page = new URL('../docs/why.md', import.meta.url);
const [begins, ends] = ['<!-- generated: scripts/why-page.ts -->', '<!-- end of generated -->'];

const startedAt = Date.parse('2026-01-15T10:00:00.000Z');
const patienceMs = 15_000;

/** Loses the first INVITE on its way; the repetition after T1 arrives. */
function lossyNetwork(): ReturnType<typeof memoryNetwork> {
  let lost = false;
  return memoryNetwork({
    fate(bytes) {
      if (lost || !bytes.toString('latin1', 0, 7).startsWith('INVITE ')) return [0];
      lost = true;
      return [];
    },
  });
}

async function reached(door: Door, call: string, text: string): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const entries = (await api.timeline(door, call))?.entries ?? [];
    if (entries.some((entry) => entry.text.includes(text))) return;
    if (performance.now() > until) throw new Error(`"${text}" is not in the timeline of ${call}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The first event is refused by the webhook, and taken when it is sent again. */
async function play(ringback: Ringback): Promise<Explanation> {
  const { connectionString, ca, clock, httpEndpoint } = ringback;
  const { key } = readConnectionString(connectionString);
  const door: Door = { origin: new URL(httpEndpoint), key, source: 'scripts/why-page.ts' };
  const app = await Application.start({
    connectionString,
    ca,
    answers: (count) => (count === 1 ? 503 : 200),
  });
  try {
    const call = await app.call('+15005552010');
    await reached(door, call, 'first packet');
    await reached(door, call, '503 after');
    await clock.advance('1s');
    await reached(door, call, 'ParticipantsUpdated (sequence 1) to');
    await clock.advance('1s');
    await app.event('CallDisconnected', call);
    await reached(door, call, 'CallDisconnected to');
    const explanation = await api.explanation(door, call);
    if (!explanation) throw new Error(`The server knows no call ${call}.`);
    return explanation;
  } finally {
    await app.stop();
  }
}

/** Each thing found is replaced by what stands for it, the same by the same. */
function replacing(pattern: RegExp, standIn: (index: number) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) =>
    text.replace(pattern, (found) => {
      const replaced = known.get(found) ?? standIn(known.size);
      known.set(found, replaced);
      return replaced;
    });
}

const numbered = (index: number): string => String(index + 1).padStart(12, '0');

/** The size of a message whose random parts all have one length: the session id of the SDP is the only one that has not. */
const sizeOf = (message: string): number =>
  new TextEncoder().encode(message.replace(/^o=- \d+/m, 'o=- 1000000000')).length;

export function normalised(explanation: Explanation): Explanation {
  const began = Date.parse(explanation.timeline.startedAt);
  const steps = [
    replacing(
      /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g,
      (index) => `5b1ca5e0-0000-4000-8000-${numbered(index)}`,
    ),
    replacing(/(?<=127\.0\.0\.1:)\d{4,5}/g, (index) => String(50_000 + index)),
    replacing(/after \d+ ms/g, () => 'after 3 ms'),
    (text: string) =>
      text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (at) =>
        new Date(startedAt + Date.parse(at) - began).toISOString(),
      ),
  ];
  const sized = JSON.parse(JSON.stringify(explanation), (_key, value) =>
    typeof value?.detail?.message === 'string'
      ? { ...value, text: value.text.replace(/\d+ bytes/, `${sizeOf(value.detail.message)} bytes`) }
      : value,
  ) as Explanation;
  // What a message holds beyond its first line is not shown, and full of chance.
  const shown = JSON.stringify(sized, (key, value) =>
    key === 'detail' && value?.message ? undefined : value,
  );
  return JSON.parse(steps.reduce((text, step) => step(text), shown)) as Explanation;
}

function example(explanation: Explanation): string {
  const command = `ringback call ${explanation.callId}`;
  return [
    begins,
    '',
    'An application calls a phone that answers and hangs up after two seconds. The first INVITE is lost on its way and repeated after half a second of wall time, which a manual clock does not count; the webhook answers the first event with 503.',
    '',
    '```',
    `$ ${command}`,
    renderLadder(explanation.timeline),
    '',
    verdictBlock(explanation),
    '```',
    '',
    `\`${command} --mermaid\`:`,
    '',
    '```mermaid',
    renderMermaid(explanation.timeline),
    '```',
    '',
    ends,
  ].join('\n');
}

/** The page with the example of a call that takes place now. */
export async function whyPage(): Promise<string> {
  const before = readFileSync(page, 'utf8');
  const [from, to] = [before.indexOf(begins), before.indexOf(ends)];
  if (from < 0 || to < from) throw new Error(`docs/why.md has lost its marks ${begins} and ${ends}.`);
  const ringback = await startRingback({ internals: { network: lossyNetwork() } });
  try {
    const text = example(normalised(await play(ringback)));
    return before.slice(0, from) + text + before.slice(to + ends.length);
  } finally {
    await ringback.stop();
  }
}

if (import.meta.main) {
  const wanted = await whyPage();
  if (!argv.includes('--check')) {
    writeFileSync(page, wanted);
  } else if (readFileSync(page, 'utf8') !== wanted) {
    console.error('docs/why.md differs from what a call gives now; run `node scripts/why-page.ts`.');
    exit(1);
  }
}
