/**
 * 100 calls/s through the whole server, and through the bare stack, while another process throws 50,000 datagrams/s of
 * garbage at its SIP port, from an address that is not let in. Calls lost, CPU, and what the garbage was answered with.
 * Yardstick: the same without the flood.
 *
 *     node bench/flood.ts [seconds, 6 when absent] [datagrams per second, 50000 when absent]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import dgram from 'node:dgram';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Address } from '../src/edge/sip/api.ts';
import { wallClock } from '../src/edge/sip/clock.ts';
import { createSipEndpoint } from '../src/edge/sip/endpoint.ts';
import { seeded } from '../test/fuzz/random.ts';
import { sdp, specimens, write } from '../test/fuzz/sip-corpus.ts';
import { wreck } from '../test/fuzz/wreck.ts';
import { startApplication } from './application.ts';
import { ask, endWithTheBench } from './child.ts';
import { megabytes, pause, rounded } from './figures.ts';
import { startServer } from './server.ts';
import { startStack } from './stack-process.ts';

const callRate = 100;
const tickMs = 2;

interface Besieged {
  readonly cpuMs: number;
  readonly received: number;
  readonly refused: number;
  readonly kept: number;
  readonly heapMb: number;
}

interface Flooded {
  readonly sent: number;
  readonly sentBytes: number;
  readonly heardBytes: number;
}

async function besieged(): Promise<void> {
  endWithTheBench();
  const endpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 0,
    clock: wallClock,
    admit: ({ source }) => (source.host === '127.0.0.1' ? true : 403),
    onInvite(call) {
      call.ring();
      call.answer(sdp);
      return { ended: () => {} };
    },
  });
  const [at] = await endpoint.start();
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    const { received, refused, serverTransactions } = endpoint.stats();
    const heapMb = rounded(process.memoryUsage().heapUsed / 2 ** 20, 0);
    const told: Besieged = {
      cpuMs: (user + system) / 1000,
      received,
      refused,
      kept: serverTransactions,
      heapMb,
    };
    process.send?.(told);
  });
  process.send?.(at);
}

/** Half of it noise, half of it wrecked and whole messages of strangers. */
function garbage(): readonly Buffer[] {
  const next = seeded(1);
  return Array.from({ length: 2000 }, (_, n) => {
    if (n % 2 === 0) return randomBytes(20 + next(600));
    const [one, other] = [specimens[next(specimens.length)], specimens[next(specimens.length)]];
    const text = one && other ? write(one) : '';
    return Buffer.from(n % 4 === 1 ? text : wreck(text, other ? write(other) : '', next), 'latin1');
  });
}

async function flooder(): Promise<void> {
  endWithTheBench();
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.2');
  await once(socket, 'listening');
  let heardBytes = 0;
  socket.on('message', (bytes) => {
    heardBytes += bytes.length;
  });
  const pieces = garbage();
  const [{ port, rate, seconds }] = (await once(process, 'message')) as [
    { readonly port: number; readonly rate: number; readonly seconds: number },
  ];
  socket.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  let [sent, sentBytes] = [0, 0];
  const started = performance.now();
  const until = started + seconds * 1000;
  for (let now = started; now < until; now = performance.now()) {
    const due = Math.floor(((now - started) / 1000) * rate);
    for (; sent < due; sent++) {
      const piece = pieces[sent % pieces.length];
      if (!piece) continue;
      socket.send(piece);
      sentBytes += piece.length;
    }
    await pause(tickMs);
  }
  await pause(500);
  const told: Flooded = { sent, sentBytes, heardBytes };
  process.send?.(told);
}

const start = (role: string): ChildProcess => fork(fileURLToPath(import.meta.url), [role]);

/** Runs `calls` amid a flood of `port` that began a second before. */
async function flooded<T>(port: number, rate: number, seconds: number, calls: () => Promise<T>) {
  const child = start('flooder');
  try {
    const flood = ask<Flooded>(child, { port, rate, seconds: seconds + 1 });
    await pause(1000);
    const told = await calls();
    return { told, ...(await flood) };
  } finally {
    child.kill();
  }
}

