/** Numbers on their way to a resource: found and held for a while, bought, given back. */
import type { Instant } from '../ids/instant.ts';
import {
  type AssignmentType,
  type Capabilities,
  type Cost,
  coversBoth,
  isIdle,
  type NumberType,
} from './capabilities.ts';
import type { Offering } from './catalogue.ts';
import { countryOf, offeringFor, pick, type SearchWish, stocked, type Taken } from './inventory.ts';
import { type Refused, unavailable, wrong } from './refusal.ts';

const minutes = 60_000;
/** How long what a search found is kept for whoever searched (documented: 16 minutes). */
export const searchHold = 16 * minutes;

export interface BoughtNumber {
  /** E.164. */
  readonly number: string;
  readonly resourceId: string;
  readonly country: string;
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
  readonly cost: Cost;
  readonly boughtAt: Instant;
}

export interface Search {
  readonly id: string;
  readonly resourceId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly country: string;
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
  readonly cost: Cost;
  readonly resaleForbidden: boolean;
  /** None: there were not as many as were wanted. */
  readonly numbers: readonly string[];
  readonly state: 'held' | 'bought' | 'given-back' | 'out-of-stock';
}

export interface SearchRequest extends SearchWish {
  readonly country: string;
}

export interface Asked {
  readonly id: string;
  readonly resourceId: string;
  readonly at: Instant;
  readonly taken: Taken;
}

/** A wish that nobody could fulfil is refused; one that only lacks stock is a search that found nothing. */
export function search(request: SearchRequest, { id, resourceId, at, taken }: Asked): Search | Refused {
  const country = countryOf(request.country);
  if ('refused' in country) return country;
  if (isIdle(request.capabilities))
    return wrong('capabilities', 'A number needs a capability: calling and sms cannot both be none.');
  const offering = offeringFor(country, request);
  if ('refused' in offering) return offering;
  const found = pick(country, request, taken);
  if ('refused' in found && found.refused.kind === 'argument') return found;
  const { type, assignment, capabilities } = request;
  return {
    id,
    resourceId,
    createdAt: at,
    expiresAt: at + searchHold,
    country: country.code,
    type,
    assignment,
    capabilities,
    cost: offering.cost,
    resaleForbidden: country.resaleForbidden,
    ...('refused' in found
      ? { numbers: [], state: 'out-of-stock' as const }
      : { numbers: found, state: 'held' as const }),
  };
}

export const holds = ({ state, expiresAt }: Search, at: Instant): boolean =>
  state === 'held' && at < expiresAt;

const agreement = wrong(
  'agreeToNotResell',
  'These numbers may not be resold (isAgreementToNotResellRequired): say agreeToNotResell: true.',
);

/** The numbers of a search, as they are once they are bought. */
export function buySearch(
  found: Search,
  { agreed, at }: { readonly agreed: boolean; readonly at: Instant },
): readonly BoughtNumber[] | Refused {
  const { id, state, expiresAt, resourceId, country, type, assignment, capabilities, cost } = found;
  if (state === 'bought')
    return unavailable(
      'SearchAlreadyPurchased',
      'searchId',
      `The numbers of search ${id} were bought already.`,
    );
  if (state === 'out-of-stock')
    return unavailable('OutOfStock', 'searchId', `Search ${id} found no numbers; there is nothing to buy.`);
  if (!holds(found, at)) {
    const since =
      state === 'given-back' ? 'was cancelled' : `expired at ${new Date(expiresAt).toISOString()}`;
    return unavailable(
      'ReservationExpired',
      'searchId',
      `Search ${id} ${since}; its numbers are free for others. Search again.`,
    );
  }
  if (found.resaleForbidden && !agreed) return agreement;
  return found.numbers.map((number) => ({
    number,
    resourceId,
    country,
    type,
    assignment,
    capabilities,
    cost,
    boughtAt: at,
  }));
}

export const mustAgree = agreement;

/** The number as it is with other capabilities, if its offering has them. */
export function withCapabilities(
  bought: BoughtNumber,
  change: Partial<Capabilities>,
): BoughtNumber | Refused {
  if (change.calling === undefined && change.sms === undefined)
    return wrong('capabilities', 'The request changes nothing: give calling, sms, or both.');
  const capabilities: Capabilities = { ...bought.capabilities, ...change };
  const offered = offeringOf(bought);
  if (offered && coversBoth(offered.capabilities, capabilities)) return { ...bought, capabilities };
  const { calling, sms } = capabilities;
  return wrong(
    calling !== bought.capabilities.calling ? 'calling' : 'sms',
    `${bought.number} is a ${bought.type} number of ${bought.country}, which cannot have calling: ${calling} with sms: ${sms}.`,
  );
}

function offeringOf({ number, type, assignment }: BoughtNumber): Offering | undefined {
  return stocked(number)?.country.offerings.find(
    (offering) => offering.type === type && offering.assignment === assignment,
  );
}
