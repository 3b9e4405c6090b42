/** What means the same for who calls and who is called, and mostly before the answer and after it. */
import {
  acceptSdp,
  allow,
  type CallContext,
  type CallEffect,
  type SessionEvent,
  supportedWith,
} from './call.ts';
import type { Reply } from './format.ts';
import type { Request } from './message.ts';
import { refusedHere } from './session-offer.ts';

export const toRequest = (reply: Reply): CallEffect => ({ kind: 'reply', to: 'request', reply });

/** What the user wants that a call is usually answered for. */
export type EarlyWish = Extract<SessionEvent, { readonly kind: 'offer' | 'refer' }>;

export function beforeTheAnswer(wish: EarlyWish): CallEffect {
  const reason = 'not answered yet';
  if (wish.kind === 'offer') return { kind: 'offer-settled', id: wish.id, result: refusedHere(reason) };
  return { kind: 'refer-settled', id: wish.id, result: { kind: 'refused', status: 491, reason } };
}

/** RFC 3515 2.4.2: there is nothing to refer yet; the others are about a dialog, or a subscription, that there is not. */
const refusedEarly: ReadonlyMap<string, number> = new Map([
  ['REFER', 603],
  ['NOTIFY', 481],
  ['PRACK', 481],
  ['BYE', 481],
]);

export function answerEarly(request: Request, context: CallContext): readonly CallEffect[] {
  const status = refusedEarly.get(request.method);
  return status === undefined ? answerAnytime(request, context) : [toRequest({ status })];
}

/** The answer to a request that means the same before the answer and after it. */
export function answerAnytime(request: Request, { session }: CallContext): readonly CallEffect[] {
  if (request.method === 'OPTIONS') {
    return [toRequest({ status: 200, headers: [allow, acceptSdp, supportedWith(session)] })];
  }
  if (request.method === 'INFO') return [toRequest({ status: 200 }), { kind: 'info', request }];
  return [toRequest({ status: 405, headers: [allow] })];
}
