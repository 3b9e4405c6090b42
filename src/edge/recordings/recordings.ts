/** Recordings once they are over: made a file, kept or exported, announced, served, deleted and expired. */
import type { Blobs } from '../../app/ports/blobs.ts';
import type { Clock, Quiet } from '../../app/ports/clock.ts';
import {
  type Announce,
  type EndedRecording,
  growingBlob,
  type RecordingFiles,
  type RecordingFormats,
  type RecordingsPort,
} from '../../app/ports/recordings.ts';
import type { Store } from '../../app/ports/store.ts';
import type { Call } from '../../domain/call/call.ts';
import type { Recording, RecordingEvent, RecordingSettings } from '../../domain/media/recording.ts';
import { callOfRecording } from '../../wire/rest/recording-requests.ts';
import { documentIdOf, type RecordingDocument, RecordingDocuments } from './documents.ts';
import type { Exporting, Send } from './export.ts';
import type { Encoder } from './ffmpeg.ts';
import { cutShortBy, endingOf, historyOf } from './history.ts';
import { KeptFiles } from './kept-files.ts';
import { type LastWord, LastWords } from './last-words.ts';
import { make } from './making.ts';
import { place, recordedEvent } from './placing.ts';
import { Works } from './works.ts';

export interface RecordingsOptions {
  /** Those of the media processes, which write recordings under `growingBlob` names. */
  readonly blobs: Blobs;
  readonly store: Pick<Store, 'journal' | 'document' | 'documents' | 'putDocument'>;
  readonly clock: Clock;
  readonly quiet: Quiet;
  /** `createAnnounce` of the desks. */
  readonly announce: Announce;
  /** For exports: `Poster.post` of the callbacks. */
  readonly send: Send;
  /** `createEncoder`. */
  readonly encoder: Encoder;
  /** The call as it stands, from its journal where it is not in memory. */
  readonly call: (callId: string) => Call | undefined;
  readonly onTrouble: (error: unknown) => void;
  /** Wall time that the media process has to finish a file. */
  readonly lastWordMs?: number;
  /** Files that are made at once. */
  readonly atOnce?: number;
  /** Exports larger than this go in blocks of it; bytes. */
  readonly blockBytes?: number;
}

export interface Recordings extends RecordingsPort, RecordingFormats, RecordingFiles {
  /** To be told of every `MediaEvent` of kind `recording`, before or after the desk is. */
  told(event: RecordingEvent): void;
  /**
   * Finishes what an earlier process left. To be called after `CallDesk.restarted`, and once it is known where clients reach
   * us (https, as the `endpoint` of the ready line). What ended before is announced from here on, once `listeners`, which
   * never rejects, has settled: the subscriptions that the start has to validate again.
   */
  start(address: { readonly endpoint: string; readonly listeners?: Promise<unknown> }): Promise<void>;
  /** Lets work under way go on for `graceMs` of wall time; the rest is left to the next start. */
  stop(graceMs: number): Promise<void>;
  /** Drops every file, after the store was reset. */
  forget(): Promise<void>;
}

const keptMs = 24 * 60 * 60 * 1000;

/** `createRecordings({ blobs, store, clock, quiet, announce, send, encoder: createEncoder({ folder }), call, onTrouble })` */
export function createRecordings(options: RecordingsOptions): Recordings {
  return new RecordingKeeper(options);
}

class RecordingKeeper implements Recordings {
  readonly #options: RecordingsOptions;
  readonly #documents: RecordingDocuments;
  readonly #files: KeptFiles;
  readonly #works: Works;
  readonly #exporting: Exporting;
  readonly #words = new LastWords();
  readonly #endpoint = Promise.withResolvers<string>();

