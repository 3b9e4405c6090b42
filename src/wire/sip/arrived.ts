/** An INVITE that came and has no final answer yet: its provisional responses, plain and reliable (RFC 3262 3). */
import {
  allow,
  type CallContext,
  type CallEffect,
  type CallStep,
  localEnd,
  type Over,
  over,
  remoteEnd,
  retryAfter,
  supportedWith,
} from './call.ts';
import { type Dialog, refreshed } from './dialog.ts';
import { answerEarly, beforeTheAnswer, type EarlyWish, toRequest } from './early-events.ts';
import { acceptEarly, onUpdateReplied, sendUpdate, takesUpdate, type Updating } from './early-update.ts';
import type { Reply } from './format.ts';
import type { Header } from './header.ts';
import type { Answer, Progress } from './inbound-call.ts';
import type { Request, Response } from './message.ts';
import { acknowledges, firstSequence, reliability, reliableHeaders } from './reliable.ts';
import { sdpOf } from './sdp-body.ts';

export interface Arrived extends Updating {
  readonly phase: 'arrived';
  readonly invite: Request;
  /** RSeq of the last reliable response. */
  readonly rseq?: number;
  /** It waits for its PRACK. */
  readonly pending?: { readonly interval: number; readonly sdp: boolean };
  /** What may be sent only after that PRACK. */
  readonly queue: readonly (Progress | Answer)[];
  /** Our SDP went out reliably: `true` once offer and answer are both known. */
  readonly described: 'not' | 'offered' | 'done';
  /** The far end's answer to an offer of ours, from the PRACK. */
  readonly theirs?: string;
  /** The request with an offer that the user is being asked about. */
  readonly asking?: Request;
}

type ArrivedStep = CallStep<Arrived | Over>;

const settled: readonly CallEffect[] = [
  { kind: 'disarm', timer: '1xx' },
  { kind: 'disarm', timer: 'prack' },
];

export function newArrived(invite: Request, dialog: Dialog): Arrived {
  return { phase: 'arrived', invite, dialog, queue: [], described: 'not' };
}

export function toInvite(reply: Reply): CallEffect {
  return { kind: 'reply', to: 'invite', reply };
}

// RFC 3261 12.1.1: responses that make a dialog carry Contact and the Record-Route of the request.
export function dialogHeaders(
  call: Arrived,
  context: CallContext,
  more: readonly Header[],
): readonly Header[] {
  const routes = call.dialog.routes.map((value) => ({ name: 'Record-Route', value }));
  return [
    ...routes,
    { name: 'Contact', value: context.contact },
    allow,
    supportedWith(context.session),
    ...more,
  ];
}

export function progress(call: Arrived, event: Progress, context: CallContext): ArrivedStep {
  // RFC 3262 3: no other one before the first has been acknowledged.
  if (call.pending) return { state: { ...call, queue: [...call.queue, event] }, effects: [] };
  const { status, sdp } = event;
  const able = reliability(call.invite);
  const headers = dialogHeaders(call, context, event.headers);
  const body = sdp === undefined ? {} : { sdp };
  if (able === 'impossible' || (able === 'possible' && !event.reliable)) {
    return { state: call, effects: [toInvite({ status, headers, ...body })] };
  }
  const rseq = call.rseq === undefined ? firstSequence(context.chance) : call.rseq + 1;
  const interval = context.timing.t1;
  const describing = sdp !== undefined && call.described === 'not';
  const offered = sdpOf(call.invite) === undefined;
  const described = describing ? (offered ? 'offered' : 'done') : call.described;
  return {
    state: { ...call, rseq, pending: { interval, sdp: sdp !== undefined }, described },
    effects: [
      toInvite({ status, headers: [...headers, ...reliableHeaders(rseq)], ...body }),
      { kind: 'arm', timer: '1xx', ms: interval },
      { kind: 'arm', timer: 'prack', ms: 64 * interval },
    ],
  };
}

export function onProgressTimer(call: Arrived, timer: '1xx' | 'prack'): ArrivedStep {
  if (!call.pending) return { state: call, effects: [] };
  if (timer === '1xx') {
    // RFC 3262 3: doubled each time, without an upper bound.
    const interval = call.pending.interval * 2;
    return {
      state: { ...call, pending: { ...call.pending, interval } },
      effects: [{ kind: 'repeat-progress' }, { kind: 'arm', timer: '1xx', ms: interval }],
    };
  }
  // RFC 3262 3: without PRACK for 64*T1 the INVITE is refused with a 5xx.
  const end = localEnd('prack-timeout', 504, 'no PRACK');
  return { state: over, effects: [toInvite({ status: 504 }), { kind: 'ended', end }] };
}

