/** The phone numbers API: the numbers of a resource, searches and purchases. */
import {
  decodeCapabilities,
  decodePurchase,
  decodeSearch,
  phoneNumbersVersions,
} from '../../wire/rest/phone-numbers-requests.ts';
import { encodeOperation, encodePurchased, encodeSearch } from '../../wire/rest/phone-numbers-responses.ts';
import { param, resourceOf } from './asking.ts';
import { json } from './exchange.ts';
import { numberCatalogue } from './number-catalogue.ts';
import { numberReservations } from './number-reservations.ts';
import {
  accepted,
  createNumbersHandlers,
  done,
  type NumbersDependencies,
  resultOf,
  type Served,
  served,
} from './numbers-handlers.ts';
import type { Operation } from './operation.ts';

export function phoneNumbers(deps: NumbersDependencies): readonly Operation[] {
  const { numbers } = deps;
  const { asking, bare, listing } = createNumbersHandlers(deps);
  const one = '/phoneNumbers/{+number}';

  const operations: readonly Served[] = [
    [
      'list phone numbers',
      'GET',
      '/phoneNumbers',
      listing('phoneNumbers', 'top', (x, page) => numbers.list(resourceOf(x), page), encodePurchased),
    ],
    [
      'get phone number',
      'GET',
      one,
      bare(
        (x) => numbers.get(resourceOf(x), param(x, 0)),
        (_, own) => json(200, encodePurchased(own)),
      ),
    ],
    [
      'release phone number',
      'DELETE',
      one,
      bare((x) => numbers.release(resourceOf(x), param(x, 0)), accepted),
    ],
    [
      'update phone number capabilities',
      'PATCH',
      `${one}/capabilities`,
      asking(
        decodeCapabilities,
        (x, change) => numbers.updateCapabilities(resourceOf(x), param(x, 0), change),
        accepted,
      ),
    ],
    [
      'search phone numbers',
      'POST',
      '/availablePhoneNumbers/countries/{country}/:search',
      asking(
        (body, x) => decodeSearch(body, param(x, 0)),
        (x, request) => numbers.search(resourceOf(x), request),
        accepted,
      ),
    ],
    [
      'get phone number search',
      'GET',
      '/availablePhoneNumbers/searchResults/{id}',
      bare(
        (x) => numbers.searchResult(resourceOf(x), param(x, 0)),
        (_, found) => json(200, encodeSearch(found)),
      ),
    ],
    [
      'purchase phone numbers',
      'POST',
      '/availablePhoneNumbers/:purchase',
      asking(
        decodePurchase,
        (x, { searchId, agreed }) => numbers.purchase(resourceOf(x), searchId, agreed),
        accepted,
      ),
    ],
    [
      'get phone number operation',
      'GET',
      '/phoneNumbers/operations/{id}',
      bare(
        (x) => numbers.operation(resourceOf(x), param(x, 0)),
        (x, operation) => {
          const location = resultOf(x, operation);
          const reply = json(200, encodeOperation(operation, location));
          return location === undefined ? reply : { ...reply, headers: { location } };
        },
      ),
    ],
    [
      'cancel phone number operation',
      'DELETE',
      '/phoneNumbers/operations/{id}',
      bare((x) => numbers.cancel(resourceOf(x), param(x, 0)), done),
    ],
  ];

  return [...served(operations, phoneNumbersVersions), ...numberCatalogue(deps), ...numberReservations(deps)];
}
