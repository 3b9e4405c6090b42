/** What calls need beside their telephones: prompts, speech, recordings, and where their bytes are kept. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createAnnounce } from '../app/desks/announce.ts';
import type { CallService } from '../app/desks/call-service.ts';
import { MediaService } from '../app/desks/media-service.ts';
import { ParticipantService } from '../app/desks/participant-service.ts';
import { RecordingService } from '../app/desks/recording-service.ts';
import type { RoutingContext } from '../app/desks/routing.ts';
import type { Clock, Quiet } from '../app/ports/clock.ts';
import type { Directory, Ids } from '../app/ports/directory.ts';
import type { MediaPort } from '../app/ports/media.ts';
import type { SpeakingPort, SpeechServices } from '../app/ports/speech-services.ts';
import type { Store } from '../app/ports/store.ts';
import type { Config, SpeechLinkConfig } from '../config/config.ts';
import { FolderBlobs } from '../edge/blobs/folder-blobs.ts';
import type { StreamServices } from '../edge/media/stream-opener.ts';
import { createEncoder } from '../edge/recordings/ffmpeg.ts';
import { createRecordings, type Recordings } from '../edge/recordings/recordings.ts';
import type { FetchFile } from '../edge/speaking/prompts.ts';
import { Speaking } from '../edge/speaking/speaking.ts';
import { createSpeechProviders, type SpeechLink } from '../edge/speech/provider-for.ts';
import { callOfRecording, recordingId } from '../wire/rest/recording-requests.ts';
import type { Deliveries } from './deliveries.ts';
import { streamServices } from './streams.ts';

export interface MediaServicesParts {
  readonly config: Config;
  readonly directory: string;
  readonly store: Store;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly ids: Ids;
  readonly deliveries: Deliveries;
  /** PEM of the local CA. */
  readonly ca: string;
  readonly grid: Pick<Directory, 'subscribers'>;
  /** The calls, once there are any. */
  readonly calls: () => CallService;
  readonly trouble: (what: string) => (error: unknown) => void;
}

export interface MediaServices {
  /** Folder of the blobs, for the media processes. */
  readonly blobs: string;
  readonly speaking: SpeakingPort;
  readonly streams: StreamServices;
  readonly recordings: Recordings;
  /** What applications ask, for the door. */
  desks(routing: RoutingContext & { readonly media: Pick<MediaPort, 'canMove'> }): {
    readonly media: MediaService;
    readonly participants: ParticipantService;
    readonly recordings: RecordingService;
  };
  stop(graceMs: number): Promise<void>;
}

/** Twenty minutes of a prompt, and what a person would wait for it. */
const mostPromptBytes = 40 * 2 ** 20;
const promptTimeoutMs = 10_000;

/** Guarded like every address that an application names: checked, pinned, never redirected. */
const promptFetcher =
  ({ poster }: Deliveries): FetchFile =>
  async (url) => {
    const answer = await poster.fetch({
      url,
      method: 'GET',
      headers: { accept: 'audio/wav, audio/*;q=0.5' },
      timeoutMs: promptTimeoutMs,
      mostBytes: mostPromptBytes,
    });
    if ('failed' in answer) return { failed: answer.failed };
    if (answer.status !== 200) return { failed: `it answered ${answer.status}` };
    if (!answer.whole) return { failed: `it is larger than ${mostPromptBytes} bytes` };
    return { bytes: answer.body };
  };

function linkOf({ endpoint, kind, key = '', speechModel, transcriptionModel }: SpeechLinkConfig): SpeechLink {
  switch (kind) {
    case 'embedded':
      return { kind, endpoint };
    case 'azure':
      return { kind, endpoint, key };
    case 'openai':
      return {
        kind,
        endpoint,
        key,
        ...(speechModel === undefined ? {} : { speechModel }),
        ...(transcriptionModel === undefined ? {} : { transcriptionModel }),
      };
  }
}

export async function openMediaServices(parts: MediaServicesParts): Promise<MediaServices> {
  const { config, directory, store, clock, quiet, ids, deliveries, trouble } = parts;
  const folder = join(directory, 'blobs');
  // What the last process was playing is nobody's any more where nothing is kept.
  if (config.memory) await rm(folder, { recursive: true, force: true });
  const blobs = new FolderBlobs(folder);
  const nameOf = new Map(config.resources.map(({ id, name }) => [id, name]));
  const providers = createSpeechProviders({
    links: new Map(
      config.resources.map(({ name, cognitiveServices }) => [name, cognitiveServices.map(linkOf)]),
    ),
    fetch: (request) => deliveries.poster.fetch(request),
  });
  const speechOf = (resourceId: string, endpoint: string) =>
    providers.providerFor(nameOf.get(resourceId) ?? '', endpoint);
  const speaking = new Speaking({
    blobs,
    quiet,
    fetchFile: promptFetcher(deliveries),
    speechOf,
    onEvent: ({ callId, event }) => parts.calls().desk.operation(callId, event),
    failed: trouble('speech'),
  });
  await speaking.clear();
  const recordings = createRecordings({
    blobs,
    store,
    clock,
    quiet,
    announce: createAnnounce({ store, outbox: deliveries.outbox, directory: parts.grid, ids, clock }),
    send: (request) => deliveries.poster.post(request),
    encoder: createEncoder({ folder }),
    call: (callId) => parts.calls().desk.calls.byId(callId)?.call,
    onTrouble: trouble('recordings'),
  });
  return {
    blobs: folder,
    speaking,
    streams: streamServices({ config, ca: parts.ca, signing: deliveries.signing, blobs, speechOf }),
    recordings,
    desks: (routing) => {
      const { desk, asking } = parts.calls();
      const speechServices: SpeechServices = {
        of: (resourceId, endpoint) => {
          const own = nameOf.get(resourceId) ?? '';
          if (providers.linkFor(own, endpoint)) return 'own';
          const linked = config.resources.some(({ name }) => providers.linkFor(name, endpoint));
          return linked ? 'of-another' : undefined;
        },
      };
      return {
        media: new MediaService({ asking, ids, speechServices }),
        participants: new ParticipantService({ ...routing, asking, desk, clock, speechServices }),
        recordings: new RecordingService({
          desk,
          asking,
          formats: recordings,
          ...(config.limits.activeRecordings === undefined
            ? {}
            : { mostRecordings: config.limits.activeRecordings }),
          newId: (callId) => recordingId(callId, ids.next()),
          callOf: callOfRecording,
        }),
      };
    },
    stop: async (graceMs) => {
      await recordings.stop(graceMs);
      await providers.close();
      if (config.memory) await rm(folder, { recursive: true, force: true });
    },
  };
}
