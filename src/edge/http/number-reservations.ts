/** The phone numbers API: numbers that are looked at one by one, and reserved. */
import {
  decodeBrowse,
  decodeReservation,
  decodeReservationPurchase,
  reservationVersions,
} from '../../wire/rest/phone-numbers-requests.ts';
import {
  encodeAvailable,
  encodeListedReservation,
  encodeReservation,
} from '../../wire/rest/phone-numbers-responses.ts';
import { param, resourceOf } from './asking.ts';
import { type Exchange, json } from './exchange.ts';
import {
  accepted,
  createNumbersHandlers,
  done,
  type NumbersDependencies,
  type Run,
  type Served,
  served,
} from './numbers-handlers.ts';
import type { Operation } from './operation.ts';

export function numberReservations(deps: NumbersDependencies): readonly Operation[] {
  const { numbers } = deps;
  const { wrong, asking, bare, listing } = createNumbersHandlers(deps);
  const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
  /** Reservations are named by whoever makes them. */
  const ofReservation =
    (run: Run): Run =>
    (x, keep) =>
      uuid.test(param(x, 0)) ? run(x, keep) : wrong('reservationId', 'The reservationId must be a UUID.');
  const reservationId = (x: Exchange): string => param(x, 0).toLowerCase();

  const reservations = '/availablePhoneNumbers/reservations';
  const reservation = `${reservations}/{id}`;

  const operations: readonly Served[] = [
    [
      'browse phone numbers',
      'POST',
      '/availablePhoneNumbers/countries/{country}/:browse',
      asking(
        decodeBrowse,
        (x, wish) => numbers.browse(param(x, 0), wish),
        (_, found) => json(200, { phoneNumbers: found.map((each) => encodeAvailable(each)) }),
      ),
    ],
    [
      'list reservations',
      'GET',
      reservations,
      listing(
        'reservations',
        'maxPageSize',
        (x, page) => numbers.reservations(resourceOf(x), page),
        encodeListedReservation,
      ),
    ],
    [
      'get reservation',
      'GET',
      reservation,
      ofReservation(
        bare(
          (x) => numbers.reservation(resourceOf(x), reservationId(x)),
          (_, found) => json(200, encodeReservation(found)),
        ),
      ),
    ],
    [
      'create or update reservation',
      'PATCH',
      reservation,
      ofReservation(
        asking(
          decodeReservation,
          (x, change) => numbers.changeReservation(resourceOf(x), reservationId(x), change),
          (_, { reservation: changed, failed, made }) => {
            const status = Object.keys(failed).length > 0 ? 207 : made ? 201 : 200;
            return json(status, encodeReservation(changed, failed));
          },
        ),
      ),
    ],
    [
      'delete reservation',
      'DELETE',
      reservation,
      ofReservation(bare((x) => numbers.deleteReservation(resourceOf(x), reservationId(x)), done)),
    ],
    [
      'purchase reservation',
      'POST',
      `${reservation}/:purchase`,
      ofReservation(
        asking(
          decodeReservationPurchase,
          (x, { agreed }) => numbers.purchaseReservation(resourceOf(x), reservationId(x), agreed),
          accepted,
        ),
      ),
    ],
  ];

  return served(operations, reservationVersions);
}