  constructor(options: RecordingsOptions) {
    const { blobs, store, clock, quiet, onTrouble, send, blockBytes } = options;
    this.#options = options;
    this.#documents = new RecordingDocuments(store);
    this.#files = new KeptFiles({ blobs, documents: this.#documents, clock, onTrouble });
    this.#works = new Works({ clock, quiet, onTrouble, atOnce: options.atOnce ?? 2 });
    this.#exporting = {
      send,
      pause: (ms) => this.#works.pause(ms),
      ...(blockBytes === undefined ? {} : { blockBytes }),
    };
    const { signal } = this.#works;
    signal.addEventListener('abort', () => this.#endpoint.reject(signal.reason), { once: true });
    // Nobody may be waiting for it when the server stops.
    this.#endpoint.promise.catch(() => undefined);
  }

  async missing({ format }: RecordingSettings): Promise<string | undefined> {
    return format === 'wav' ? undefined : this.#options.encoder.missing(format);
  }

  content(...query: Parameters<RecordingFiles['content']>): ReturnType<RecordingFiles['content']> {
    return this.#files.content(...query);
  }

  remove(...query: Parameters<RecordingFiles['remove']>): ReturnType<RecordingFiles['remove']> {
    return this.#files.remove(...query);
  }

  told(event: RecordingEvent): void {
    this.#words.told(event);
  }

  keep(ended: EndedRecording): void {
    this.#begin(ended.recording.id, () => this.#keep(ended));
  }

