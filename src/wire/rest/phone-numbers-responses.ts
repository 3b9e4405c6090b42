/** The phone numbers API: what it answers. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { Cost } from '../../domain/numbers/capabilities.ts';
import type { Offering } from '../../domain/numbers/catalogue.ts';
import type { BoughtNumber, Search } from '../../domain/numbers/holding.ts';
import type { Locality } from '../../domain/numbers/inventory.ts';
import type { OperatorInformation } from '../../domain/numbers/operator.ts';
import type { NumbersRefusal } from '../../domain/numbers/refusal.ts';
import type { Reservation, ReservedNumber } from '../../domain/numbers/reservation.ts';
import { present } from './decoded.ts';

/** As the service writes instants: seven digits, and the offset. */
const instant = (at: Instant): string => new Date(at).toISOString().replace(/Z$/, '0000+00:00');
const idOf = (number: string): string => number.replace(/^\+/, '');
const costOf = ({ amount, currencyCode }: Cost) => ({ amount, currencyCode, billingFrequency: 'monthly' });

export const encodeRefusal = ({ code, message, target }: NumbersRefusal): object => ({
  error: { code, message, target },
});

type Owned = Omit<BoughtNumber, 'resourceId'>;

export const encodePurchased = (owned: Owned) => ({
  id: idOf(owned.number),
  phoneNumber: owned.number,
  countryCode: owned.country,
  phoneNumberType: owned.type,
  capabilities: owned.capabilities,
  assignmentType: owned.assignment,
  purchaseDate: instant(owned.boughtAt),
  cost: costOf(owned.cost),
});

/** `error` of a search that found nothing: one of the words that the model lists. */
export const encodeSearch = (search: Search): object => ({
  searchId: search.id,
  phoneNumbers: search.numbers,
  phoneNumberType: search.type,
  assignmentType: search.assignment,
  capabilities: search.capabilities,
  cost: costOf(search.cost),
  searchExpiresBy: instant(search.expiresAt),
  isAgreementToNotResellRequired: search.resaleForbidden,
  error: search.state === 'out-of-stock' ? 'OutOfStock' : 'NoError',
});

interface Operation {
  readonly id: string;
  readonly type: string;
  readonly status: string;
  readonly createdAt: Instant;
  readonly error?: { readonly code: string; readonly message: string };
}

export const encodeOperation = (
  { id, type, status, createdAt, error }: Operation,
  resourceLocation?: string,
): object => ({
  status,
  ...present({ resourceLocation }),
  createdDateTime: instant(createdAt),
  lastActionDateTime: instant(createdAt),
  id,
  operationType: type,
  ...present({ error }),
});

/** Free, or in a reservation. */
type Available = Omit<ReservedNumber, 'status' | 'error'>;

export const encodeAvailable = (
  found: Available,
  status: 'available' | ReservedNumber['status'] = 'available',
  error?: ReservedNumber['error'],
): object => ({
  id: idOf(found.number),
  countryCode: found.country,
  phoneNumber: found.number,
  capabilities: found.capabilities,
  phoneNumberType: found.type,
  assignmentType: found.assignment,
  ...(found.cost ? { cost: costOf(found.cost) } : {}),
  status,
  isAgreementToNotResellRequired: found.resaleForbidden,
  ...present({ error }),
});

/** Without its numbers, as lists have it. */
export const encodeListedReservation = ({ id, expiresAt, status }: Reservation) => ({
  id,
  expiresAt: new Date(expiresAt).toISOString(),
  status,
});

export function encodeReservation(
  reservation: Reservation,
  failed: Readonly<Record<string, ReservedNumber>> = {},
): object {
  const numbers = Object.entries({ ...reservation.numbers, ...failed }).map(
    ([id, number]) => [id, encodeAvailable(number, number.status, number.error)] as const,
  );
  return { ...encodeListedReservation(reservation), phoneNumbers: Object.fromEntries(numbers) };
}

export const encodeOffering = ({ type, assignment, capabilities, cost }: Offering) => ({
  phoneNumberType: type,
  assignmentType: assignment,
  availableCapabilities: capabilities,
  cost: costOf(cost),
});

/** The service names a division by its abbreviation twice, and so do we. */
export const encodeLocality = ({ name, division }: Locality) => ({
  localizedName: name,
  ...(division === undefined
    ? {}
    : { administrativeDivision: { localizedName: division, abbreviatedName: division } }),
});

export const encodeOperator = (found: OperatorInformation): object =>
  present({
    phoneNumber: found.number,
    nationalFormat: found.nationalFormat,
    internationalFormat: found.internationalFormat,
    isoCountryCode: found.country,
    numberType: found.type,
    operatorDetails: found.operator && { name: found.operator.name },
  });
