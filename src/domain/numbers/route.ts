/** Where a dialled number leads, and who may dial it. Pure: the plan is data, live use is passed in. */
import { matchesNumber, type NumberPattern } from './number-pattern.ts';

/** Why a number leads nowhere; ruled in `domain/call/rulings.ts`. */
export type NowhereCause =
  | 'caller-id-not-owned'
  | 'destination-not-allowed'
  | 'no-route'
  | 'own-number-unassigned'
  | 'number-cap-reached';

export interface OwnedNumber {
  readonly number: string;
  readonly resourceId: string;
  readonly takesCalls: boolean;
  readonly placesCalls: boolean;
  /** Concurrent outbound calls that may show this number; undefined: what its trunk says. */
  readonly maxConcurrentCalls?: number;
  /** Marked as spam: calls that show it are refused. */
  readonly blocked: boolean;
}

export interface TrunkPlan {
  readonly name: string;
  readonly kind: 'carrier' | 'direct-routing';
  readonly media: 'rtp' | 'srtp' | 'none';
  /** Undefined: no cap. */
  readonly maxConcurrentCallsPerNumber?: number;
  /** Country prefixes (`+49`) that may be dialled; undefined: any. */
  readonly destinations?: readonly string[];
  /** The one resource whose numbers may be called over it; undefined: those of all. */
  readonly resourceId?: string;
}

export interface RoutePlan {
  /** An expression must match the whole number. */
  readonly pattern: RegExp | NumberPattern;
  readonly trunk: string;
  /** The one resource whose calls it carries; undefined: those of all. */
  readonly resourceId?: string;
}

export interface NumberPlan {
  readonly numbers: readonly OwnedNumber[];
  /** Numbers of our own ranges that nobody holds, as [first, last]. */
  readonly ranges: readonly (readonly [string, string])[];
  readonly trunks: readonly TrunkPlan[];
  /** In order of priority. */
  readonly routes: readonly RoutePlan[];
}

export type NumberRoute =
  | {
      readonly to: 'trunk';
      readonly trunk: TrunkPlan;
      /** Names of the trunks to try after it, in order. */
      readonly others: readonly string[];
      readonly from: string;
      readonly capped: boolean;
    }
  | { readonly to: 'owner'; readonly resourceId: string }
  | { readonly to: 'nowhere'; readonly because: NowhereCause; readonly detail: string };

export interface Dialled {
  readonly to: string;
  /** Caller id to show; absent when the request gave none. */
  readonly from?: string;
  readonly resourceId: string;
  /** How many live calls show this caller id now. */
  readonly busy: (number: string) => number;
}

const nowhere = (because: NowhereCause, detail: string): NumberRoute => ({ to: 'nowhere', because, detail });

const within = (number: string, [first, last]: readonly [string, string]): boolean =>
  number.length === first.length && number >= first && number <= last;

/** An inbound or dialled number that is ours: who holds it. Undefined: not one of ours. */
export function ownerOf(plan: NumberPlan, number: string): NumberRoute | undefined {
  const owned = plan.numbers.find((n) => n.number === number);
  if (owned && !owned.takesCalls)
    return nowhere('own-number-unassigned', `${number} takes no calls (capabilities.calling)`);
  if (owned) return { to: 'owner', resourceId: owned.resourceId };
  if (plan.ranges.some((range) => within(number, range))) {
    return nowhere('own-number-unassigned', `${number} is in our own range and assigned to nobody`);
  }
  return undefined;
}

/** Why this caller id may not be shown on a carrier trunk; direct routing takes any (`call-automation.md` §6). */
function callerIdFault(plan: NumberPlan, dialled: Dialled): string | undefined {
  if (dialled.from === undefined) return 'the request gives no source caller id';
  const owned = plan.numbers.find((n) => n.number === dialled.from);
  if (!owned || owned.resourceId !== dialled.resourceId)
    return `${dialled.from} is not a number of this resource`;
  if (!owned.placesCalls) return `${dialled.from} places no calls (capabilities.calling)`;
  return owned.blocked ? `${dialled.from} is blocked` : undefined;
}

/** The same for a call that comes in over a trunk. */
export function ownerBehind(plan: NumberPlan, number: string, trunkName: string): NumberRoute | undefined {
  const owner = ownerOf(plan, number);
  const of = plan.trunks.find(({ name }) => name === trunkName)?.resourceId;
  if (owner?.to !== 'owner' || of === undefined || of === owner.resourceId) return owner;
  return nowhere('own-number-unassigned', `${number} is of another resource than trunk ${trunkName}`);
}

export function routeNumber(plan: NumberPlan, dialled: Dialled): NumberRoute {
  const own = ownerOf(plan, dialled.to);
  if (own?.to === 'nowhere') return own;
  if (own) {
    const fault = callerIdFault(plan, dialled);
    return fault ? nowhere('caller-id-not-owned', fault) : own;
  }
  const trunks = trunksFor(plan, dialled);
  const [first] = trunks;
  if (!first) return nowhere('no-route', `no route of this server leads to ${dialled.to}`);
  const fit = trunks.filter((trunk) => !trunkFault(plan, trunk, dialled));
  const [trunk = first, ...rest] = fit;
  const fault = trunkFault(plan, trunk, dialled);
  if (fault) return fault;
  const from = dialled.from ?? 'anonymous';
  const cap =
    plan.numbers.find((n) => n.number === from)?.maxConcurrentCalls ?? trunk.maxConcurrentCallsPerNumber;
  if (cap !== undefined && dialled.busy(from) >= cap) {
    return nowhere(
      'number-cap-reached',
      `${from} has ${cap} concurrent ${cap === 1 ? 'call' : 'calls'}, as many as it may`,
    );
  }
  // A leg keeps the audio that it was given: only trunks that carry it alike can stand in.
  const others = rest.filter(({ media }) => media === trunk.media).map(({ name }) => name);
  return { to: 'trunk', trunk, others, from, capped: cap !== undefined };
}

const matches = (pattern: RoutePlan['pattern'], number: string): boolean =>
  pattern instanceof RegExp ? pattern.exec(number)?.[0] === number : matchesNumber(pattern, number);

/** Trunks of the routes that match the number, each once, in order of priority. */
function trunksFor(plan: NumberPlan, { to, resourceId }: Dialled): readonly TrunkPlan[] {
  const names = plan.routes
    .filter((route) => (route.resourceId ?? resourceId) === resourceId && matches(route.pattern, to))
    .map(({ trunk }) => trunk);
  return [...new Set(names)].flatMap((name) => plan.trunks.find((trunk) => trunk.name === name) ?? []);
}

function trunkFault(plan: NumberPlan, trunk: TrunkPlan, dialled: Dialled): NumberRoute | undefined {
  const fault = trunk.kind === 'carrier' ? callerIdFault(plan, dialled) : undefined;
  if (fault) return nowhere('caller-id-not-owned', fault);
  if (!trunk.destinations || trunk.destinations.some((prefix) => dialled.to.startsWith(prefix)))
    return undefined;
  return nowhere('destination-not-allowed', `${dialled.to} is under no prefix of destinations.allow`);
}
