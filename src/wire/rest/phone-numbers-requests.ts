/** The phone numbers API: its versions, and what its requests say. */
import type {
  AssignmentType,
  Capabilities,
  CapabilityType,
  NumberType,
} from '../../domain/numbers/capabilities.ts';
import type { SearchRequest } from '../../domain/numbers/holding.ts';
import type { BrowseWish } from '../../domain/numbers/inventory.ts';
import type { ReservationChange, WantedNumber } from '../../domain/numbers/reservation.ts';
import { type Decoded, invalid, isObject, present, type Take, type Taken } from './decoded.ts';
import { Fields, flag, listOf, type Model, oneOf, opaque, text, wholeNumber } from './fields.ts';

/** Stable ones, newest first. */
export const phoneNumbersVersions = [
  '2025-06-01',
  '2025-04-01',
  '2025-02-11',
  '2024-03-01',
  '2022-12-01',
  '2021-03-07',
] as const;

const since = (first: string) => phoneNumbersVersions.filter((version) => version >= first);
export const catalogueVersions: readonly string[] = since('2022-12-01');
export const operatorVersions: readonly string[] = since('2024-03-01');
export const reservationVersions: readonly string[] = since('2025-04-01');

const numberType = oneOf<NumberType>('geographic', 'tollFree', 'mobile');
const assignmentType = oneOf<AssignmentType>('person', 'application');
const capability = oneOf<CapabilityType>('none', 'inbound', 'outbound', 'inbound+outbound');
const capabilitiesModel: Model = { calling: 'served', sms: 'served' };

/** The model has a 32-bit count; more than the catalogue holds are out of stock, not wrong. */
const quantity = wholeNumber(1, 2_147_483_647);

function within<T>(decoded: Decoded<T>): Taken<T> {
  return 'fault' in decoded ? decoded : { ok: decoded.ok };
}

const capabilities: Take<Capabilities> = (value, field) => {
  const fields = new Fields(value, capabilitiesModel, `${field}.`);
  const calling = fields.required('calling', capability);
  const sms = fields.required('sms', capability);
  return within(fields.result(() => ({ calling: calling!, sms: sms! })));
};

const someCapabilities: Take<Partial<Capabilities>> = (value, field) => {
  const fields = new Fields(value, capabilitiesModel, field === '' ? '' : `${field}.`);
  const calling = fields.optional('calling', capability);
  const sms = fields.optional('sms', capability);
  return within(fields.result(() => present({ calling, sms })));
};

export function decodeSearch(body: unknown, country: string): Decoded<SearchRequest> {
  const fields = new Fields(body, {
    phoneNumberType: 'served',
    assignmentType: 'served',
    capabilities: 'served',
    areaCode: 'served',
    quantity: 'served',
  });
  const type = fields.required('phoneNumberType', numberType);
  const assignment = fields.required('assignmentType', assignmentType);
  const wanted = fields.required('capabilities', capabilities);
  const areaCode = fields.optional('areaCode', text({ max: 20 }));
  const many = fields.optional('quantity', quantity);
  return fields.result(() => ({
    country,
    type: type!,
    assignment: assignment!,
    capabilities: wanted!,
    quantity: many ?? 1,
    ...(areaCode === undefined || areaCode === '' ? {} : { areaCode }),
  }));
}

export interface PurchaseBody {
  readonly searchId: string;
  readonly agreed: boolean;
}

export function decodePurchase(body: unknown): Decoded<PurchaseBody> {
  const fields = new Fields(body, { searchId: 'served', agreeToNotResell: 'served' });
  const searchId = fields.required('searchId', text({ max: 200, like: [/\S/, 'the id of a search'] }));
  const agreed = fields.optional('agreeToNotResell', flag);
  return fields.result(() => ({ searchId: searchId!, agreed: agreed ?? false }));
}

/** The body is optional. */
export function decodeReservationPurchase(body: unknown): Decoded<{ readonly agreed: boolean }> {
  const fields = new Fields(body ?? {}, { agreeToNotResell: 'served' });
  const agreed = fields.optional('agreeToNotResell', flag);
  return fields.result(() => ({ agreed: agreed ?? false }));
}

export function decodeCapabilities(body: unknown): Decoded<Partial<Capabilities>> {
  const fields = new Fields(body ?? {}, capabilitiesModel);
  const calling = fields.optional('calling', capability);
  const sms = fields.optional('sms', capability);
  return fields.result(() => present({ calling, sms }));
}

export function decodeBrowse(body: unknown): Decoded<BrowseWish> {
  const fields = new Fields(body, {
    phoneNumberType: 'served',
    capabilities: 'served',
    assignmentType: 'served',
    phoneNumberPrefixes: 'served',
  });
  const type = fields.required('phoneNumberType', numberType);
  const wanted = fields.optional('capabilities', someCapabilities);
  const assignment = fields.optional('assignmentType', assignmentType);
  const prefixes = fields.optional(
    'phoneNumberPrefixes',
    listOf(text({ max: 16, like: [/^\+?\d{1,15}$/, 'digits that numbers begin with'] }), { max: 100 }),
  );
  return fields.result(() => ({
    type: type!,
    ...present({ capabilities: wanted, assignment, prefixes }),
  }));
}

