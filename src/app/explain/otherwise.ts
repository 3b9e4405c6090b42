/** What would have been different: only what the journal itself tells. */
import { type Call, liveLegs, openOffers } from '../../domain/call/call.ts';
import { evolve } from '../../domain/call/evolve.ts';
import type { Fact, FactOf } from '../../domain/call/facts.ts';
import { party } from './names.ts';

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms % 1000 === 0 ? 0 : 3)} s`;

/** The call as it was before anything of its last instant's ending happened. */
function beforeEnding(facts: readonly Fact[]): Call | undefined {
  const endings: readonly Fact['fact'][] = ['leg-ended', 'offer-closed', 'connection-ended', 'call-ended'];
  let call: Call | undefined;
  for (const fact of facts) {
    if (endings.includes(fact.fact)) return call;
    call = evolve(call, fact);
  }
  return call;
}

/** What the call was waiting for when it was ended by something else. */
function stillOpen(call: Call, at: number): readonly string[] {
  const legs = liveLegs(call).flatMap((leg) => {
    if (leg.at.phase !== 'inviting' || leg.at.until <= at) return [];
    const left = seconds(leg.at.until - at);
    return [
      `${party(leg.party)} could have ${leg.at.ringing ? 'rung' : 'been tried'} for ${left} more before the ring limit`,
    ];
  });
  const offers = openOffers(call)
    .filter((offer) => offer.until > at)
    .map((offer) => `the offer of the call would have stood for ${seconds(offer.until - at)} more`);
  return [...legs, ...offers];
}

const limitReached: Readonly<Record<string, (call: Call) => string>> = {
  'ring-limit': (call) => `an answer within ${seconds(call.limits.ring)} would have connected the call`,
  'not-answered-in-time': (call) =>
    `an answer within ${seconds(call.limits.offer)} of the offer would have taken the call`,
  'invited-without-answer': (call) =>
    `an answer within ${seconds(call.limits.offer)} of the invitation would have brought the application in`,
  'not-acknowledged-by-application': (call) =>
    `a webhook that accepts the IncomingCall event within ${seconds(call.limits.offer)} could have answered the call`,
  'no-media': (call) =>
    `one audio packet within ${seconds(call.limits.mediaSetup)} of the answer would have kept the call`,
  'no-user-media': (call) =>
    `one audio packet within ${seconds(call.limits.mediaSetup)} of the answer would have kept the user in the call`,
  'ice-failed': (call) =>
    `a connectivity check that succeeds within ${seconds(call.limits.mediaSetup)} of the answer, and a packet after it, would have kept the call`,
  'media-lost': (call) =>
    `audio again within ${seconds(call.limits.mediaLoss)} of the silence would have kept the call`,
  'media-host-silent': (call) =>
    `an audio port within ${seconds(call.limits.mediaAnswer)} would have let the call go on`,
  'nobody-listens': () => 'with an event subscription for IncomingCall the call would have been offered',
};

export function whatElse(facts: readonly Fact[], end: FactOf<'call-ended'>): readonly string[] {
  const call = beforeEnding(facts);
  if (!call) return [];
  const [cause = ''] = end.outcome.situation.split('@');
  const limit = limitReached[cause];
  const open = limit ? [limit(call)] : ended(cause) ? stillOpen(call, end.at) : [];
  const late = facts.flatMap((fact) =>
    fact.fact === 'input-ignored' && fact.at >= end.at
      ? [
          `${fact.input} came ${fact.at === end.at ? 'in the same instant as' : `${seconds(fact.at - end.at)} after`} the end: the end came first`,
        ]
      : [],
  );
  return [...open, ...late];
}

/** Somebody of the call ended it by choice; a failure would not have gone away by waiting. */
const ended = (cause: string): boolean =>
  [
    'application-hung-up',
    'caller-cancelled',
    'cancelled-by-us',
    'caller-gave-up',
    'server-stopping',
    'server-restarted',
  ].includes(cause);
