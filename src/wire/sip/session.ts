import {
  type CallContext,
  type CallStep,
  type CallTimer,
  localEnd,
  type Over,
  over,
  remoteEnd,
  type SessionEvent,
} from './call.ts';
import type { Dialog } from './dialog.ts';
import { answerAnytime } from './early-events.ts';
import { takesUpdate } from './early-update.ts';
import type { Reply } from './format.ts';
import type { Message, Request } from './message.ts';
import { acknowledges } from './reliable.ts';
import { hangUp, onAck, onAckTimer, onBye, type Unacked } from './session-ack.ts';
import { onOffer, onOfferDecided } from './session-answer.ts';
import {
  type Ours,
  onGlareTimer,
  onReplied,
  onUnanswered,
  sendWaiting,
  type Wanted,
  want,
} from './session-offer.ts';
import {
  noRefers,
  notify,
  onNotify,
  onRefer,
  onReferDecided,
  onReferReplied,
  onReferUnanswered,
  type Refers,
  refer,
} from './session-refer.ts';
import type { SessionTimer } from './session-timer.ts';

/** A call with a confirmed dialog, whoever placed it. */
export interface Session {
  readonly phase: 'up';
  readonly dialog: Dialog;
  /** We placed the call, so the Call-ID is ours. */
  readonly owner: boolean;
  /** The far end takes UPDATE. */
  readonly updates: boolean;
  /** What we described last. */
  readonly local?: string;
  /** A 2xx of ours that waits for its ACK. */
  readonly unacked?: Unacked;
  /** The offer the user is being asked about. */
  readonly asking?: Request;
  /** A reliable provisional response of ours that the answer overtook. */
  readonly unpracked?: { readonly rseq: number; readonly cseq: number };
  /** A request of ours that changes or refreshes the session, and those that wait for it. */
  readonly ours?: Ours;
  readonly waiting: readonly Wanted[];
  readonly timer?: SessionTimer;
  /** The largest Min-SE a 422 has told us. */
  readonly floor: number;
  readonly refers: Refers;
}

type SessionStep = CallStep<Session | Over>;

/** `message`: what the far end said of itself in its INVITE or 2xx. */
export function newSession(
  dialog: Dialog,
  owner: boolean,
  message: Message,
  more: Partial<Pick<Session, 'local' | 'unacked' | 'unpracked' | 'ours' | 'timer' | 'floor'>> = {},
): Session {
  return {
    phase: 'up',
    dialog,
    owner,
    updates: takesUpdate(message),
    waiting: [],
    floor: 0,
    refers: noRefers,
    ...more,
  };
}

export function stepSession(session: Session, event: SessionEvent, context: CallContext): SessionStep {
  return sendWaiting(stepOnce(session, event, context), context);
}

function stepOnce(session: Session, event: SessionEvent, context: CallContext): SessionStep {
  switch (event.kind) {
    case 'request':
      return onRequest(session, event.request, context);
    case 'ack':
      return onAck(session, event.request);
    case 'offer-decided':
      return onOfferDecided(session, event.sdp, context);
    case 'offer':
      return want(session, { id: event.id, method: event.method, sdp: event.sdp, tries: 0 });
    case 'bye':
      return onBye(session, event.headers);
    case 'timer':
      return onTimer(session, event.timer, context);
    case 'replied':
      return (
        onReferReplied(session, event.cseq, event.response, context) ??
        onReplied(session, event.cseq, event.response, context)
      );
    case 'unanswered':
      return onReferUnanswered(session, event, context) ?? onUnanswered(session, event);
    case 'refer':
      return refer(session, event.id, event.headers, context);
    case 'refer-decided':
      return onReferDecided(session, event.status, context);
    case 'notify':
      return notify(session, event.id, event.status, event.reason, context);
  }
}

/** After the end: a BYE that crossed ours is confirmed, anything else has no dialog any more. */
export function stepOver(event: SessionEvent): CallStep<Over> {
  if (event.kind !== 'request') return { state: over, effects: [] };
  const reply: Reply = { status: event.request.method === 'BYE' ? 200 : 481 };
  return { state: over, effects: [{ kind: 'reply', to: 'request', reply }] };
}

function answered(reply: Reply, state: Session): SessionStep {
  return { state, effects: [{ kind: 'reply', to: 'request', reply }] };
}

function onRequest(session: Session, request: Request, context: CallContext): SessionStep {
  // RFC 3261 12.2.2: a request out of order.
  if (request.cseq <= session.dialog.remoteCseq) return answered({ status: 500 }, session);
  const heard: Session = { ...session, dialog: { ...session.dialog, remoteCseq: request.cseq } };
  switch (request.method) {
    case 'BYE':
      return {
        state: over,
        effects: [
          { kind: 'reply', to: 'request', reply: { status: 200 } },
          { kind: 'ended', end: remoteEnd('bye', request, 200, 'BYE') },
        ],
      };
    case 'PRACK': {
      // RFC 3262 3: still to be expected after the final response.
      const { unpracked, ...rest } = heard;
      const due = unpracked && acknowledges(request, unpracked.rseq, unpracked);
      return due ? answered({ status: 200 }, rest) : answered({ status: 481 }, heard);
    }
    case 'INVITE':
    case 'UPDATE':
      return onOffer(heard, request, context);
    case 'REFER':
      return onRefer(heard, request);
    case 'NOTIFY':
      return onNotify(heard, request);
    default:
      return { state: heard, effects: answerAnytime(request, context) };
  }
}

function onTimer(session: Session, timer: CallTimer, context: CallContext): SessionStep {
  switch (timer) {
    case '2xx':
    case 'ack':
      return onAckTimer(session, timer, context);
    case 'glare':
      return onGlareTimer(session, context);
    case 'refresh':
      // RFC 4028 7.4: UPDATE where the far end takes it.
      return want(session, { method: session.updates ? 'UPDATE' : 'INVITE', tries: 0 });
    case 'expire':
      return hangUp(session, [], localEnd('expired', 408, 'the session was not refreshed'), []);
    case 'cancel':
    case '1xx':
    case 'prack':
      return { state: session, effects: [] };
  }
}
