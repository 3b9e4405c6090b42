import type { Response } from './message.ts';
import {
  type ClientContext,
  disarmLimit,
  disarmRepeat,
  ended,
  type Step,
  stay,
  type TransactionEffect,
} from './transaction.ts';

/** Client transaction of every method but INVITE: RFC 3261 17.1.2. */
export type RequestClient =
  | { readonly phase: 'trying' | 'proceeding'; readonly interval: number }
  | { readonly phase: 'completed' }
  | { readonly phase: 'terminated' };

export type RequestClientEvent =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'timer'; readonly timer: 'E' | 'F' | 'K' }
  | { readonly kind: 'transport-failed'; readonly detail: string };

const terminated: RequestClient = { phase: 'terminated' };
const completed: RequestClient = { phase: 'completed' };

export function startRequestClient({ text, reliable, timing }: ClientContext): Step<RequestClient> {
  const effects: TransactionEffect[] = [{ kind: 'limit-after', timer: 'F', ms: 64 * timing.t1 }];
  if (!reliable) effects.push({ kind: 'repeat-after', timer: 'E', ms: timing.t1 });
  effects.push({ kind: 'send', text, repeated: false });
  return { state: { phase: 'trying', interval: timing.t1 }, effects };
}

export function stepRequestClient(
  state: RequestClient,
  event: RequestClientEvent,
  { text, reliable, timing }: ClientContext,
): Step<RequestClient> {
  if (state.phase === 'terminated') return stay(state);
  if (state.phase === 'completed') {
    const over = event.kind === 'timer' && event.timer === 'K';
    return over ? { state: terminated, effects: [ended] } : stay(state);
  }
  if (event.kind === 'transport-failed') return give('transport', event.detail);
  if (event.kind === 'response') {
    const deliver: TransactionEffect = { kind: 'deliver', response: event.response };
    if (event.response.status < 200) return { state: { ...state, phase: 'proceeding' }, effects: [deliver] };
    // RFC 3261 17.1.2.2: timer K is zero for reliable transports.
    if (reliable) return { state: terminated, effects: [disarmRepeat, disarmLimit, deliver, ended] };
    return {
      state: completed,
      effects: [disarmRepeat, { kind: 'limit-after', timer: 'K', ms: timing.t4 }, deliver],
    };
  }
  if (event.timer === 'F') return give('timeout', 'no response');
  if (event.timer === 'K') return stay(state);
  // RFC 3261 17.1.2.2: doubled up to T2 in Trying, T2 in Proceeding.
  const interval = state.phase === 'proceeding' ? timing.t2 : Math.min(state.interval * 2, timing.t2);
  return {
    state: { ...state, interval },
    effects: [
      { kind: 'send', text, repeated: true },
      { kind: 'repeat-after', timer: 'E', ms: interval },
    ],
  };
}

function give(why: 'timeout' | 'transport', detail: string): Step<RequestClient> {
  return { state: terminated, effects: [disarmRepeat, disarmLimit, { kind: 'failed', why, detail }, ended] };
}
