/** The body of starting a recording, and the ids and states that answer it (`reference/call-automation.md` §4-6). */
import { isActive, type Recording, type RecordingSettings } from '../../domain/media/recording.ts';
import { type CallbackPolicy, callbackUri } from './callback-uri.ts';
import { type Decoded, invalid, invalidAs, present, type Take } from './decoded.ts';
import { Fields, flag, listOf, type Model, oneOf, text, wholeNumber } from './fields.ts';
import { type Identifier, takeIdentifier } from './identifier.ts';

export interface StartRecordingBody {
  /** The call, by one of its ids. */
  readonly call: { readonly connectionId: string } | { readonly serverCallId: string };
  readonly settings: RecordingSettings;
  readonly callbackUri?: string;
  readonly pauseOnStart: boolean;
}

export const startRecordingModel = {
  callLocator: 'served',
  callConnectionId: 'served',
  recordingStateCallbackUri: 'served',
  recordingContentType: 'served',
  recordingChannelType: 'served',
  recordingFormatType: 'served',
  audioChannelParticipantOrdering: 'served',
  channelAffinity: 'served',
  pauseOnStart: 'served',
  externalStorage: 'served',
} as const satisfies Model;

const MAX_CHANNELS = 5;

/** Other locators name calls that this server does not have: rooms, and group calls of clients. */
export const callLocatorModel = {
  kind: 'served',
  serverCallId: 'served',
  groupCallId: 'refused',
  roomId: 'refused',
} as const satisfies Model;

export const takeServerCall: Take<string> = (value, field) => {
  const fields = new Fields(value, callLocatorModel, `${field}.`);
  fields.optional('kind', oneOf('serverCallLocator'));
  const id = fields.required('serverCallId', text({ max: 2048 }));
  return fields.result(() => id!);
};

export const channelAffinityModel = { channel: 'served', participant: 'served' } as const satisfies Model;

const takeAffinity: Take<{ readonly channel: number | undefined; readonly participant: Identifier }> = (
  value,
  field,
) => {
  const fields = new Fields(value, channelAffinityModel, `${field}.`);
  const channel = fields.optional('channel', wholeNumber(0, MAX_CHANNELS - 1));
  const participant = fields.required('participant', takeIdentifier);
  return fields.result(() => ({ channel, participant: participant! }));
};

export const storageModel = {
  recordingStorageKind: 'served',
  recordingDestinationContainerUrl: 'served',
} as const satisfies Model;

const takeStorage: Take<RecordingSettings['storage']> = (value, field) => {
  const fields = new Fields(value, storageModel, `${field}.`);
  const kind = fields.required(
    'recordingStorageKind',
    oneOf('azureCommunicationServices', 'azureBlobStorage'),
  );
  const url = fields.optional('recordingDestinationContainerUrl', text({ max: 4096 }));
  const taken = fields.result(() => ({ kind, url }));
  if ('fault' in taken) return taken;
  if (kind === 'azureCommunicationServices') return { ok: { kind: 'here' } };
  return url !== undefined && /^https?:\/\/\S+$/i.test(url) && URL.canParse(url)
    ? { ok: { kind: 'blob', url } }
    : invalid(
        `${field}.recordingDestinationContainerUrl`,
        'It must be the URL of a container, with its SAS.',
      );
};

/** Channels as they are wished for: by affinity, then in the order of the list. */
function channelsOf(
  affinity: readonly { readonly channel: number | undefined; readonly participant: Identifier }[],
  order: readonly Identifier[],
): RecordingSettings['channelOf'] {
  const wished = affinity.flatMap(({ channel, participant }) =>
    channel === undefined ? [] : [{ channel, participant }],
  );
  const free = [...Array(MAX_CHANNELS).keys()].filter((n) => !wished.some(({ channel }) => channel === n));
  const rest = [
    ...order,
    ...affinity.filter(({ channel }) => channel === undefined).map((a) => a.participant),
  ].filter(({ rawId }) => !wished.some(({ participant }) => participant.rawId === rawId));
  return [
    ...wished,
    ...rest.slice(0, free.length).map((participant, i) => ({ channel: free[i] ?? i, participant })),
  ];
}

