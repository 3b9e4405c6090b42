/** REFER inside a call, and the subscription it implies (RFC 3515, RFC 6665), both ways. */
import {
  allow,
  type CallContext,
  type CallEffect,
  type CallStep,
  localEnd,
  type Over,
  type Unanswered,
} from './call.ts';
import { inDialog } from './dialog.ts';
import type { Header } from './header.ts';
import type { Request, Response } from './message.ts';
import { reasonPhrases } from './reason-phrases.ts';
import { noticeHeaders, readNotice, referTarget } from './refer.ts';
import type { Session } from './session.ts';
import { hangUp } from './session-ack.ts';

/** What became of a REFER of ours. */
export type ReferResult =
  /** The far end tells no more; `status` is what it told last, 100 when it told nothing. */
  | { readonly kind: 'done'; readonly status: number; readonly reason: string }
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string }
  /** The call ended first. */
  | { readonly kind: 'ended' };

/** A REFER of ours. */
export interface Referring {
  readonly id: number;
  readonly cseq: number;
  /** On the wire, where credentials may have made it another one. */
  readonly sentAs: number;
  readonly status: number;
  readonly reason: string;
}

/** A REFER of theirs that was accepted. */
export interface Referred {
  readonly cseq: number;
  /** The first of a dialog may be named without its number (RFC 3515 2.4.6). */
  readonly first: boolean;
}

export interface Refers {
  readonly ours: readonly Referring[];
  readonly theirs: readonly Referred[];
  /** The one the user is being asked about. */
  readonly asking?: Request;
  readonly seen: number;
  /** CSeq of the NOTIFY of ours that is on its way: the next waits, so that no transport can bring them out of order. */
  readonly telling?: number;
  readonly toTell: readonly Telling[];
}

interface Telling {
  readonly id: number;
  readonly status: number;
  readonly reason: string | undefined;
}

export const noRefers: Refers = { ours: [], theirs: [], seen: 0, toTell: [] };

type SessionStep = CallStep<Session | Over>;

const MAX_OPEN = 16;

const answer = (status: number, headers: readonly Header[] = []): CallEffect => ({
  kind: 'reply',
  to: 'request',
  reply: { status, headers },
});

export function refer(
  session: Session,
  id: number,
  headers: readonly Header[],
  { contact }: CallContext,
): SessionStep {
  const { dialog, refers } = session;
  if (refers.ours.length >= MAX_OPEN) {
    const result: ReferResult = { kind: 'refused', status: 491, reason: 'too many are open' };
    return { state: session, effects: [{ kind: 'refer-settled', id, result }] };
  }
  const cseq = dialog.localCseq + 1;
  const by = { name: 'Referred-By', value: dialog.local.replace(/;tag=.*$/, '') };
  const draft = inDialog(dialog, 'REFER', cseq, {
    headers: [{ name: 'Contact', value: contact }, allow, by, ...headers],
  });
  const ours = [...refers.ours, { id, cseq, sentAs: cseq, status: 100, reason: 'Trying' }];
  return {
    state: { ...session, dialog: { ...dialog, localCseq: cseq }, refers: { ...refers, ours } },
    effects: [{ kind: 'request', draft }],
  };
}

const without = (session: Session, gone: Referring): Session => ({
  ...session,
  refers: { ...session.refers, ours: session.refers.ours.filter((one) => one !== gone) },
});

/** A response to a REFER or NOTIFY of ours; `undefined` when it is to something else. */
export function onReferReplied(
  session: Session,
  cseq: number,
  response: Response,
  context: CallContext,
): SessionStep | undefined {
  const { status, reason, cseqMethod } = response;
  const { refers } = session;
  if (cseqMethod === 'NOTIFY') {
    // RFC 6665 4.2.2: who does not want to hear of it any more.
    const theirs = status === 481 ? [] : refers.theirs;
    const told = { ...session, refers: { ...refers, theirs } };
    return status < 200 ? { state: told, effects: [] } : tellNext(told, cseq, context);
  }
  const mine = refers.ours.find((one) => one.cseq === cseq);
  if (!mine) return undefined;
  if (status < 200) return { state: session, effects: [] };
  if (status < 300) {
    const ours = refers.ours.map((one) => (one === mine ? { ...one, sentAs: response.cseq } : one));
    return { state: { ...session, refers: { ...refers, ours } }, effects: [] };
  }
  const result: ReferResult = { kind: 'refused', status, reason };
  const settled: CallEffect = { kind: 'refer-settled', id: mine.id, result };
  // RFC 3261 12.2.1.2.
  if (status === 408 || status === 481)
    return hangUp(session, [], localEnd('lost', 408, `${status} ${reason}`), [settled]);
  return { state: without(session, mine), effects: [settled] };
}

