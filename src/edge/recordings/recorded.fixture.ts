/** For tests: a call of the real core that is recorded by the real recorder into real files, on a manual clock. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../../scenarios/stage/wait.ts';
import { type Announce, growingBlob } from '../../app/ports/recordings.ts';
import type { Json } from '../../app/ports/store.ts';
import type { Input } from '../../domain/call/inputs.ts';
import { create, ToldCall, target } from '../../domain/call/told-call.fixture.ts';
import type { RecordingEvent, RecordingSettings } from '../../domain/media/recording.ts';
import { frameSamples } from '../../wire/audio/frame.ts';
import { recordingId } from '../../wire/rest/recording-requests.ts';
import { FolderBlobs } from '../blobs/folder-blobs.ts';
import { ManualClock } from '../clock/manual-clock.ts';
import { QuietWatch } from '../clock/quiet-watch.ts';
import { Recorder } from '../media/engine/audio/recorder.ts';
import { openStore } from '../store/open-store.ts';
import { documentIdOf } from './documents.ts';
import { createEncoder, type Encoder } from './ffmpeg.ts';
import { createRecordings, type Recordings, type RecordingsOptions } from './recordings.ts';

export const endpoint = 'https://localhost:8443/';
export const parties = ['+15005552000', '+15005552010', '+15005552020'] as const;
/** Raw ids of the phones in the call. */
export const rawIds = parties.map((number) => `4:${number}`);

export const wav: RecordingSettings = {
  content: 'audio',
  channels: 'mixed',
  format: 'wav',
  channelOf: [],
  storage: { kind: 'here' },
};

type Told = Parameters<Announce>[0]['event'];

/** One server: `restarted` is the next one on the same files. */
export class Studio {
  readonly folder: string;
  readonly blobs: FolderBlobs;
  readonly quiet = new QuietWatch();
  readonly clock: ManualClock;
  readonly store: ReturnType<typeof openStore>;
  readonly recordings: Recordings;
  readonly announced: Told[] = [];
  readonly trouble: unknown[] = [];
  readonly call: ToldCall;
  readonly sessions: Session[] = [];
  /** Another server has its files. */
  isDead = false;
  #journalled = 0;
  #done = 0;

  private constructor(
    folder: string,
    encoder: Encoder,
    options: Partial<RecordingsOptions>,
    before?: Studio,
  ) {
    this.folder = folder;
    this.blobs = new FolderBlobs(join(folder, 'blobs'));
    this.clock = new ManualClock(before?.clock.now() ?? Date.parse('2026-03-12T12:00:00Z'), this.quiet);
    this.store = openStore({ file: join(folder, 'ringback.db') });
    this.call = before?.call ?? new ToldCall();
    this.#journalled = before ? before.#journalled : 0;
    this.#done = before ? before.#done : 0;
    this.recordings = createRecordings({
      blobs: this.blobs,
      store: this.store,
      clock: this.clock,
      quiet: this.quiet,
      announce: async ({ event }) => void this.announced.push(event),
      send: async () => ({ failed: 'there is no network in this test', how: 'forbidden' }),
      encoder,
      call: (callId) => (callId === this.call.call?.callId ? this.call.call : undefined),
      onTrouble: (error) => void this.trouble.push(error),
      lastWordMs: 100,
      ...options,
    });
  }

  /** `at`: where clients reach the server; empty: the test starts the recordings itself. */
  static async open(options: Partial<RecordingsOptions> = {}, at: string = endpoint): Promise<Studio> {
    const folder = await mkdtemp(join(tmpdir(), 'ringback-recordings-'));
    const studio = new Studio(folder, options.encoder ?? createEncoder({ folder }), options);
    if (at !== '') await studio.recordings.start({ endpoint: at });
    const targets = parties.map((number, index) => target(`leg${index}`, undefined, number));
    await studio.tell(create(...targets));
    for (const { id } of targets) {
      studio.call.answered(id);
      await studio.#settle();
    }
    return studio;
  }

  /** The next server on the same files; the last one was killed. It is started by the test. */
  async restarted(options: Partial<RecordingsOptions> = {}): Promise<Studio> {
    await this.#close();
    return new Studio(this.folder, createEncoder({ folder: this.folder }), options, this);
  }

  /** One input of the call, journalled, and what follows for recordings performed. */
  async tell(input: Input): Promise<void> {
    this.call.now = this.clock.now();
    this.call.tell(input);
    await this.#settle();
  }