  async start({ endpoint, listeners }: Parameters<Recordings['start']>[0]): Promise<void> {
    this.#endpoint.resolve(listeners ? listeners.then(() => endpoint) : endpoint);
    const kept = new Set<string>();
    for (const document of this.#documents.all()) {
      if (document.file.at === 'here') kept.add(document.file.blob);
      this.#files.expire(document);
      if (document.announced) continue;
      const ending = endingOf(this.#options.store.journal(document.callId), document.recordingId);
      const storage = ending?.recording.settings.storage ?? { kind: 'here' };
      this.#begin(document.recordingId, () => this.#finish(document, storage));
    }
    const { blobs } = this.#options;
    for (const name of await blobs.names())
      if (!kept.has(name) && this.#isLeft(name)) await blobs.remove(name);
  }

  async stop(graceMs: number): Promise<void> {
    await this.#works.stop(graceMs);
    this.#files.stop();
  }

  async forget(): Promise<void> {
    this.#files.stop();
    const { blobs, call } = this.#options;
    for (const name of await blobs.names()) {
      const grown = recordingOf(name);
      const isOurs = grown !== undefined || name.startsWith(madePrefix);
      const underWay = grown !== undefined && call(grown.callId)?.recording?.id === grown.id;
      if (isOurs && !underWay && !this.#isInHand(name)) await blobs.remove(name);
    }
  }

  #isInHand(name: string): boolean {
    return this.#works.names.some(
      (id) => name === growingBlob(id) || name.startsWith(`${madePrefix}${documentIdOf(id)}`),
    );
  }

  /** Whether a blob without a document is nobody's. One that an earlier process did not get to is taken up. */
  #isLeft(name: string): boolean {
    if (this.#isInHand(name)) return false;
    if (name.startsWith(madePrefix)) return true;
    const grown = recordingOf(name);
    // Prompts and the like.
    if (grown === undefined) return false;
    if (this.#documents.get(documentIdOf(grown.id))) return true;
    const call = this.#options.call(grown.callId);
    if (!call) return true;
    const ending = endingOf(this.#options.store.journal(grown.callId), grown.id);
    if (ending) this.keep({ call, ...ending });
    return false;
  }

  #begin(recordingId: string, task: () => Promise<void>): void {
    this.#works.begin(recordingId, task, () => this.#words.forget(recordingId));
  }

  async #keep(ended: EndedRecording): Promise<void> {
    const { recording, call } = ended;
    const { id, settings } = recording;
    const documentId = documentIdOf(id);
    const before = this.#documents.get(documentId);
    if (before) return before.announced ? undefined : this.#finish(before, settings.storage);
    const cut = cutShortBy(this.#options.store.journal(call.callId), ended.endedAt);
    const word = await this.#lastWord(recording, cut);
    // The application was told by StartRecordingFailed.
    if (recording.state === 'starting' && word?.now === 'failed')
      return this.#options.blobs.remove(growingBlob(id));
    const document = await this.#works.turn(() => this.#make(documentId, ended, word, cut));
    await this.#documents.put(document);
    return this.#finish(document, settings.storage);
  }

  async #finish(document: RecordingDocument, storage: RecordingSettings['storage']): Promise<void> {
    const placed = await place(document, storage, this.#files, this.#exporting);
    if (placed !== document) await this.#documents.put(placed);
    if (document.file.at === 'here' && placed.file.at === 'exported')
      await this.#options.blobs.remove(document.file.blob);
    this.#files.expire(placed);
    const { resourceId, callId } = placed;
    const event = recordedEvent(placed, await this.#endpoint.promise);
    await this.#options.announce({ resourceId, callId, event });
    // Unless it was deleted meanwhile.
    const now = this.#documents.get(placed.documentId);
    if (now) await this.#documents.put({ ...now, announced: true });
  }

  async #lastWord({ id, state }: Recording, cut: string | undefined): Promise<LastWord | undefined> {
    // Nobody will speak where the process is gone, or where it was one of an earlier server.
    const nobody = cut !== undefined || (state !== 'starting' && !this.#words.knows(id));
    return this.#words.of(id, nobody ? 0 : this.#lastWordMs, this.#works.signal);
  }

  get #lastWordMs(): number {
    return this.#options.lastWordMs ?? 10_000;
  }

  async #make(
    documentId: string,
    ended: EndedRecording,
    word: LastWord | undefined,
    cut: string | undefined,
  ): Promise<RecordingDocument> {
    const { blobs, encoder, store } = this.#options;
    const { call, recording, endedAt } = ended;
    const { signal } = this.#works;
    const made = await make({ blobs, encoder, signal }, `${madePrefix}${documentId}`, ended, word);
    const { onChannel, problem, ...rest } = made;
    const { startedAt, pauses, present } = historyOf(store.journal(call.callId), ended);
    const { channels } = recording.settings;
    const problems = [this.#early(word, cut), problem].filter((text) => text !== undefined);
    return {
      ...rest,
      documentId,
      resourceId: recording.resourceId,
      recordingId: recording.id,
      callId: call.callId,
      callConnectionId: recording.connectionId ?? connectionOf(call, recording) ?? call.correlationId,
      serverCallId: call.serverCallId,
      channels,
      startedAt,
      endedAt,
      expiresAt: endedAt + keptMs,
      pauses,
      participants:
        channels === 'unmixed'
          ? onChannel.map((rawId, channel) => ({ rawId, channel }))
          : present.map((rawId) => ({ rawId })),
      endReason: recording.state === 'stopping' ? 'StoppedByUser' : 'CallEnded',
      ...(problems.length === 0 ? {} : { problem: problems.join('; ') }),
      announced: false,
    };
  }

  /** Why it may be shorter than it should be. */
  #early(word: LastWord | undefined, cut: string | undefined): string | undefined {
    if (word?.now === 'stopped') return undefined;
    if (word?.now === 'failed') return `recording stopped early: ${word.why}`;
    const late = `the media process did not finish the file within ${this.#lastWordMs / 1000} s`;
    return cut ?? `${late}; what it had written is kept`;
  }
}

/** Names of files that are made of what was recorded. */
const madePrefix = 'recorded-';

/** Whose growing blob it is. */
function recordingOf(name: string): { readonly id: string; readonly callId: string } | undefined {
  const prefix = growingBlob('');
  const id = name.startsWith(prefix) ? name.slice(prefix.length) : '';
  const callId = callOfRecording(id);
  return callId === undefined ? undefined : { id, callId };
}

function connectionOf(call: Call, { resourceId }: Recording): string | undefined {
  return Object.values(call.connections).find((connection) => connection.resourceId === resourceId)?.id;
}
