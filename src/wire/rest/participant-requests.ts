/** The bodies of adding, removing, muting, moving and holding participants, and of connecting to a call. Every field of the official 2026-03-12 models is named here. */
import { operationContext, takeApplication, type WithApplication } from './call-requests.ts';
import type { CallbackPolicy } from './callback-uri.ts';
import { type CustomContext, takeCustomContext } from './custom-context.ts';
import { type Decoded, present } from './decoded.ts';
import { Fields, listOf, type Model, text, wholeNumber } from './fields.ts';
import { type Identifier, takeIdentifier, takePhoneNumber } from './identifier.ts';
import { type OperationBody, operationFields, type TargetBody, targetModel } from './media-requests.ts';
import { type PromptSource, takePlaySource } from './play-source.ts';
import { callLocatorModel, takeServerCall } from './recording-requests.ts';

export interface AddParticipantBody extends OperationBody, CustomContext {
  readonly participant: Identifier;
  readonly sourceCallerId?: string;
  readonly sourceDisplayName?: string;
  /** Absent: as long as any phone may ring. */
  readonly timeoutMs?: number;
}

export interface RemoveParticipantBody extends OperationBody {
  readonly participant: Identifier;
}

export interface MuteBody {
  readonly participant: Identifier;
  readonly operationContext?: string;
}

export interface CancelAddBody extends OperationBody {
  readonly invitationId: string;
}

export interface HoldBody extends TargetBody {
  readonly music?: PromptSource;
}

export interface MoveBody extends OperationBody {
  readonly participants: readonly Identifier[];
  /** Call connection id of the call that they are in. */
  readonly fromCall: string;
}

export interface ConnectBody extends WithApplication {
  readonly serverCallId: string;
}

export const addParticipantModel = {
  participantToAdd: 'served',
  sourceCallerIdNumber: 'served',
  sourceDisplayName: 'served',
  invitationTimeoutInSeconds: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
  customCallingContext: 'served',
} as const satisfies Model;

export const removeParticipantModel = {
  participantToRemove: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;

export const muteModel = {
  targetParticipants: 'served',
  operationContext: 'served',
} as const satisfies Model;

export const cancelAddModel = {
  invitationId: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;

export const holdModel = { ...targetModel, playSourceInfo: 'served' } as const satisfies Model;

export const moveModel = {
  targetParticipants: 'served',
  fromCall: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
} as const satisfies Model;

export const connectModel = {
  callLocator: 'served',
  callbackUri: 'served',
  operationContext: 'served',
  callIntelligenceOptions: 'served',
  mediaStreamingOptions: 'served',
  transcriptionOptions: 'served',
} as const satisfies Model;

export { callLocatorModel };

// `reference/call-automation.md` §14.
const MAX_INVITATION = 180;
const MAX_MOVED = 100;

export function decodeAddParticipant(body: unknown, policy: CallbackPolicy): Decoded<AddParticipantBody> {
  const fields = new Fields(body, addParticipantModel);
  const participant = fields.required('participantToAdd', takeIdentifier);
  const sourceCallerId = fields.optional('sourceCallerIdNumber', takePhoneNumber);
  const sourceDisplayName = fields.optional('sourceDisplayName', text({ max: 256 }));
  const seconds = fields.optional('invitationTimeoutInSeconds', wholeNumber(0, MAX_INVITATION));
  const context = fields.optional('customCallingContext', takeCustomContext);
  const operation = operationFields(fields, policy);
  return fields.result(() => ({
    participant: participant!,
    sipHeaders: context?.sipHeaders ?? [],
    voipHeaders: context?.voipHeaders ?? [],
    ...present({ sourceCallerId, sourceDisplayName, timeoutMs: seconds ? seconds * 1000 : undefined }),
    ...operation(),
  }));
}

export function decodeRemoveParticipant(
  body: unknown,
  policy: CallbackPolicy,
): Decoded<RemoveParticipantBody> {
  const fields = new Fields(body, removeParticipantModel);
  const participant = fields.required('participantToRemove', takeIdentifier);
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ participant: participant!, ...operation() }));
}

/** One at a time, says the documentation. */
export function decodeMute(body: unknown): Decoded<MuteBody> {
  const fields = new Fields(body, muteModel);
  const list = fields.required('targetParticipants', listOf(takeIdentifier, { min: 1, max: 1 }));
  const context = fields.optional('operationContext', operationContext);
  return fields.result(() => ({ participant: list![0]!, ...present({ operationContext: context }) }));
}

export function decodeCancelAdd(body: unknown, policy: CallbackPolicy): Decoded<CancelAddBody> {
  const fields = new Fields(body, cancelAddModel);
  const invitationId = fields.required('invitationId', text({ max: 256 }));
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ invitationId: invitationId!, ...operation() }));
}

export function decodeHold(body: unknown, policy: CallbackPolicy): Decoded<HoldBody> {
  const fields = new Fields(body, holdModel);
  const target = fields.required('targetParticipant', takeIdentifier);
  const music = fields.optional('playSourceInfo', takePlaySource);
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ target: target!, ...present({ music }), ...operation() }));
}

export function decodeMove(body: unknown, policy: CallbackPolicy): Decoded<MoveBody> {
  const fields = new Fields(body, moveModel);
  const list = fields.required('targetParticipants', listOf(takeIdentifier, { min: 1, max: MAX_MOVED }));
  const fromCall = fields.required('fromCall', text({ max: 256 }));
  const operation = operationFields(fields, policy);
  return fields.result(() => ({ participants: list!, fromCall: fromCall!, ...operation() }));
}

export function decodeConnect(body: unknown, policy: CallbackPolicy): Decoded<ConnectBody> {
  const fields = new Fields(body, connectModel);
  const serverCallId = fields.required('callLocator', takeServerCall);
  const application = takeApplication(fields, policy);
  return fields.result(() => ({ serverCallId: serverCallId!, ...application() }));
}
