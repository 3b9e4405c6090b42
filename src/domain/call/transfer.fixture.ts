/** For tests: calls of an application in which a party is handed over. */
import type { Effect } from './effects.ts';
import type { Route, TransferOrder } from './inputs.ts';
import type { ReferStep } from './leg-events.ts';
import { created, overTrunk, remote, type ToldCall, target } from './told-call.fixture.ts';

export const targetNumber = '+15005552009';
export const otherTrunk: Route = {
  to: 'trunk',
  trunk: 'other',
  media: true,
  capped: false,
  from: '+18005550100',
};
export const applications: Route = { to: 'applications', resourceId: 'res', subscriptions: ['sub'] };

export const order = (more: Partial<TransferOrder> = {}): TransferOrder => ({
  connectionId: 'app',
  target: target('target', overTrunk, targetNumber),
  operationContext: 'my transfer',
  headers: [],
  voipHeaders: [],
  ...more,
});

/** An application in a call with a phone, which can be referred or not. */
export function inCall(refers: boolean): ToldCall {
  const call = created(target('phone')).allocated('phone');
  call.tell({ input: 'trunk', event: { kind: 'answered', legId: 'phone', remote, refers } });
  return call;
}
export const transferring = (refers: boolean, more: Partial<TransferOrder> = {}): ToldCall =>
  inCall(refers).tell({ input: 'transfer', order: order(more) });
export const told = (call: ToldCall, step: ReferStep['step'], code: number, message = ''): ToldCall =>
  call.tell({
    input: 'trunk',
    event: { kind: 'refer', legId: 'phone', told: { step, sip: { code, message } } },
  });
export const effect = <K extends Effect['effect']>(call: ToldCall, kind: K) =>
  call.effects.filter((e): e is Extract<Effect, { effect: K }> => e.effect === kind);
export const event = (call: ToldCall, type: string) =>
  effect(call, 'callback').find((each) => each.event.type === type)?.event;
