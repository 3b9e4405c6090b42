/** What the parties of a call are called in its timeline. */
import type { Connection, PhoneLeg } from '../../domain/call/call.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Identifier } from '../../domain/ids/identifier.ts';
import { isFact } from './sources.ts';

export const party = (identifier: Identifier): string =>
  identifier.kind === 'phoneNumber' ? identifier.number : identifier.rawId;

export interface Names {
  /** The far end of a leg, as people know it. */
  phone(legId: string): string;
  /** Its lifeline. */
  carrier(legId: string): string;
  application(connectionId: string | undefined): string;
  webhook(connectionId: string | undefined): string;
  /** A participant of the call: applications by their lifeline. */
  who(identifier: Identifier): string;
  leg(legId: string): PhoneLeg | undefined;
  /** The connection that a request created, answered or named by its path. */
  connectionOf(path: string): Connection | undefined;
}

export function namesOf(facts: readonly Fact[]): Names {
  const legs = new Map(facts.filter(isFact('leg-opened')).map(({ leg }) => [leg.id, leg]));
  const connections = facts.filter(isFact('connection-opened')).map(({ connection }) => connection);
  // The same number called twice (a redirect to itself) still is two legs.
  const numbers = [...legs.values()].map((leg) => party(leg.party));
  const phone = (legId: string): string => {
    const leg = legs.get(legId);
    if (!leg) return 'an unknown phone';
    const number = party(leg.party);
    const alike = [...legs.values()].filter((other) => party(other.party) === number);
    const twice = numbers.filter((other) => other === number).length > 1;
    return twice ? `${number} (${alike.indexOf(leg) + 1})` : number;
  };
  const numbered = (name: string, connectionId: string | undefined): string => {
    const index = connections.findIndex(({ id }) => id === connectionId);
    return connections.length > 1 && index >= 0 ? `${name} ${index + 1}` : name;
  };
  return {
    phone,
    carrier: (legId) => (legs.has(legId) ? `carrier ${phone(legId)}` : 'carrier'),
    application: (id) => numbered('application', id),
    webhook: (id) => numbered('webhook', id),
    who: (identifier) => {
      const own = connections.find(({ identity, answeredFor }) =>
        [identity.rawId, answeredFor?.rawId].includes(identifier.rawId),
      );
      return own && identifier.kind !== 'phoneNumber' ? numbered('application', own.id) : party(identifier);
    },
    leg: (id) => legs.get(id),
    connectionOf: (path) => {
      const [bare = ''] = path.split('?');
      if (/\/callConnections\/?$/i.test(bare)) return connections.find(({ role }) => role === 'caller');
      if (/:answer$/i.test(bare)) return connections.find(({ role }) => role === 'callee');
      return connections.find(({ id }) => bare.toLowerCase().includes(id.toLowerCase()));
    },
  };
}
