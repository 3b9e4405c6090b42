/** The phone numbers API: each operation decodes, asks the desk and encodes. */
import type { NumberOperation, NumbersAnswer, NumbersCommands } from '../../app/desks/numbers-commands.ts';
import { type RequestCause, refuse } from '../../app/desks/refusals.ts';
import type { NumbersRefusal } from '../../domain/numbers/refusal.ts';
import { nextLink } from '../../wire/rest/chat-paging.ts';
import type { Decoded } from '../../wire/rest/decoded.ts';
import { encodeIdentityError } from '../../wire/rest/identity.ts';
import {
  catalogueVersions,
  decodeBrowse,
  decodeCapabilities,
  decodeFilter,
  decodeOperator,
  decodePageQuery,
  decodePurchase,
  decodeReservation,
  decodeReservationPurchase,
  decodeSearch,
  type FilterQuery,
  operatorVersions,
  type PageQuery,
  phoneNumbersVersions,
  reservationVersions,
} from '../../wire/rest/phone-numbers-requests.ts';
import {
  encodeAvailable,
  encodeListedReservation,
  encodeLocality,
  encodeOffering,
  encodeOperation,
  encodeOperator,
  encodePurchased,
  encodeRefusal,
  encodeReservation,
  encodeSearch,
} from '../../wire/rest/phone-numbers-responses.ts';
import { param, resourceOf } from './asking.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, originOf, queryOf, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

type Run = Operation['run'];

const causes = {
  argument: 'number-argument',
  unknown: 'number-unknown',
  unavailable: 'number-unavailable',
} as const satisfies Record<string, RequestCause>;

/** What an operation is about has an id under this name. */
const idHeaders = {
  search: 'search-id',
  purchase: 'purchase-id',
  reservationPurchase: 'reservation-purchase-id',
  releasePhoneNumber: 'release-id',
  updatePhoneNumberCapabilities: 'capabilities-id',
} as const satisfies Record<NumberOperation['type'], string>;

/** Addresses of operations and results are paths, as the service gives them. */
const at = (x: Exchange, path: string): string => `${path}?api-version=${x.apiVersion}`;

const resultOf = (x: Exchange, { result }: NumberOperation): string | undefined =>
  result === undefined ? undefined : at(x, result);

/** Taken on: where to ask how far it is, and where its result will be. */
function accepted(x: Exchange, operation: NumberOperation): Reply {
  const { id, about, type } = operation;
  const location = resultOf(x, operation);
  return {
    ...json(202, type === 'updatePhoneNumberCapabilities' ? { capabilitiesUpdateId: about } : {}),
    headers: {
      'operation-location': at(x, `/phoneNumbers/operations/${id}`),
      'operation-id': id,
      [idHeaders[type]]: about,
      ...(location === undefined ? {} : { location }),
    },
  };
}

