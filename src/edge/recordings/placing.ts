/** Where a finished recording lies: here, or in the container that it was to go to; and the event that says so. */
import type { Announce } from '../../app/ports/recordings.ts';
import type { RecordingSettings } from '../../domain/media/recording.ts';
import { contentLocations } from '../../wire/rest/recording-content.ts';
import type { RecordingDocument } from './documents.ts';
import { type Exporting, type NotExported, putBlob } from './export.ts';
import { type KeptFiles, partOf } from './kept-files.ts';

/** As it stands once it is where it should be. What cannot be exported stays here, and the event will say so. */
export async function place(
  document: RecordingDocument,
  storage: RecordingSettings['storage'],
  files: KeptFiles,
  exporting: Exporting,
): Promise<RecordingDocument> {
  const { file, documentId, callConnectionId, format } = document;
  if (storage.kind === 'here' || file.at !== 'here') return document;
  const folder = `${callConnectionId}/${documentId}`;
  const stays = ({ failed }: NotExported): RecordingDocument => ({
    ...document,
    problem: [document.problem, `not exported, and kept here: ${failed}`].filter(Boolean).join('; '),
  });
  const path = `${folder}/${partOf(document)}.${format}`;
  const content = await putBlob(exporting, storage.url, path, files.stored(document, file));
  if ('failed' in content) return stays(content);
  const about = files.metadata(document);
  const metadata = await putBlob(exporting, storage.url, `${folder}/acsmetadata.json`, about);
  if ('failed' in metadata) return stays(metadata);
  return { ...document, file: { at: 'exported', url: content.url, metadataUrl: metadata.url } };
}

type RecordedEvent = Parameters<Announce>[0]['event'];

/** `endpoint`: https, as clients reach us. */
export function recordedEvent(document: RecordingDocument, endpoint: string): RecordedEvent {
  const { documentId, file, problem } = document;
  const { callConnectionId, serverCallId, recordingId, endReason } = document;
  const { content, channels, format, startedAt, durationMs } = document;
  const locations =
    file.at === 'here'
      ? contentLocations(endpoint, documentId, partOf(document))
      : file.at === 'exported'
        ? { contentLocation: file.url, metadataLocation: file.metadataUrl }
        : undefined;
  return {
    type: 'RecordingFileStatusUpdated',
    callConnectionId,
    serverCallId,
    recordingId,
    content,
    channels,
    format,
    chunks: locations ? [{ documentId, index: 0, ...locations }] : [],
    startedAt,
    durationMs,
    storage: file.at === 'exported' ? 'blob' : 'here',
    endReason,
    ...(problem === undefined ? {} : { problem }),
  };
}
