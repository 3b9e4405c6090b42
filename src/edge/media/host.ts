/**
 * Media as the rest of the server sees it: legs carried by child processes.
 *
 * ```ts
 * const media = createMediaHost({ rtpPorts: [20000, 29999], address: '127.0.0.1', onEvent: desk.media });
 * await media.start();
 * media.port.allocate(callId, legId); // then `allocated` or `refused` comes
 * ```
 */
import type { MediaEvent, MediaPort } from '../../app/ports/media.ts';
import { forkEngine, localEngine } from './engine-link.ts';
import type { EngineSettings, LegStatistics } from './messages.ts';
import { SupervisedEngine } from './supervised-engine.ts';

export type { LegStatistics } from './messages.ts';

export interface MediaHostOptions extends EngineSettings {
  /** Child processes; 1 when absent. All legs of a call live in one. */
  readonly processes?: number;
  /** Wall milliseconds without an answer after which a process counts as mute; 5000 when absent. */
  readonly heartbeatLimit?: number;
  /** Carries the legs in this process instead. */
  readonly inProcess?: boolean;
  readonly onEvent: (event: MediaEvent) => void;
  /** What a person who looks for a fault wants to read of a leg. */
  readonly onNote?: (note: {
    readonly callId: string;
    readonly legId: string;
    readonly note: string;
  }) => void;
  /** How the packets of a leg went, once it is released. */
  readonly onReleased?: (legId: string, statistics: LegStatistics) => void;
}

export interface MediaHost {
  readonly port: MediaPort;
  /** Settles when every process has answered for the first time, or one could not be started. */
  readonly ready: Promise<void>;
  /** Starts the processes and returns `ready`. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Whether every process runs and has answered. */
  isReady(): boolean;
  pids(): readonly number[];
  legCount(): number;
  statistics(legId: string): Promise<LegStatistics | undefined>;
  /** Faults: each breaks the real part. They say whether there was a process to break. */
  stopProcess(): boolean;
  continueProcess(): boolean;
  killProcess(): boolean;
  /** As if the network towards the legs were cut: what arrives is not read. Lasts until turned off. */
  deafen(on: boolean): void;
}

export const createMediaHost = (options: MediaHostOptions): MediaHost => {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  // Whoever waits for it sees the failure; that nobody waits is no failure.
  ready.catch(() => {});
  const { rtpPorts, address, advertise } = options;
  const settings = { rtpPorts, address, ...(advertise === undefined ? {} : { advertise }) };
  const engines = Array.from(
    { length: options.inProcess === true ? 1 : (options.processes ?? 1) },
    () =>
      new SupervisedEngine({
        settings,
        open: options.inProcess === true ? localEngine : forkEngine,
        heartbeatLimit: options.heartbeatLimit ?? 5000,
        onEvent: options.onEvent,
        onNote: options.onNote ?? (() => {}),
        onReleased: options.onReleased ?? (() => {}),
        onStarted: (failure) => {
          if (failure !== undefined) reject(new Error(failure));
          else if (engines.every((engine) => engine.isReady)) resolve();
        },
      }),
  );
  const carrying = (legId: string): SupervisedEngine | undefined =>
    engines.find((engine) => engine.has(legId));
  const engineFor = (callId: string): SupervisedEngine =>
    engines.find((engine) => engine.carries(callId)) ??
    engines.reduce((best, engine) => (engine.legCount < best.legCount ? engine : best));
  const signal = (name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): boolean =>
    engines.map((engine) => engine.signal(name)).includes(true);

  return {
    ready,
    port: {
      allocate: (callId, legId) => engineFor(callId).allocate(callId, legId),
      connect: (legId, remote) => carrying(legId)?.tell({ kind: 'connect', legId, remote }),
      bridge: (legId, otherLegId) => carrying(legId)?.tell({ kind: 'bridge', legId, otherLegId }),
      ask: (legId) => carrying(legId)?.tell({ kind: 'ask', legId }),
      release: (legId) => carrying(legId)?.tell({ kind: 'release', legId }),
    },
    start: () => {
      for (const engine of engines) engine.start();
      return ready;
    },
    stop: async () => {
      reject(new Error('the media host was stopped'));
      await Promise.all(engines.map((engine) => engine.stop()));
    },
    isReady: () => engines.every((engine) => engine.isReady),
    pids: () => engines.flatMap(({ pid }) => (pid === undefined ? [] : [pid])),
    legCount: () => engines.reduce((sum, { legCount }) => sum + legCount, 0),
    statistics: async (legId) => carrying(legId)?.statistics(legId),
    stopProcess: () => signal('SIGSTOP'),
    continueProcess: () => signal('SIGCONT'),
    killProcess: () => signal('SIGKILL'),
    deafen: (on) => {
      for (const engine of engines) engine.deafen(on);
    },
  };
};
