import { type Answering, onAnswerDecided, onSuccess, stepTalking, type Talking } from './answered-call.ts';
import {
  acceptSdp,
  allow,
  type CallContext,
  type CallEffect,
  type CallEnd,
  type CallStep,
  localEnd,
  type Over,
  over,
  remoteEnd,
  type SessionEvent,
  supported,
} from './call.ts';
import { type Early, hear, prack } from './early.ts';
import type { Draft } from './format.ts';
import type { Header } from './header.ts';
import type { Request, Response } from './message.ts';
import { sdpOf } from './sdp-body.ts';
import { stepOver } from './session.ts';
import { refusedHere } from './session-offer.ts';
import { askFor, minSe } from './session-timer.ts';

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
      return event.kind === 'offer-decided' ? onAnswerDecided(call, event.sdp) : { state: call, effects: [] };
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
      if (event.response.status < 300) return onSuccess(call, event.response);
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
      return { state: call, effects: [{ kind: 'reply', to: 'request', reply: earlyReply(event.request) }] };
    case 'offer-decided':
      return onEarlyOfferDecided(call, event.sdp, context);
    case 'offer':
      return {
        state: call,
        effects: [{ kind: 'offer-settled', id: event.id, result: refusedHere('not answered yet') }],
      };
    case 'refer': {
      const result = { kind: 'refused', status: 491, reason: 'not answered yet' } as const;
      return { state: call, effects: [{ kind: 'refer-settled', id: event.id, result }] };
    }
    case 'refer-decided':
    case 'notify':
    case 'ack':
    case 'replied':
    case 'unanswered':
      return { state: call, effects: [] };
  }
}

// Until there is a 2xx the far end has nothing to change and no call to end.
function earlyReply(request: Request) {
  if (request.method === 'OPTIONS') return { status: 200, headers: [allow, acceptSdp, supported] };
  if (request.method === 'INVITE') return { status: 491 };
  // RFC 3311 5.2: our offer has no answer yet.
  if (request.method === 'UPDATE') return { status: 491 };
  if (request.method === 'INFO') return { status: 200 };
  if (request.method === 'REFER') return { status: 603 };
  if (['BYE', 'NOTIFY', 'PRACK'].includes(request.method)) return { status: 481 };
  return { status: 405, headers: [allow] };
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
  const { asked, ...rest } = call;
  if (!asked) return { state: call, effects: [] };
  const { early, effects } = prack(call.early, asked, sdp);
  if (sdp !== undefined) return { state: { ...rest, early, described: true }, effects };
  // An offer that cannot be used: nothing can come of this call.
  return sendCancel({ ...rest, early, cancel: { headers: [], sent: false } }, context, effects);
}

function onFailure(call: Inviting, response: Response, context: CallContext): OutboundStep {
  const floor = minSe(response);
  if (response.status === 422 && floor > call.floor && !call.cancel) {
    return lengthen(call, response, floor, context);
  }
  const kind = call.cancel ? 'cancel-confirmed' : 'final';
  return finish(remoteEnd(kind, response, response.status, response.reason));
}

// RFC 4028 7.3: the same INVITE once more, with an interval that is long enough.
function lengthen(call: Inviting, response: Response, floor: number, { session }: CallContext): OutboundStep {
  const others = call.invite.headers.filter(({ name }) => !/^(?:session-expires|min-se)$/i.test(name));
  const headers = [...others, ...askFor(session.expires ?? floor, floor)];
  const invite: Draft = { ...call.invite, cseq: response.cseq + 1, headers };
  return {
    state: { ...newInviting(invite, call.localTag), floor },
    effects: [{ kind: 'invite', draft: invite }],
  };
}