export function phoneNumbers(
  deps: HttpDependencies & { readonly numbers: NumbersCommands },
): readonly Operation[] {
  const { numbers, clock } = deps;
  const bodies = createBodies(deps, 'number-argument');

  const refusedBy = (refused: NumbersRefusal): Reply =>
    refusal(refuse(causes[refused.kind], clock.now(), refused.message), { body: encodeRefusal(refused) });
  const answered = <T>(answer: NumbersAnswer<T>, encode: (value: T) => Reply): Reply =>
    typeof answer === 'object' && answer !== null && 'refused' in answer
      ? refusedBy(answer.refused)
      : encode(answer as T);
  const wrong = (target: string, message: string): Reply =>
    refusedBy({ kind: 'argument', code: 'BadRequest', message, target });

  const asking =
    <B, T>(
      decode: (body: unknown, x: Exchange) => Decoded<B>,
      ask: (x: Exchange, body: B) => NumbersAnswer<T> | Promise<NumbersAnswer<T>>,
      encode: (x: Exchange, value: T) => Reply,
    ): Run =>
    async (x) => {
      const body = bodies(x, (value) => decode(value, x));
      if ('reply' in body) return body.reply;
      return answered(await ask(x, body.ok), (value) => encode(x, value));
    };

  const bare =
    <T>(
      ask: (x: Exchange) => NumbersAnswer<T> | Promise<NumbersAnswer<T>>,
      encode: (x: Exchange, value: T) => Reply,
    ): Run =>
    async (x) =>
      answered(await ask(x), (value) => encode(x, value));

  /** `name`: of the list in the answer; `size`: of the parameter that says how long a page may be. */
  const listing =
    <T>(
      name: string,
      size: 'top' | 'maxPageSize',
      ask: (
        x: Exchange,
        page: PageQuery,
        filter: FilterQuery,
      ) => NumbersAnswer<{ readonly items: readonly T[]; readonly more: boolean }>,
      encode: (item: T) => object,
    ): Run =>
    (x) => {
      const query = queryOf(x);
      const page = decodePageQuery(query, size);
      if ('fault' in page) return wrong(page.fault.field, page.fault.message);
      const filter = decodeFilter(query);
      if ('fault' in filter) return wrong(filter.fault.field, filter.fault.message);
      return answered(ask(x, page.ok, filter.ok), ({ items, more }) => {
        const next = { skip: String(page.ok.skip + page.ok.top), [size]: String(page.ok.top) };
        return json(200, {
          [name]: items.map(encode),
          ...(more ? { nextLink: nextLink(originOf(x), x.path, query, next) } : {}),
        });
      });
    };

  const done = (): Reply => ({ status: 204 });
  const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
  /** Reservations are named by whoever makes them. */
  const ofReservation =
    (run: Run): Run =>
    (x, keep) =>
      uuid.test(param(x, 0)) ? run(x, keep) : wrong('reservationId', 'The reservationId must be a UUID.');
  const reservationId = (x: Exchange): string => param(x, 0).toLowerCase();

  const areaCodes = listing(
    'areaCodes',
    'maxPageSize',
    (x, page, { type, ...filter }) =>
      type === undefined
        ? {
            refused: {
              kind: 'argument',
              code: 'BadRequest',
              target: 'phoneNumberType',
              message: 'The phoneNumberType is required: geographic, tollFree or mobile.',
            },
          }
        : numbers.areaCodes(param(x, 0), { ...filter, type }, page),
    (areaCode) => ({ areaCode }),
  );

  const catalogue = '/availablePhoneNumbers/countries';
  const country = `${catalogue}/{country}`;
  const one = '/phoneNumbers/{+number}';
  const reservations = '/availablePhoneNumbers/reservations';
  const reservation = `${reservations}/{id}`;
  type Served = readonly [name: string, Operation['method'], path: string, Run];

  const always: readonly Served[] = [
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
      `${country}/:search`,
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

  const ofCatalogue: readonly Served[] = [
    [
      'list countries',
      'GET',
      catalogue,
      listing(
        'countries',
        'maxPageSize',
        (_, page) => numbers.countries(page),
        ({ code, name }) => ({ localizedName: name, countryCode: code }),
      ),
    ],
    ['list area codes', 'GET', `${country}/areaCodes`, areaCodes],
    [
      'list localities',
      'GET',
      `${country}/localities`,
      listing(
        'phoneNumberLocalities',
        'maxPageSize',
        (x, page, filter) => numbers.localities(param(x, 0), filter, page),
        encodeLocality,
      ),
    ],
    [
      'list offerings',
      'GET',
      `${country}/offerings`,
      listing(
        'phoneNumberOfferings',
        'maxPageSize',
        (x, page, filter) => numbers.offerings(param(x, 0), filter, page),
        encodeOffering,
      ),
    ],
  ];

  const ofOperators: readonly Served[] = [
    [
      'search operator information',
      'POST',
      '/operatorInformation/:search',
      asking(
        decodeOperator,
        (_, { numbers: asked, details }) => numbers.operatorInformation(asked, details),
        (_, values) => json(200, { values: values.map(encodeOperator) }),
      ),
    ],
  ];

  const ofReservations: readonly Served[] = [
    [
      'browse phone numbers',
      'POST',
      `${country}/:browse`,
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

  const served = (operations: readonly Served[], versions: readonly string[]): readonly Operation[] =>
    operations.map(([name, method, path, run]) => ({
      name,
      method,
      path,
      access: 'resource',
      versioned: true,
      versions,
      repeatable: false,
      refusals: { body: encodeIdentityError },
      run,
    }));
  return [
    ...served(always, phoneNumbersVersions),
    ...served(ofCatalogue, catalogueVersions),
    ...served(ofOperators, operatorVersions),
    ...served(ofReservations, reservationVersions),
  ];
}
