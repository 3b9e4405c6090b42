/**
 * 100 calls/s between two endpoints while a third process throws 50,000 datagrams/s of garbage at the called one, from an
 * address that is not let in. Calls lost, CPU, and what the garbage was answered with. Yardstick: the same without the flood.
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
import { pause, rounded } from './figures.ts';
import { startBareCaller } from './stack.ts';

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

async function ask<T>(child: ChildProcess, words: object): Promise<T> {
  child.send(words);
  const [answer] = await once(child, 'message');
  return answer as T;
}

async function measure(rate: number, seconds: number): Promise<Record<string, number>> {
  const children = [start('besieged')];
  try {
    const [target] = children as [ChildProcess];
    const [at] = (await once(target, 'message')) as [Address];
    const caller = await startBareCaller(at.port);
    try {
      await caller.run(callRate, 2);
      const before = await ask<Besieged>(target, {});
      let flood: Promise<Flooded> = Promise.resolve({ sent: 0, sentBytes: 0, heardBytes: 0 });
      if (rate > 0) {
        const child = start('flooder');
        children.push(child);
        flood = ask<Flooded>(child, { port: at.port, rate, seconds: seconds + 1 });
        // A second of flood alone, so that the calls begin in the middle of it.
        await pause(1000);
      }
      const started = performance.now();
      const calls = await caller.run(callRate, seconds);
      const took = performance.now() - started;
      const { sent, sentBytes, heardBytes } = await flood;
      const after = await ask<Besieged>(target, {});
      return {
        'garbage/s': Math.round(sent / (seconds + 1)),
        'calls/s': callRate,
        'calls done': calls.done,
        lost: calls.failed,
        'sent again': calls.retransmitted,
        'CPU %': rounded(((after.cpuMs - before.cpuMs) / (took + (rate > 0 ? 1000 : 0))) * 100, 0),
        'messages read': after.received - before.received,
        'strangers answered': after.refused - before.refused,
        'bytes out for each in': rounded(heardBytes / Math.max(1, sentBytes), 5),
        'transactions kept': after.kept,
        'heap MB': after.heapMb,
      };
    } finally {
      caller.stop();
    }
  } finally {
    for (const child of children) child.kill();
  }
}

async function main(): Promise<void> {
  const seconds = Number(process.argv[2] ?? 6);
  const rate = Number(process.argv[3] ?? 50_000);
  console.table([await measure(0, seconds), await measure(rate, seconds)]);
  console.log(
    'Aim: no call lost. CPU is that of the called endpoint, of one core. What it cannot read in time, the system drops.',
  );
}

const role = process.argv[2];
await (role === 'besieged' ? besieged() : role === 'flooder' ? flooder() : main());
