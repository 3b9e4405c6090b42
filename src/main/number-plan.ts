import type { Config } from '../config/config.ts';
import type { NumberPlan, TrunkPlan } from '../domain/numbers/route.ts';

/** The configuration's numbers, trunks and routes as routing sees them. */
export function numberPlan(config: Config): NumberPlan {
  const idOf = new Map(config.resources.map((resource) => [resource.name, resource.id]));
  return {
    numbers: config.numbers.map((owned) => ({
      number: owned.number,
      resourceId: idOf.get(owned.resource) ?? owned.resource,
      blocked: owned.blocked,
      takesCalls: owned.capabilities.calling.includes('inbound'),
      placesCalls: owned.capabilities.calling.includes('outbound'),
      ...(owned.maxConcurrentCalls === undefined ? {} : { maxConcurrentCalls: owned.maxConcurrentCalls }),
    })),
    ranges: config.numberRanges.map(({ from, to }) => [from, to] as const),
    trunks: config.trunks.map((trunk): TrunkPlan => {
      // The simulated carrier reaches nobody but its own numbers; real trunks deny by default (design.md §5).
      const destinations = trunk.simulated ? {} : { destinations: config.destinations.allow };
      const cap = trunk.maxConcurrentCallsPerNumber;
      const { name, kind, media } = trunk;
      return {
        name,
        kind,
        media,
        ...destinations,
        ...(cap === undefined ? {} : { maxConcurrentCallsPerNumber: cap }),
      };
    }),
    routes: config.routes,
  };
}
