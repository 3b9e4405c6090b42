/**
 * What a phone leg costs the media process that carries it, by what is done with its sound. Yardsticks of the same run: the
 * arithmetic of a conference without any socket, and fifty datagrams each way with nothing around them.
 *
 *     node bench/media.ts [seconds for each figure, 3 when absent]
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Recording } from '../src/domain/media/recording.ts';
import { conferenceCost } from './arithmetic.ts';
import { pause, percentile, rounded, times } from './figures.ts';
import { type MediaProcess, memoryOf, openMediaProcess } from './media-process.ts';
import { openStreamReader } from './stream-reader.ts';

const seconds = Number(process.argv[2] ?? 3);
const arithmeticMs = 150;

interface Work {
  readonly legs: number;
  readonly perCall: number;
  readonly speaking?: number;
  readonly begin?: (media: MediaProcess) => void;
  /** Parties of a conference that costs as much without sockets; undefined: nothing is mixed. */
  readonly mixes?: number;
}

const calls = ({ legs, perCall }: Work): readonly string[] =>
  Array.from({ length: legs / perCall }, (_, n) => `call ${n}`);

const recording = (id: string, channels: 'mixed' | 'unmixed'): Recording => ({
  ...{ id, resourceId: 'bench', apiVersion: '2026-03-12', requestedAt: 0, pauseOnStart: false },
  settings: { content: 'audio', channels, format: 'wav', channelOf: [], storage: { kind: 'here' } },
  state: 'starting',
});

const conference = (work: Omit<Work, 'mixes'>): Work => ({ ...work, mixes: work.perCall });

const record = (channels: 'mixed' | 'unmixed'): Work => {
  const work = { legs: 60, perCall: 2, mixes: 2 };
  return {
    ...work,
    begin: ({ host }) => {
      for (const callId of calls(work)) {
        const id = callId.replace(' ', '-');
        host.port.startRecording({ callId, recording: recording(id, channels), participants: {} });
      }
    },
  };
};

const reader = await openStreamReader();
const stream = (): Work => {
  const work = { legs: 60, perCall: 2, mixes: 2 };
  return {
    ...work,
    begin: ({ host }) => {
      for (const callId of calls(work)) host.port.openStream(reader.request(callId));
    },
  };
};

const works: Readonly<Record<string, Work>> = {
  'forwarded, 2 in a call': { legs: 60, perCall: 2 },
  'mixed, 3 in a call': conference({ legs: 60, perCall: 3 }),
  'mixed, 20 in a call': conference({ legs: 60, perCall: 20 }),
  'mixed, 100 in a call': conference({ legs: 100, perCall: 100 }),
  'mixed, 100 in a call, 3 speak': conference({ legs: 100, perCall: 100, speaking: 3 }),
  'recorded, 2 in a call': record('mixed'),
  'recorded unmixed, 2 in a call': record('unmixed'),
  'streamed, 2 in a call': stream(),
};

async function measure(name: string, work: Work, bareDatagrams: number) {
  const media = await openMediaProcess({ ...work, streams: reader.services });
  try {
    work.begin?.(media);
    await pause(700);
    const failed = media.events.find(
      (event) => 'event' in event && 'now' in event.event && event.event.now === 'failed',
    );
    if (failed) throw new Error(JSON.stringify(failed));
    await media.phones.heard();
    const watch = media.watch();
    const before = media.cpu();
    const since = performance.now();
    await pause(seconds * 1000);
    const elapsed = (performance.now() - since) / 1000;
    const figure = (media.cpu() - before) / work.legs / elapsed;
    const heard = await media.phones.heard();
    const late = watch.lateness();
    const arithmetic = work.mixes === undefined ? 0 : conferenceCost(work.mixes, arithmeticMs);
    return {
      what: name,
      legs: work.legs,
      'CPU µs per leg and second': Math.round(figure),
      'legs on a core': Math.floor(1e6 / figure),
      'arithmetic alone µs': Math.round(arithmetic),
      'bare datagrams µs': bareDatagrams,
      'of both': times(figure, arithmetic + bareDatagrams),
      'packets heard': times(heard.packets, work.legs * 50 * elapsed),
      'late p99 ms': rounded(percentile(late, 0.99)),
      'memory MB': Math.round(memoryOf(media.pid)),
    };
  } finally {
    await media.stop();
  }
}

const bind = async (): Promise<Socket> => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

/** µs of fifty datagrams sent and fifty received. */
async function bareSocket(): Promise<number> {
  const [from, to] = [await bind(), await bind()];
  const packet = new Uint8Array(172);
  const { port } = to.address();
  let received = 0;
  to.on('message', () => received++);
  const before = process.cpuUsage();
  for (let round = 0; round < 1000; round++) {
    for (let index = 0; index < 20; index++) from.send(packet, port, '127.0.0.1');
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { user, system } = process.cpuUsage(before);
  from.close();
  to.close();
  return Math.round(((user + system) / received) * 50);
}

const bareDatagrams = await bareSocket();
const rows = [];
for (const [name, work] of Object.entries(works)) rows.push(await measure(name, work, bareDatagrams));
reader.close();
console.table(rows);
console.log(
  'Every phone sends 50 packets a second and is sent as many. "Late" is against the schedule of the stream.',
);
