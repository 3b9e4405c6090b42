/** What a silent phone leg costs the media process, and how evenly it sends. `node bench/media.ts [seconds]` */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { MediaEvent } from '../src/app/ports/media.ts';
import type { MediaAddress, RemoteMedia } from '../src/app/ports/trunk.ts';
import { createMediaHost } from '../src/edge/media/host.ts';

const seconds = Number(process.argv[2] ?? 3);
const legCounts = [50, 200, 400] as const;
/** Linux counts CPU time in hundredths of a second whatever the kernel's own tick. */
const microsecondsPerTick = 10_000;

const bind = async (): Promise<Socket> => {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick;
};

const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

const percentile = (values: readonly number[], part: number): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length * part)] ?? Number.NaN;

const remote = (at: MediaAddress): RemoteMedia => ({
  ...at,
  codec: 'PCMU',
  payloadType: 0,
  direction: 'sendrecv',
});

/** Legs in pairs, each pair talking to itself, so that every leg sends and receives; one more tells the pacing. */
const measure = async (legs: number) => {
  const locals = new Map<string, MediaAddress>();
  const { promise: allAllocated, resolve, reject } = Promise.withResolvers<void>();
  const onEvent = (event: MediaEvent): void => {
    if (event.kind === 'refused') reject(new Error(event.why));
    if (event.kind === 'allocated') locals.set(event.legId, event.local);
    if (locals.size === legs + 1) resolve();
  };
  const host = createMediaHost({ rtpPorts: [0, 0], address: '127.0.0.1', onEvent });
  await host.start();
  const pid = host.pids()[0]!;
  const idle = memoryOf(pid);
  for (let leg = 0; leg <= legs; leg++) host.port.allocate(`call ${leg >> 1}`, `leg ${leg}`);
  await allAllocated;

  const observer = await bind();
  const arrivals: number[] = [];
  observer.on('message', () => arrivals.push(performance.now()));
  host.port.connect(`leg ${legs}`, remote(observer.address()));
  for (let leg = 0; leg < legs; leg++) host.port.connect(`leg ${leg}`, remote(locals.get(`leg ${leg ^ 1}`)!));
  await pause(500);

  arrivals.length = 0;
  const before = cpuOf(pid);
  const since = performance.now();
  await pause(seconds * 1000);
  const elapsed = (performance.now() - since) / 1000;
  const perLegSecond = (cpuOf(pid) - before) / legs / elapsed;
  const gaps = arrivals.slice(1).map((at, index) => Math.abs(at - arrivals[index]! - 20));
  const memory = memoryOf(pid);
  observer.close();
  await host.stop();
  return {
    legs,
    'CPU µs per leg and second': Math.round(perLegSecond),
    'legs per core': Math.floor(1e6 / perLegSecond),
    'pacing off by p50 ms': Number(percentile(gaps, 0.5).toFixed(2)),
    'p99 ms': Number(percentile(gaps, 0.99).toFixed(2)),
    'memory idle MB': Math.round(idle),
    'MB with legs': Math.round(memory),
  };
};

/** The yardstick: sending and receiving fifty such datagrams with nothing around them. */
const bareSocket = async () => {
  const [from, to] = [await bind(), await bind()];
  const packet = new Uint8Array(172);
  const { port } = to.address();
  let received = 0;
  to.on('message', () => received++);
  const rounds = 1000;
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round++) {
    for (let index = 0; index < 20; index++) from.send(packet, port, '127.0.0.1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(before);
  from.close();
  to.close();
  return Math.round(((user + system) / received) * 50);
};

const yardstick = await bareSocket();
const rows = [];
for (const legs of legCounts) {
  rows.push({ ...(await measure(legs)), 'bare dgram µs': yardstick });
}
console.table(rows);
