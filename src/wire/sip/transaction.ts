import type { Response } from './message.ts';

/** T1, T2 and T4 of RFC 3261 17.1.1.1, in milliseconds. */
export interface Timing {
  readonly t1: number;
  readonly t2: number;
  readonly t4: number;
}

/** RFC 3261's table of timers; L and M are RFC 6026's. */
export type RepeatTimer = 'A' | 'E' | 'G';
export type LimitTimer = 'B' | 'D' | 'F' | 'H' | 'I' | 'J' | 'K' | 'L' | 'M';

/** At most one repeat timer and one limit timer run at a time: arming one replaces the other of its kind. */
export type TransactionEffect =
  | { readonly kind: 'send'; readonly text: string; readonly repeated: boolean }
  | { readonly kind: 'repeat-after'; readonly timer: RepeatTimer; readonly ms: number }
  | { readonly kind: 'limit-after'; readonly timer: LimitTimer; readonly ms: number }
  | { readonly kind: 'disarm'; readonly which: 'repeat' | 'limit' }
  /** A response for the transaction user. */
  | { readonly kind: 'deliver'; readonly response: Response }
  /** Nothing came of it: timer B or F, H (no ACK for a failure), or the transport. */
  | { readonly kind: 'failed'; readonly why: 'timeout' | 'transport'; readonly detail: string }
  | { readonly kind: 'ended' };

export interface Step<State> {
  readonly state: State;
  readonly effects: readonly TransactionEffect[];
}

export interface ClientContext {
  /** The request, as it is sent. */
  readonly text: string;
  /** TCP: nothing is repeated, and what waits for repetitions takes no time. */
  readonly reliable: boolean;
  readonly timing: Timing;
}

export interface ServerContext {
  readonly reliable: boolean;
  readonly timing: Timing;
}

export const disarmRepeat: TransactionEffect = { kind: 'disarm', which: 'repeat' };
export const disarmLimit: TransactionEffect = { kind: 'disarm', which: 'limit' };
export const ended: TransactionEffect = { kind: 'ended' };
const nothing: readonly TransactionEffect[] = [];

export function stay<State>(state: State): Step<State> {
  return { state, effects: nothing };
}

export interface Terminated {
  readonly phase: 'terminated';
}

export const terminated: Terminated = { phase: 'terminated' };

/** Nothing more comes; what ran is stopped. `told` is the last thing the user hears. */
export function terminate(...told: readonly TransactionEffect[]): Step<Terminated> {
  return { state: terminated, effects: [disarmRepeat, disarmLimit, ...told, ended] };
}

/** RFC 3261 17.1.4, and timers B and F. */
export function giveUp(why: 'timeout' | 'transport', detail: string): Step<Terminated> {
  return terminate({ kind: 'failed', why, detail });
}

/** RFC 3261 17.1.1.2 and 17.1.2.2: the request goes out, over UDP again and again, for 64*T1. */
export function startClient(
  { text, reliable, timing }: ClientContext,
  timers: { readonly repeat: RepeatTimer; readonly limit: LimitTimer },
): readonly TransactionEffect[] {
  const limit = { kind: 'limit-after', timer: timers.limit, ms: 64 * timing.t1 } as const;
  const send = { kind: 'send', text, repeated: false } as const;
  if (reliable) return [limit, send];
  return [limit, { kind: 'repeat-after', timer: timers.repeat, ms: timing.t1 }, send];
}
