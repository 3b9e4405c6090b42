import type { Response } from './message.ts';
import {
  type ClientContext,
  disarmRepeat,
  ended,
  giveUp,
  type Step,
  startClient,
  stay,
  type Terminated,
  type TransactionEffect,
  terminate,
  terminated,
} from './transaction.ts';

/** Client transaction of every method but INVITE: RFC 3261 17.1.2. */
export type RequestClient =
  | { readonly phase: 'trying' | 'proceeding'; readonly interval: number }
  | { readonly phase: 'completed' }
  | Terminated;

export type RequestClientEvent =
  | { readonly kind: 'response'; readonly response: Response }
  | { readonly kind: 'timer'; readonly timer: 'E' | 'F' | 'K' }
  | { readonly kind: 'transport-failed'; readonly detail: string };

const completed: RequestClient = { phase: 'completed' };

export function startRequestClient(context: ClientContext): Step<RequestClient> {
  const effects = startClient(context, { repeat: 'E', limit: 'F' });
  return { state: { phase: 'trying', interval: context.timing.t1 }, effects };
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
  if (event.kind === 'transport-failed') return giveUp('transport', event.detail);
  if (event.kind === 'response') {
    const deliver: TransactionEffect = { kind: 'deliver', response: event.response };
    if (event.response.status < 200) return { state: { ...state, phase: 'proceeding' }, effects: [deliver] };
    // RFC 3261 17.1.2.2: timer K is zero for reliable transports.
    if (reliable) return terminate(deliver);
    return {
      state: completed,
      effects: [disarmRepeat, { kind: 'limit-after', timer: 'K', ms: timing.t4 }, deliver],
    };
  }
  if (event.timer === 'F') return giveUp('timeout', 'no response');
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
