/** From an identifier to where it leads, with the state of the server as it is now. */
import type { Connection } from '../../domain/call/call.ts';
import type { Route, Target } from '../../domain/call/inputs.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import { ownerBehind, routeNumber } from '../../domain/numbers/route.ts';
import type { ClientEndpoints } from '../ports/clients.ts';
import type { Directory, Ids, NumberUse } from '../ports/directory.ts';

export interface RoutingContext {
  readonly directory: Directory;
  readonly numberUse: NumberUse;
  readonly ids: Ids;
  readonly clients: ClientEndpoints;
}

/** The number of ours in a call: the one that the application shows, or was called by. */
export function callerIdOf({ role, sourceCallerId, answeredFor }: Connection): string | undefined {
  if (role === 'caller') return sourceCallerId;
  return answeredFor?.kind === 'phoneNumber' ? answeredFor.number : undefined;
}

/** A user whose id says that it belongs to another resource. */
export function isForeign({ kind, rawId }: Identifier, resourceId: string): boolean {
  return (
    kind === 'communicationUser' && rawId.startsWith('8:acs:') && !rawId.startsWith(`8:acs:${resourceId}_`)
  );
}

interface Party {
  readonly resourceId: string;
  /** Raw id, as subjects of events have it. */
  readonly caller: string;
  readonly callerId?: string;
}

function toApplications(
  context: RoutingContext,
  resourceId: string,
  caller: string,
  target: Identifier,
): Route {
  const subject = `/caller/${caller}/recipient/${target.rawId}`;
  return {
    to: 'applications',
    resourceId,
    subscriptions: context.directory.subscribers(resourceId, 'IncomingCall', subject),
  };
}

export function routeTo(context: RoutingContext, party: Party, target: Identifier): Target {
  const id = context.ids.next();
  const trunk = target.kind === 'communicationUser' ? context.clients.trunkTo(target.rawId) : undefined;
  if (trunk !== undefined) {
    const from = party.callerId ?? '';
    return { id, identifier: target, route: { to: 'trunk', trunk, media: true, capped: false, from } };
  }
  if (target.kind !== 'phoneNumber') {
    return { id, identifier: target, route: toApplications(context, party.resourceId, party.caller, target) };
  }
  const route = routeNumber(context.directory.plan(), {
    to: target.number,
    resourceId: party.resourceId,
    busy: (number) => context.numberUse.busy(number),
    ...(party.callerId === undefined ? {} : { from: party.callerId }),
  });
  switch (route.to) {
    case 'owner':
      return {
        id,
        identifier: target,
        route: toApplications(context, route.resourceId, party.caller, target),
      };
    case 'trunk': {
      const { trunk, others, capped, from } = route;
      const media = trunk.media !== 'none';
      return {
        id,
        identifier: target,
        route: { to: 'trunk', trunk: trunk.name, others, media, capped, from },
      };
    }
    case 'nowhere':
      return { id, identifier: target, route };
  }
}

/** An inbound call's number: who holds it, and which of its applications listen. */
export function routeInbound(
  context: RoutingContext,
  from: Identifier,
  number: string,
  trunk: string,
): { readonly resourceId: string | undefined; readonly target: Target } {
  const id = context.ids.next();
  const identifier: Identifier = { kind: 'phoneNumber', rawId: `4:${number}`, number };
  const owner = ownerBehind(context.directory.plan(), number, trunk);
  if (owner?.to === 'owner') {
    const route = toApplications(context, owner.resourceId, from.rawId, identifier);
    return { resourceId: owner.resourceId, target: { id, identifier, route } };
  }
  const detail = owner?.to === 'nowhere' ? owner.detail : `${number} is not a number of this server`;
  return {
    resourceId: undefined,
    target: { id, identifier, route: { to: 'nowhere', because: 'own-number-unassigned', detail } },
  };
}
