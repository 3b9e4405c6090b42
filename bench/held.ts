/**
 * A thousand signalling-only calls held at once and ended: none may be lost, and what each costs in memory.
 *
 *     node bench/held.ts [calls, 1000 when absent]
 */
import { startApplication } from './application.ts';
import { megabytes, pause, rounded } from './figures.ts';
import { startServer } from './server.ts';
import { startPeer } from './stack.ts';

const count = Number(process.argv[2] ?? 1000);
const rate = 150;
/** SIP keeps what it has answered for 32 s (timers D, J and M at the usual T1); only then is the heap that of the calls. */
const sipMemoryMs = 34_000;

const peer = await startPeer();
const server = await startServer(peer.port);
const [, key = ''] = /accesskey=(.+)$/.exec(server.ready.connectionString) ?? [];
const application = await startApplication(server.ready.httpEndpoint, key);
try {
  // A few calls first: code and caches are not theirs.
  await application.ask('run', { rate: 50, seconds: 2 });
  await pause(1000);
  const before = await server.probe(true);
  const held = await application.ask('hold', { count, rate });
  const atOnce = await server.probe(true);
  await pause(sipMemoryMs);
  const later = await server.probe(true);
  const released = await application.ask('release', { rate });
  const kilobytes = (heap: number): number => rounded((heap - before.heap) / count / 1024, 1);
  console.table([
    {
      'calls asked': count,
      CallConnected: held.connected,
      CallDisconnected: released.disconnected,
      lost: count - Math.min(held.connected, released.disconnected),
      failed: held.failed + released.failed,
      'heap KB per call': kilobytes(atOnce.heap),
      'after SIP forgot': kilobytes(later.heap),
      'heap MB idle': megabytes(before.heap),
      'with calls': megabytes(later.heap),
      'RSS MB': megabytes(later.rss),
    },
  ]);
  console.log('Aim: none lost.');
} finally {
  application.stop();
  await server.stop();
  peer.stop();
}
