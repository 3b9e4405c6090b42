/** Where a live call stands, and what it waits for. */
import {
  type Call,
  liveConnections,
  liveLegs,
  liveTransfers,
  type Offer,
  openOffers,
  type PhoneLeg,
} from '../../domain/call/call.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { party } from './names.ts';
import type { Explanation } from './timeline.ts';

type Live = NonNullable<Explanation['live']>;
type Waiting = Live['waitingFor'][number];

const until = (what: string, due: Instant): Waiting => ({ what, due: new Date(due).toISOString() });

function legStands(leg: PhoneLeg): string {
  const who = party(leg.party);
  switch (leg.at.phase) {
    case 'allocating':
      return `${who}: its audio is being set up`;
    case 'inviting':
      return leg.at.ringing ? `${who} rings` : `${who} is being called and does not ring yet`;
    case 'waiting':
      return `${who} calls ${leg.ours} and hears it ring`;
    case 'accepting':
      return `${who} is being answered`;
    case 'up':
      return `${who} is connected since ${new Date(leg.at.since).toISOString()}`;
    case 'ended':
      return `${who} has ended`;
  }
}

function legWaits(leg: PhoneLeg): Waiting | undefined {
  const who = party(leg.party);
  const { at } = leg;
  switch (at.phase) {
    case 'allocating':
      return until('the media process to give an audio port', at.until);
    case 'inviting':
      return until(`${who} to answer (ring limit)`, at.until);
    case 'accepting':
      return { what: `${who} to acknowledge our answer` };
    case 'up':
      if (at.media.watch === 'awaited')
        return until(`the first audio packet of ${who} (set-up limit)`, at.media.until);
      if (at.media.watch === 'silent')
        return until(`audio packets of ${who} again (silence limit)`, at.media.until);
      return at.media.watch === 'asked'
        ? { what: `the media process to say whether it hears ${who}` }
        : undefined;
    case 'waiting':
    case 'ended':
      return undefined;
  }
}

function offerWaits(offer: Offer): Waiting {
  const names = offer.subscriptions.join(', ');
  const what = offer.delivered ? 'to answer, reject or redirect' : 'to acknowledge the IncomingCall event';
  return until(`the application behind ${names} ${what}`, offer.until);
}

export function whereItStands(call: Call): Live {
  const connections = liveConnections(call).map(
    ({ id, at }) => `call connection ${id} is ${at.phase === 'connecting' ? 'connecting' : 'connected'}`,
  );
  const offers = openOffers(call).map(
    (offer) => `offered to applications as a call to ${party(offer.target)}`,
  );
  const waits = [
    ...liveLegs(call).flatMap((leg) => legWaits(leg) ?? []),
    ...openOffers(call).map(offerWaits),
    ...liveTransfers(call).map(({ target, until: due }) =>
      until(`${party(target)} to take the call that is being transferred (transfer limit)`, due),
    ),
  ];
  const idle = waits.length === 0 ? [{ what: 'somebody to hang up' }] : [];
  return {
    standing: [...connections, ...liveLegs(call).map(legStands), ...offers],
    waitingFor: [...waits, ...idle],
  };
}
