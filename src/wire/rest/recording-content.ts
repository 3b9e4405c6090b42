/**
 * What a kept recording looks like over HTTP: its addresses, ranges of its bytes, what is known of it as JSON, and why it
 * is not there (`reference/call-automation.md` §10).
 */
import type { RecordingSettings } from '../../domain/media/recording.ts';
import type { ErrorBody } from './error-body.ts';

/** The clients download from hosts under `asm.skype.com` and two others alone; our certificate has this one. */
export const storageHost = 'ringback.asm.skype.com';

export const objectsPath = '/v1/objects/';

export interface ContentLocations {
  readonly contentLocation: string;
  readonly metadataLocation: string;
  readonly deleteLocation: string;
  readonly contentLocationPlain: string;
}

/** `endpoint`: https, as the resource is reached by. The storage host answers on the same port. */
export function contentLocations(
  endpoint: string,
  documentId: string,
  part: 'audio' | 'video',
): ContentLocations {
  const own = new URL(endpoint);
  const storage = own.port === '' ? `https://${storageHost}` : `https://${storageHost}:${own.port}`;
  const object = `${objectsPath}${documentId}`;
  return {
    contentLocation: `${storage}${object}/content/${part}`,
    metadataLocation: `${storage}${object}/content/acsmetadata`,
    deleteLocation: `${storage}${object}`,
    contentLocationPlain: `${own.origin}${object}/content/${part}`,
  };
}

/** Bytes from `from` up to and without `to`. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * RFC 9110 14.1-14.2. Undefined: the whole, also where the header is no range of bytes or has several, which a server may
 * leave aside. `unsatisfiable`: it begins behind the end.
 */
export function requestedRange(
  header: string | undefined,
  size: number,
): ByteRange | 'unsatisfiable' | undefined {
  const found = /^\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*$/i.exec(header ?? '');
  if (!found) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '') {
    if (last === '') return undefined;
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, to: size };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return undefined;
  if (from >= size) return 'unsatisfiable';
  return { from, to: last === '' ? size : Math.min(Number(last) + 1, size) };
}

export const contentRange = (range: ByteRange | undefined, size: number): string =>
  range ? `bytes ${range.from}-${range.to - 1}/${size}` : `bytes */${size}`;

/** The clients read `status` and `message` at the top; `error` stands as everywhere else. */
export const contentFailure = (status: number, body: ErrorBody): unknown => ({
  status,
  message: body.error.message,
  ...body,
});

export interface RecordingFacts extends Pick<RecordingSettings, 'content' | 'channels' | 'format'> {
  readonly resourceId: string;
  readonly callConnectionId: string;
  readonly documentId: string;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly pauses: readonly { readonly at: number; readonly durationMs: number }[];
  readonly channelCount: number;
  /** With the channel of the file where everybody has one; `rawId` null: nobody is known to be on it. */
  readonly participants: readonly { readonly rawId: string | null; readonly channel?: number }[];
}

export const sampleRate = 16_000;
/** Of what is compressed, bits a second; mono speech at 16 kHz needs no more. */
export const audioBitRate = 48_000;
export const video = { width: 1920, height: 1080, framesPerSecond: 8 } as const;

/** As the service writes it; `channel` is ours. */
export function recordingMetadata(facts: RecordingFacts): unknown {
  const { content, channels, format, channelCount } = facts;
  const time = (at: number): string => new Date(at).toISOString();
  return {
    resourceId: facts.resourceId,
    callId: facts.callConnectionId,
    chunkDocumentId: facts.documentId,
    chunkIndex: 0,
    chunkStartTime: time(facts.startedAt),
    chunkDuration: facts.durationMs,
    pauseResumeIntervals: facts.pauses.map(({ at, durationMs }) => ({
      startTime: time(at),
      duration: durationMs,
    })),
    recordingInfo: {
      contentType: content,
      channelType: channels,
      format,
      audioConfiguration: {
        sampleRate,
        bitRate: format === 'wav' ? sampleRate * 16 * channelCount : audioBitRate,
        channels: channelCount,
      },
      ...(content === 'audioVideo' && format === 'mp4'
        ? {
            videoConfiguration: {
              longerSideLength: video.width,
              shorterSideLength: video.height,
              framerate: video.framesPerSecond,
            },
          }
        : {}),
    },
    participants: facts.participants.map(({ rawId, channel }) => ({
      ...(rawId === null ? {} : { participantId: rawId }),
      ...(channel === undefined ? {} : { channel }),
    })),
  };
}
