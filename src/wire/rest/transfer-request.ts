/** The body of transferToParticipant. Every field of the official 2026-03-12 model is named here. */
import { operationContext } from './call-requests.ts';
import { type CallbackPolicy, callbackUri } from './callback-uri.ts';
import { type CustomContext, takeCustomContext } from './custom-context.ts';
import { type Decoded, present } from './decoded.ts';
import { Fields, type Model } from './fields.ts';
import { type Identifier, takeIdentifier, takePhoneNumber } from './identifier.ts';

export interface TransferBody extends CustomContext {
  readonly target: Identifier;
  readonly transferee?: Identifier;
  readonly operationContext?: string;
  readonly callbackUri?: string;
  readonly sourceCallerId?: string;
}

export const transferModel = {
  targetParticipant: 'served',
  transferee: 'served',
  operationContext: 'served',
  operationCallbackUri: 'served',
  sourceCallerIdNumber: 'served',
  customCallingContext: 'served',
} as const satisfies Model;

export function decodeTransfer(body: unknown, policy: CallbackPolicy): Decoded<TransferBody> {
  const fields = new Fields(body, transferModel);
  const target = fields.required('targetParticipant', takeIdentifier);
  const transferee = fields.optional('transferee', takeIdentifier);
  const sourceCallerId = fields.optional('sourceCallerIdNumber', takePhoneNumber);
  const callback = fields.optional('operationCallbackUri', callbackUri(policy));
  const operation = fields.optional('operationContext', operationContext);
  const context = fields.optional('customCallingContext', takeCustomContext);
  return fields.result(() => ({
    target: target!,
    sipHeaders: context?.sipHeaders ?? [],
    voipHeaders: context?.voipHeaders ?? [],
    ...present({ transferee, sourceCallerId, callbackUri: callback, operationContext: operation }),
  }));
}
