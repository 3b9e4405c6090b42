/** The bodies of create, answer, reject and redirect. Every field of the official 2026-03-12 models is named here. */
import type { AudioStreamSettings, TranscriptStreamSettings } from '../../domain/media/stream.ts';
import { type CallbackPolicy, callbackUri } from './callback-uri.ts';
import { type Decoded, invalid, present, type Take } from './decoded.ts';
import { Fields, listOf, type Model, oneOf, opaque, text } from './fields.ts';
import { type Identifier, takeIdentifier, takePhoneNumber, takeUser } from './identifier.ts';
import { type StreamBody, takeMediaStreaming, takeTranscription } from './stream-requests.ts';

/** How an application takes part in a call, however it gets there. */
export interface WithApplication {
  readonly callbackUri: string;
  readonly operationContext?: string;
  readonly speechEndpoint?: string;
  readonly mediaStreaming?: StreamBody<AudioStreamSettings>;
  readonly transcription?: StreamBody<TranscriptStreamSettings>;
}
export interface CreateCallBody extends WithApplication {
  readonly targets: readonly Identifier[];
  readonly source?: Identifier;
  readonly sourceCallerId?: string;
  readonly sourceDisplayName?: string;
}
export interface AnswerCallBody extends WithApplication {
  readonly incomingCallContext: string;
  readonly answeredBy?: Identifier;
}
export interface RejectCallBody {
  readonly incomingCallContext: string;
  readonly reason: 'none' | 'busy' | 'forbidden';
}
export interface RedirectCallBody {
  readonly incomingCallContext: string;
  readonly target: Identifier;
}

export const createCallModel = {
  targets: 'served',
  sourceCallerIdNumber: 'served',
  sourceDisplayName: 'served',
  source: 'served',
  operationContext: 'served',
  callbackUri: 'served',
  callIntelligenceOptions: 'served',
  mediaStreamingOptions: 'served',
  transcriptionOptions: 'served',
  teamsAppSource: 'refused',
} as const satisfies Model;

export const answerCallModel = {
  incomingCallContext: 'served',
  callbackUri: 'served',
  operationContext: 'served',
  callIntelligenceOptions: 'served',
  answeredBy: 'served',
  mediaStreamingOptions: 'served',
  transcriptionOptions: 'served',
} as const satisfies Model;

export const rejectCallModel = {
  incomingCallContext: 'served',
  callRejectReason: 'served',
} as const satisfies Model;
export const redirectCallModel = { incomingCallContext: 'served', target: 'served' } as const satisfies Model;

// A call has at most 100 participants in a group, says the public page of limits.
const MAX_TARGETS = 100;
const context = text({ max: 8192, like: [/\S/, 'the incomingCallContext of an IncomingCall event'] });
// Echoed in every event of the call; ACS names no limit.
export const operationContext = opaque(5000);

/** `CallIntelligenceOptions`; an empty endpoint counts as none. */
const takeIntelligence: Take<string | undefined> = (value, field) => {
  const fields = new Fields(value, { cognitiveServicesEndpoint: 'served' }, `${field}.`);
  const endpoint = fields.optional('cognitiveServicesEndpoint', text({ max: 2048 }));
  if (endpoint !== undefined && endpoint !== '' && !/^https?:\/\/\S+$/i.test(endpoint))
    return invalid(`${field}.cognitiveServicesEndpoint`, 'It must be an absolute URL.');
  return fields.result(() => endpoint || undefined);
};

/** The fields that create, answer and connect share. */
export function takeApplication(fields: Fields, policy: CallbackPolicy): () => WithApplication {
  const callback = fields.required('callbackUri', callbackUri(policy));
  const speechEndpoint = fields.optional('callIntelligenceOptions', takeIntelligence);
  const mediaStreaming = fields.optional('mediaStreamingOptions', takeMediaStreaming(policy));
  const transcription = fields.optional('transcriptionOptions', takeTranscription(policy));
  const operation = fields.optional('operationContext', operationContext);
  return () => ({
    callbackUri: callback!,
    ...present({ operationContext: operation, speechEndpoint, mediaStreaming, transcription }),
  });
}

export function decodeCreateCall(body: unknown, policy: CallbackPolicy): Decoded<CreateCallBody> {
  const fields = new Fields(body, createCallModel);
  const application = takeApplication(fields, policy);
  const targets = fields.required('targets', listOf(takeIdentifier, { min: 1, max: MAX_TARGETS }));
  const sourceCallerId = fields.optional('sourceCallerIdNumber', takePhoneNumber);
  const sourceDisplayName = fields.optional('sourceDisplayName', text({ max: 256 }));
  const source = fields.optional('source', takeUser);
  return fields.result(() => ({
    targets: targets!,
    ...present({ source, sourceCallerId, sourceDisplayName }),
    ...application(),
  }));
}

export function decodeAnswerCall(body: unknown, policy: CallbackPolicy): Decoded<AnswerCallBody> {
  const fields = new Fields(body, answerCallModel);
  const application = takeApplication(fields, policy);
  const incoming = fields.required('incomingCallContext', context);
  const answeredBy = fields.optional('answeredBy', takeUser);
  return fields.result(() => ({
    incomingCallContext: incoming!,
    ...present({ answeredBy }),
    ...application(),
  }));
}

export function decodeRejectCall(body: unknown): Decoded<RejectCallBody> {
  const fields = new Fields(body, rejectCallModel);
  const incoming = fields.required('incomingCallContext', context);
  const reason = fields.optional('callRejectReason', oneOf('none', 'busy', 'forbidden'));
  return fields.result(() => ({ incomingCallContext: incoming!, reason: reason ?? 'none' }));
}

export function decodeRedirectCall(body: unknown): Decoded<RedirectCallBody> {
  const fields = new Fields(body, redirectCallModel);
  const incoming = fields.required('incomingCallContext', context);
  const target = fields.required('target', takeIdentifier);
  return fields.result(() => ({ incomingCallContext: incoming!, target: target! }));
}
