/**
 * Calls held at once and ended: none may be lost, and what each costs in memory. A thousand signalling-only calls in the
 * server; ten thousand dialogs in the bare stack, which is their yardstick, while the server waits for SIP to forget.
 *
 *     node bench/held.ts [calls in the server, 1000 when absent] [dialogs in the stack, 10000 when absent]
 */
import { type Application, startApplication } from './application.ts';
import { megabytes, pause, rounded } from './figures.ts';
import { type BenchServer, startServer } from './server.ts';
import { type StackProcess, startStack } from './stack-process.ts';

const count = Number(process.argv[2] ?? 1000);
const dialogs = Number(process.argv[3] ?? 10_000);
const rate = 150;
/** SIP keeps what it has answered for 32 s (timers D, J and M at the usual T1); only then is the heap that of the calls. */
const sipMemoryMs = 34_000;
/** In the bare stack those timers are hurried. */
const hurry = 10;
const stackAimKb = 8;
const atATime = 50;
const patienceMs = 2000;

const kilobytes = (bytes: number, calls: number): number => rounded(bytes / calls / 1024, 1);

async function heapsOf(stacks: readonly StackProcess[]): Promise<readonly [number, number]> {
  const [one = 0, other = 0] = await Promise.all(stacks.map((stack) => stack.heap()));
  return [one, other];
}

/** A few at a time: who hangs up does not wait for the answer, and loopback drops what comes all at once. */
async function releaseAll(calling: StackProcess, called: StackProcess) {
  const released = { out: 0, into: 0, again: 0 };
  for (let asked = 0; asked < dialogs; asked += atATime) {
    const { done, retransmitted } = await calling.release(atATime);
    released.out += done;
    released.again += retransmitted;
    for (const until = performance.now() + patienceMs; performance.now() < until; ) {
      released.into += (await called.tally()).done;
      if (released.into >= released.out) break;
      await pause(2);
    }
  }
  return released;
}

async function inTheStack(): Promise<void> {
  const called = await startStack('ours', { protocol: 'udp', hurry });
  const calling = await startStack('ours', { protocol: 'udp', hurry, peerPort: called.port });
  const both = [calling, called];
  try {
    await calling.run(400, 2);
    await pause(sipMemoryMs / hurry);
    const before = await heapsOf(both);
    await called.tally();
    const held = await calling.hold(dialogs);
    const atOnce = await heapsOf(both);
    await pause(sipMemoryMs / hurry);
    const later = await heapsOf(both);
    const released = await releaseAll(calling, called);
    await pause(sipMemoryMs / hurry);
    const after = await heapsOf(both);
    console.table(
      (['out', 'in'] as const).map((direction, side) => ({
        'bare stack': direction,
        'dialogs asked': dialogs,
        up: held.done,
        'ended by BYE': side === 0 ? released.out : released.into,
        lost: dialogs - Math.min(held.done, side === 0 ? released.out : released.into),
        'sent again': held.retransmitted + released.again,
        'heap KB per call': kilobytes(atOnce[side]! - before[side]!, dialogs),
        'after SIP forgot': kilobytes(later[side]! - before[side]!, dialogs),
        'left when ended': kilobytes(after[side]! - before[side]!, dialogs),
      })),
    );
    console.log(
      `Aim: none lost, less than ${stackAimKb} KB once SIP has forgotten the requests.${held.why === undefined ? '' : ` First loss: ${held.why}.`}`,
    );
  } finally {
    calling.stop();
    called.stop();
  }
}

async function inTheServer(server: BenchServer, application: Application): Promise<void> {
  // A few calls first: code and caches are not theirs.
  await application.ask('run', { rate: 50, seconds: 2 });
  await pause(1000);
  const before = await server.probe(true);
  const held = await application.ask('hold', { count, rate });
  const atOnce = await server.probe(true);
  await Promise.all([inTheStack(), pause(sipMemoryMs)]);
  const later = await server.probe(true);
  const released = await application.ask('release', { rate });
  console.table([
    {
      'calls asked': count,
      CallConnected: held.connected,
      CallDisconnected: released.disconnected,
      lost: count - Math.min(held.connected, released.disconnected),
      failed: held.failed + released.failed,
      'heap KB per call': kilobytes(atOnce.heap - before.heap, count),
      'after SIP forgot': kilobytes(later.heap - before.heap, count),
      'heap MB idle': megabytes(before.heap),
      'with calls': megabytes(later.heap),
      'RSS MB': megabytes(later.rss),
    },
  ]);
  console.log('Aim: none lost.');
}

const peer = await startStack('ours', { protocol: 'udp' });
const server = await startServer(peer.port);
const [, key = ''] = /accesskey=(.+)$/.exec(server.ready.connectionString) ?? [];
const application = await startApplication(server.ready.httpEndpoint, key);
try {
  await inTheServer(server, application);
} finally {
  application.stop();
  await server.stop();
  peer.stop();
}
