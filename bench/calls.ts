/**
 * The whole platform: signed REST create, SIP over UDP to a peer that answers, CallConnected, DELETE, CallDisconnected,
 * journal on disk. Server, application and peer are processes of their own. Yardstick: the bare stack at the same rate.
 *
 *     node bench/calls.ts [seconds for each rate, 3 when absent]
 */
import { type Application, startApplication, type Told } from './application.ts';
import { median, rounded, times } from './figures.ts';
import { type BenchServer, startServer } from './server.ts';
import { type StackProcess, startStack } from './stack-process.ts';

const fixedRates = [50, 150] as const;
const repeats = 3;
/** Tried in this order until one is not clean. */
const climbing = [200, 250, 300, 350, 400, 450, 500, 600, 700, 800] as const;
/** A rate is clean when every call came to its end, nothing was sent twice and the queue did not grow. */
const cleanP99Ms = 250;

const seconds = Number(process.argv[2] ?? 3);

interface Figures {
  readonly cpu: number;
  readonly bare: number;
  readonly told: Told;
  readonly again: number;
}

interface Parts {
  readonly server: BenchServer;
  readonly application: Application;
  readonly bare: StackProcess;
  readonly peer: StackProcess;
}

async function measure({ server, application, bare, peer }: Parts, rate: number): Promise<Figures> {
  await peer.tally();
  const before = await server.probe();
  const told = await application.ask('run', { rate, seconds });
  const after = await server.probe();
  const { retransmitted } = await peer.tally();
  const alone = await bare.run(rate, seconds);
  return {
    cpu: (after.cpuMs - before.cpuMs) / Math.max(told.disconnected, 1),
    bare: alone.cpuMs / Math.max(alone.done, 1),
    told,
    again: retransmitted,
  };
}

const isClean = ({ told, again }: Figures): boolean =>
  told.failed === 0 && told.disconnected === told.asked && again === 0 && told.p99 < cleanP99Ms;

function row(rate: number, runs: readonly Figures[]): Record<string, string | number> {
  const of = (figure: (run: Figures) => number): number => median(runs.map(figure));
  const [cpu, bare] = [of((run) => run.cpu), of((run) => run.bare)];
  const lost = runs.reduce((sum, { told }) => sum + told.asked - told.disconnected, 0);
  return {
    'calls/s': rate,
    'CPU ms per call': rounded(cpu),
    'bare stack ms': rounded(bare),
    'of the stack': times(cpu, bare),
    'POST to CallConnected p50 ms': rounded(
      of(({ told }) => told.p50),
      1,
    ),
    'p99 ms': rounded(
      of(({ told }) => told.p99),
      1,
    ),
    lost,
    'sent again': runs.reduce((sum, { again }) => sum + again, 0),
  };
}

async function measureAll(parts: Parts): Promise<void> {
  await parts.application.ask('run', { rate: 200, seconds: 8 });
  await parts.bare.run(200, 8);
  const rows = [];
  for (const rate of fixedRates) {
    const runs: Figures[] = [];
    for (let n = 0; n < repeats; n++) runs.push(await measure(parts, rate));
    rows.push(row(rate, runs));
  }
  let highest: number = fixedRates[1];
  for (const rate of climbing) {
    const figures = await measure(parts, rate);
    rows.push(row(rate, [figures]));
    if (!isClean(figures)) break;
    highest = rate;
  }
  console.table(rows);
  console.log(`Aim: at most 2 ms of CPU per call. Highest clean rate: ${highest} calls/s.`);
}

const peer = await startStack('ours', { protocol: 'udp' });
const server = await startServer(peer.port);
const [, key = ''] = /accesskey=(.+)$/.exec(server.ready.connectionString) ?? [];
const application = await startApplication(server.ready.httpEndpoint, key);
const bare = await startStack('ours', { protocol: 'udp', peerPort: peer.port });
try {
  await measureAll({ server, application, bare, peer });
} finally {
  application.stop();
  bare.stop();
  await server.stop();
  peer.stop();
}