export function onReferUnanswered(
  session: Session,
  { cseq, method }: Unanswered,
  context: CallContext,
): SessionStep | undefined {
  if (method === 'NOTIFY' && session.refers.telling === cseq) return tellNext(session, cseq, context);
  if (method !== 'REFER' || !session.refers.ours.some((one) => one.cseq === cseq)) return undefined;
  return hangUp(session, [], localEnd('lost', 408, 'no response'), []);
}

export function onNotify(session: Session, request: Request): SessionStep {
  const notice = readNotice(request);
  const { ours } = session.refers;
  const named = ours.find(({ sentAs }) => sentAs === notice?.about);
  const mine = named ?? (ours.length === 1 ? ours[0] : undefined);
  // RFC 6665 4.1.3.
  if (!notice || !mine) return { state: session, effects: [answer(481)] };
  const { status = mine.status, reason = mine.reason } = notice;
  if (notice.over) {
    const result: ReferResult = { kind: 'done', status, reason };
    return {
      state: without(session, mine),
      effects: [answer(200), { kind: 'refer-settled', id: mine.id, result }],
    };
  }
  const known = { ...mine, status, reason };
  const refers = { ...session.refers, ours: ours.map((one) => (one === mine ? known : one)) };
  return {
    state: { ...session, refers },
    effects: [answer(200), { kind: 'refer-progress', id: mine.id, status, reason }],
  };
}

export function onRefer(session: Session, request: Request): SessionStep {
  const target = referTarget(request);
  // RFC 3515 2.4.2.
  if (!target) return { state: session, effects: [answer(400)] };
  const { refers } = session;
  if (refers.theirs.length >= MAX_OPEN) return { state: session, effects: [answer(503)] };
  const asking = { ...refers, asking: request, seen: refers.seen + 1 };
  return {
    state: { ...session, refers: asking },
    effects: [{ kind: 'ask-refer', id: request.cseq, target, request }],
  };
}

export function onReferDecided(session: Session, status: number, context: CallContext): SessionStep {
  const { asking, ...rest } = session.refers;
  if (!asking) return { state: session, effects: [] };
  if (status < 200 || status > 299) {
    return { state: { ...session, refers: rest }, effects: [answer(status)] };
  }
  const { cseq } = asking;
  const theirs = [...rest.theirs, { cseq, first: rest.seen === 1 }];
  const accepted = answer(202, [{ name: 'Contact', value: context.contact }]);
  // RFC 3515 2.4.4: the first NOTIFY goes out at once.
  const told = notify({ ...session, refers: { ...rest, theirs } }, cseq, 100, undefined, context);
  return { state: told.state, effects: [accepted, ...told.effects] };
}

/** The NOTIFY before has been answered, or never will be. */
function tellNext(session: Session, cseq: number, context: CallContext): SessionStep {
  const { telling, toTell, ...refers } = session.refers;
  if (telling !== cseq) return { state: session, effects: [] };
  const [next, ...rest] = toTell;
  const free = { ...session, refers: { ...refers, toTell: rest } };
  return next ? notify(free, next.id, next.status, next.reason, context) : { state: free, effects: [] };
}

/** A final status is the last one told. */
export function notify(
  session: Session,
  id: number,
  status: number,
  reason: string | undefined,
  context: CallContext,
): SessionStep {
  const { dialog, refers } = session;
  if (refers.telling !== undefined) {
    const toTell = [...refers.toTell, { id, status, reason }];
    return { state: { ...session, refers: { ...refers, toTell } }, effects: [] };
  }
  const mine = refers.theirs.find((one) => one.cseq === id);
  if (!mine) return { state: session, effects: [] };
  const { contact } = context;
  const over = status >= 200;
  const cseq = dialog.localCseq + 1;
  const text = `SIP/2.0 ${status} ${reason ?? reasonPhrases[status] ?? ''}\r\n`;
  const draft = inDialog(dialog, 'NOTIFY', cseq, {
    headers: [{ name: 'Contact', value: contact }, ...noticeHeaders(mine.first ? undefined : id, over)],
    body: { type: 'message/sipfrag;version=2.0', text },
  });
  const theirs = over ? refers.theirs.filter((one) => one !== mine) : refers.theirs;
  return {
    state: {
      ...session,
      dialog: { ...dialog, localCseq: cseq },
      refers: { ...refers, theirs, telling: cseq },
    },
    effects: [{ kind: 'request', draft }],
  };
}
