/** Requests of ours that change or refresh a session: re-INVITE (RFC 3261 14.1), UPDATE (RFC 3311), refreshes (RFC 4028). */
import {
  allow,
  type CallContext,
  type CallEffect,
  type CallStep,
  localEnd,
  type Over,
  type Unanswered,
} from './call.ts';
import { inDialog, refreshed } from './dialog.ts';
import type { Header } from './header.ts';
import type { Response } from './message.ts';
import { sdpOf } from './sdp-body.ts';
import type { Session } from './session.ts';
import { hangUp } from './session-ack.ts';
import { agreedBy, askFor, minSe, ownFloor, timed } from './session-timer.ts';

export type OfferMethod = 'INVITE' | 'UPDATE';

/** `answered` has the far end's description, where it gave one. `refused` by `local`: it was never sent, or brought no response. */
export type OfferResult =
  | { readonly kind: 'answered'; readonly sdp?: string }
  | {
      readonly kind: 'refused';
      readonly by: 'local' | 'remote';
      readonly status: number;
      readonly reason: string;
    }
  /** The call ended first. */
  | { readonly kind: 'ended' };

/** A refresh has no `id`: nobody waits for it. */
export interface Wanted {
  readonly id?: number;
  readonly method: OfferMethod;
  readonly sdp?: string;
  readonly tries: number;
}

/** Under way. Without `cseq` it waits for the glare timer. */
export interface Ours {
  readonly wanted: Wanted;
  readonly cseq?: number;
  /** It was sent before the answer, and says nothing of session timers. */
  readonly early?: true;
}

type SessionStep = CallStep<Session | Over>;

/** Of `supported`, without 100rel: what is answered at once needs no provisional responses. */
export function able({ session }: CallContext): Header {
  return { name: 'Supported', value: session.off ? 'replaces' : 'timer, replaces' };
}

const MAX_WAITING = 8;
const MAX_TRIES = 5;

/** An offer of ours has no answer yet (RFC 3261 14.2, RFC 3311 5.2). */
export function offering({ ours }: Session): boolean {
  return ours?.cseq !== undefined && (ours.wanted.method === 'INVITE' || ours.wanted.sdp !== undefined);
}

export function want(session: Session, wanted: Wanted): SessionStep {
  if (session.waiting.length >= MAX_WAITING) {
    return { state: session, effects: settle(wanted, refusedHere('too many offers wait')) };
  }
  return { state: { ...session, waiting: [...session.waiting, wanted] }, effects: [] };
}

export function refusedHere(reason: string): OfferResult {
  return { kind: 'refused', by: 'local', status: 491, reason };
}

function settle({ id }: Wanted, result: OfferResult): readonly CallEffect[] {
  return id === undefined ? [] : [{ kind: 'offer-settled', id, result }];
}

/** Sends what waits, as soon as nothing else is under way. */
export function sendWaiting(step: SessionStep, context: CallContext): SessionStep {
  const { state, effects } = step;
  if (state.phase !== 'up' || state.unacked || state.asking || state.ours) return step;
  const [next, ...waiting] = state.waiting;
  if (!next) return step;
  const sent = send({ ...state, waiting }, next, context);
  return { state: sent.state, effects: [...effects, ...sent.effects] };
}

function send(session: Session, wanted: Wanted, context: CallContext): CallStep<Session> {
  const { dialog, timer } = session;
  const floor = ownFloor(context.session.min, session.floor);
  const cseq = dialog.localCseq + 1;
  const headers = [{ name: 'Contact', value: context.contact }, allow, able(context)];
  // RFC 4028 7.4: the interval in force, and who refreshes seen from this request.
  if (timer) headers.push(...askFor(timer.interval, floor, timer.refresher === 'us' ? 'uac' : 'uas'));
  // RFC 4028 7.4: a refresh by re-INVITE offers what is in force already.
  const sdp = wanted.sdp ?? (wanted.method === 'INVITE' ? session.local : undefined);
  const draft = inDialog(dialog, wanted.method, cseq, sdp === undefined ? { headers } : { headers, sdp });
  return {
    state: { ...session, dialog: { ...dialog, localCseq: cseq }, ours: { wanted, cseq } },
    effects: [{ kind: 'request', draft }],
  };
}

export function onGlareTimer(session: Session, context: CallContext): SessionStep {
  const { ours, ...rest } = session;
  if (!ours || ours.cseq !== undefined) return { state: session, effects: [] };
  return sendWaiting({ state: { ...rest, waiting: [ours.wanted, ...rest.waiting] }, effects: [] }, context);
}