type Row = Record<string, string | number>;

const quiet: Flooded = { sent: 0, sentBytes: 0, heardBytes: 0 };
const garbageRow = ({ sent, sentBytes, heardBytes }: Flooded, seconds: number): Row => ({
  'garbage/s': Math.round(sent / (seconds + 1)),
  'calls/s': callRate,
  'bytes out for each in': rounded(heardBytes / Math.max(1, sentBytes), 5),
});

async function bareStack(rate: number, seconds: number): Promise<readonly Row[]> {
  const target = start('besieged');
  try {
    const at = await ask<Address>(target);
    const caller = await startStack('ours', { protocol: 'udp', peerPort: at.port });
    try {
      await caller.run(callRate, 2);
      const measure = async () => {
        const before = await ask<Besieged>(target, {});
        const calls = await caller.run(callRate, seconds);
        const after = await ask<Besieged>(target, {});
        return { calls, before, after };
      };
      const row = (flood: Flooded, { calls, before, after }: Awaited<ReturnType<typeof measure>>): Row => ({
        ...garbageRow(flood, seconds),
        'calls done': calls.done,
        lost: calls.failed,
        'sent again': calls.retransmitted,
        'CPU %': rounded((after.cpuMs - before.cpuMs) / calls.seconds / 10, 0),
        'messages read': after.received - before.received,
        'strangers answered': after.refused - before.refused,
        'transactions kept': after.kept,
        'heap MB': after.heapMb,
      });
      const alone = row(quiet, await measure());
      const { told, ...flood } = await flooded(at.port, rate, seconds, measure);
      return [alone, row(flood, told)];
    } finally {
      caller.stop();
    }
  } finally {
    target.kill();
  }
}

/** Calls created over REST, answered by a peer behind a trunk, hung up over REST; the flood comes to the trunk's port. */
async function wholeServer(rate: number, seconds: number): Promise<readonly Row[]> {
  const peer = await startStack('ours', { protocol: 'udp' });
  const server = await startServer(peer.port);
  const [, key = ''] = /accesskey=(.+)$/.exec(server.ready.connectionString) ?? [];
  const application = await startApplication(server.ready.httpEndpoint, key);
  try {
    await application.ask('run', { rate: callRate, seconds: 4 });
    const measure = async () => {
      await peer.tally();
      const before = await server.probe();
      const calls = await application.ask('run', { rate: callRate, seconds });
      return { calls, before, after: await server.probe(), ofPeer: await peer.tally() };
    };
    const row = (
      flood: Flooded,
      { calls, before, after, ofPeer }: Awaited<ReturnType<typeof measure>>,
    ): Row => ({
      ...garbageRow(flood, seconds),
      'calls done': calls.disconnected,
      lost: calls.asked - calls.disconnected,
      'requests failed': calls.failed,
      'sent again by the peer': ofPeer.retransmitted,
      'p50 ms': rounded(calls.p50, 1),
      'p99 ms': rounded(calls.p99, 1),
      'CPU %': rounded((after.cpuMs - before.cpuMs) / calls.seconds / 10, 0),
      'heap MB': megabytes(after.heap),
    });
    const alone = row(quiet, await measure());
    const { told, ...flood } = await flooded(server.ready.sip.udp, rate, seconds, measure);
    return [alone, row(flood, told)];
  } finally {
    application.stop();
    await server.stop();
    peer.stop();
  }
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 6);
  const rate = Number(process.argv[3] ?? 50_000);
  console.log('The whole server; from POST to CallConnected in ms:');
  console.table(await wholeServer(rate, seconds));
  console.log('The bare stack:');
  console.table(await bareStack(rate, seconds));
  console.log(
    'Aim: no call lost. CPU is that of the flooded process, of one core. What it cannot read in time, the system drops.',
  );
}

const role = process.argv[2];
await (role === 'besieged' ? besieged() : role === 'flooder' ? flooder() : main());
