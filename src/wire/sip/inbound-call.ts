import {
  type Arrived,
  dialogHeaders,
  newArrived,
  offerEarly,
  onEarlyOfferDecided,
  onEarlyReplied,
  onEarlyRequest,
  onProgressTimer,
  progress,
  stopRepeating,
  toInvite,
} from './arrived.ts';
import {
  type CallContext,
  type CallEffect,
  type CallStep,
  localEnd,
  type Over,
  over,
  remoteEnd,
  type SessionEvent,
} from './call.ts';
import type { Dialog } from './dialog.ts';
import { carriedOver } from './early-update.ts';
import type { Header } from './header.ts';
import type { Request } from './message.ts';
import { reasonPhrases } from './reason-phrases.ts';
import { sdpOf } from './sdp-body.ts';
import { newSession, type Session, stepOver, stepSession } from './session.ts';
import { awaitAck, type Unacked } from './session-ack.ts';
import { agree, timed } from './session-timer.ts';

export type InboundCall = Arrived | Session | Over;

export interface Progress {
  readonly kind: 'progress';
  readonly status: number;
  readonly sdp?: string;
  readonly headers: readonly Header[];
  /** To be sent until it is acknowledged, if the caller can (RFC 3262). */
  readonly reliable?: boolean;
}

export interface Answer {
  readonly kind: 'answer';
  readonly sdp: string;
  readonly headers: readonly Header[];
}

export type InboundEvent =
  | Progress
  | Answer
  | {
      readonly kind: 'reject';
      readonly status: number;
      readonly reason?: string;
      readonly headers: readonly Header[];
    }
  | { readonly kind: 'cancelled'; readonly request: Request }
  | SessionEvent;

type InboundStep = CallStep<InboundCall>;

export function newInboundCall(invite: Request, dialog: Dialog): InboundCall {
  return newArrived(invite, dialog);
}

export function stepInbound(call: InboundCall, event: InboundEvent, context: CallContext): InboundStep {
  if (call.phase === 'arrived') return drained(stepArrived(call, event, context), context);
  if (
    event.kind === 'progress' ||
    event.kind === 'answer' ||
    event.kind === 'reject' ||
    event.kind === 'cancelled'
  ) {
    // RFC 3261 9.2: a CANCEL after the final response changes nothing.
    return { state: call, effects: [] };
  }
  return call.phase === 'up' ? stepSession(call, event, context) : stepOver(event);
}

/** Sends what waited for a PRACK. */
function drained(step: InboundStep, context: CallContext): InboundStep {
  const { state, effects } = step;
  if (state.phase !== 'arrived' || state.pending || state.asking) return step;
  const [next, ...queue] = state.queue;
  if (!next) return step;
  const more = drained(stepArrived({ ...state, queue }, next, context), context);
  return { state: more.state, effects: [...effects, ...more.effects] };
}

function stepArrived(call: Arrived, event: InboundEvent, context: CallContext): InboundStep {
  switch (event.kind) {
    case 'progress':
      return progress(call, event, context);
    case 'answer':
      return answer(call, event, context);
    case 'reject':
      return reject(event.status, event.reason, event.headers);
    case 'bye':
      return reject(480, undefined, event.headers);
    case 'cancelled':
      // RFC 3261 9.2.
      return {
        state: over,
        effects: [
          toInvite({ status: 487 }),
          { kind: 'ended', end: remoteEnd('cancelled', event.request, 487, 'CANCEL') },
        ],
      };
    case 'request':
      return onEarlyRequest(call, event.request, context);
    case 'offer-decided':
      return onEarlyOfferDecided(call, event.sdp, context);
    case 'timer':
      return event.timer === '1xx' || event.timer === 'prack'
        ? onProgressTimer(call, event.timer)
        : { state: call, effects: [] };
    case 'offer':
    case 'refer':
      return offerEarly(call, event, context);
    case 'replied':
      return onEarlyReplied(call, event.cseq, event.response);
    case 'unanswered':
      return onEarlyReplied(call, event.cseq, event.why);
    case 'refer-decided':
    case 'notify':
    case 'ack':
      return { state: call, effects: [] };
  }
}

function answer(call: Arrived, event: Answer, context: CallContext): InboundStep {
  const { invite, dialog, pending, described } = call;
  // RFC 3262 3: no 2xx while a reliable response with a description waits for its PRACK.
  if (pending?.sdp) return { state: { ...call, queue: [...call.queue, event] }, effects: [] };
  const offered = sdpOf(invite) === undefined && described === 'not';
  const unacked: Unacked = {
    cseq: invite.cseq,
    interval: context.timing.t1,
    offered,
    first: true,
    ...(call.theirs === undefined ? {} : { theirs: call.theirs }),
  };
  const { timer, headers: timing } = agree(invite, undefined, context.session);
  const headers = dialogHeaders(call, context, [...timing, ...event.headers]);
  // RFC 3262 5, RFC 6337 3.1.1: what was described reliably is not described again.
  const reply = described === 'not' ? { status: 200, headers, sdp: event.sdp } : { status: 200, headers };
  const clocks = timer ? timed(timer) : [];
  const effects: readonly CallEffect[] = [
    ...stopRepeating(call),
    toInvite(reply),
    ...awaitAck(context),
    ...clocks,
  ];
  const late =
    pending && call.rseq !== undefined ? { unpracked: { rseq: call.rseq, cseq: invite.cseq } } : {};
  const more = { unacked, local: event.sdp, ...late, ...(timer && { timer }), ...carriedOver(call) };
  return { state: newSession(dialog, false, invite, more), effects };
}

function reject(status: number, reason: string | undefined, headers: readonly Header[]): InboundStep {
  const reply = reason === undefined ? { status, headers } : { status, headers, reason };
  const end = localEnd('final', status, reason ?? reasonPhrases[status] ?? '');
  return { state: over, effects: [toInvite(reply), { kind: 'ended', end }] };
}