const ackTag = (session: Session, cseq: number): string => `${session.dialog.remoteTag} ${cseq}`;

export function onReplied(
  session: Session,
  cseq: number,
  response: Response,
  context: CallContext,
): SessionStep {
  const { ours, ...rest } = session;
  if (response.status < 200) return { state: session, effects: [] };
  if (ours?.cseq !== cseq || ours.wanted.method !== response.cseqMethod) {
    // RFC 3261 13.2.2.4: every repetition of a 2xx is acknowledged again.
    const again = response.cseqMethod === 'INVITE' && response.status < 300;
    return {
      state: session,
      effects: again ? [{ kind: 'ack-again', tag: ackTag(session, response.cseq) }] : [],
    };
  }
  if (response.status < 300) return onAccepted(rest, ours, response, context);
  return onRefused(rest, ours.wanted, response, context);
}

function onAccepted(
  session: Session,
  { wanted, early }: Ours,
  response: Response,
  context: CallContext,
): SessionStep {
  const { cseq } = response;
  const localCseq = Math.max(session.dialog.localCseq, cseq);
  const dialog = { ...refreshed(session.dialog, response), localCseq };
  const sdp = sdpOf(response);
  const { timer: _before, ...rest } = session;
  const timer = early ? session.timer : agreedBy(response, context.session);
  const acks: readonly CallEffect[] =
    wanted.method === 'INVITE'
      ? [{ kind: 'ack', tag: ackTag(session, cseq), draft: inDialog(dialog, 'ACK', cseq) }]
      : [];
  const told: readonly CallEffect[] =
    wanted.id === undefined && sdp !== undefined ? [{ kind: 'offer-answered', sdp }] : [];
  const clocks = !early && (timer || session.timer) ? timed(timer) : [];
  const local = wanted.sdp ?? session.local;
  return {
    state: { ...rest, dialog, ...(timer && { timer }), ...(local === undefined ? {} : { local }) },
    effects: [
      ...acks,
      ...clocks,
      ...told,
      ...settle(wanted, sdp === undefined ? { kind: 'answered' } : { kind: 'answered', sdp }),
    ],
  };
}

function onRefused(session: Session, wanted: Wanted, response: Response, context: CallContext): SessionStep {
  const { status, reason } = response;
  const again: Wanted = { ...wanted, tries: wanted.tries + 1 };
  const may = again.tries < MAX_TRIES;
  // RFC 3261 12.2.1.2: the far end has no such dialog any more.
  if (status === 408 || status === 481) return lose(session, wanted, `${status} ${reason}`);
  if (status === 491 && may) {
    const ms = glareWait(session.owner, context.chance);
    return { state: { ...session, ours: { wanted: again } }, effects: [{ kind: 'arm', timer: 'glare', ms }] };
  }
  const floor = minSe(response);
  // RFC 4028 7.4: once more, with a longer interval.
  if (status === 422 && may && floor > session.floor && session.timer) {
    const interval = Math.max(session.timer.interval, floor);
    const timer = { ...session.timer, interval };
    return { state: { ...session, floor, timer, waiting: [again, ...session.waiting] }, effects: [] };
  }
  const result: OfferResult = { kind: 'refused', by: 'remote', status, reason };
  const { timer } = session;
  // The session stays as it was (RFC 3261 14.1); a refresh is tried again while there is time.
  const retry: readonly CallEffect[] =
    wanted.id === undefined && timer?.refresher === 'us'
      ? [{ kind: 'arm', timer: 'refresh', ms: (timer.interval * 1000) / 16 }]
      : [];
  return { state: session, effects: [...retry, ...settle(wanted, result)] };
}

export function onUnanswered(session: Session, { cseq, method, why }: Unanswered): SessionStep {
  const { ours } = session;
  if (ours?.cseq !== cseq || ours.wanted.method !== method) return { state: session, effects: [] };
  return lose(session, ours.wanted, why === 'timeout' ? 'no response' : 'unreachable');
}

function lose(session: Session, wanted: Wanted, why: string): SessionStep {
  return hangUp(session, [], localEnd(wanted.id === undefined ? 'expired' : 'lost', 408, why), []);
}

/** RFC 3261 14.1: 2.1 to 4 s for the owner of the Call-ID, 0 to 2 s otherwise, in units of 10 ms. */
export function glareWait(owner: boolean, chance: number): number {
  return owner ? 2100 + 10 * Math.floor(chance * 191) : 10 * Math.floor(chance * 201);
}
