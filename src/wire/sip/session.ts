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
import { type Dialog, inDialog, refreshed } from './dialog.ts';
import type { Reply } from './format.ts';
import type { Header } from './header.ts';
import type { Request } from './message.ts';
import { hasForeignBody, sdpOf } from './sdp-body.ts';

/** A call with a confirmed dialog, whoever placed it. */
export interface Session {
  readonly phase: 'up';
  readonly dialog: Dialog;
  /** A 2xx of ours that waits for its ACK. */
  readonly unacked?: Unacked;
  /** The offer the user is being asked about. */
  readonly asking?: Request;
}

export interface Unacked {
  readonly cseq: number;
  readonly interval: number;
  /** The 2xx carried our offer: its answer comes with the ACK. */
  readonly offered: boolean;
  /** The 2xx of the first INVITE, not of a re-INVITE. */
  readonly first: boolean;
  /** A BYE that waits for the ACK, with its headers. */
  readonly bye?: readonly Header[];
}

type SessionStep = CallStep<Session | Over>;

/** Effects that start the repetition of a 2xx (RFC 3261 13.3.1.4), on every transport. */
export function awaitAck({ timing }: CallContext): readonly CallEffect[] {
  return [
    { kind: 'arm', timer: '2xx', ms: timing.t1 },
    { kind: 'arm', timer: 'ack', ms: 64 * timing.t1 },
  ];
}

export function stepSession(session: Session, event: SessionEvent, context: CallContext): SessionStep {
  switch (event.kind) {
    case 'request':
      return onRequest(session, event.request, context);
    case 'ack':
      return onAck(session, event.request);
    case 'offer-decided':
      return onOfferDecided(session, event.sdp, context);
    case 'bye':
      return onBye(session, event.headers);
    case 'timer':
      return onTimer(session, event.timer, context);
  }
}

/** After the end: a BYE that crossed ours is confirmed, anything else has no dialog any more. */
export function stepOver(event: SessionEvent): CallStep<Over> {
  if (event.kind !== 'request') return { state: over, effects: [] };
  const reply: Reply = { status: event.request.method === 'BYE' ? 200 : 481 };
  return { state: over, effects: [{ kind: 'reply', to: 'request', reply }] };
}

function onRequest(session: Session, request: Request, context: CallContext): SessionStep {
  const answer = (reply: Reply, next: Session = session): SessionStep => ({
    state: next,
    effects: [{ kind: 'reply', to: 'request', reply }],
  });
  // RFC 3261 12.2.2: a request out of order.
  if (request.cseq <= session.dialog.remoteCseq) return answer({ status: 500 });
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
    case 'OPTIONS':
      return answer({ status: 200, headers: [allow, acceptSdp] }, heard);
    case 'INVITE':
    case 'UPDATE':
      return onOffer(heard, request, context, answer);
    default:
      return answer({ status: 405, headers: [allow] }, heard);
  }
}

function onOffer(
  session: Session,
  request: Request,
  context: CallContext,
  answer: (reply: Reply, next?: Session) => SessionStep,
): SessionStep {
  const { unacked } = session;
  if (hasForeignBody(request)) return answer({ status: 415, headers: [acceptSdp] }, session);
  const sdp = sdpOf(request);
  if (unacked && (sdp !== undefined || request.method === 'INVITE')) {
    // RFC 3311 5.2: an offer while ours is unanswered is glare.
    if (unacked.offered) return answer({ status: 491 }, session);
    // RFC 3261 14.2: a second INVITE before the first is done.
    if (request.method === 'INVITE') {
      return answer({ status: 500, headers: [{ name: 'Retry-After', value: '2' }] }, session);
    }
  }
  if (request.method === 'UPDATE' && sdp === undefined) {
    const next = { ...session, dialog: refreshed(session.dialog, request) };
    return answer({ status: 200, headers: [{ name: 'Contact', value: context.contact }, allow] }, next);
  }
  return { state: { ...session, asking: request }, effects: [{ kind: 'ask-offer', sdp }] };
}

function onOfferDecided(session: Session, sdp: string | undefined, context: CallContext): SessionStep {
  const { asking, ...rest } = session;
  if (!asking) return { state: session, effects: [] };
  if (sdp === undefined) {
    return { state: rest, effects: [{ kind: 'reply', to: 'request', reply: { status: 488 } }] };
  }
  const headers = [{ name: 'Contact', value: context.contact }, allow];
  const reply: CallEffect = { kind: 'reply', to: 'request', reply: { status: 200, headers, sdp } };
  const next: Session = { ...rest, dialog: refreshed(session.dialog, asking) };
  if (asking.method !== 'INVITE') return { state: next, effects: [reply] };
  const offered = sdpOf(asking) === undefined;
  const unacked: Unacked = { cseq: asking.cseq, interval: context.timing.t1, offered, first: false };
  return { state: { ...next, unacked }, effects: [reply, ...awaitAck(context)] };
}

function onAck(session: Session, request: Request): SessionStep {
  const { unacked, ...rest } = session;
  if (!unacked || request.cseq !== unacked.cseq) return { state: session, effects: [] };
  const sdp = sdpOf(request);
  const effects: CallEffect[] = [
    { kind: 'disarm', timer: '2xx' },
    { kind: 'disarm', timer: 'ack' },
  ];
  if (unacked.first) effects.push({ kind: 'acknowledged', sdp });
  else if (unacked.offered && sdp !== undefined) effects.push({ kind: 'offer-answered', sdp });
  if (!unacked.bye) return { state: rest, effects };
  return hangUp(rest, unacked.bye, localEnd('bye', 200, 'BYE'), effects);
}

function onBye(session: Session, headers: readonly Header[]): SessionStep {
  const { unacked } = session;
  if (!unacked?.first) return hangUp(session, headers, localEnd('bye', 200, 'BYE'), []);
  // RFC 3261 15: the callee sends no BYE before the ACK has come.
  return { state: { ...session, unacked: { ...unacked, bye: unacked.bye ?? headers } }, effects: [] };
}

function hangUp(
  session: Session,
  headers: readonly Header[],
  end: CallEnd,
  before: readonly CallEffect[],
): CallStep<Over> {
  const draft = inDialog(session.dialog, 'BYE', session.dialog.localCseq + 1, { headers });
  return { state: over, effects: [...before, { kind: 'request', draft }, { kind: 'ended', end }] };
}

function onTimer(session: Session, timer: 'cancel' | '2xx' | 'ack', { timing }: CallContext): SessionStep {
  const { unacked } = session;
  if (!unacked) return { state: session, effects: [] };
  if (timer === '2xx') {
    // RFC 3261 13.3.1.4: doubled up to T2.
    const interval = Math.min(unacked.interval * 2, timing.t2);
    return {
      state: { ...session, unacked: { ...unacked, interval } },
      effects: [{ kind: 'repeat-answer' }, { kind: 'arm', timer: '2xx', ms: interval }],
    };
  }
  if (timer !== 'ack') return { state: session, effects: [] };
  // RFC 3261 13.3.1.4: without ACK for 64*T1 the dialog is confirmed and the session ended with BYE.
  return hangUp(session, unacked.bye ?? [], localEnd('ack-timeout', 408, 'no ACK'), []);
}
