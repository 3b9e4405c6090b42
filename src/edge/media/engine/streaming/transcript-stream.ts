/** Transcription: what is said in a call, as text. */
import { randomUUID } from 'node:crypto';
import type { Blobs } from '../../../../app/ports/blobs.ts';
import type { StreamFault, TranscriptStreamSettings } from '../../../../domain/media/stream.ts';
import { frameMs, frameSamples } from '../../../../wire/audio/frame.ts';
import { transcriptionData, transcriptionMetadata } from '../../../../wire/streaming/frames-out.ts';
import { bytesOf } from '../../../../wire/wav/wav.ts';
import type { Words } from '../../messages.ts';
import type { CallAudio } from '../audio/call-audio.ts';
import type { CallFrame, Tap } from '../audio/voice.ts';
import type { CallStream, StreamContext } from './call-stream.ts';
import { type ConnectionEvent, StreamConnection } from './connection.ts';
import { Transcriber } from './transcriber.ts';

export interface TranscriptContext extends StreamContext<TranscriptStreamSettings> {
  /** Where utterances are left for the speech service. */
  readonly blobs: Blobs;
  readonly speechEndpoint: string;
}

const silence = new Int16Array(frameSamples);

export class TranscriptStream implements CallStream, Tap {
  readonly #context: TranscriptContext;
  readonly #connection: StreamConnection;
  readonly #transcribers = new Map<string, Transcriber>();
  #settings: TranscriptStreamSettings;
  #room: CallAudio | undefined;
  #nowMs = 0;

  constructor(context: TranscriptContext) {
    this.#context = context;
    this.#settings = context.settings;
    this.#connection = new StreamConnection({
      ...context.connection,
      greeting: () => this.#metadata(),
      // The application has nothing to say on this one.
      heard: () => {},
      tell: (event) => this.#tell(event),
    });
  }

  open(): void {
    this.#connection.open();
  }

  /** Keys are no speech. */
  key(): void {}

  update(settings: TranscriptStreamSettings): void {
    this.#settings = settings;
    this.#context.tell({ now: 'updated' });
  }

  close(): void {
    this.#leave();
    this.#connection.close();
  }

  drop(): void {
    this.#leave();
    this.#connection.drop();
  }

  frame(frame: CallFrame): void {
    for (const [legId, transcriber] of this.#transcribers) {
      if (frame.legIds.includes(legId)) continue;
      transcriber.end();
      this.#transcribers.delete(legId);
    }
    for (const legId of frame.legIds) {
      const transcriber = this.#transcribers.get(legId) ?? this.#meet(legId);
      transcriber.frame(frame.heard(legId) ?? silence);
    }
    this.#nowMs += frameMs;
  }

  #meet(legId: string): Transcriber {
    const participantRawId = this.#context.rawId(legId);
    const transcriber = new Transcriber({
      nowMs: this.#nowMs,
      intermediate: this.#settings.intermediate,
      understand: (samples) => this.#understand(samples),
      said: ({ fromMs, lastedMs }, { text, confidence }, final) =>
        this.#connection.send(
          transcriptionData({
            text,
            fromMs,
            lastedMs,
            participantRawId,
            final,
            ...(confidence === undefined ? {} : { confidence }),
          }),
        ),
      failed: (fault, why) => this.#fail(fault, why),
    });
    this.#transcribers.set(legId, transcriber);
    return transcriber;
  }

  async #understand(samples: Int16Array): Promise<Words> {
    const { blobs, questions, speechEndpoint, request } = this.#context;
    const utterance = `utterance-${randomUUID()}`;
    try {
      await blobs.put(utterance, bytesOf(samples));
    } catch (error) {
      return { fault: 'internal', why: error instanceof Error ? error.message : String(error) };
    }
    const { resourceId } = request;
    const { locale } = this.#settings;
    return questions.words({ about: 'words', resourceId, speechEndpoint, utterance, locale });
  }

  #fail(fault: StreamFault, why: string): void {
    this.#connection.giveUp(1011, fault, why);
  }

  #metadata(): string {
    const { id, request } = this.#context;
    const { locale, speechModel } = this.#settings;
    return transcriptionMetadata({
      subscriptionId: id,
      locale,
      callConnectionId: request.connectionId,
      correlationId: request.correlationId,
      ...(speechModel === undefined ? {} : { speechModel }),
    });
  }

  #tell(event: ConnectionEvent): void {
    if (event.now === 'open') {
      this.#room = this.#context.room();
      this.#room.addTap(this);
    } else if (event.now === 'failed') this.#leave();
    this.#context.tell(event);
  }

  #leave(): void {
    this.#room?.removeTap(this);
    this.#room = undefined;
    for (const transcriber of this.#transcribers.values()) transcriber.stop();
    this.#transcribers.clear();
  }
}
