/** A call of ours that was answered: its ACK, and the forks that answered too (RFC 3261 13.2.2.4). */
import { type CallContext, type CallEffect, type CallStep, localEnd, type Over, over } from './call.ts';
import { type Dialog, inDialog } from './dialog.ts';
import { confirmed, type Early, earlyOf } from './early.ts';
import { carriedOver } from './early-update.ts';
import type { Draft } from './format.ts';
import type { Header } from './header.ts';
import type { Response } from './message.ts';
import type { Inviting, OutboundCall, OutboundEvent } from './outbound-call.ts';
import { sipReason } from './reason.ts';
import { sdpOf } from './sdp-body.ts';
import { newSession, type Session, stepOver, stepSession } from './session.ts';
import { refusedHere } from './session-offer.ts';
import { agreedBy, timed } from './session-timer.ts';

type OutboundStep = CallStep<OutboundCall>;

/** What is needed to talk to any fork. */
interface Placed {
  readonly invite: Draft;
  readonly localTag: string;
  readonly early: readonly Early[];
}

/** The 2xx carried an offer and the user is asked for the answer, which goes with the ACK. */
export interface Answering extends Placed {
  readonly phase: 'answering';
  readonly response: Response;
  readonly floor: number;
}

/** A 2xx came. */
export interface Talking extends Placed {
  readonly phase: 'talking';
  /** To tags of the 2xx that have been acknowledged: the first is the call's, the rest are forks. */
  readonly acked: readonly string[];
  readonly session: Session | Over;
}

function dialogOf({ early, invite, localTag }: Placed, response: Response): Dialog {
  return confirmed(early, invite, localTag, response);
}

export function onSuccess(call: Inviting, response: Response, context: CallContext): OutboundStep {
  const { invite, localTag, early, floor } = call;
  if (call.cancel) {
    // RFC 3261 9.1: the 2xx crossed the CANCEL; the call is up and must be hung up.
    const end = localEnd('cancel-confirmed', 487, 'answered while being cancelled');
    return refuse({ ...call, acked: [], session: over }, response, call.cancel.headers, [
      { kind: 'ended', end },
    ]);
  }
  const offer = invite.sdp === undefined && !call.described ? sdpOf(response) : undefined;
  if (offer !== undefined) {
    const state: Answering = { phase: 'answering', invite, localTag, early, response, floor };
    return { state, effects: [{ kind: 'ask-offer', sdp: offer }] };
  }
  return talk(call, response, undefined, context);
}

/** `answer`: what goes with the ACK. */
function talk(
  { invite, localTag, early, floor }: Inviting | Answering,
  response: Response,
  answer: string | undefined,
  { session: policy }: CallContext,
): OutboundStep {
  const timer = agreedBy(response, policy);
  const placed: Placed = { invite, localTag, early };
  const dialog = dialogOf(placed, response);
  const local = answer ?? invite.sdp;
  const session = newSession(dialog, true, response, {
    floor,
    ...(timer && { timer }),
    ...(local === undefined ? {} : { local }),
    ...carriedOver(earlyOf(early, response.toTag) ?? {}),
  });
  return {
    state: { phase: 'talking', ...placed, acked: [response.toTag], session },
    effects: [
      ackOf(dialog, response.cseq, answer),
      ...(timer ? timed(timer) : []),
      ...offersElsewhere(early, response.toTag),
      { kind: 'answered', response },
    ],
  };
}

/** Offers of ours to forks that rang and did not answer. */
function offersElsewhere(early: readonly Early[], tag: string): readonly CallEffect[] {
  return early.flatMap(({ dialog, ours }) =>
    ours && dialog.remoteTag !== tag
      ? [{ kind: 'offer-settled', id: ours.id, result: refusedHere('another one answered') } as const]
      : [],
  );
}

// RFC 3261 13.2.2.4: the sequence number of the INVITE, whatever has been sent since.
function ackOf(dialog: Dialog, cseq: number, sdp?: string): CallEffect {
  const draft = inDialog(dialog, 'ACK', cseq, sdp === undefined ? {} : { sdp });
  return { kind: 'ack', tag: dialog.remoteTag, draft };
}

export function onAnswerDecided(
  call: Answering,
  sdp: string | undefined,
  context: CallContext,
): OutboundStep {
  const { response } = call;
  if (sdp !== undefined) return talk(call, response, sdp, context);
  // RFC 3261 13.2.2.4: an offer that cannot be used is acknowledged and the call ended.
  const end = localEnd('final', 488, 'unusable offer');
  const refused = { ...call, acked: [], session: over };
  return refuse(refused, response, [sipReason(488, end.reason)], [{ kind: 'ended', end }]);
}

/** ACK, then BYE: for a dialog that nobody wants. */
function refuse(
  call: Omit<Talking, 'phase'>,
  response: Response,
  headers: readonly Header[],
  after: readonly CallEffect[],
): OutboundStep {
  const { invite, localTag, early, session } = call;
  const dialog = dialogOf(call, response);
  const bye = inDialog(dialog, 'BYE', dialog.localCseq + 1, { headers });
  const acked = [...call.acked, dialog.remoteTag];
  return {
    state: { phase: 'talking', invite, localTag, early, acked, session },
    effects: [ackOf(dialog, response.cseq), { kind: 'request', draft: bye }, ...after],
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
      // RFC 3261 13.2.2.4: another fork answered too; it is acknowledged and hung up (RFC 3326 3.1).
      return refuse(call, response, [sipReason(200, 'Call completed elsewhere')], []);
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