  async #settle(): Promise<void> {
    const { call, facts, effects } = this.call;
    const fresh = facts.slice(this.#journalled);
    if (fresh.length > 0) {
      const callId = call?.callId ?? '';
      const fromSeq = this.#journalled + 1;
      const entries = { entries: [], at: this.clock.now() };
      await this.store.append({ callId, fromSeq, facts: fresh as unknown as readonly Json[], ...entries });
    }
    this.#journalled = facts.length;
    const due = effects.slice(this.#done);
    this.#done = effects.length;
    for (const effect of due) {
      if (effect.effect !== 'keep-recording' || !call) continue;
      this.recordings.keep({ call, recording: effect.recording, endedAt: effect.endedAt });
    }
  }

  /** Starts a recording; who speaks is said by `Session.hear`. */
  async record(settings: Partial<RecordingSettings> = {}, unique = 'one'): Promise<Session> {
    const all = { ...wav, ...settings };
    const recording = {
      id: recordingId('call', unique),
      resourceId: 'res',
      connectionId: 'app',
      settings: all,
      apiVersion: '2026-03-12',
      pauseOnStart: false,
    };
    await this.tell({ input: 'start-recording', recording });
    if (this.call.refused) throw new Error(this.call.refused.detail ?? this.call.refused.name);
    const session = new Session(this, recording.id, all);
    this.sessions.push(session);
    await session.happened('active');
    return session;
  }

  /** The n-th RecordingFileStatusUpdated. */
  told(count = 1): Promise<Told> {
    return until(`RecordingFileStatusUpdated number ${count}`, async () => {
      const event = this.announced[count - 1];
      return event ? { is: event } : { notYet: `${this.announced.length} came; trouble: ${this.trouble}` };
    });
  }

  /** The whole of a part, or why there is none. */
  async read(
    recording: string,
    part: 'audio' | 'video' | 'acsmetadata' = 'audio',
    resourceId = 'res',
  ): Promise<Buffer | string> {
    const content = this.recordings.content(resourceId, documentIdOf(recording), part);
    if ('missing' in content) return content.missing;
    const pieces: Uint8Array[] = [];
    for await (const piece of content.read(0, content.size)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async #close(): Promise<void> {
    this.isDead = true;
    await this.recordings.stop(0);
    await this.store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
    for (const { recorder } of this.sessions) await recorder.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A recording under way. */
export class Session {
  readonly id: string;
  readonly #studio: Studio;
  readonly recorder: Recorder;
  readonly #events: RecordingEvent[] = [];

  constructor(studio: Studio, id: string, settings: RecordingSettings) {
    this.id = id;
    this.#studio = studio;
    this.recorder = new Recorder({
      recordingId: id,
      name: growingBlob(id),
      blobs: studio.blobs,
      channels: settings.channels,
      channelOf: settings.channelOf.map(({ participant, channel }) => ({
        rawId: participant.rawId,
        channel,
      })),
      participant: (legId) => rawIds[Number(legId.slice(3))] ?? legId,
      paused: false,
      tell: (event) => {
        if (!studio.isDead) studio.recordings.told(event);
        this.#events.push(event);
      },
    });
  }

  /** So many seconds in which the phones of these numbers speak, each a steady level of its own (1000, 2000, 3000). */
  hear(seconds: number, ...speakers: readonly number[]): void {
    const levels = new Map(
      speakers.map((index) => [`leg${index}`, new Int16Array(frameSamples).fill((index + 1) * 1000)]),
    );
    const mixed = new Int16Array(frameSamples).fill(
      speakers.reduce((sum, index) => sum + (index + 1) * 1000, 0),
    );
    for (let frame = 0; frame < seconds * 50; frame++)
      this.recorder.frame({ mixed, legIds: [...levels.keys()], heard: (legId) => levels.get(legId) });
  }

  /** Waits for the recorder to say so, and tells the call. */
  async happened(now: RecordingEvent['now']): Promise<void> {
    const event = await until(`the recorder says ${now}`, async () => {
      const found = this.#events.findLast((each) => each.now === now);
      return found ? { is: found } : { notYet: `it said ${this.#events.map((each) => each.now)}` };
    });
    await this.#studio.tell({ input: 'media', event: { kind: 'recording', callId: 'call', event } });
  }

  async pause(on: boolean): Promise<void> {
    this.recorder.pause(on);
    await this.happened(on ? 'paused' : 'active');
  }

  /** As an application stops it. */
  async stop(): Promise<void> {
    await this.#studio.tell({ input: 'change-recording', recordingId: this.id, change: 'stop' });
    await this.recorder.stop();
    await this.happened('stopped');
  }
}
