import { type Answering, onAnswerDecided, onSuccess, stepTalking, type Talking } from './answered-call.ts';
import {
  type CallContext,
  type CallEffect,
  type CallEnd,
  type CallStep,
  localEnd,
  type Over,
  over,
  remoteEnd,
  type SessionEvent,
} from './call.ts';
import { acceptOf, type Early, hear, hearUpdate, prack, replaced } from './early.ts';
import { answerEarly, beforeTheAnswer, type EarlyWish, toRequest } from './early-events.ts';
import { onUpdateReplied, sendUpdate } from './early-update.ts';
import type { Draft } from './format.ts';
import type { Header } from './header.ts';
import type { Request, Response } from './message.ts';
import { sipReason } from './reason.ts';
import { sdpOf } from './sdp-body.ts';
import { stepOver } from './session.ts';
import { askFor, askOf, minSe } from './session-timer.ts';

export interface Inviting {
  readonly phase: 'inviting';
  readonly invite: Draft;
  readonly localTag: string;
  /** A provisional response has come. */
  readonly heard: boolean;
  /** The bytes of the provisional response told last. */
  readonly told: string;
  readonly cancel?: { readonly headers: readonly Header[]; readonly sent: boolean };
  readonly early: readonly Early[];
  /** A reliable provisional response carried an offer, and the user is asked for the answer. */
  readonly asked?: Response;
  /** It has been answered. */
  readonly described: boolean;
  /** The UPDATE with an offer that the user is being asked about. */
  readonly asking?: Request;
  /** The largest Min-SE that a 422 has told us. */
  readonly floor: number;
}

export type OutboundCall = Inviting | Answering | Talking | Over;

export type OutboundEvent =
  | { readonly kind: 'response'; readonly response: Response }
  /** The INVITE transaction ended without a final response. */
  | { readonly kind: 'failed'; readonly why: 'timeout' | 'transport'; readonly detail: string }
  | { readonly kind: 'cancel'; readonly headers: readonly Header[] }
  | SessionEvent;

type OutboundStep = CallStep<OutboundCall>;

export const newOutboundCall = (invite: Draft, localTag: string): OutboundCall =>
  newInviting(invite, localTag);

function newInviting(invite: Draft, localTag: string): Inviting {
  return {
    phase: 'inviting',
    invite,
    localTag,
    heard: false,
    told: '',
    early: [],
    described: false,
    floor: 0,
  };
}

export function stepOutbound(call: OutboundCall, event: OutboundEvent, context: CallContext): OutboundStep {
  switch (call.phase) {
    case 'inviting':
      return stepInviting(call, event, context);
    case 'answering':
      return event.kind === 'offer-decided'
        ? onAnswerDecided(call, event.sdp, context)
        : { state: call, effects: [] };
    case 'talking':
      return stepTalking(call, event, context);
    case 'over':
      return isSessionEvent(event) ? stepOver(event) : { state: call, effects: [] };
  }
}

function isSessionEvent(event: OutboundEvent): event is SessionEvent {
  return event.kind !== 'response' && event.kind !== 'failed' && event.kind !== 'cancel';
}

function finish(end: CallEnd, ...before: readonly CallEffect[]): CallStep<Over> {
  return { state: over, effects: [...before, { kind: 'ended', end }] };
}

function stepInviting(call: Inviting, event: OutboundEvent, context: CallContext): OutboundStep {
  switch (event.kind) {
    case 'response':
      if (event.response.status < 200) return onProvisional(call, event.response, context);
      if (event.response.status < 300) return onSuccess(call, event.response, context);
      return onFailure(call, event.response, context);
    case 'failed':
      if (call.cancel) return finish(localEnd('cancel-confirmed', 487, event.detail));
      return finish(localEnd(event.why, event.why === 'timeout' ? 408 : 503, event.detail));
    case 'cancel':
    case 'bye': {
      if (call.cancel) return { state: call, effects: [] };
      const wanted: Inviting = { ...call, cancel: { headers: event.headers, sent: false } };
      // RFC 3261 9.1: no CANCEL before a provisional response.
      return call.heard ? sendCancel(wanted, context, []) : { state: wanted, effects: [] };
    }
    case 'timer':
      if (event.timer !== 'cancel') return { state: call, effects: [] };
      // RFC 3261 9.1: without a final response 64*T1 after the CANCEL, the INVITE is considered cancelled.
      return finish(localEnd('cancel-confirmed', 487, 'no response to CANCEL'), { kind: 'abandon' });
    case 'request':
      return onRequest(call, event.request, context);
    case 'offer-decided':
      return onEarlyOfferDecided(call, event.sdp, context);
    case 'offer':
    case 'refer':
      return offerEarly(call, event, context);
    case 'replied':
      return event.response.cseqMethod === 'UPDATE'
        ? onReplied(call, event.cseq, event.response)
        : { state: call, effects: [] };
    case 'unanswered':
      return event.method === 'UPDATE'
        ? onReplied(call, event.cseq, event.why)
        : { state: call, effects: [] };
    case 'refer-decided':
    case 'notify':
    case 'ack':
      return { state: call, effects: [] };
  }
}

