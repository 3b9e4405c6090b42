/** Recordings once they are whole: made a file, kept, announced, fetched and deleted. */
import type { Call } from '../../domain/call/call.ts';
import type { GridEvent } from '../../domain/call/events.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { Recording, RecordingSettings } from '../../domain/media/recording.ts';

export interface EndedRecording {
  /** As it was when the recording ended. */
  readonly call: Call;
  readonly recording: Recording;
  readonly endedAt: Instant;
}

/** The blob that a recording grows in while it goes on. */
export const growingBlob = (recordingId: string): string => `recording-${recordingId}`;

export interface RecordingFormats {
  /** What is not installed here and would be needed, and how to get it; undefined: it can be made. */
  missing(settings: RecordingSettings): Promise<string | undefined>;
}

export interface RecordingsPort {
  /** Returns at once: the file is made behind, and RecordingFileStatusUpdated says when it is there. */
  keep(ended: EndedRecording): void;
}

/** Tells the subscriptions of a resource; resolves once what is owed to them is stored. */
export type Announce = (announcement: {
  readonly resourceId: string;
  readonly callId: string;
  readonly event: Extract<GridEvent, { type: 'RecordingFileStatusUpdated' }>;
}) => Promise<void>;

/** What can be fetched of a recording: its sound, its picture with the sound, what is known of it as JSON. */
export type RecordingPart = 'audio' | 'video' | 'acsmetadata';

export interface RecordedContent {
  /** Media type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** From `from` up to and without `to`, piece by piece. */
  read(from: number, to: number): AsyncIterable<Uint8Array>;
}

/** Why there is nothing, in words. */
export interface NoRecording {
  readonly missing: string;
}

export interface RecordingFiles {
  /** Of another resource's recording nothing is there. */
  content(resourceId: string, documentId: string, part: RecordingPart): RecordedContent | NoRecording;
  /** Resolves once it is gone; undefined: it was there. */
  remove(resourceId: string, documentId: string): Promise<NoRecording | undefined>;
}
