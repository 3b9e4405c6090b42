/** The media host as the desk sees it: values and ids only, so that it may stand on another machine. */

import type { RemoteMedia } from '../../domain/call/leg-events.ts';
import type { Recording } from '../../domain/media/recording.ts';
import type { Stream, StreamKind } from '../../domain/media/stream.ts';

export type { MediaEvent } from '../../domain/call/leg-events.ts';

export interface Part {
  /** The others do not hear it. */
  readonly muted: boolean;
  /** It hears and is heard by nobody; only what is played to it alone. */
  readonly held: boolean;
}

export interface PlayRequest {
  readonly callId: string;
  readonly operationId: string;
  readonly to: 'all' | readonly string[];
  readonly prompts: readonly string[];
  /** From the start again, until stopped. */
  readonly loop: boolean;
}

export interface ListenRequest {
  readonly callId: string;
  readonly operationId: string;
  readonly legId: string;
  readonly endSilenceMs: number;
}

export interface TonesRequest {
  readonly callId: string;
  readonly operationId: string;
  readonly legId: string;
  readonly keys: string;
}

export interface RecordingRequest {
  readonly callId: string;
  readonly recording: Recording;
  /** Who each leg is, by leg id: for the channels of an unmixed recording. */
  readonly participants: Readonly<Record<string, string>>;
}

export interface StreamRequest {
  readonly callId: string;
  readonly connectionId: string;
  readonly correlationId: string;
  readonly resourceId: string;
  readonly stream: Stream;
  /** Raw id of who each leg is. */
  readonly participants: Readonly<Record<string, string>>;
  /** What transcripts are made with. */
  readonly speechEndpoint?: string;
}

/** Every method returns at once; what comes of it comes back as a `MediaEvent`. Legs of one call share a process. */
export interface MediaPort {
  /** `rawId`: of who will be on it, for those who are told who speaks. */
  allocate(callId: string, legId: string, rawId?: string): void;
  /** Starts (or changes) where a leg sends to; `sendonly` and `inactive` of the far end stop our sending. */
  connect(legId: string, remote: RemoteMedia): void;
  /** These two of a call hear each other and nobody else, until one of them is released. */
  bridge(legId: string, otherLegId: string): void;
  /** To everybody in the call or to these legs, one after the other; blobs of mono PCM of 16 bit and 16 kHz. */
  play(request: PlayRequest): void;
  stopPlaying(callId: string, operationId: string): void;
  /** Waits for speech on a leg and keeps what is said until a pause of `endSilenceMs`. */
  listen(request: ListenRequest): void;
  stopListening(callId: string, operationId: string): void;
  /** Keys (`0`-`9`, `A`-`D`, `*`, `#`) as RFC 4733 events. */
  sendTones(request: TonesRequest): void;
  /** Writes what is heard in the call into a blob named by the recording's id, until it is stopped. */
  startRecording(request: RecordingRequest): void;
  changeRecording(callId: string, recordingId: string, change: 'pause' | 'resume' | 'stop'): void;
  /** Connects a websocket of the application and keeps it connected until it is closed. */
  openStream(request: StreamRequest): void;
  updateStream(request: StreamRequest): void;
  closeStream(callId: string, connectionId: string, kind: StreamKind): void;
  /** How a leg takes part: until told otherwise, everybody in a call hears everybody else. */
  part(legId: string, part: Part): void;
  /** Whether the audio of this leg can join that of a call: both are in one process. */
  canMove(legId: string, callId: string): boolean;
  move(legId: string, callId: string): void;
  ask(legId: string): void;
  release(legId: string): void;
}
