import {
  ended,
  type ServerContext,
  type Step,
  stay,
  type Terminated,
  type TransactionEffect,
  terminated,
} from './transaction.ts';

/** Server transaction of every method but INVITE: RFC 3261 17.2.2. */
export type RequestServer =
  | { readonly phase: 'trying' }
  | { readonly phase: 'completed'; readonly last: string }
  | Terminated;

export type RequestServerEvent =
  | { readonly kind: 'request' }
  /** A final response; this stack sends no provisional ones here (RFC 4320 4.1). */
  | { readonly kind: 'reply'; readonly text: string }
  | { readonly kind: 'timer'; readonly timer: 'J' };

export const newRequestServer: RequestServer = { phase: 'trying' };

export function stepRequestServer(
  state: RequestServer,
  event: RequestServerEvent,
  { reliable, timing }: ServerContext,
): Step<RequestServer> {
  switch (event.kind) {
    case 'request':
      if (state.phase !== 'completed') return stay(state);
      return { state, effects: [{ kind: 'send', text: state.last, repeated: true }] };
    case 'reply': {
      if (state.phase !== 'trying') return stay(state);
      const send: TransactionEffect = { kind: 'send', text: event.text, repeated: false };
      // RFC 3261 17.2.2: timer J is zero for reliable transports.
      if (reliable) return { state: terminated, effects: [send, ended] };
      return {
        state: { phase: 'completed', last: event.text },
        effects: [{ kind: 'limit-after', timer: 'J', ms: 64 * timing.t1 }, send],
      };
    }
    case 'timer':
      return state.phase === 'completed' ? { state: terminated, effects: [ended] } : stay(state);
  }
}
