/** A recording of a call (`reference/call-automation.md` §4-6, §9-10). */
import type { Identifier } from '../ids/identifier.ts';
import type { Instant } from '../ids/instant.ts';

export interface RecordingSettings {
  readonly content: 'audio' | 'audioVideo';
  readonly channels: 'mixed' | 'unmixed';
  readonly format: 'wav' | 'mp3' | 'mp4';
  /** Of an unmixed recording: who is on which channel, from 0. Others take free channels as they are first heard. */
  readonly channelOf: readonly { readonly participant: Identifier; readonly channel: number }[];
  /** Where the file goes once it is whole: kept here for a day, or put into a container by its URL (with SAS). */
  readonly storage: { readonly kind: 'here' } | { readonly kind: 'blob'; readonly url: string };
}

/** A change is asked for and shows once the media process has made it. */
export type RecordingState = 'starting' | 'active' | 'pausing' | 'paused' | 'resuming' | 'stopping';

export interface Recording {
  readonly id: string;
  readonly resourceId: string;
  /** The connection that asked for it; absent where the call was named by its server call id. */
  readonly connectionId?: string;
  readonly settings: RecordingSettings;
  /** Gets RecordingStateChanged; the callback address of a connection when absent. */
  readonly callbackUri?: string;
  readonly apiVersion: string;
  readonly requestedAt: Instant;
  readonly pauseOnStart: boolean;
  readonly state: RecordingState;
}

/** What applications are told: a paused recording is inactive, as a stopped one is. */
export const isActive = ({ state }: Pick<Recording, 'state'>): boolean =>
  state === 'active' || state === 'pausing';

/** Whether a change is under way, so that another would collide with it. */
export const isChanging = ({ state }: Recording): boolean =>
  state === 'starting' || state === 'pausing' || state === 'resuming' || state === 'stopping';

/** What the media process tells of a recording. */
export type RecordingEvent = { readonly recordingId: string } & (
  | { readonly now: 'active' | 'paused' }
  | {
      readonly now: 'stopped';
      /** Of what was recorded, pauses left out. */
      readonly durationMs: number;
      /** Of an unmixed recording: the raw id of who is on each channel; null where nobody came to be. */
      readonly channels: readonly (string | null)[];
    }
  | { readonly now: 'failed'; readonly why: string }
);
