/** A stream as its call sees it. */
import type { StreamRequest } from '../../../../app/ports/media.ts';
import type { TranscriptStreamSettings } from '../../../../domain/media/stream.ts';
import type { CallAudio } from '../audio/call-audio.ts';
import type { ConnectionEvent, ConnectionOptions } from './connection.ts';
import type { Questions } from './questions.ts';

export interface StreamContext<S extends StreamRequest['stream']['settings']> {
  readonly request: Omit<StreamRequest, 'stream'>;
  /** Of the subscription. */
  readonly id: string;
  readonly settings: S;
  /** Where the call's audio is. */
  readonly room: () => CallAudio;
  /** Of who is on a leg. */
  readonly rawId: (legId: string) => string;
  readonly questions: Questions;
  readonly connection: Pick<ConnectionOptions, 'url' | 'headers' | 'limits' | 'where' | 'note'>;
  readonly tell: (event: ConnectionEvent) => void;
}

export interface CallStream {
  open(): void;
  /** A key that somebody pressed. */
  key(key: string): void;
  /** Another language from the next utterance on. */
  update?(settings: TranscriptStreamSettings): void;
  /** Ends it; `closed` follows. */
  close(): void;
  /** Ends it at once and without a word. */
  drop(): void;
}
