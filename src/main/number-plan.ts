import { abilitiesOf } from '../app/desks/number-holdings.ts';
import type { Config } from '../config/config.ts';
import type { NumberPlan, OwnedNumber, RoutePlan, TrunkPlan } from '../domain/numbers/route.ts';

/** What applications have added to the configuration. */
export interface Additions {
  readonly numbers: readonly OwnedNumber[];
  /** Resources by the names of the trunks that they set. */
  readonly trunkOwners: ReadonlyMap<string, string>;
  /** Before those of the configuration. */
  readonly routes: readonly RoutePlan[];
}

const nothing: Additions = { numbers: [], trunkOwners: new Map(), routes: [] };

/** Numbers, trunks and routes as routing sees them. */
export function numberPlan(config: Config, added: Additions = nothing): NumberPlan {
  const idOf = new Map(config.resources.map((resource) => [resource.name, resource.id]));
  const configured = config.numbers.map((owned) => {
    const { takesCalls, placesCalls } = abilitiesOf(owned.capabilities);
    return {
      number: owned.number,
      resourceId: idOf.get(owned.resource) ?? owned.resource,
      blocked: owned.blocked,
      takesCalls,
      placesCalls,
      ...(owned.maxConcurrentCalls === undefined ? {} : { maxConcurrentCalls: owned.maxConcurrentCalls }),
    };
  });
  return {
    numbers: [...configured, ...added.numbers],
    ranges: config.numberRanges.map(({ from, to }) => [from, to] as const),
    trunks: config.trunks.map((trunk): TrunkPlan => {
      // The simulated carrier reaches nobody but its own numbers; real trunks deny by default (design.md §5).
      const destinations = trunk.simulated ? {} : { destinations: config.destinations.allow };
      const cap = trunk.maxConcurrentCallsPerNumber;
      const { name, kind, media } = trunk;
      const resourceId = added.trunkOwners.get(name);
      return {
        name,
        kind,
        media,
        ...destinations,
        ...(cap === undefined ? {} : { maxConcurrentCallsPerNumber: cap }),
        ...(resourceId === undefined ? {} : { resourceId }),
      };
    }),
    routes: [...added.routes, ...config.routes],
  };
}
