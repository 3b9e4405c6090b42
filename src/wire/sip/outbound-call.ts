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
} from './call.ts';
import { callerDialog, type Dialog, inDialog } from './dialog.ts';
import type { Draft } from './format.ts';
import type { Header } from './header.ts';
import type { Request, Response } from './message.ts';
import { sdpOf } from './sdp-body.ts';
import { type Session, stepOver, stepSession } from './session.ts';

export interface Inviting {
  readonly phase: 'inviting';
  readonly invite: Draft;
  readonly localTag: string;
  /** A provisional response has come. */
  readonly heard: boolean;
  /** The bytes of the provisional response told last. */
  readonly told: string;
  readonly cancel?: { readonly headers: readonly Header[]; readonly sent: boolean };
}

/** The 2xx carried an offer and the user is asked for the answer, which goes with the ACK. */
interface Answering {
  readonly phase: 'answering';
  readonly invite: Draft;
  readonly localTag: string;
  readonly dialog: Dialog;
  readonly response: Response;
}

/** A 2xx came. */
interface Talking {
  readonly phase: 'talking';
  readonly invite: Draft;
  readonly localTag: string;
  /** To tags of the 2xx that have been acknowledged: the first is the call's, the rest are forks. */
  readonly acked: readonly string[];
  readonly session: Session | Over;
}

export type OutboundCall = Inviting | Answering | Talking | Over;

export type OutboundEvent =
  | { readonly kind: 'response'; readonly response: Response }
  /** The INVITE transaction ended without a final response. */
  | { readonly kind: 'failed'; readonly why: 'timeout' | 'transport'; readonly detail: string }
  | { readonly kind: 'cancel'; readonly headers: readonly Header[] }
  | SessionEvent;

type OutboundStep = CallStep<OutboundCall>;

export function newOutboundCall(invite: Draft, localTag: string): OutboundCall {
  return { phase: 'inviting', invite, localTag, heard: false, told: '' };
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
      return onFailure(call, event.response);
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
    case 'ack':
    case 'offer-decided':
      return { state: call, effects: [] };
  }
}

// Until there is a 2xx the far end has nothing to change and no call to end.
function earlyReply(request: Request) {
  if (request.method === 'OPTIONS') return { status: 200, headers: [allow, acceptSdp] };
  if (request.method === 'INVITE') return { status: 491 };
  // RFC 3311 5.2: our offer has no answer yet.
  if (request.method === 'UPDATE') return { status: 491 };
  if (request.method === 'BYE') return { status: 481 };
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
  // A 1xx counts as ringing with or without Contact and To tag (RFC 3261 asks for neither).
  const news = response.status > 100 && response.text !== call.told && !call.cancel;
  const effects: CallEffect[] = news ? [{ kind: 'progress', response }] : [];
  const heard: Inviting = { ...call, heard: true, told: news ? response.text : call.told };
  return call.cancel && !call.cancel.sent ? sendCancel(heard, context, effects) : { state: heard, effects };
}

function onFailure(call: Inviting, response: Response): OutboundStep {
  const kind = call.cancel ? 'cancel-confirmed' : 'final';
  return finish(remoteEnd(kind, response, response.status, response.reason));
}

function onSuccess(call: Inviting, response: Response): OutboundStep {
  const { invite, localTag } = call;
  const dialog = callerDialog(invite, localTag, response);
  if (call.cancel) {
    // RFC 3261 9.1: the 2xx crossed the CANCEL; the call is up and must be hung up.
    const end = localEnd('cancel-confirmed', 487, 'answered while being cancelled');
    return refuseFork([], call, dialog, [{ kind: 'ended', end }]);
  }
  const offer = invite.sdp === undefined ? sdpOf(response) : undefined;
  if (offer !== undefined) {
    const state: Answering = { phase: 'answering', invite, localTag, dialog, response };
    return { state, effects: [{ kind: 'ask-offer', sdp: offer }] };
  }
  return {
    state: { phase: 'talking', invite, localTag, acked: [response.toTag], session: { phase: 'up', dialog } },
    effects: [ackOf(dialog), { kind: 'answered', response }],
  };
}

function ackOf(dialog: Dialog, sdp?: string): CallEffect {
  const draft = inDialog(dialog, 'ACK', dialog.localCseq, sdp === undefined ? {} : { sdp });
  return { kind: 'ack', tag: dialog.remoteTag, draft };
}

function onAnswerDecided(call: Answering, sdp: string | undefined): OutboundStep {
  const { invite, localTag, dialog, response } = call;
  // RFC 3261 13.2.2.4: an offer that cannot be used is acknowledged and the call ended.
  if (sdp === undefined) {
    return refuseFork([], call, dialog, [{ kind: 'ended', end: localEnd('final', 488, 'unusable offer') }]);
  }
  return {
    state: { phase: 'talking', invite, localTag, acked: [response.toTag], session: { phase: 'up', dialog } },
    effects: [ackOf(dialog, sdp), { kind: 'answered', response }],
  };
}

/** ACK, then BYE: for a dialog that nobody wants. */
function refuseFork(
  acked: readonly string[],
  call: { readonly invite: Draft; readonly localTag: string; readonly session?: Session | Over },
  dialog: Dialog,
  after: readonly CallEffect[],
): OutboundStep {
  const bye = inDialog(dialog, 'BYE', dialog.localCseq + 1);
  return {
    state: {
      phase: 'talking',
      invite: call.invite,
      localTag: call.localTag,
      acked: [...acked, dialog.remoteTag],
      session: call.session ?? over,
    },
    effects: [ackOf(dialog), { kind: 'request', draft: bye }, ...after],
  };
}

const MAX_FORKS = 16;

function stepTalking(call: Talking, event: OutboundEvent, context: CallContext): OutboundStep {
  switch (event.kind) {
    case 'response': {
      const { response } = event;
      if (response.status < 200 || response.status > 299) return { state: call, effects: [] };
      // RFC 3261 13.2.2.4: every repetition of a 2xx is acknowledged again.
      if (call.acked.includes(response.toTag)) {
        return { state: call, effects: [{ kind: 'ack-again', tag: response.toTag }] };
      }
      if (call.acked.length >= MAX_FORKS) return { state: call, effects: [] };
      // RFC 3261 13.2.2.4: another fork answered too; it is acknowledged and hung up.
      return refuseFork(call.acked, call, callerDialog(call.invite, call.localTag, response), []);
    }
    case 'failed':
      return { state: call, effects: [] };
    case 'cancel':
      return stepTalking(call, { kind: 'bye', headers: event.headers }, context);
    default: {
      const step = call.session.phase === 'up' ? stepSession(call.session, event, context) : stepOver(event);
      return { state: { ...call, session: step.state }, effects: step.effects };
    }
  }
}
