/** For tests: made-up call histories, and what must hold of a call whatever happens in whatever order. */
import assert from 'node:assert/strict';
import { communicationUser, phoneNumber } from '../ids/identifier.ts';
import { liveTransfers, participants } from './call.ts';
import { replay } from './evolve.ts';
import type { Input, Route } from './inputs.ts';
import type { LegEnd, ReferStep } from './leg-events.ts';
import { answer, arrived, created, overTrunk, remote, type ToldCall, target } from './told-call.fixture.ts';

export type Pick = <T>(from: readonly T[]) => T;

/** Mulberry32: the same histories at every run. */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const routes: readonly Route[] = [
  overTrunk,
  { to: 'trunk', trunk: 'carrier', media: false, capped: true, from: '+18005550100', others: ['second'] },
  { to: 'applications', resourceId: 'res', subscriptions: ['sub'] },
  { to: 'applications', resourceId: 'res', subscriptions: [] },
  { to: 'nowhere', because: 'no-route', detail: '' },
];

const ends: readonly LegEnd[] = [
  { how: 'final', sip: { code: 486, message: 'Busy Here' } },
  { how: 'final', sip: { code: 606, message: '' } },
  { how: 'cancel-confirmed' },
  { how: 'no-reply' },
  { how: 'unreachable', why: '' },
  { how: 'unusable-media', why: '' },
  { how: 'hung-up' },
  { how: 'cancelled' },
  { how: 'not-acknowledged' },
];

const steps: readonly ReferStep[] = [
  { step: 'progress', sip: { code: 100, message: 'Trying' } },
  { step: 'progress', sip: { code: 180, message: 'Ringing' } },
  { step: 'done', sip: { code: 200, message: 'OK' } },
  { step: 'done', sip: { code: 180, message: 'Ringing' } },
  { step: 'done', sip: { code: 486, message: 'Busy Here' } },
  { step: 'refused', sip: { code: 481, message: '' } },
  { step: 'refused', sip: { code: 405, message: '' } },
];

export function begin(pick: Pick): ToldCall {
  if (pick([true, false])) return arrived(pick(routes.slice(2)));
  const count = pick([1, 1, 2, 3]);
  return created(...Array.from({ length: count }, (_, i) => target(`leg-${i}`, pick(routes))));
}

/** Any input at all about any part the call has (or has not). */
export function someInput(call: ToldCall, pick: Pick, step: number): Input {
  const legId = pick([...Object.keys(call.call?.legs ?? {}), 'leg-unknown']);
  const offerId = pick([...Object.keys(call.call?.offers ?? {}), 'offer-unknown']);
  const connectionId = pick([...Object.keys(call.call?.connections ?? {}), 'connection-unknown']);
  const local = { address: '127.0.0.1', port: 20000 };
  return pick<() => Input>([
    () => ({ input: 'trunk', event: { kind: 'ringing', legId, sip: { code: 180, message: 'Ringing' } } }),
    () => ({ input: 'trunk', event: { kind: 'answered', legId, remote } }),
    () => ({ input: 'trunk', event: { kind: 'answered', legId, refers: true } }),
    () => ({ input: 'trunk', event: { kind: 'refer', legId, told: pick(steps) } }),
    () => ({ input: 'trunk', event: { kind: 'hold', legId, held: true } }),
    () => {
      const transferee = pick([undefined, ...(call.call ? participants(call.call) : [])]);
      return {
        input: 'transfer',
        order: {
          connectionId,
          target: target(`transferred-${step}`, pick([...routes, overTrunk]), `+1500555200${step % 10}`),
          ...(transferee ? { transferee: transferee.identifier } : {}),
          headers: [],
          voipHeaders: [],
        },
      };
    },
    () => ({
      input: 'refer',
      legId,
      target: target(`referred-${step}`, pick(routes)),
      headers: [{ name: 'X-Why', value: 'asked' }],
    }),
    () => ({
      input: 'succeed',
      successor: {
        legId: `successor-${step}`,
        replaces: legId,
        trunk: 'carrier',
        media: pick([true, false]),
        from: phoneNumber('+15551239999'),
        headers: [],
        remote,
      },
    }),
    () => ({ input: 'trunk', event: { kind: 'ended', legId, end: pick(ends) } }),
    () => ({
      input: 'trunk',
      event: {
        kind: 'media-changed',
        legId,
        remote: { ...remote, direction: pick(['sendrecv', 'sendonly', 'inactive']) },
      },
    }),
    () => ({ input: 'media', event: { kind: 'allocated', legId, local } }),
    () => ({ input: 'media', event: { kind: 'allocated', legId, local } }),
    () => ({ input: 'media', event: { kind: 'refused', legId, why: '' } }),
    () => ({ input: 'media', event: { kind: pick(['heard', 'silent'] as const), legId } }),
    () => ({ input: 'media', event: { kind: 'told', legId, hearing: pick([true, false]) } }),
    () => ({ input: 'media', event: { kind: 'tone', legId, tone: '5', durationMs: 100 } }),
    () => ({ input: 'media', event: { kind: 'process-died', legIds: [legId], why: '' } }),
    () => ({ input: 'media', event: { kind: 'process-mute', legIds: [legId] } }),
    () =>
      answer(
        `answered-${step}`,
        offerId,
        pick([phoneNumber('+18005550100'), communicationUser('8:acs:res_bob')]),
      ),
    () => ({ input: 'reject', offerId, reason: pick(['none', 'busy', 'forbidden'] as const) }),
    () => ({ input: 'redirect', offerId, target: target(`redirected-${step}`, pick(routes)) }),
    () => ({ input: 'offer-delivered', offerId }),
    () => ({ input: 'hang-up', connectionId }),
    () => ({ input: 'terminate', connectionId }),
    () => ({ input: 'tick' }),
    () => ({ input: pick(['restarted', 'stopping'] as const) }),
  ])();
}