function onRequest(call: Inviting, request: Request, context: CallContext): OutboundStep {
  // Until there is a 2xx the far end has nothing to change but what it described reliably, and no call to end.
  if (request.method === 'INVITE') return { state: call, effects: [toRequest({ status: 491 })] };
  if (request.method !== 'UPDATE') return { state: call, effects: answerEarly(request, context) };
  const { early, effects, ask } = hearUpdate(call.early, request, context);
  if (ask === undefined) return { state: { ...call, early }, effects };
  return { state: { ...call, early, asking: request }, effects: [{ kind: 'ask-offer', sdp: ask }] };
}

// RFC 3311 5.1: once the far end has described itself reliably.
function offerEarly(call: Inviting, event: EarlyWish, context: CallContext): OutboundStep {
  const [only, ...forks] = call.early;
  const may = only?.described && only.updates && !only.ours && forks.length === 0 && !call.cancel;
  if (event.kind === 'refer' || event.method !== 'UPDATE' || !may) {
    return { state: call, effects: [beforeTheAnswer(event)] };
  }
  const { early, effects } = sendUpdate(only, event, context);
  return { state: { ...call, early: [early] }, effects };
}

function onReplied(call: Inviting, cseq: number, reply: Response | 'timeout' | 'transport'): OutboundStep {
  const known = call.early.find(({ ours }) => ours?.cseq === cseq);
  if (!known) return { state: call, effects: [] };
  const { early, effects } = onUpdateReplied(known, cseq, reply);
  return { state: { ...call, early: replaced(call.early, known, early) }, effects };
}

function sendCancel(call: Inviting, { timing }: CallContext, before: readonly CallEffect[]): OutboundStep {
  const headers = call.cancel?.headers ?? [];
  return {
    state: { ...call, cancel: { headers, sent: true } },
    effects: [...before, { kind: 'cancel', headers }, { kind: 'arm', timer: 'cancel', ms: 64 * timing.t1 }],
  };
}

function onProvisional(call: Inviting, response: Response, context: CallContext): OutboundStep {
  const provisional = hear(call.early, call.invite, call.localTag, response);
  if (provisional.kind === 'discard') return { state: call, effects: [] };
  // A 1xx counts as ringing with or without Contact and To tag (RFC 3261 asks for neither).
  const news = response.status > 100 && response.text !== call.told && !call.cancel;
  const effects: CallEffect[] = news ? [{ kind: 'progress', response }] : [];
  let heard: Inviting = { ...call, heard: true, told: news ? response.text : call.told };
  if (provisional.kind === 'reliable') {
    heard = { ...heard, early: provisional.early };
    const offer = call.invite.sdp === undefined && !call.described ? sdpOf(response) : undefined;
    // RFC 3262 5: an offer in the response is answered in its PRACK.
    if (offer !== undefined && !call.cancel) {
      return {
        state: { ...heard, asked: response },
        effects: [...effects, { kind: 'ask-offer', sdp: offer }],
      };
    }
    const acknowledged = prack(heard.early, response, undefined);
    heard = { ...heard, early: acknowledged.early };
    effects.unshift(...acknowledged.effects);
  }
  return call.cancel && !call.cancel.sent ? sendCancel(heard, context, effects) : { state: heard, effects };
}

function onEarlyOfferDecided(call: Inviting, sdp: string | undefined, context: CallContext): OutboundStep {
  const { asked, asking, ...rest } = call;
  if (asking) {
    if (sdp === undefined) return { state: rest, effects: [toRequest({ status: 488 })] };
    const { early, effects } = acceptOf(call.early, asking, sdp, context);
    return { state: { ...rest, early }, effects };
  }
  if (!asked) return { state: call, effects: [] };
  const { early, effects } = prack(call.early, asked, sdp);
  if (sdp !== undefined) return { state: { ...rest, early, described: true }, effects };
  // An offer that cannot be used: nothing can come of this call.
  const cancel = { headers: [sipReason(488, 'unusable offer')], sent: false };
  return sendCancel({ ...rest, early, cancel }, context, effects);
}

function onFailure(call: Inviting, response: Response, context: CallContext): OutboundStep {
  const floor = minSe(response);
  if (response.status === 422 && floor > call.floor && !call.cancel && !context.session.off) {
    return lengthen(call, response, floor, context);
  }
  const kind = call.cancel ? 'cancel-confirmed' : 'final';
  return finish(remoteEnd(kind, response, response.status, response.reason));
}

// RFC 4028 7.3: the same INVITE once more, with an interval that is long enough.
function lengthen(call: Inviting, response: Response, floor: number, { session }: CallContext): OutboundStep {
  const others = call.invite.headers.filter(({ name }) => !/^(?:session-expires|min-se)$/i.test(name));
  const ask = session.expires === undefined ? askFor(floor, floor) : askOf(session, floor);
  const headers = [...others, ...ask];
  const invite: Draft = { ...call.invite, cseq: response.cseq + 1, headers };
  return {
    state: { ...newInviting(invite, call.localTag), floor },
    effects: [{ kind: 'invite', draft: invite }],
  };
}
