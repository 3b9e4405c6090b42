/** Recordings that are whole: read, deleted, and gone a day after they ended. */
import type { Blobs } from '../../app/ports/blobs.ts';
import type { Cancel, Clock } from '../../app/ports/clock.ts';
import type {
  NoRecording,
  RecordedContent,
  RecordingFiles,
  RecordingPart,
} from '../../app/ports/recordings.ts';
import { recordingMetadata } from '../../wire/rest/recording-content.ts';
import type { RecordingDocument, RecordingDocuments } from './documents.ts';

export interface KeptFilesOptions {
  readonly blobs: Blobs;
  readonly documents: RecordingDocuments;
  readonly clock: Clock;
  readonly onTrouble: (error: unknown) => void;
}

const pieceBytes = 1 << 20;
const mediaTypes = { wav: 'audio/wav', mp3: 'audio/mpeg', mp4: 'video/mp4' } as const;

export const partOf = ({ content }: Pick<RecordingDocument, 'content'>): 'audio' | 'video' =>
  content === 'audioVideo' ? 'video' : 'audio';

export class KeptFiles implements RecordingFiles {
  readonly #options: KeptFilesOptions;
  readonly #expiring = new Map<string, Cancel>();

  constructor(options: KeptFilesOptions) {
    this.#options = options;
  }

  content(resourceId: string, documentId: string, part: RecordingPart): RecordedContent | NoRecording {
    const found = this.#find(resourceId, documentId);
    if ('missing' in found) return found;
    if (part === 'acsmetadata') return this.metadata(found);
    const has = partOf(found);
    if (part !== has) return { missing: `recording ${documentId} has no ${part}; its content is ${has}` };
    switch (found.file.at) {
      case 'here':
        return this.stored(found, found.file);
      case 'exported':
        return {
          missing: `recording ${documentId} was put into the storage it was to go to: ${found.file.url}`,
        };
      case 'nowhere':
        return { missing: `nothing was recorded by recording ${documentId}` };
      case 'deleted':
        return { missing: `recording ${documentId} was deleted` };
    }
  }

  async remove(resourceId: string, documentId: string): Promise<NoRecording | undefined> {
    const found = this.#find(resourceId, documentId);
    if ('missing' in found) return found;
    const { documents, blobs } = this.#options;
    if (found.file.at !== 'here') return { missing: `of recording ${documentId} no file is kept here` };
    await documents.put({ ...found, file: { at: 'deleted' } });
    await blobs.remove(found.file.blob);
    return undefined;
  }

  /** What is known of a recording, as the service writes it. */
  metadata(document: RecordingDocument): RecordedContent {
    const bytes = Buffer.from(JSON.stringify(recordingMetadata(document)));
    return {
      type: 'application/json; charset=utf-8',
      size: bytes.length,
      read: async function* (from, to) {
        yield bytes.subarray(from, to);
      },
    };
  }

  stored(
    document: RecordingDocument,
    file: { readonly blob: string; readonly size: number },
  ): RecordedContent {
    const { blobs } = this.#options;
    return {
      type: mediaTypes[document.format],
      size: file.size,
      read: async function* (from, to) {
        for (let at = from; at < to; at += pieceBytes) {
          const end = Math.min(at + pieceBytes, to);
          const bytes = await blobs.get(file.blob, { from: at, to: end });
          if (bytes?.length !== end - at)
            throw new Error(`recording ${document.documentId} was deleted while it was read`);
          yield bytes;
        }
      },
    };
  }

  /** From now on it goes when its time is over. */
  expire({ documentId, expiresAt }: RecordingDocument): void {
    this.#expiring.get(documentId)?.();
    const gone = (): void => {
      this.#expiring.delete(documentId);
      this.#drop(documentId).catch(this.#options.onTrouble);
    };
    this.#expiring.set(documentId, this.#options.clock.at(expiresAt, `end of recording ${documentId}`, gone));
  }

  stop(): void {
    for (const cancel of this.#expiring.values()) cancel();
    this.#expiring.clear();
  }

  async #drop(documentId: string): Promise<void> {
    const { documents, blobs } = this.#options;
    const file = documents.get(documentId)?.file;
    await documents.drop(documentId);
    if (file?.at === 'here') await blobs.remove(file.blob);
  }

  /** Deleted ones are still found, so that it can be said. */
  #find(resourceId: string, documentId: string): RecordingDocument | NoRecording {
    const document = this.#options.documents.get(documentId);
    const over = document && this.#options.clock.now() >= document.expiresAt;
    // What belongs to others is spoken of as if it did not exist.
    if (document?.resourceId !== resourceId || over)
      return { missing: `no recording ${documentId} is kept; files go a day after the recording ended` };
    return document;
  }
}
