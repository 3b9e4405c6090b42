/** Numbers that were chosen one by one and are kept for a while (documented: 15 minutes from each change, 2 hours in all). */
import type { Instant } from '../ids/instant.ts';
import type { AssignmentType, Capabilities, Cost, NumberType } from './capabilities.ts';
import { type BoughtNumber, mustAgree } from './holding.ts';
import { digitsOf, offeringFor, stocked, type Taken } from './inventory.ts';
import { type Refused, unavailable, wrong } from './refusal.ts';

const minutes = 60_000;
const fromEachChange = 15 * minutes;
const inAll = 120 * minutes;
const mostNumbers = 100;

export interface NumberError {
  readonly code: string;
  readonly message: string;
}

export interface ReservedNumber {
  readonly number: string;
  readonly country: string;
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
  readonly cost?: Cost;
  readonly resaleForbidden: boolean;
  readonly status: 'reserved' | 'expired' | 'error' | 'purchased';
  readonly error?: NumberError;
}

export interface Reservation {
  readonly id: string;
  readonly resourceId: string;
  readonly createdAt: Instant;
  readonly expiresAt: Instant;
  readonly status: 'active' | 'completed' | 'expired';
  /** By their digits. */
  readonly numbers: Readonly<Record<string, ReservedNumber>>;
}

/** A number as somebody wants it. */
export interface WantedNumber {
  readonly country: string;
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
}

/** By digits; null takes a number out. */
export type ReservationChange = Readonly<Record<string, WantedNumber | null>>;

/** As it is at that moment: what was not bought in time is expired. */
export function reservationAt(reservation: Reservation, at: Instant): Reservation {
  if (reservation.status !== 'active' || at < reservation.expiresAt) return reservation;
  const numbers = Object.entries(reservation.numbers).map(
    ([id, number]) => [id, { ...number, status: 'expired' as const }] as const,
  );
  return { ...reservation, status: 'expired', numbers: Object.fromEntries(numbers) };
}

export interface Changing {
  readonly id: string;
  readonly resourceId: string;
  readonly at: Instant;
  /** This reservation included. */
  readonly taken: Taken;
}

export interface ChangedReservation {
  readonly reservation: Reservation;
  /** Numbers that could not be added, by their digits; the others were. */
  readonly failed: Readonly<Record<string, ReservedNumber>>;
}

export function changeReservation(
  before: Reservation | undefined,
  change: ReservationChange,
  { id, resourceId, at, taken }: Changing,
): ChangedReservation | Refused {
  if (before && before.status !== 'active')
    return unavailable(
      'ReservationNotActive',
      'reservationId',
      `Reservation ${id} is ${before.status} and cannot be changed. Make another one.`,
    );
  const numbers: Record<string, ReservedNumber> = { ...before?.numbers };
  const failed: Record<string, ReservedNumber> = {};
  for (const [digits, wanted] of Object.entries(change)) {
    if (!/^[1-9]\d{6,14}$/.test(digits))
      return wrong(
        'phoneNumbers',
        `"${digits.slice(0, 40)}" is no id of a number: the digits of E.164, without plus.`,
      );
    if (wanted === null) delete numbers[digits];
    else if (!Object.hasOwn(numbers, digits)) {
      const number = reserve(`+${digits}`, wanted, taken);
      if (number.status === 'error') failed[digits] = number;
      else numbers[digits] = number;
    }
  }
  if (Object.keys(numbers).length > mostNumbers)
    return wrong('phoneNumbers', `A reservation may have ${mostNumbers} numbers.`);
  const createdAt = before?.createdAt ?? at;
  const expiresAt = Math.min(at + fromEachChange, createdAt + inAll);
  return { reservation: { id, resourceId, createdAt, expiresAt, status: 'active', numbers }, failed };
}

function reserve(number: string, wanted: WantedNumber, taken: Taken): ReservedNumber {
  const { country, type, assignment, capabilities } = wanted;
  const asked = { number, country, type, assignment, capabilities, resaleForbidden: false };
  const failed = (message: string): ReservedNumber => ({
    ...asked,
    status: 'error',
    error: { code: 'FailedToReserveNumber', message },
  });
  const found = stocked(number);
  if (!found) return failed(`${number} is not among the numbers that can be bought here.`);
  if (found.country.code !== country || found.block.type !== type)
    return failed(
      `${number} is a ${found.block.type} number of ${found.country.code}, not ${type} of ${country}.`,
    );
  if (taken.has(number)) return failed(`${number} is taken: somebody has it, or holds it at the moment.`);
  const offering = offeringFor(found.country, wanted);
  if ('refused' in offering) return failed(offering.refused.message);
  const { resaleForbidden } = found.country;
  return { ...asked, cost: offering.cost, resaleForbidden, status: 'reserved' };
}

const purchased = (number: ReservedNumber): ReservedNumber => ({ ...number, status: 'purchased' });
const notBought = (number: ReservedNumber): ReservedNumber => ({
  ...number,
  status: 'error',
  error: {
    code: 'FailedToPurchaseNumber',
    message: `${number.number} was taken by the configuration of this server in the meantime.`,
  },
});

export interface BoughtReservation {
  readonly reservation: Reservation;
  /** Those that are lost among them. */
  readonly bought: readonly BoughtNumber[];
}

export function buyReservation(
  reservation: Reservation,
  { agreed, at, lost }: { readonly agreed: boolean; readonly at: Instant; readonly lost: Taken },
): BoughtReservation | Refused {
  const { id, resourceId, status, numbers } = reservation;
  if (status !== 'active')
    return unavailable(
      status === 'expired' ? 'ReservationExpired' : 'ReservationNotActive',
      'reservationId',
      `Reservation ${id} is ${status}: there is nothing to buy. Make another one.`,
    );
  const all = Object.values(numbers);
  if (all.length === 0) return wrong('reservationId', `Reservation ${id} has no numbers to buy.`);
  if (!agreed && all.some(({ resaleForbidden }) => resaleForbidden)) return mustAgree;
  const bought = all.map(
    ({ number, country, type, assignment, capabilities, cost }): BoughtNumber => ({
      number,
      resourceId,
      country,
      type,
      assignment,
      capabilities,
      cost: cost ?? { amount: 0, currencyCode: 'USD' },
      boughtAt: at,
    }),
  );
  const outcomes = all.map(
    (each) => [digitsOf(each.number), lost.has(each.number) ? notBought(each) : purchased(each)] as const,
  );
  return {
    reservation: { ...reservation, status: 'completed', numbers: Object.fromEntries(outcomes) },
    bought,
  };
}