const combinations = 'audioVideo is mixed mp4; mixed audio is wav or mp3; unmixed audio is wav';

export function decodeStartRecording(body: unknown, policy: CallbackPolicy): Decoded<StartRecordingBody> {
  const fields = new Fields(body, startRecordingModel);
  const serverCallId = fields.optional('callLocator', takeServerCall);
  const connectionId = fields.optional('callConnectionId', text({ max: 256 }));
  const callback = fields.optional('recordingStateCallbackUri', callbackUri(policy));
  const content = fields.optional('recordingContentType', oneOf('audio', 'audioVideo')) ?? 'audioVideo';
  const channels = fields.optional('recordingChannelType', oneOf('mixed', 'unmixed')) ?? 'mixed';
  const usual = content === 'audioVideo' ? 'mp4' : channels === 'mixed' ? 'mp3' : 'wav';
  const format = fields.optional('recordingFormatType', oneOf('wav', 'mp3', 'mp4')) ?? usual;
  const ordering = { max: MAX_CHANNELS };
  const order = fields.optional('audioChannelParticipantOrdering', listOf(takeIdentifier, ordering)) ?? [];
  const affinity = fields.optional('channelAffinity', listOf(takeAffinity, ordering)) ?? [];
  const pauseOnStart = fields.optional('pauseOnStart', flag);
  const storage = fields.optional('externalStorage', takeStorage);
  const read = fields.result(() => ({ storage }));
  if ('fault' in read) return read;
  const known = connectionId ?? serverCallId;
  if (known === undefined) return invalid('callLocator', 'It or callConnectionId is required: which call?');
  const possible =
    content === 'audioVideo'
      ? channels === 'mixed' && format === 'mp4'
      : channels === 'mixed'
        ? format !== 'mp4'
        : format === 'wav';
  if (!possible) {
    return invalidAs(
      'recording-format',
      'recordingFormatType',
      `${channels} ${content} cannot be made as ${format}: ${combinations}.`,
    );
  }
  const taken = affinity.map(({ channel }) => channel).filter((channel) => channel !== undefined);
  if (new Set(taken).size < taken.length)
    return invalid('channelAffinity', 'Two participants are given the same channel.');
  return {
    ok: {
      call: connectionId === undefined ? { serverCallId: known } : { connectionId },
      settings: {
        content,
        channels,
        format,
        channelOf: channels === 'unmixed' ? channelsOf(affinity, order) : [],
        storage: storage ?? { kind: 'here' },
      },
      pauseOnStart: pauseOnStart ?? false,
      ...present({ callbackUri: callback }),
    },
    ignored: read.ignored,
  };
}

/** The id on the wire tells the call as well, so that it can be found when its call is over. */
export function recordingId(callId: string, unique: string): string {
  return base64Url(JSON.stringify({ PlatformEndpointId: callId, ResourceSpecificId: unique }));
}

/** The call that a recording id belongs to; undefined for what is no id of ours. */
export function callOfRecording(id: string): string | undefined {
  try {
    const read: unknown = JSON.parse(atob(id.replaceAll('-', '+').replaceAll('_', '/')));
    const callId = (read as { PlatformEndpointId?: unknown } | null)?.PlatformEndpointId;
    return typeof callId === 'string' ? callId : undefined;
  } catch {
    // Not base64, or no JSON in it: a foreign id.
    return undefined;
  }
}

const base64Url = (ascii: string): string =>
  btoa(ascii).replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_');

/** A paused recording is inactive. One that begins counts as what it is to be. */
export function encodeRecording(recording: Pick<Recording, 'id' | 'state' | 'pauseOnStart'>): {
  readonly recordingId: string;
  readonly recordingState: 'active' | 'inactive';
  readonly recordingKind: 'azureCommunicationServices';
} {
  const begins = recording.state === 'starting' && !recording.pauseOnStart;
  return {
    recordingId: recording.id,
    recordingState: begins || isActive(recording) ? 'active' : 'inactive',
    recordingKind: 'azureCommunicationServices',
  };
}
