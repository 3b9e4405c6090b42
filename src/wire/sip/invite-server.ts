import {
  disarmRepeat,
  ended,
  type ServerContext,
  type Step,
  stay,
  type Terminated,
  type TransactionEffect,
  terminate,
  terminated,
} from './transaction.ts';

/** INVITE server transaction: RFC 3261 17.2.1 as corrected by RFC 6026 7.1. */
export type InviteServer =
  /** `last` is the provisional response sent last, repeated to a repeated INVITE. */
  | { readonly phase: 'proceeding'; readonly last: string }
  | { readonly phase: 'completed'; readonly last: string; readonly interval: number }
  | { readonly phase: 'confirmed' }
  /** A 2xx was sent; its user repeats it, and repeated INVITEs are swallowed. */
  | { readonly phase: 'accepted' }
  | Terminated;

export type InviteServerEvent =
  | { readonly kind: 'request' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'reply'; readonly status: number; readonly text: string }
  | { readonly kind: 'timer'; readonly timer: 'G' | 'H' | 'I' | 'L' };

export const newInviteServer: InviteServer = { phase: 'proceeding', last: '' };

export function stepInviteServer(
  state: InviteServer,
  event: InviteServerEvent,
  { reliable, timing }: ServerContext,
): Step<InviteServer> {
  switch (event.kind) {
    case 'request':
      if ((state.phase !== 'proceeding' && state.phase !== 'completed') || state.last === '')
        return stay(state);
      return { state, effects: [{ kind: 'send', text: state.last, repeated: true }] };
    case 'ack':
      if (state.phase !== 'completed') return stay(state);
      // RFC 3261 17.2.1: timer I is zero for reliable transports.
      if (reliable) return terminate();
      return {
        state: { phase: 'confirmed' },
        effects: [disarmRepeat, { kind: 'limit-after', timer: 'I', ms: timing.t4 }],
      };
    case 'reply':
      return state.phase === 'proceeding'
        ? reply(event.status, event.text, { reliable, timing })
        : stay(state);
    case 'timer':
      return onTimer(state, event.timer, { reliable, timing });
  }
}

function reply(status: number, text: string, { reliable, timing }: ServerContext): Step<InviteServer> {
  const send: TransactionEffect = { kind: 'send', text, repeated: false };
  if (status < 200) return { state: { phase: 'proceeding', last: text }, effects: [send] };
  const limit = 64 * timing.t1;
  if (status < 300) {
    return { state: { phase: 'accepted' }, effects: [{ kind: 'limit-after', timer: 'L', ms: limit }, send] };
  }
  const effects: TransactionEffect[] = [{ kind: 'limit-after', timer: 'H', ms: limit }];
  if (!reliable) effects.push({ kind: 'repeat-after', timer: 'G', ms: timing.t1 });
  effects.push(send);
  return { state: { phase: 'completed', last: text, interval: timing.t1 }, effects };
}

function onTimer(
  state: InviteServer,
  timer: 'G' | 'H' | 'I' | 'L',
  { timing }: ServerContext,
): Step<InviteServer> {
  if (state.phase === 'completed') {
    if (timer === 'H') {
      const failed: TransactionEffect = { kind: 'failed', why: 'timeout', detail: 'no ACK' };
      return { state: terminated, effects: [disarmRepeat, failed, ended] };
    }
    if (timer !== 'G') return stay(state);
    const interval = Math.min(state.interval * 2, timing.t2);
    return {
      state: { ...state, interval },
      effects: [
        { kind: 'send', text: state.last, repeated: true },
        { kind: 'repeat-after', timer: 'G', ms: interval },
      ],
    };
  }
  const over =
    (timer === 'I' && state.phase === 'confirmed') || (timer === 'L' && state.phase === 'accepted');
  return over ? { state: terminated, effects: [ended] } : stay(state);
}
