/** Offers and refreshes of the far end: re-INVITE (RFC 3261 14.2), UPDATE (RFC 3311 5.2). */
import {
  acceptSdp,
  allow,
  type CallContext,
  type CallEffect,
  type CallStep,
  type Over,
  retryAfter,
  supportedWith,
} from './call.ts';
import { refreshed } from './dialog.ts';
import type { Reply } from './format.ts';
import type { Request } from './message.ts';
import { hasForeignBody, sdpOf } from './sdp-body.ts';
import type { Session } from './session.ts';
import { awaitAck, type Unacked } from './session-ack.ts';
import { offering } from './session-offer.ts';
import { agree, timed, tooBrief } from './session-timer.ts';

type SessionStep = CallStep<Session | Over>;

function answered(reply: Reply, state: Session): SessionStep {
  return { state, effects: [{ kind: 'reply', to: 'request', reply }] };
}

export function onOffer(session: Session, request: Request, context: CallContext): SessionStep {
  const { unacked } = session;
  if (hasForeignBody(request)) return answered({ status: 415, headers: [acceptSdp] }, session);
  const sdp = sdpOf(request);
  if (sdp !== undefined || request.method === 'INVITE') {
    // RFC 3261 14.2, RFC 3311 5.2: an offer while ours is unanswered is glare.
    if (unacked?.offered || offering(session)) return answered({ status: 491 }, session);
    // RFC 3261 14.2: a second INVITE before the first is done.
    if (unacked && request.method === 'INVITE') {
      return answered({ status: 500, headers: [retryAfter(context)] }, session);
    }
  }
  const brief = tooBrief(request, context.session);
  if (brief) return answered(brief, session);
  const asking: Session = { ...session, asking: request };
  if (request.method === 'UPDATE' && sdp === undefined) return accept(asking, request, undefined, context);
  return { state: asking, effects: [{ kind: 'ask-offer', sdp }] };
}

export function onOfferDecided(session: Session, sdp: string | undefined, context: CallContext): SessionStep {
  const { asking } = session;
  if (!asking) return { state: session, effects: [] };
  if (sdp !== undefined) return accept(session, asking, sdp, context);
  const { asking: _refused, ...rest } = session;
  return answered({ status: 488 }, rest);
}

function accept(
  session: Session,
  request: Request,
  sdp: string | undefined,
  context: CallContext,
): SessionStep {
  const { asking: _answered, timer: before, ...rest } = session;
  const { timer, headers: timing } = agree(request, before, context.session);
  const headers = [
    { name: 'Contact', value: context.contact },
    allow,
    supportedWith(context.session),
    ...timing,
  ];
  const body = sdp === undefined ? {} : { sdp };
  const effects: CallEffect[] = [{ kind: 'reply', to: 'request', reply: { status: 200, headers, ...body } }];
  if (timer || before) effects.push(...timed(timer));
  const local = sdp === undefined ? {} : { local: sdp };
  const next: Session = {
    ...rest,
    dialog: refreshed(session.dialog, request),
    ...(timer && { timer }),
    ...local,
  };
  if (request.method !== 'INVITE') return { state: next, effects };
  const offered = sdpOf(request) === undefined;
  const unacked: Unacked = { cseq: request.cseq, interval: context.timing.t1, offered, first: false };
  return { state: { ...next, unacked }, effects: [...effects, ...awaitAck(context)] };
}
