/** A call of ours that was answered: its ACK, and the forks that answered too (RFC 3261 13.2.2.4). */
import { type CallContext, type CallEffect, type CallStep, localEnd, type Over, over } from './call.ts';
import { callerDialog, type Dialog, inDialog } from './dialog.ts';
import { confirmed } from './early.ts';
import type { Draft } from './format.ts';
import type { Response } from './message.ts';
import type { Inviting, OutboundCall, OutboundEvent } from './outbound-call.ts';
import { sdpOf } from './sdp-body.ts';
import { newSession, type Session, stepOver, stepSession } from './session.ts';
import { agreedBy, timed } from './session-timer.ts';

type OutboundStep = CallStep<OutboundCall>;

/** The 2xx carried an offer and the user is asked for the answer, which goes with the ACK. */
export interface Answering {
  readonly phase: 'answering';
  readonly invite: Draft;
  readonly localTag: string;
  readonly dialog: Dialog;
  readonly response: Response;
}

/** A 2xx came. */
export interface Talking {
  readonly phase: 'talking';
  readonly invite: Draft;
  readonly localTag: string;
  /** To tags of the 2xx that have been acknowledged: the first is the call's, the rest are forks. */
  readonly acked: readonly string[];
  readonly session: Session | Over;
}

export function onSuccess(call: Inviting, response: Response): OutboundStep {
  const { invite, localTag } = call;
  const dialog = confirmed(call.early, invite, localTag, response);
  if (call.cancel) {
    // RFC 3261 9.1: the 2xx crossed the CANCEL; the call is up and must be hung up.
    const end = localEnd('cancel-confirmed', 487, 'answered while being cancelled');
    return refuseFork([], call, dialog, response.cseq, [{ kind: 'ended', end }]);
  }
  const offer = invite.sdp === undefined && !call.described ? sdpOf(response) : undefined;
  if (offer !== undefined) {
    const state: Answering = { phase: 'answering', invite, localTag, dialog, response };
    return { state, effects: [{ kind: 'ask-offer', sdp: offer }] };
  }
  return talk(call, dialog, response, call.floor, undefined);
}

/** `answer`: what goes with the ACK. */
function talk(
  { invite, localTag }: Inviting | Answering,
  dialog: Dialog,
  response: Response,
  floor: number,
  answer: string | undefined,
): OutboundStep {
  const timer = agreedBy(response);
  const local = answer ?? invite.sdp;
  const more = { floor, ...(timer && { timer }), ...(local === undefined ? {} : { local }) };
  const session = newSession(dialog, true, response, more);
  return {
    state: { phase: 'talking', invite, localTag, acked: [response.toTag], session },
    effects: [
      ackOf(dialog, response.cseq, answer),
      ...(timer ? timed(timer) : []),
      { kind: 'answered', response },
    ],
  };
}

// RFC 3261 13.2.2.4: the sequence number of the INVITE, whatever has been sent since.
function ackOf(dialog: Dialog, cseq: number, sdp?: string): CallEffect {
  const draft = inDialog(dialog, 'ACK', cseq, sdp === undefined ? {} : { sdp });
  return { kind: 'ack', tag: dialog.remoteTag, draft };
}

export function onAnswerDecided(call: Answering, sdp: string | undefined): OutboundStep {
  const { dialog, response } = call;
  // RFC 3261 13.2.2.4: an offer that cannot be used is acknowledged and the call ended.
  if (sdp === undefined) {
    const end = localEnd('final', 488, 'unusable offer');
    return refuseFork([], call, dialog, response.cseq, [{ kind: 'ended', end }]);
  }
  return talk(call, dialog, response, 0, sdp);
}

/** ACK, then BYE: for a dialog that nobody wants. */
function refuseFork(
  acked: readonly string[],
  call: { readonly invite: Draft; readonly localTag: string; readonly session?: Session | Over },
  dialog: Dialog,
  cseq: number,
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
    effects: [ackOf(dialog, cseq), { kind: 'request', draft: bye }, ...after],
  };
}

const MAX_FORKS = 16;

export function stepTalking(call: Talking, event: OutboundEvent, context: CallContext): OutboundStep {
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
      const dialog = callerDialog(call.invite, call.localTag, response);
      return refuseFork(call.acked, call, dialog, response.cseq, []);
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
