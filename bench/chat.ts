/**
 * Chat with real-time notifications through the whole server, store on disk: POST of a message, a push to the device of
 * every participant, confirmed by each. Server and devices are processes of their own, over TLS. Yardstick: a bare `ws`
 * server that broadcasts the same bytes to the same devices, confirmed too.
 *
 *     node bench/chat.ts [seconds for each figure, 3 when absent]
 */
import { readFileSync } from 'node:fs';
import { startBroadcaster } from './bare-broadcast.ts';
import { type DevicesTold, type Door, startDevices } from './chat-devices.ts';
import { pause, rounded, times } from './figures.ts';
import { type BenchServer, startServerWith } from './server.ts';

const sizes = [2, 20, 250] as const;
const inFlight = 8;
const idleSockets = 5000;
const settings = 'chat: { rates: none, devices: 10000 }';
/** Deliveries a second a core. */
const aim = 8000;
const seconds = Number(process.argv[2] ?? 3);

const doorOf = ({ ready }: BenchServer): Door => ({
  endpoint: ready.endpoint,
  key: /accesskey=(.*)$/.exec(ready.connectionString)?.[1] ?? '',
  ca: readFileSync(ready.caFile, 'utf8'),
});

/** Deliveries that one core makes in a second. */
const perCore = (cpuMs: number, { delivered }: DevicesTold): number => delivered / (cpuMs / 1000);

async function measure(server: BenchServer, size: number): Promise<Record<string, string | number>> {
  const devices = await startDevices(doorOf(server));
  await devices.ask('people', { count: size });
  await devices.ask('send', { seconds: 1, inFlight });
  const before = await server.probe();
  const full = await devices.ask('send', { seconds, inFlight });
  const cpuMs = (await server.probe()).cpuMs - before.cpuMs;
  const perSecond = Math.min(full.accepted / full.seconds / 2, aim / size);
  const steady = await devices.ask('send', { seconds, inFlight, perSecond });
  devices.stop();

  const bare = await startBroadcaster();
  const others = await startDevices({ endpoint: bare.endpoint, ca: bare.ca, key: '' });
  await others.ask('bare', { count: size });
  await others.ask('send', { seconds: 1, inFlight });
  const bareBefore = await bare.cpuMs();
  const told = await others.ask('send', { seconds, inFlight });
  const bareMs = (await bare.cpuMs()) - bareBefore;
  others.stop();
  bare.stop();
  const [ours, theirs] = [perCore(cpuMs, full), perCore(bareMs, told)];
  return {
    'thread of': size,
    'messages/s': Math.round(full.accepted / full.seconds),
    'deliveries/s': Math.round(full.delivered / full.seconds),
    'deliveries/s a core': Math.round(ours),
    'bare ws': Math.round(theirs),
    'share of it': times(ours, theirs),
    'at a steady': Math.round(perSecond * size),
    'p50 ms': rounded(steady.p50, 1),
    'p99 ms': rounded(steady.p99, 1),
    lost: full.missing + steady.missing + full.failed + steady.failed,
  };
}

async function idle(server: BenchServer): Promise<void> {
  const devices = await startDevices(doorOf(server));
  await devices.ask('idle', { count: 32 });
  const before = await server.probe(true);
  await devices.ask('idle', { count: idleSockets });
  await pause(500);
  const after = await server.probe(true);
  devices.stop();
  const each = (bytes: number): number => rounded(bytes / idleSockets / 1024, 1);
  console.table([
    {
      'idle sockets': idleSockets,
      'heap kB each': each(after.heap - before.heap),
      'RSS kB each': each(after.rss - before.rss),
    },
  ]);
}

/** Every message whose POST was answered is there when the killed server comes back. */
async function killed(): Promise<void> {
  let server = await startServerWith(settings);
  const devices = await startDevices(doorOf(server));
  await devices.ask('people', { count: 20 });
  const sending = devices.ask('send', { seconds, inFlight });
  await pause(seconds * 500);
  await server.kill();
  await sending;
  server = await startServerWith(settings, server.directory);
  const { accepted, missing } = await devices.ask('missing', { door: doorOf(server) });
  devices.stop();
  await server.stop();
  console.table([{ 'accepted before kill -9': accepted, 'missing after': missing }]);
}

const server = await startServerWith(settings);
const rows = [];
for (const size of sizes) rows.push(await measure(server, size));
console.table(rows);
console.log(`Aim: ${aim} deliveries a second a core, p99 under 200 ms.`);
await idle(server);
await server.stop();
await killed();
