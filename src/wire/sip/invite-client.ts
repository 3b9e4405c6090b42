import type { Response } from './message.ts';
import {
  type ClientContext,
  disarmLimit,
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

/** INVITE client transaction: RFC 3261 17.1.1 as corrected by RFC 6026 7.2. */
export type InviteClient =
  | { readonly phase: 'calling'; readonly interval: number }
  | { readonly phase: 'proceeding' }
  /** A failure came; its repetitions are acknowledged again. */
  | { readonly phase: 'completed'; readonly ack: string }
  /** A 2xx came; its repetitions, and those of other forks, go to the user. */
  | { readonly phase: 'accepted' }
  | Terminated;

export type InviteClientEvent =
  /** `ack` is the ACK of this transaction, to be sent if the response is a failure. */
  | { readonly kind: 'response'; readonly response: Response; ack(): string }
  | { readonly kind: 'timer'; readonly timer: 'A' | 'B' | 'D' | 'M' }
  | { readonly kind: 'transport-failed'; readonly detail: string }
  /** The user gives up on a cancelled INVITE (RFC 3261 9.1). */
  | { readonly kind: 'abandon' };

export function startInviteClient(context: ClientContext): Step<InviteClient> {
  const effects = startClient(context, { repeat: 'A', limit: 'B' });
  return { state: { phase: 'calling', interval: context.timing.t1 }, effects };
}

export function stepInviteClient(
  state: InviteClient,
  event: InviteClientEvent,
  context: ClientContext,
): Step<InviteClient> {
  switch (event.kind) {
    case 'response':
      return onResponse(state, event.response, event.ack, context);
    case 'timer':
      return onTimer(state, event.timer, context);
    case 'transport-failed':
      // RFC 3261 17.1.1.2 and 17.1.4: the user is told; once a final response is in, only the ACK was lost.
      if (state.phase === 'accepted' || state.phase === 'terminated') return stay(state);
      return state.phase === 'completed' ? terminate() : giveUp('transport', event.detail);
    case 'abandon':
      return state.phase === 'terminated' ? stay(state) : terminate();
  }
}

function onResponse(
  state: InviteClient,
  response: Response,
  ack: () => string,
  { reliable, timing }: ClientContext,
): Step<InviteClient> {
  const { status } = response;
  const deliver: TransactionEffect = { kind: 'deliver', response };
  const waiting = state.phase === 'calling' || state.phase === 'proceeding';
  if (status < 200) {
    if (state.phase === 'proceeding') return { state, effects: [deliver] };
    if (state.phase !== 'calling') return stay(state);
    // RFC 3261 17.1.1.2: no repetition once a 1xx is in; timer B counts in Calling only.
    return { state: { phase: 'proceeding' }, effects: [disarmRepeat, disarmLimit, deliver] };
  }
  if (status < 300) {
    if (state.phase === 'accepted') return { state, effects: [deliver] };
    if (!waiting) return stay(state);
    const effects = [disarmRepeat, { kind: 'limit-after', timer: 'M', ms: 64 * timing.t1 }, deliver] as const;
    return { state: { phase: 'accepted' }, effects };
  }
  if (state.phase === 'completed') {
    return { state, effects: [{ kind: 'send', text: state.ack, repeated: true }] };
  }
  if (!waiting) return stay(state);
  const text = ack();
  const send: TransactionEffect = { kind: 'send', text, repeated: false };
  // RFC 3261 17.1.1.2: timer D is zero for reliable transports.
  if (reliable) return terminate(send, deliver);
  const wait: TransactionEffect = { kind: 'limit-after', timer: 'D', ms: 64 * timing.t1 };
  return { state: { phase: 'completed', ack: text }, effects: [disarmRepeat, wait, send, deliver] };
}

function onTimer(
  state: InviteClient,
  timer: 'A' | 'B' | 'D' | 'M',
  context: ClientContext,
): Step<InviteClient> {
  if (timer === 'A' && state.phase === 'calling') {
    const interval = state.interval * 2;
    return {
      state: { phase: 'calling', interval },
      effects: [
        { kind: 'send', text: context.text, repeated: true },
        { kind: 'repeat-after', timer: 'A', ms: interval },
      ],
    };
  }
  if (timer === 'B' && state.phase === 'calling') return giveUp('timeout', 'no response');
  const over =
    (timer === 'D' && state.phase === 'completed') || (timer === 'M' && state.phase === 'accepted');
  return over ? { state: terminated, effects: [ended] } : stay(state);
}
