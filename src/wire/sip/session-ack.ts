/** A 2xx of ours and its ACK (RFC 3261 13.3.1.4). */

import type { CallEnd } from './call.ts';
import { type CallContext, type CallEffect, type CallStep, localEnd, type Over, over } from './call.ts';
import { inDialog } from './dialog.ts';
import type { Header } from './header.ts';
import type { Request } from './message.ts';
import { sipReason } from './reason.ts';
import { sdpOf } from './sdp-body.ts';
import type { Session } from './session.ts';

export interface Unacked {
  readonly cseq: number;
  readonly interval: number;
  /** The 2xx carried our offer: its answer comes with the ACK. */
  readonly offered: boolean;
  /** The far end's answer, when a PRACK brought it already. */
  readonly theirs?: string;
  /** The 2xx of the first INVITE, not of a re-INVITE. */
  readonly first: boolean;
  /** A BYE that waits for the ACK, with its headers. */
  readonly bye?: readonly Header[];
}

type SessionStep = CallStep<Session | Over>;

/** Effects that start the repetition of a 2xx, on every transport. */
export function awaitAck({ timing }: CallContext): readonly CallEffect[] {
  return [
    { kind: 'arm', timer: '2xx', ms: timing.t1 },
    { kind: 'arm', timer: 'ack', ms: 64 * timing.t1 },
  ];
}

export function onAck(session: Session, request: Request): SessionStep {
  const { unacked, ...rest } = session;
  if (!unacked || request.cseq !== unacked.cseq) return { state: session, effects: [] };
  const sdp = sdpOf(request);
  const effects: CallEffect[] = [
    { kind: 'disarm', timer: '2xx' },
    { kind: 'disarm', timer: 'ack' },
  ];
  if (unacked.first) effects.push({ kind: 'acknowledged', sdp: sdp ?? unacked.theirs });
  else if (unacked.offered && sdp !== undefined) effects.push({ kind: 'offer-answered', sdp });
  if (!unacked.bye) return { state: rest, effects };
  return hangUp(rest, unacked.bye, localEnd('bye', 200, 'BYE'), effects);
}

export function onBye(session: Session, headers: readonly Header[]): SessionStep {
  const { unacked } = session;
  if (!unacked?.first) return hangUp(session, headers, localEnd('bye', 200, 'BYE'), []);
  // RFC 3261 15: the callee sends no BYE before the ACK has come.
  return { state: { ...session, unacked: { ...unacked, bye: unacked.bye ?? headers } }, effects: [] };
}

export function onAckTimer(session: Session, timer: '2xx' | 'ack', { timing }: CallContext): SessionStep {
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
  // RFC 3261 13.3.1.4: without ACK for 64*T1 the dialog is confirmed and the session ended with BYE.
  return hangUp(session, unacked.bye ?? [], localEnd('ack-timeout', 408, 'no ACK'), []);
}

export function hangUp(
  session: Session,
  headers: readonly Header[],
  end: CallEnd,
  before: readonly CallEffect[],
): CallStep<Over> {
  // RFC 3326 1: the far end is told why, where it is not simply hung up.
  const why = end.kind === 'bye' ? [] : [sipReason(end.status, end.reason)];
  const draft = inDialog(session.dialog, 'BYE', session.dialog.localCseq + 1, {
    headers: [...why, ...headers],
  });
  return { state: over, effects: [...before, { kind: 'request', draft }, { kind: 'ended', end }] };
}
