import type { Identifier } from '../ids/identifier.ts';
import type { Offer, PhoneLeg } from './call.ts';
import type { Draft } from './draft.ts';
import { legLeft } from './endings.ts';
import type { Input, Route, Target } from './inputs.ts';
import type { Header } from './leg-events.ts';
import { outcome } from './outcome.ts';

/** Who calls a target, as the callee sees it. */
export interface Caller {
  readonly from: Identifier;
  readonly displayName?: string;
  readonly headers: readonly Header[];
  readonly voipHeaders?: readonly Header[];
  /** How long it may ring, in milliseconds; the call's own limits when absent. */
  readonly ringLimit?: number;
}

function openLeg(draft: Draft, target: Target, caller: Caller): void {
  const { route } = target;
  const { limits } = draft.call;
  const leg: Omit<PhoneLeg, 'at'> = {
    id: target.id,
    direction: 'outbound',
    startedAt: draft.at,
    party: target.identifier,
    ours: route.to === 'trunk' ? route.from : caller.from.kind === 'phoneNumber' ? caller.from.number : '',
    media: route.to === 'trunk' && route.media,
    capped: route.to === 'trunk' && route.capped,
    headers: caller.headers,
    ...(caller.displayName === undefined ? {} : { displayName: caller.displayName }),
    ...(caller.ringLimit === undefined ? {} : { ringLimit: caller.ringLimit }),
    ...(route.to === 'trunk' ? { trunk: route.trunk, others: route.others ?? [] } : {}),
  };
  const at: PhoneLeg['at'] = leg.media
    ? { phase: 'allocating', until: draft.at + limits.mediaAnswer, next: 'invite' }
    : { phase: 'inviting', until: draft.at + (caller.ringLimit ?? limits.ring), ringing: false };
  draft.add({ fact: 'leg-opened', leg: { ...leg, at } });
  if (route.to === 'nowhere') {
    legLeft(draft, { ...leg, at }, outcome(`${route.because}@routing`, draft.at, { detail: route.detail }));
  }
}

function openOffer(
  draft: Draft,
  target: Target,
  caller: Caller,
  route: Extract<Route, { to: 'applications' }>,
): void {
  const { resourceId, subscriptions } = route;
  const offer: Offer = {
    id: target.id,
    resourceId,
    target: target.identifier,
    from: caller.from,
    openedAt: draft.at,
    until: draft.at + Math.min(caller.ringLimit ?? Number.POSITIVE_INFINITY, draft.call.limits.offer),
    subscriptions,
    delivered: false,
    headers: caller.headers,
    ...(caller.voipHeaders ? { voipHeaders: caller.voipHeaders } : {}),
    state: { state: 'open' },
    ...(caller.displayName === undefined ? {} : { displayName: caller.displayName }),
  };
  draft.add({ fact: 'offer-opened', offer });
  if (subscriptions.length === 0) {
    const nobody = outcome('nobody-listens@offering', draft.at, {
      detail: `no event subscription of the resource takes IncomingCall for ${target.identifier.rawId}`,
    });
    draft.add({ fact: 'offer-closed', offerId: offer.id, outcome: nobody });
    draft.blame = nobody;
  }
}

/** Tries one target: a phone over a trunk, or the applications that listen for it. */
export function callTarget(draft: Draft, target: Target, caller: Caller): void {
  if (target.route.to === 'applications') openOffer(draft, target, caller, target.route);
  else openLeg(draft, target, caller);
}

export function decideCreate(draft: Draft, input: Extract<Input, { input: 'create' }>): void {
  const { connection } = input;
  draft.add({ fact: 'call-started', header: input.header });
  draft.add({
    fact: 'connection-opened',
    connection: { ...connection, startedAt: draft.at, sequence: 0, at: { phase: 'connecting' } },
  });
  const from: Identifier =
    connection.sourceCallerId === undefined
      ? connection.source
      : { kind: 'phoneNumber', rawId: `4:${connection.sourceCallerId}`, number: connection.sourceCallerId };
  const caller: Caller = {
    from,
    headers: [],
    ...(connection.sourceDisplayName === undefined ? {} : { displayName: connection.sourceDisplayName }),
  };
  // Those that can be called first: a target that leads nowhere must not look like the only one.
  const callable = input.targets.filter((target) => target.route.to !== 'nowhere');
  const others = input.targets.filter((target) => target.route.to === 'nowhere');
  for (const target of [...callable, ...others]) callTarget(draft, target, caller);
}

export function decideArrive(draft: Draft, input: Extract<Input, { input: 'arrive' }>): void {
  draft.add({ fact: 'call-started', header: input.header });
  const leg: PhoneLeg = {
    id: input.legId,
    direction: 'inbound',
    startedAt: draft.at,
    party: input.from,
    ours:
      input.target.identifier.kind === 'phoneNumber'
        ? input.target.identifier.number
        : input.target.identifier.rawId,
    trunk: input.trunk,
    media: input.media,
    capped: false,
    headers: input.headers,
    at: { phase: 'waiting' },
    ...(input.displayName === undefined ? {} : { displayName: input.displayName }),
    ...(input.remote === undefined ? {} : { remote: input.remote }),
    ...(input.refers === undefined ? {} : { refers: input.refers }),
  };
  draft.add({ fact: 'leg-opened', leg });
  const { route } = input.target;
  if (route.to === 'nowhere') {
    draft.blame = outcome(`${route.because}@routing`, draft.at, { detail: route.detail });
    return;
  }
  const caller: Caller = {
    from: input.from,
    headers: input.headers,
    ...(input.displayName === undefined ? {} : { displayName: input.displayName }),
  };
  callTarget(draft, input.target, caller);
}
