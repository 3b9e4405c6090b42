/** A media process full of phone legs, with real phones behind them. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MediaEvent } from '../src/app/ports/media.ts';
import { createMediaHost, type MediaHost, type MediaHostOptions } from '../src/edge/media/host.ts';
import { parseRtp } from '../src/wire/rtp/packet.ts';
import { openPhones, type Phones } from './phones.ts';

/** Linux counts CPU time in hundredths of a second whatever the kernel's own tick. */
const microsecondsPerTick = 10_000;

const cpuOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * microsecondsPerTick;
};

export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

export interface MediaProcess {
  readonly host: MediaHost;
  readonly pid: number;
  /** Where its blobs are. */
  readonly folder: string;
  readonly events: readonly MediaEvent[];
  readonly phones: Phones;
  readonly callOf: (leg: number) => string;
  /** µs of CPU so far. */
  cpu(): number;
  /** Milliseconds of each packet of three legs behind the schedule that its timestamp says, from now on. */
  watch(): { lateness(): readonly number[] };
  /** Packets that the legs missed of the phones. */
  lost(): Promise<number>;
  stop(): Promise<void>;
}

interface Legs {
  readonly legs: number;
  readonly perCall: number;
  /** Of the phones, that many speak; all where absent. */
  readonly speaking?: number;
  readonly streams?: MediaHostOptions['streams'];
}

const legId = (leg: number): string => `leg ${leg}`;
/** A packet may come so much sooner than any before it; then the schedule is known. */
const watched = 3;

/** Legs in calls of `perCall`, every phone talking. Three legs more, in a call each, tell how evenly it sends. */
export async function openMediaProcess({ legs, perCall, speaking, streams }: Legs): Promise<MediaProcess> {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-bench-media-'));
  const events: MediaEvent[] = [];
  const ports = new Map<string, number>();
  const { promise: allAllocated, resolve, reject } = Promise.withResolvers<void>();
  const callOf = (leg: number): string => `call ${Math.floor(leg / perCall)}`;
  const host = createMediaHost({
    ...{ rtpPorts: [0, 0], address: '127.0.0.1', blobs: folder },
    ...(streams === undefined ? {} : { streams }),
    onEvent: (event) => {
      events.push(event);
      if (event.kind === 'refused') reject(new Error(event.why));
      if (event.kind === 'allocated') ports.set(event.legId, event.local.port);
      if (ports.size === legs + watched) resolve();
    },
  });
  await host.start();
  const [pid = 0] = host.pids();
  const phones = await openPhones(legs);
  const observers = await Promise.all(
    Array.from({ length: watched }, async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1');
      await once(socket, 'listening');
      return socket;
    }),
  );
  const connect = (leg: string, port: number): void =>
    host.port.connect(leg, {
      ...{ address: '127.0.0.1', port, codec: 'PCMU', payloadType: 0, direction: 'sendrecv' },
    });
  // First, in the middle and last in the order in which it serves them.
  for (let leg = 0; leg <= legs; leg++) {
    const observer = [0, Math.floor(legs / 2), legs].indexOf(leg);
    if (observer >= 0) host.port.allocate(`watched ${observer}`, `watched ${observer}`);
    if (leg < legs) host.port.allocate(callOf(leg), legId(leg));
  }
  await allAllocated;
  for (const [n, observer] of observers.entries()) connect(`watched ${n}`, observer.address().port);
  for (const [leg, port] of phones.ports.entries()) connect(legId(leg), port);
  await phones.talk(
    Array.from({ length: legs }, (_, leg) => ports.get(legId(leg)) ?? 0),
    speaking,
  );
  return {
    ...{ host, pid, folder, events, phones, callOf },
    cpu: () => cpuOf(pid),
    watch: () => {
      const ahead: number[][] = observers.map(() => []);
      for (const [n, observer] of observers.entries())
        observer.on('message', (bytes) => {
          const timestamp = parseRtp(bytes)?.timestamp ?? 0;
          ahead[n]!.push(performance.now() - timestamp / 8);
        });
      return {
        lateness: () =>
          ahead.flatMap((each) => {
            const soonest = each.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
            return each.map((at) => at - soonest);
          }),
      };
    },
    lost: async () => {
      const all = await Promise.all(Array.from({ length: legs }, (_, leg) => host.statistics(legId(leg))));
      return all.reduce((sum, statistics) => sum + (statistics?.lost ?? 0), 0);
    },
    stop: async () => {
      phones.stop();
      await host.stop();
      for (const observer of observers) observer.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
