/** Every stream of an engine. */
import type { Blobs } from '../../../../app/ports/blobs.ts';
import type { StreamRequest } from '../../../../app/ports/media.ts';
import type { StreamEvent, StreamFault, StreamKind } from '../../../../domain/media/stream.ts';
import type { CallAudio } from '../audio/call-audio.ts';
import { AudioStream } from './audio-stream.ts';
import type { CallStream } from './call-stream.ts';
import type { ConnectionEvent } from './connection.ts';
import { type StreamLimits, usualLimits } from './limits.ts';
import type { Questions } from './questions.ts';
import { TranscriptStream } from './transcript-stream.ts';

export interface CallStreamsOptions {
  readonly blobs?: Blobs;
  readonly questions: Questions;
  readonly room: (callId: string) => CallAudio;
  /** Of who is on a leg. */
  readonly rawId: (legId: string) => string | undefined;
  readonly tell: (callId: string, event: StreamEvent) => void;
  readonly note: (callId: string, note: string) => void;
  /** A call may have lost its last stream. */
  readonly left: (callId: string) => void;
  readonly limits?: StreamLimits;
}

interface Entry {
  readonly request: StreamRequest;
  stream?: CallStream;
  wasOpen: boolean;
}

type Made = { readonly stream: CallStream } | { readonly fault: StreamFault; readonly why: string };

const keyOf = (connectionId: string, kind: StreamKind): string => `${connectionId} ${kind}`;

export class CallStreams {
  readonly #options: CallStreamsOptions;
  readonly #streams = new Map<string, Entry>();

  constructor(options: CallStreamsOptions) {
    this.#options = options;
  }

  open(request: StreamRequest): void {
    const key = keyOf(request.connectionId, request.stream.settings.kind);
    // Its end was told, or else nobody would open it again.
    this.#streams.get(key)?.stream?.drop();
    const entry: Entry = { request, wasOpen: false };
    this.#streams.set(key, entry);
    const made = this.#make(request, (event) => this.#became(key, entry, event));
    if ('fault' in made) this.#became(key, entry, { now: 'failed', ...made });
    else {
      entry.stream = made.stream;
      made.stream.open();
    }
  }

  update({ connectionId, stream }: StreamRequest): void {
    const { settings } = stream;
    if (settings.kind === 'transcript')
      this.#streams.get(keyOf(connectionId, settings.kind))?.stream?.update?.(settings);
  }

  /** `closed` follows where it had been open; it is over for the call at once. */
  close(connectionId: string, kind: StreamKind): void {
    this.#streams.get(keyOf(connectionId, kind))?.stream?.close();
  }

  /** A key that somebody of the call pressed. */
  key(callId: string, key: string): void {
    for (const { request, stream } of this.#streams.values()) if (request.callId === callId) stream?.key(key);
  }

  /** All at once, and nobody is told. */
  drop(): void {
    for (const { stream } of this.#streams.values()) stream?.drop();
    this.#streams.clear();
  }

  #became(key: string, entry: Entry, event: ConnectionEvent): void {
    const { callId, connectionId, stream } = entry.request;
    if (event.now === 'open') entry.wasOpen = true;
    if (event.now === 'failed' || event.now === 'closed') {
      if (this.#streams.get(key) === entry) this.#streams.delete(key);
      this.#options.left(callId);
    }
    // Who stops what was never open is not waiting, and may have started the next one.
    if (event.now === 'closed' && !entry.wasOpen) return;
    this.#options.tell(callId, { connectionId, stream: stream.settings.kind, ...event });
  }

  #make(request: StreamRequest, tell: (event: ConnectionEvent) => void): Made {
    const { stream: asked, ...rest } = request;
    const { callId, connectionId, correlationId, resourceId, participants, speechEndpoint } = rest;
    const { questions, room, rawId, blobs, note, limits = usualLimits } = this.#options;
    const { id, settings } = asked;
    const { url } = settings;
    const context = {
      request: rest,
      id,
      room: () => room(callId),
      // Those who came later are not in the request.
      rawId: (legId: string) => rawId(legId) ?? participants[legId] ?? legId,
      questions,
      connection: {
        url,
        headers: {
          'x-ms-call-correlation-id': correlationId,
          'x-ms-call-connection-id': connectionId,
          'user-agent': 'Ringback',
        },
        limits,
        where: () => questions.where({ about: 'where', resourceId, url }),
        note: (text: string) => note(callId, `${settings.kind} stream of ${connectionId}: ${text}`),
      },
      tell,
    };
    if (settings.kind === 'audio') return { stream: new AudioStream({ ...context, settings }) };
    if (speechEndpoint === undefined) {
      const why = 'the call was set up without callIntelligenceOptions.cognitiveServicesEndpoint';
      return { fault: 'speech-unreachable', why };
    }
    if (!blobs) return { fault: 'internal', why: 'this media process has nowhere to write to' };
    return { stream: new TranscriptStream({ ...context, settings, blobs, speechEndpoint }) };
  }
}
