/** One call: those who are in it together, pairs that were handed over to each other, and what runs in it. */
import type { Blobs } from '../../../../app/ports/blobs.ts';
import type { Part } from '../../../../app/ports/media.ts';
import type { OperationEvent } from '../../../../domain/call/operation-events.ts';
import type { RecordingEvent } from '../../../../domain/media/recording.ts';
import { CallAudio } from './call-audio.ts';
import { Listening } from './listening.ts';
import { Playing } from './playing.ts';
import { Recordings } from './recordings.ts';
import type { Voice } from './voice.ts';

export interface RoomContext {
  readonly blobs?: Blobs;
  readonly tellOperation: (event: OperationEvent) => void;
  readonly tellRecording: (event: RecordingEvent) => void;
  /** Something that ran has ended. */
  readonly quieter: () => void;
}

/** What runs in a call needs this of it. */
export interface Stage extends RoomContext {
  readonly audio: CallAudio;
}

export class CallRoom {
  /** What is played, listened to, recorded and streamed concerns these. */
  readonly main = new CallAudio();
  readonly playing: Playing;
  readonly listening: Listening;
  readonly recordings: Recordings;
  readonly #pairs = new Set<CallAudio>();

  constructor(context: RoomContext) {
    const stage: Stage = { ...context, audio: this.main };
    this.playing = new Playing(stage);
    this.listening = new Listening(stage);
    this.recordings = new Recordings(stage);
  }

  /** Nobody is in it, and nothing goes on. */
  get isOver(): boolean {
    return this.main.isEmpty && this.#pairs.size === 0 && this.playing.isIdle;
  }

  frame(): void {
    this.main.frame();
    for (const pair of this.#pairs) pair.frame();
  }

  join(voice: Voice): void {
    if (!this.#audioOf(voice.legId)) this.main.join(voice);
  }

  part(voice: Voice, part: Part): void {
    (this.#audioOf(voice.legId) ?? this.main).join(voice, part);
  }

  /** Where nobody else is there, these two hear only each other already. */
  pair(legId: string, otherLegId: string, voiceOf: (legId: string) => Voice | undefined): void {
    const both = [legId, otherLegId];
    const { legIds } = this.main;
    if (legIds.length === 2 && both.every((id) => legIds.includes(id))) return;
    const pair = new CallAudio();
    this.#pairs.add(pair);
    for (const id of both) {
      const voice = voiceOf(id);
      const part = this.#leave(id);
      if (voice) pair.join(voice, part);
    }
  }

  leave(legId: string): void {
    this.#leave(legId);
    const [pair, ...more] = this.#pairs;
    // Whoever they were set apart from is gone: they are the call.
    if (this.main.legIds.length > 0 || !pair || more.length > 0) return;
    this.#pairs.delete(pair);
    for (const { voice, part } of pair.takeAll()) this.main.join(voice, part);
  }

  /** Nobody is left to hear anything. Resolves once what was recorded is written. */
  abandon(): Promise<void> {
    this.playing.abandon('no participant of the call has audio any more');
    this.listening.abandon();
    return this.recordings.stopAll();
  }

  #audioOf(legId: string): CallAudio | undefined {
    return [this.main, ...this.#pairs].find((audio) => audio.legIds.includes(legId));
  }

  #leave(legId: string): Part | undefined {
    const audio = this.#audioOf(legId);
    const part = audio?.leave(legId);
    if (audio?.isEmpty) this.#pairs.delete(audio);
    return part;
  }
}
