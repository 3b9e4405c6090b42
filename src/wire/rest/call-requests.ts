/** The bodies of create, answer, reject and redirect. Every field of the official 2026-03-12 models is named here. */
import { type CallbackPolicy, callbackUri } from './callback-uri.ts';
import { type Decoded, present } from './decoded.ts';
import { Fields, listOf, type Model, oneOf, opaque, text } from './fields.ts';
import { type Identifier, takeIdentifier, takePhoneNumber, takeUser } from './identifier.ts';

export interface CreateCallBody {
  readonly targets: readonly Identifier[];
  readonly callbackUri: string;
  readonly source?: Identifier;
  readonly sourceCallerId?: string;
  readonly sourceDisplayName?: string;
  readonly operationContext?: string;
}
export interface AnswerCallBody {
  readonly incomingCallContext: string;
  readonly callbackUri: string;
  readonly operationContext?: string;
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
  callIntelligenceOptions: 'refused',
  mediaStreamingOptions: 'refused',
  transcriptionOptions: 'refused',
  teamsAppSource: 'refused',
} as const satisfies Model;

export const answerCallModel = {
  incomingCallContext: 'served',
  callbackUri: 'served',
  operationContext: 'served',
  callIntelligenceOptions: 'refused',
  answeredBy: 'served',
  mediaStreamingOptions: 'refused',
  transcriptionOptions: 'refused',
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

export function decodeCreateCall(body: unknown, policy: CallbackPolicy): Decoded<CreateCallBody> {
  const fields = new Fields(body, createCallModel);
  const callback = fields.required('callbackUri', callbackUri(policy));
  const targets = fields.required('targets', listOf(takeIdentifier, { min: 1, max: MAX_TARGETS }));
  const sourceCallerId = fields.optional('sourceCallerIdNumber', takePhoneNumber);
  const sourceDisplayName = fields.optional('sourceDisplayName', text({ max: 256 }));
  const source = fields.optional('source', takeUser);
  const operation = fields.optional('operationContext', operationContext);
  return fields.result(() => ({
    targets: targets!,
    callbackUri: callback!,
    ...present({ source, sourceCallerId, sourceDisplayName, operationContext: operation }),
  }));
}

export function decodeAnswerCall(body: unknown, policy: CallbackPolicy): Decoded<AnswerCallBody> {
  const fields = new Fields(body, answerCallModel);
  const callback = fields.required('callbackUri', callbackUri(policy));
  const incoming = fields.required('incomingCallContext', context);
  const answeredBy = fields.optional('answeredBy', takeUser);
  const operation = fields.optional('operationContext', operationContext);
  return fields.result(() => ({
    incomingCallContext: incoming!,
    callbackUri: callback!,
    ...present({ answeredBy, operationContext: operation }),
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
