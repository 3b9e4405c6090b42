/** What is kept of a recording beside its file, as documents of the store. */
import { hash } from 'node:crypto';
import type { Json, Store } from '../../app/ports/store.ts';
import type { RecordedEvent } from '../../domain/call/events.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import type { RecordingFacts } from '../../wire/rest/recording-content.ts';

export const recordingsCollection = 'recordings';

/** `content`, `format`: what came of it, which is not always what was asked for. */
export interface RecordingDocument extends RecordingFacts {
  readonly recordingId: string;
  readonly callId: string;
  readonly serverCallId: string;
  readonly endedAt: Instant;
  readonly expiresAt: Instant;
  readonly endReason: RecordedEvent['endReason'];
  readonly file:
    | { readonly at: 'here'; readonly blob: string; readonly size: number }
    /** In a container of the application's: URLs without its SAS. */
    | { readonly at: 'exported'; readonly url: string; readonly metadataUrl: string }
    /** Nothing was recorded. */
    | { readonly at: 'nowhere' }
    | { readonly at: 'deleted' };
  readonly problem?: string;
  /** RecordingFileStatusUpdated is owed or delivered. */
  readonly announced: boolean;
}

/** The same for one recording whenever it is asked for: a file that is made again after a crash takes the place of the first. */
export const documentIdOf = (recordingId: string): string =>
  `0-ringback-d1-${hash('sha256', recordingId, 'hex').slice(0, 32)}`;

export type DocumentStore = Pick<Store, 'document' | 'documents' | 'putDocument'>;

export class RecordingDocuments {
  readonly #store: DocumentStore;

  constructor(store: DocumentStore) {
    this.#store = store;
  }

  get(documentId: string): RecordingDocument | undefined {
    return this.#store.document(recordingsCollection, documentId) as unknown as RecordingDocument | undefined;
  }

  all(): readonly RecordingDocument[] {
    return this.#store
      .documents(recordingsCollection)
      .map(({ value }) => value as unknown as RecordingDocument);
  }

  put(document: RecordingDocument): Promise<void> {
    return this.#store.putDocument(recordingsCollection, document.documentId, document as unknown as Json);
  }

  drop(documentId: string): Promise<void> {
    return this.#store.putDocument(recordingsCollection, documentId, undefined);
  }
}
