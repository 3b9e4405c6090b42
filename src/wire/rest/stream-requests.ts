/** `mediaStreamingOptions`, `transcriptionOptions`, and the bodies that start, stop and change them. */
import type { AudioStreamSettings, TranscriptStreamSettings } from '../../domain/media/stream.ts';
import type { CallbackPolicy } from './callback-uri.ts';
import { type Decoded, invalidAs, present, type Take } from './decoded.ts';
import { Fields, flag, type Model, oneOf, text } from './fields.ts';
import { type OperationBody, operationFields } from './media-requests.ts';

/** A websocket that the call is set up with. */
export interface StreamBody<S> {
  readonly settings: S;
  /** It starts by itself when the call is connected. */
  readonly onConnect: boolean;
}

export interface TranscriptionBody extends OperationBody {
  readonly locale?: string;
  readonly speechModel?: string;
}

export const mediaStreamingOptionsModel = {
  transportType: 'served',
  audioChannelType: 'served',
  transportUrl: 'served',
  contentType: 'served',
  startMediaStreaming: 'served',
  enableBidirectional: 'served',
  audioFormat: 'served',
  enableDtmfTones: 'served',
} as const satisfies Model;

export const transcriptionOptionsModel = {
  transportType: 'served',
  locale: 'served',
  transportUrl: 'served',
  // Custom models are configured with the service, not chosen by a call.
  speechModelEndpointId: 'refused',
  startTranscription: 'served',
  enableIntermediateResults: 'served',
} as const satisfies Model;

export const streamingModel = {
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;
export const transcriptionModel = {
  ...streamingModel,
  locale: 'served',
  speechModelEndpointId: 'served',
} as const satisfies Model;

const MAX_URL = 4096;
const language = text({
  max: 35,
  like: [/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a BCP 47 tag such as en-US'],
});

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);

/** `wss://…`; `--allow-http-callbacks` lets `ws://` through on loopback. */
const streamUrl =
  ({ allowHttpCallbacks }: CallbackPolicy): Take<string> =>
  (value, field) => {
    const wrong = (why: string) => invalidAs('stream-address', field, why);
    if (typeof value !== 'string' || value.length > MAX_URL || !/^wss?:\/\//i.test(value))
      return wrong('It must be an absolute wss URL.');
    const url = URL.parse(value);
    if (!url) return wrong('It must be an absolute wss URL.');
    if (url.username !== '' || url.password !== '')
      return wrong('It must not carry a user name or password.');
    if (url.protocol === 'wss:' || (allowHttpCallbacks && isLoopback(url.hostname))) return { ok: value };
    return wrong('It must be a wss URL; --allow-http-callbacks accepts ws on loopback for local trials.');
  };

export const takeMediaStreaming =
  (policy: CallbackPolicy): Take<StreamBody<AudioStreamSettings>> =>
  (value, field) => {
    const fields = new Fields(value, mediaStreamingOptionsModel, `${field}.`);
    fields.required('transportType', oneOf('websocket'));
    const channels = fields.required('audioChannelType', oneOf('mixed', 'unmixed'));
    const url = fields.required('transportUrl', streamUrl(policy));
    fields.optional('contentType', oneOf('audio'));
    const start = fields.optional('startMediaStreaming', flag);
    const bidirectional = fields.optional('enableBidirectional', flag);
    const format = fields.optional('audioFormat', oneOf('pcm16KMono', 'pcm24KMono'));
    const dtmf = fields.optional('enableDtmfTones', flag);
    return fields.result(() => ({
      settings: {
        kind: 'audio',
        url: url!,
        channels: channels!,
        rate: format === 'pcm24KMono' ? 24000 : 16000,
        bidirectional: bidirectional ?? false,
        dtmf: dtmf ?? false,
      },
      onConnect: start ?? false,
    }));
  };

export const takeTranscription =
  (policy: CallbackPolicy): Take<StreamBody<TranscriptStreamSettings>> =>
  (value, field) => {
    const fields = new Fields(value, transcriptionOptionsModel, `${field}.`);
    fields.required('transportType', oneOf('websocket'));
    const locale = fields.required('locale', language);
    const url = fields.required('transportUrl', streamUrl(policy));
    const start = fields.optional('startTranscription', flag);
    const intermediate = fields.optional('enableIntermediateResults', flag);
    return fields.result(() => ({
      settings: {
        kind: 'transcript',
        url: url!,
        locale: locale!,
        intermediate: intermediate ?? false,
      },
      onConnect: start ?? false,
    }));
  };

/** The body of starting or stopping media streaming, and of stopping transcription. */
export function decodeStreaming(body: unknown, policy: CallbackPolicy): Decoded<OperationBody> {
  const fields = new Fields(body ?? {}, streamingModel);
  return fields.result(operationFields(fields, policy));
}

export function decodeTranscription(body: unknown, policy: CallbackPolicy): Decoded<TranscriptionBody> {
  const fields = new Fields(body ?? {}, transcriptionModel);
  const locale = fields.optional('locale', language);
  const speechModel = fields.optional('speechModelEndpointId', text({ max: 128 }));
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ ...present({ locale, speechModel }), ...operation() }));
}
