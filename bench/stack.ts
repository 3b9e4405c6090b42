/**
 * The bare SIP stack, calling and called, each side alone in its process: CPU time per call, and the highest rate that is
 * clean. A call is INVITE/180/200/ACK/BYE/200 on loopback, without media. Yardstick: the prototype that preceded it, in the
 * same run, each with the other end served by our stack.
 *
 *     node bench/stack.ts [seconds for each rate, 1.5 when absent]
 */
import type { Protocol } from '../src/edge/sip/api.ts';
import { openAuthority } from '../src/edge/tls/authority.ts';
import type { Opening } from './bare-stack.ts';
import { median, rounded } from './figures.ts';
import { prototypeIsPresent } from './prototype.ts';
import { type Kind, type StackProcess, startStack, type Tally } from './stack-process.ts';

const seconds = Number(process.argv[2] ?? 1.5);
const fairRate = 400;
/** As many ratios, of which the middle one counts. All run at the same time: the speed of a shared machine drifts. */
const turns = 9;
const turnS = 2;
const warmRate = 1000;
/** Tried in this order until one is not clean in so many tries: the machine is shared. */
const rates = [fairRate, 2000, 3000, 4000] as const;
const tries = 2;
/** For the rates of one protocol; on a busy machine the higher ones are left out. */
const climbMs = 14_000;
/** Beyond this (T1, after which SIP itself sends again) the last calls were late: the queue grew. */
const lateS = 0.5;

const authority = await openAuthority();
const tls = { ...authority.server, ca: authority.ca };

interface Run {
  readonly out: Tally;
  readonly into: Tally;
}

class Line {
  readonly #caller: StackProcess;
  readonly #callee: StackProcess;

  private constructor(caller: StackProcess, callee: StackProcess) {
    this.#caller = caller;
    this.#callee = callee;
  }

  static async open(protocol: Protocol, caller: Kind = 'ours', callee: Kind = 'ours'): Promise<Line> {
    const opening: Opening = { protocol, ...(protocol === 'tls' && { tls }) };
    const called = await startStack(callee, opening);
    const calling = await startStack(caller, { ...opening, peerPort: called.port });
    return new Line(calling, called);
  }

  async run(rate: number, duration = seconds): Promise<Run> {
    await this.#callee.tally();
    const out = await this.#caller.run(rate, duration);
    return { out, into: await this.#callee.tally() };
  }

  close(): void {
    this.#caller.stop();
    this.#callee.stop();
  }
}

const perCall = ({ cpuMs, done }: Tally): number => (cpuMs * 1000) / Math.max(done, 1);
const sentAgain = ({ out, into }: Run): number => out.retransmitted + into.retransmitted;

function isClean(run: Run): boolean {
  return run.out.failed === 0 && sentAgain(run) === 0 && run.out.seconds < seconds + lateS;
}

async function besideThePrototype(): Promise<void> {
  if (!prototypeIsPresent()) {
    console.log('The prototype is absent here: no yardstick.');
    return;
  }
  const lines = await Promise.all([
    Line.open('udp'),
    Line.open('udp', 'prototype', 'ours'),
    Line.open('udp', 'ours', 'prototype'),
  ]);
  try {
    // Code that is still being compiled costs more, and the larger program more of it.
    for (const line of lines) await line.run(warmRate, 3);
    const [own, calling, called] = lines as [Line, Line, Line];
    const figures: Record<'out' | 'into' | 'outYard' | 'intoYard', number>[] = [];
    for (let n = 0; n < turns; n++) {
      const [ours, { out }, { into }] = await Promise.all([
        own.run(fairRate, turnS),
        calling.run(fairRate, turnS),
        called.run(fairRate, turnS),
      ]);
      figures.push({
        out: perCall(ours.out),
        into: perCall(ours.into),
        outYard: perCall(out),
        intoYard: perCall(into),
      });
    }
    const row = (direction: string, side: 'out' | 'into') => ({
      '': direction,
      'calls/s': fairRate,
      'µs CPU per call': Math.round(median(figures.map((figure) => figure[side]))),
      "prototype's": Math.round(median(figures.map((figure) => figure[`${side}Yard`]))),
      ratio: rounded(median(figures.map((figure) => figure[side] / figure[`${side}Yard`]))),
    });
    console.table([row('outbound', 'out'), row('inbound', 'into')]);
    console.log('Aim: at most 1.2 times the prototype.');
  } finally {
    for (const line of lines) line.close();
  }
}

function row(protocol: Protocol, rate: number, run: Run): Record<string, string | number> {
  return {
    protocol,
    'calls/s asked': rate,
    'calls/s done': Math.round(run.out.done / run.out.seconds),
    failed: run.out.failed,
    'sent again': sentAgain(run),
    'µs CPU per call out': Math.round(perCall(run.out)),
    'µs CPU per call in': Math.round(perCall(run.into)),
    clean: isClean(run) ? 'yes' : (run.out.why ?? 'no'),
  };
}

async function byProtocol(): Promise<void> {
  const rows = [];
  const highest: string[] = [];
  for (const protocol of ['udp', 'tcp', 'tls'] as const) {
    const line = await Line.open(protocol);
    try {
      await line.run(rates[0]);
      let clean = 0;
      const until = performance.now() + climbMs;
      for (const rate of rates) {
        if (performance.now() > until) break;
        let run = await line.run(rate);
        for (let n = 1; n < tries && !isClean(run) && performance.now() < until; n++)
          run = await line.run(rate);
        rows.push(row(protocol, rate, run));
        if (!isClean(run)) break;
        clean = rate;
      }
      highest.push(`${protocol} ${clean}`);
    } finally {
      line.close();
    }
  }
  console.table(rows);
  console.log(
    `Aim: 2,000 calls/s clean over UDP: none failed, none late, nothing sent again. Highest clean rate, of those tried: ${highest.join(', ')} calls/s.`,
  );
}

await besideThePrototype();
await byProtocol();
