/** What trunks tell, turned into inputs of the call desk. */
import type { CallHeader } from '../../domain/call/call.ts';
import type { Route } from '../../domain/call/inputs.ts';
import type { ArrivedEvent, ReferralEvent, TrunkEvent } from '../../domain/call/leg-events.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import type { Ids } from '../ports/directory.ts';
import { ownTrunk, type TrunkPort } from '../ports/trunk.ts';
import type { CallDesk } from './call-desk.ts';
import { type RoutingContext, routeInbound, routeTo } from './routing.ts';

export interface TrunkDeskContext extends RoutingContext {
  readonly desk: CallDesk;
  readonly ids: Ids;
  readonly trunk: TrunkPort;
  /** Whether a trunk carries audio. */
  readonly trunkMedia: (trunk: string) => boolean;
  /** `resourceId` undefined: the called number is nobody's. */
  readonly header: (callId: string, resourceId: string | undefined) => CallHeader;
}

/** The number as it came: E.164, a short number, or `anonymous`. */
const caller = (number: string): Identifier => ({ kind: 'phoneNumber', rawId: `4:${number}`, number });

export function fromTrunk(context: TrunkDeskContext, event: TrunkEvent): void {
  if (event.kind === 'referred') referred(context, event);
  else if (event.kind !== 'arrived') context.desk.trunk(event);
  else if (event.replaces === undefined) arrived(context, event);
  else succeeds(context, event, event.replaces);
}

const partOf = (context: TrunkDeskContext, event: ArrivedEvent) => {
  const { legId, trunk, headers, displayName, remote, refers } = event;
  return {
    legId,
    trunk,
    media: trunk === ownTrunk || context.trunkMedia(trunk),
    from: caller(event.from),
    headers,
    ...(displayName === undefined ? {} : { displayName }),
    ...(remote === undefined ? {} : { remote }),
    ...(refers === undefined ? {} : { refers }),
  };
};

/** An inbound INVITE. Its leg id is answered to the trunk by the effects that follow. */
function arrived(context: TrunkDeskContext, event: ArrivedEvent): void {
  const part = partOf(context, event);
  const { resourceId, target } = routeInbound(context, part.from, event.to, event.trunk);
  const callId = context.ids.next();
  context.desk.tell(callId, {
    input: 'arrive',
    header: context.header(callId, resourceId),
    ...part,
    target,
  });
}

/** An INVITE that asks to take the place of a leg (RFC 3891). */
function succeeds(context: TrunkDeskContext, event: ArrivedEvent, replaces: string): void {
  const call = context.desk.calls.byPart(replaces)?.call;
  // RFC 3891 3: what it names is there for SIP, and over for the call it belonged to.
  if (call?.legs[replaces]?.at.phase !== 'up') context.trunk.refuse(event.legId, 481);
  else
    context.desk.tell(call.callId, {
      input: 'succeed',
      successor: { ...partOf(context, event), replaces },
    });
}

const toOurselves = (ours: string): Route => ({
  to: 'trunk',
  trunk: ownTrunk,
  media: true,
  capped: false,
  from: ours === '' ? 'anonymous' : ours,
});

/** REFER of a phone: its target is called as the party that we are in that call. */
function referred(context: TrunkDeskContext, { legId, to, headers, joins }: ReferralEvent): void {
  const call = context.desk.calls.byPart(legId)?.call;
  const leg = call?.legs[legId];
  if (!call || !leg) {
    context.trunk.notify(legId, 603);
    return;
  }
  const party = {
    resourceId: call.resourceId,
    caller: leg.party.rawId,
    ...(leg.ours === '' ? {} : { callerId: leg.ours }),
  };
  const target = joins
    ? { id: context.ids.next(), identifier: caller(to), route: toOurselves(leg.ours) }
    : routeTo(context, party, caller(to));
  context.desk.tell(call.callId, { input: 'refer', legId, target, headers });
}