/** What the service itself writes into a number, echoed by clients that reserve what they have browsed. */
const wantedModel: Model = {
  id: 'served',
  countryCode: 'served',
  phoneNumber: 'served',
  capabilities: 'served',
  phoneNumberType: 'served',
  assignmentType: 'served',
  cost: 'served',
  status: 'served',
  isAgreementToNotResellRequired: 'served',
  error: 'served',
};

const wantedNumber: Take<WantedNumber | null> = (value, field) => {
  if (value === null) return { ok: null };
  const fields = new Fields(value, wantedModel, `${field}.`);
  const country = fields.required('countryCode', text({ max: 2, like: [/^[A-Z]{2}$/i, 'two letters'] }));
  const type = fields.required('phoneNumberType', numberType);
  const assignment = fields.required('assignmentType', assignmentType);
  const wanted = fields.required('capabilities', capabilities);
  return within(
    fields.result(() => ({
      country: country!.toUpperCase(),
      type: type!,
      assignment: assignment!,
      capabilities: wanted!,
    })),
  );
};

/** The most numbers that a request may name: as many as a reservation may have come, and as many go. */
const mostNamed = 200;

const wantedNumbers: Take<ReservationChange> = (value, field) => {
  if (!isObject(value)) return invalid(field, 'It must be an object with a number under each id.');
  const entries = Object.entries(value);
  if (entries.length > mostNamed) return invalid(field, `It may name ${mostNamed} numbers.`);
  const change: [string, WantedNumber | null][] = [];
  for (const [id, wanted] of entries) {
    const taken = wantedNumber(wanted, `${field}.${id.slice(0, 40)}`);
    if ('fault' in taken) return taken;
    change.push([id, taken.ok]);
  }
  return { ok: Object.fromEntries(change) };
};

/** The id stands in the path, and the rest is the service's to say. */
export function decodeReservation(body: unknown): Decoded<ReservationChange> {
  const fields = new Fields(body, {
    id: 'served',
    expiresAt: 'served',
    status: 'served',
    phoneNumbers: 'served',
  });
  const numbers = fields.optional('phoneNumbers', wantedNumbers);
  return fields.result(() => numbers ?? {});
}

export interface OperatorBody {
  readonly numbers: readonly string[];
  readonly details: boolean;
}

const operatorOptions: Take<boolean> = (value, field) => {
  const fields = new Fields(value, { includeAdditionalOperatorDetails: 'served' }, `${field}.`);
  const details = fields.optional('includeAdditionalOperatorDetails', flag);
  return within(fields.result(() => details ?? false));
};

export function decodeOperator(body: unknown): Decoded<OperatorBody> {
  const fields = new Fields(body, { phoneNumbers: 'served', options: 'served' });
  const number = text({ max: 16, like: [/^\+[1-9]\d{6,14}$/, 'a number in E.164, such as +14255550123'] });
  const numbers = fields.required('phoneNumbers', listOf(number, { min: 1, max: 100 }));
  const details = fields.optional('options', operatorOptions);
  return fields.result(() => ({ numbers: numbers!, details: details ?? false }));
}

export interface Query {
  get(name: string): string | null;
}

/** Fields of a query, read like those of a body. */
function queried<T>(query: Query, name: string, take: Take<T>): Taken<T | undefined> {
  const value = query.get(name);
  return value === null || value === '' ? { ok: undefined } : take(value, name);
}

const page = (least: number, most: number): Take<number> => {
  const number = wholeNumber(least, most);
  return (value, field) => number(/^\d{1,9}$/.test(String(value)) ? Number(value) : value, field);
};

/** No page is longer, however much is asked for. */
const longestPage = 1000;

export interface PageQuery {
  readonly skip: number;
  readonly top: number;
}

/** `size`: the name of the parameter that says how many. */
export function decodePageQuery(query: Query, size: 'top' | 'maxPageSize'): Taken<PageQuery> {
  const skip = queried(query, 'skip', page(0, 999_999_999));
  if ('fault' in skip) return skip;
  const top = queried(query, size, page(1, 999_999_999));
  if ('fault' in top) return top;
  return { ok: { skip: skip.ok ?? 0, top: Math.min(top.ok ?? 100, longestPage) } };
}

export interface FilterQuery {
  readonly type?: NumberType;
  readonly assignment?: AssignmentType;
  readonly locality?: string;
  readonly division?: string;
}

export function decodeFilter(query: Query): Taken<FilterQuery> {
  const type = queried(query, 'phoneNumberType', numberType);
  if ('fault' in type) return type;
  const assignment = queried(query, 'assignmentType', assignmentType);
  if ('fault' in assignment) return assignment;
  const locality = queried(query, 'locality', opaque(200));
  if ('fault' in locality) return locality;
  const division = queried(query, 'administrativeDivision', opaque(200));
  if ('fault' in division) return division;
  return {
    ok: present({ type: type.ok, assignment: assignment.ok, locality: locality.ok, division: division.ok }),
  };
}
