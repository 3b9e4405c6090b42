/** The audio of every call of an engine: who hears whom, what is played, listened to, recorded and streamed. */
import type { Blobs } from '../../../../app/ports/blobs.ts';
import type { MediaEvent, Part } from '../../../../app/ports/media.ts';
import type { Command } from '../../messages.ts';
import { CallStreams } from '../streaming/call-streams.ts';
import type { StreamLimits } from '../streaming/limits.ts';
import type { Questions } from '../streaming/questions.ts';
import { CallRoom } from './call-room.ts';
import type { Voice } from './voice.ts';

/** Commands about the audio of a call. */
export type RoomCommand = Extract<
  Command,
  {
    readonly kind:
      | 'play'
      | 'listen'
      | 'send-tones'
      | 'stop'
      | 'record'
      | 'change-recording'
      | 'open-stream'
      | 'update-stream'
      | 'close-stream';
  }
>;

/** What an engine tells of a call's audio. */
type RoomEvent = Extract<MediaEvent, { readonly callId: string }>;
type Keys = Voice & { pressAll(keys: string, sent: () => void): string | undefined };

export interface CallRoomsOptions {
  readonly blobs?: Blobs;
  readonly leg: (legId: string) => Keys | undefined;
  readonly tell: (callId: string, event: RoomEvent) => void;
  /** For people who look for a fault. */
  readonly note: (callId: string, note: string) => void;
  readonly questions: Questions;
  /** Of who is on a leg. */
  readonly rawId: (legId: string) => string | undefined;
  /** For tests that do not want to wait. */
  readonly streamLimits?: StreamLimits;
}

export class CallRooms {
  readonly #options: CallRoomsOptions;
  readonly #calls = new Map<string, CallRoom>();
  readonly #streams: CallStreams;
  /** Recordings of calls that are over, still being written. */
  readonly #closing = new Set<Promise<void>>();

  constructor(options: CallRoomsOptions) {
    this.#options = options;
    const { blobs, questions, streamLimits, tell, note, rawId } = options;
    this.#streams = new CallStreams({
      ...(blobs === undefined ? {} : { blobs }),
      ...(streamLimits === undefined ? {} : { limits: streamLimits }),
      note,
      questions,
      rawId,
      room: (callId) => this.#roomOf(callId).main,
      tell: (callId, event) => tell(callId, { kind: 'stream', callId, event }),
      left: (callId) => this.#tidy(callId),
    });
  }

  /** Calls that have audio. */
  get size(): number {
    return this.#calls.size;
  }

  /** 20 ms go by for the calls that it is said of. */
  frame(isDue: (callId: string) => boolean = () => true): void {
    for (const [callId, room] of this.#calls) if (isDue(callId)) room.frame();
  }

  join(callId: string, voice: Voice): void {
    this.#roomOf(callId).join(voice);
  }

  part(callId: string, legId: string, part: Part): void {
    const voice = this.#options.leg(legId);
    const { muted, held } = part;
    if (voice) this.#roomOf(callId).part(voice, { muted, held });
  }

  /** These two hear each other and nobody else. */
  pair(callId: string, legId: string, otherLegId: string): void {
    this.#roomOf(callId).pair(legId, otherLegId, this.#options.leg);
  }

  /** `last`: no other leg of the call lives here. */
  leave(callId: string, legId: string, last: boolean): void {
    const room = this.#calls.get(callId);
    if (!room) return;
    room.leave(legId);
    if (last) this.#track(room.abandon());
    this.#tidy(callId);
  }

  /** A key that somebody of the call pressed. */
  key(callId: string, key: string): void {
    this.#streams.key(callId, key);
  }

  handle(command: RoomCommand): void {
    const { callId } = command;
    switch (command.kind) {
      case 'play':
        void this.#roomOf(callId).playing.play(command);
        return;
      case 'listen':
        this.#roomOf(callId).listening.listen(command);
        return;
      case 'send-tones':
        this.#sendTones(command);
        return;
      case 'stop': {
        const room = this.#calls.get(callId);
        if (command.what === 'prompt') room?.playing.stop(command.operationId);
        else room?.listening.stop(command.operationId);
        return;
      }
      case 'record':
        this.#roomOf(callId).recordings.start(command);
        return;
      case 'change-recording': {
        const { recordingId, change } = command;
        const recordings = this.#calls.get(callId)?.recordings;
        if (change !== 'stop') recordings?.pause(recordingId, change === 'pause');
        else if (recordings) this.#track(recordings.stop(recordingId));
        return;
      }
      case 'open-stream':
        this.#streams.open(command);
        return;
      case 'update-stream':
        this.#streams.update(command);
        return;
      case 'close-stream':
        this.#streams.close(command.connectionId, command.stream);
    }
  }

  /** Resolves once all that is recorded is written. */
  async close(): Promise<void> {
    this.#streams.drop();
    for (const room of this.#calls.values()) this.#track(room.abandon());
    this.#calls.clear();
    await Promise.all(this.#closing);
  }

  #sendTones({ callId, operationId, legId, keys }: Extract<RoomCommand, { kind: 'send-tones' }>): void {
    const { leg, tell } = this.#options;
    const sent = (): void =>
      tell(callId, { kind: 'operation', callId, event: { operationId, kind: 'tones-sent' } });
    const voice = leg(legId);
    const why = voice ? voice.pressAll(keys, sent) : 'the participant has no audio here';
    if (why !== undefined)
      tell(callId, { kind: 'operation', callId, event: { operationId, kind: 'tones-unsent', why } });
  }

  #track(closing: Promise<void>): void {
    this.#closing.add(closing);
    void closing.finally(() => this.#closing.delete(closing));
  }

  #roomOf(callId: string): CallRoom {
    const known = this.#calls.get(callId);
    if (known) return known;
    const { blobs, tell } = this.#options;
    const room = new CallRoom({
      ...(blobs === undefined ? {} : { blobs }),
      tellOperation: (event) => tell(callId, { kind: 'operation', callId, event }),
      tellRecording: (event) => tell(callId, { kind: 'recording', callId, event }),
      quieter: () => this.#tidy(callId),
    });
    this.#calls.set(callId, room);
    return room;
  }

  #tidy(callId: string): void {
    if (this.#calls.get(callId)?.isOver) this.#calls.delete(callId);
  }
}