export function holdsTogether(call: ToldCall): void {
  const state = call.call;
  assert.ok(state);
  for (const id of Object.keys(state.connections)) {
    const told = call.callbacks(id);
    const last = told.indexOf('CallDisconnected');
    assert.ok(
      last === -1 || last === told.length - 1,
      `CallDisconnected is the last event: ${told.join(', ')}`,
    );
    assert.equal(
      last !== -1,
      state.connections[id]?.at.phase === 'ended',
      'an ended connection is told so, once',
    );
  }
  const alive =
    Object.values(state.legs).some((leg) => leg.at.phase !== 'ended') ||
    Object.values(state.connections).some((connection) => connection.at.phase !== 'ended') ||
    Object.values(state.offers).some((offer) => offer.state.state === 'open');
  const tellings = call.effects.filter((e) => e.effect === 'notify' && e.status >= 200).length;
  const asked = call.facts.filter(
    (f) => f.fact === 'referral-refused' || (f.fact === 'transfer-begun' && f.transfer.asked.by === 'phone'),
  ).length;
  const waiting = liveTransfers(state).filter((t) => t.asked.by === 'phone').length;
  assert.equal(tellings + waiting, asked, 'a phone that asks is told once what became of it');
  const begun = call.facts.filter(
    (f) => f.fact === 'transfer-begun' && f.transfer.asked.by === 'application',
  ).length;
  const events = call.callbacks().filter((type) => type.startsWith('CallTransfer')).length;
  const open = liveTransfers(state).length - waiting;
  assert.equal(events + open, begun, 'a transfer has one event');
  if (state.end) assert.equal(liveTransfers(state).length, 0, 'nothing is handed over after the end');
  assert.equal(state.end === undefined, alive, 'a call is over exactly when nothing of it is alive');
  const count = (kind: string): number => call.effects.filter((e) => e.effect === kind).length;
  const capped = Object.values(state.legs).filter((leg) => leg.capped && leg.at.phase === 'ended').length;
  assert.equal(count('free-number'), capped, 'every number taken is given back once');
  if (state.end) {
    const records = Object.keys(state.legs).length + Object.keys(state.connections).length;
    assert.equal(count('record'), records, 'every participant has one call-log record');
  }
  assert.deepEqual(replay(call.facts), state, 'a replay gives the same call');
}