/** No more repetitions: a final response goes out. */
export function stopRepeating(call: Arrived): readonly CallEffect[] {
  return call.pending ? settled : [];
}

export function onEarlyRequest(call: Arrived, request: Request, context: CallContext): ArrivedStep {
  const answer = (reply: Reply, state: Arrived = call): ArrivedStep => ({
    state,
    effects: [toRequest(reply)],
  });
  if (request.cseq <= call.dialog.remoteCseq) return answer({ status: 500 });
  const heard: Arrived = { ...call, dialog: { ...call.dialog, remoteCseq: request.cseq } };
  switch (request.method) {
    case 'BYE':
      // RFC 3261 15: a caller may hang up an early dialog; 15.1.2: its pending INVITE gets 487.
      return {
        state: over,
        effects: [
          toRequest({ status: 200 }),
          toInvite({ status: 487 }),
          { kind: 'ended', end: remoteEnd('cancelled', request, 487, 'BYE') },
        ],
      };
    case 'PRACK':
      return onPrack(heard, request);
    case 'UPDATE':
      return onUpdate(heard, request, context);
    case 'INVITE':
      // RFC 3261 14.2: the first INVITE is still to be answered.
      return answer({ status: 500, headers: [retryAfter(context)] }, heard);
    default:
      return { state: heard, effects: answerEarly(request, context) };
  }
}

function onPrack(call: Arrived, prack: Request): ArrivedStep {
  const { pending, ...rest } = call;
  // RFC 3262 3.
  if (!pending || call.rseq === undefined || !acknowledges(prack, call.rseq, call.invite)) {
    return { state: call, effects: [toRequest({ status: 481 })] };
  }
  const sdp = sdpOf(prack);
  if (sdp === undefined) return { state: rest, effects: [...settled, toRequest({ status: 200 })] };
  if (call.described === 'offered') {
    // RFC 3262 5: the answer to an offer in the provisional response.
    const state: Arrived = { ...rest, described: 'done', theirs: sdp };
    return { state, effects: [...settled, toRequest({ status: 200 })] };
  }
  // RFC 3262 5: a further offer, to be answered in the 2xx of the PRACK.
  return { state: { ...rest, asking: prack }, effects: [...settled, { kind: 'ask-offer', sdp }] };
}

function onUpdate(call: Arrived, request: Request, context: CallContext): ArrivedStep {
  const sdp = sdpOf(request);
  if (sdp === undefined) return accept({ ...call, asking: request }, undefined, context);
  // RFC 3311 5.2: while our offer waits for its answer, and while theirs does.
  if (call.described === 'offered' || call.ours)
    return { state: call, effects: [toRequest({ status: 491 })] };
  if (call.described === 'not' || call.pending?.sdp) {
    const reply: Reply = { status: 500, headers: [retryAfter(context)] };
    return { state: call, effects: [toRequest(reply)] };
  }
  return { state: { ...call, asking: request }, effects: [{ kind: 'ask-offer', sdp }] };
}

export function onEarlyOfferDecided(
  call: Arrived,
  sdp: string | undefined,
  context: CallContext,
): ArrivedStep {
  if (!call.asking) return { state: call, effects: [] };
  if (sdp !== undefined) return accept(call, sdp, context);
  const { asking: _refused, ...rest } = call;
  return { state: rest, effects: [toRequest({ status: 488 })] };
}

function accept(call: Arrived, sdp: string | undefined, context: CallContext): ArrivedStep {
  const { asking, ...rest } = call;
  if (!asking) return { state: call, effects: [] };
  const dialog = asking.method === 'UPDATE' ? refreshed(call.dialog, asking) : call.dialog;
  const local = sdp === undefined ? {} : { local: sdp };
  return { state: { ...rest, ...local, dialog }, effects: [toRequest(acceptEarly(sdp, context))] };
}

// RFC 3311 5.1: once what we described reliably has been acknowledged.
export function offerEarly(call: Arrived, event: EarlyWish, context: CallContext): ArrivedStep {
  const open = call.pending?.sdp || call.asking || call.ours;
  const may = call.described === 'done' && !open && takesUpdate(call.invite);
  if (event.kind === 'refer' || event.method !== 'UPDATE' || !may) {
    return { state: call, effects: [beforeTheAnswer(event)] };
  }
  const { early, effects } = sendUpdate(call, event, context);
  return { state: early, effects };
}

export function onEarlyReplied(
  call: Arrived,
  cseq: number,
  reply: Response | 'timeout' | 'transport',
): ArrivedStep {
  const { early, effects } = onUpdateReplied(call, cseq, reply);
  return { state: early, effects };
}
