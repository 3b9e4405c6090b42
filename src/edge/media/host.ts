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
import { answerTo, type StreamServices } from './stream-opener.ts';
import { type CallCommand, SupervisedEngine } from './supervised-engine.ts';

export type { LegStatistics } from './messages.ts';

export interface MediaHostOptions extends EngineSettings {
  /** Child processes; 1 when absent. All legs of a call live in one. */
  readonly processes?: number;
  /** Wall milliseconds without an answer after which a process counts as mute; 5000 when absent. */
  readonly heartbeatLimit?: number;
  /** Carries the legs in this process instead. */
  readonly inProcess?: boolean;
  /** What streams need; without it none is opened. */
  readonly streams?: StreamServices;
  readonly onEvent: (event: MediaEvent) => void;
  /** What a person who looks for a fault wants to read of a leg. */
  readonly onNote?: (note: {
    readonly callId: string;
    readonly legId?: string;
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

const unheard = 'no participant of the call has audio';

export const createMediaHost = (options: MediaHostOptions): MediaHost => {
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  // Whoever waits for it sees the failure; that nobody waits is no failure.
  ready.catch(() => {});
  const { rtpPorts, address, advertise, blobs } = options;
  const settings = {
    rtpPorts,
    address,
    ...(blobs === undefined ? {} : { blobs }),
    ...(advertise === undefined ? {} : { advertise }),
  };
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
        onQuestion: (question) => answerTo(question, options.streams),
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
  /** Where nothing carries the call, nobody could hear it. */
  const toCall = (callId: string, command: CallCommand, operationId?: string): void => {
    const engine = engines.find((each) => each.carries(callId));
    if (engine) engine.tellCall(command);
    else if (operationId !== undefined) {
      const event = {
        operationId,
        kind: 'prompt-failed',
        index: 0,
        fault: 'internal',
        why: unheard,
      } as const;
      queueMicrotask(() => options.onEvent({ kind: 'operation', callId, event }));
    }
  };
  const signal = (name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): boolean =>
    engines.map((engine) => engine.signal(name)).includes(true);

  return {
    ready,
    port: {
      allocate: (callId, legId, rawId) => engineFor(callId).allocate(callId, legId, rawId),
      connect: (legId, remote) => carrying(legId)?.tell({ kind: 'connect', legId, remote }),
      bridge: (legId, otherLegId) => carrying(legId)?.tell({ kind: 'bridge', legId, otherLegId }),
      part: (legId, part) => carrying(legId)?.tell({ kind: 'part', legId, ...part }),
      play: (request) => toCall(request.callId, { kind: 'play', ...request }, request.operationId),
      listen: (request) => toCall(request.callId, { kind: 'listen', ...request }, request.operationId),
      sendTones: (request) => toCall(request.callId, { kind: 'send-tones', ...request }, request.operationId),
      stopPlaying: (callId, operationId) =>
        toCall(callId, { kind: 'stop', what: 'prompt', callId, operationId }),
      stopListening: (callId, operationId) =>
        toCall(callId, { kind: 'stop', what: 'listening', callId, operationId }),
      startRecording: (request) => toCall(request.callId, { kind: 'record', ...request }),
      // A recording is stopped when the legs of its call are gone already; who does not know it does nothing.
      changeRecording: (callId, recordingId, change) => {
        for (const engine of engines)
          engine.tellCall({ kind: 'change-recording', callId, recordingId, change });
      },
      openStream: (request) => {
        const { callId, connectionId, stream } = request;
        const engine = engines.find((each) => each.carries(callId));
        if (engine) engine.tellCall({ kind: 'open-stream', ...request });
        else {
          const about = { connectionId, stream: stream.settings.kind };
          const event = { ...about, now: 'failed', fault: 'internal', why: unheard } as const;
          queueMicrotask(() => options.onEvent({ kind: 'stream', callId, event }));
        }
      },
      // To all: it goes on where it was opened, though the legs of its call may be gone by now.
      updateStream: (request) => {
        for (const engine of engines) engine.tellCall({ kind: 'update-stream', ...request });
      },
      closeStream: (callId, connectionId, stream) => {
        for (const engine of engines) engine.tellCall({ kind: 'close-stream', callId, connectionId, stream });
      },
      canMove: (legId, callId) => {
        const target = engines.find((engine) => engine.carries(callId));
        return target === undefined || target === carrying(legId);
      },
      move: (legId, toCallId) => carrying(legId)?.move(legId, toCallId),
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
