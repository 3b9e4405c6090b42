/** The unmodified phone numbers client against the whole server: every method, and how each is refused. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import {
  type PhoneNumberCapabilities,
  PhoneNumbersClient,
  type SearchAvailablePhoneNumbersRequest,
} from '@azure/communication-phone-numbers';
import type { HttpReply, HttpRequest } from '../../scenarios/scenario.ts';
import { send } from '../../scenarios/stage/client.ts';
import { developmentKey, developmentResource } from '../../src/config/development.ts';
import { type Ringback, startRingback } from '../../src/testing.ts';

const otherKey = Buffer.from('an access key of another resource, sixty-four bytes of it, for tests').toString(
  'base64',
);
const settings = `
resources:
  - { name: dev, id: ${developmentResource.id}, keys: ["${developmentKey}"], admin: true }
  - { name: other, id: 8a1b7c52-0f0e-4f7e-9d3e-6a6f5b1c2d3e, keys: ["${otherKey}"], admin: false }
numbers:
  - { number: "+18005550100" }
  - { number: "+442079460001", capabilities: { sms: none } }
  - { number: "24680" }
numberRanges: [{ from: "+12065550100", to: "+12065550150" }]
`;
const everything: PhoneNumberCapabilities = { calling: 'inbound+outbound', sms: 'inbound+outbound' };
const callsOnly: PhoneNumberCapabilities = { calling: 'inbound+outbound', sms: 'none' };
const tollFree: SearchAvailablePhoneNumbersRequest = {
  countryCode: 'US',
  phoneNumberType: 'tollFree',
  assignmentType: 'application',
  capabilities: everything,
};
const localNumber = (areaCode: string): SearchAvailablePhoneNumbersRequest => ({
  ...tollFree,
  phoneNumberType: 'geographic',
  capabilities: callsOnly,
  areaCode,
});

let server: Ringback;
let client: PhoneNumbersClient;
let other: PhoneNumbersClient;
const clientOf = (key: string): PhoneNumbersClient =>
  new PhoneNumbersClient(`endpoint=${server.endpoint};accesskey=${key}`, {
    retryOptions: { maxRetries: 0 },
    tlsOptions: { ca: server.ca },
  });
const raw = (request: Partial<HttpRequest> & { readonly path: string }, key = developmentKey) =>
  send({ http: server.httpEndpoint, https: server.endpoint, ca: server.ca }, key, {
    method: 'GET',
    apiVersion: '2025-06-01',
    ...request,
  });
const errorOf = ({ status, body }: HttpReply): readonly unknown[] => {
  const { error } = body as { readonly error: { readonly code: string; readonly target?: string } };
  return [status, error.code, error.target];
};
const all = async <T>(pages: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
};
const search = async (wish: SearchAvailablePhoneNumbersRequest, from = client) =>
  (await from.beginSearchAvailablePhoneNumbers(wish)).pollUntilDone();
/** The first number that such a search finds. */
const buy = async (wish: SearchAvailablePhoneNumbersRequest, from = client): Promise<string> => {
  const { searchId, phoneNumbers } = await search(wish, from);
  await (await from.beginPurchasePhoneNumbers(searchId)).pollUntilDone();
  return phoneNumbers[0] ?? '';
};

before(async () => {
  server = await startRingback({ config: settings });
  client = clientOf(developmentKey);
  other = clientOf(otherKey);
});
after(() => server.stop());

describe('the catalogue', () => {
  test('lists countries, page by page where one asks for pages', async () => {
    const codes = (await all(client.listAvailableCountries())).map(({ countryCode }) => countryCode);
    assert.deepEqual(codes, ['AU', 'CA', 'DE', 'FR', 'GB', 'SE', 'US']);
    const { body } = await raw({ path: '/availablePhoneNumbers/countries?maxPageSize=3' });
    const { countries, nextLink } = body as { countries: unknown[]; nextLink: string };
    assert.equal(countries.length, 3);
    assert.match(nextLink, /^http:\/\/[^/]+\/availablePhoneNumbers\/countries\?.*skip=3/);
  });

  test('lists what a country offers, of the kind that one asks for', async () => {
    const offerings = await all(client.listAvailableOfferings('US'));
    assert.deepEqual(
      offerings.map(({ phoneNumberType, assignmentType, availableCapabilities }) => [
        phoneNumberType,
        assignmentType,
        availableCapabilities?.sms,
      ]),
      [
        ['geographic', 'person', 'none'],
        ['geographic', 'application', 'none'],
        ['tollFree', 'application', 'inbound+outbound'],
      ],
    );
    const free = await all(client.listAvailableOfferings('US', { phoneNumberType: 'tollFree' }));
    assert.deepEqual(free[0]?.cost, { amount: 2, currencyCode: 'USD', billingFrequency: 'monthly' });
    await assert.rejects(all(client.listAvailableOfferings('XX')), {
      statusCode: 404,
      code: 'CountryNotFound',
    });
  });

  test('lists towns, and the area codes of each', async () => {
    const towns = await all(client.listAvailableLocalities('US', { administrativeDivision: 'WA' }));
    assert.deepEqual(
      towns.map(({ localizedName, administrativeDivision }) => [
        localizedName,
        administrativeDivision?.abbreviatedName,
      ]),
      [
        ['Redmond', 'WA'],
        ['Seattle', 'WA'],
      ],
    );
    const codes = await all(
      client.listAvailableGeographicAreaCodes('US', { locality: 'Seattle', administrativeDivision: 'WA' }),
    );
    assert.deepEqual(codes, [{ areaCode: '206' }]);
    await assert.rejects(all(client.listAvailableGeographicAreaCodes('US')), {
      statusCode: 400,
      code: 'BadRequest',
    });
    await assert.rejects(all(client.listAvailableLocalities('XX')), { statusCode: 404 });
  });

  test('lists the area codes of toll-free and of mobile numbers', async () => {
    const free = await all(client.listAvailableTollFreeAreaCodes('US'));
    assert.ok(free.some(({ areaCode }) => areaCode === '833'));
    assert.deepEqual(await all(client.listAvailableMobileAreaCodes('GB')), [{ areaCode: '7700' }]);
    assert.deepEqual(await all(client.listAvailableMobileAreaCodes('US')), []);
    await assert.rejects(all(client.listAvailableTollFreeAreaCodes('XX')), { statusCode: 404 });
    await assert.rejects(all(client.listAvailableMobileAreaCodes('XX')), { statusCode: 404 });
  });

  test('shows numbers that nobody has, with the prefix that one asks for', async () => {
    const { phoneNumbers } = await client.browseAvailablePhoneNumbers(
      { countryCode: 'GB', phoneNumberType: 'geographic' },
      { phoneNumberPrefixes: ['20'], assignmentType: 'application' },
    );
    const numbers = phoneNumbers.map(({ phoneNumber }) => phoneNumber);
    assert.equal(numbers.length, 100);
    assert.ok(numbers.every((number) => number?.startsWith('+442079460')));
    // One is in the configuration, one belongs to the simulated carrier.
    assert.ok(!numbers.includes('+442079460001') && !numbers.includes('+442079460100'));
    assert.equal(phoneNumbers[0]?.status, 'available');
    await assert.rejects(
      client.browseAvailablePhoneNumbers({ countryCode: 'XX', phoneNumberType: 'geographic' }),
      { statusCode: 404 },
    );
  });
});

describe('a search', () => {
  test('finds as many numbers as are wanted, and holds them for a quarter of an hour', async () => {
    const found = await search({ ...tollFree, areaCode: '844', quantity: 3 });
    assert.deepEqual(found.phoneNumbers, ['+18445550100', '+18445550101', '+18445550102']);
    assert.equal(found.isAgreementToNotResellRequired, false);
    assert.ok(found.searchExpiresBy instanceof Date);
    const next = await search({ ...tollFree, areaCode: '844' }, other);
    assert.deepEqual(next.phoneNumbers, ['+18445550103']);
  });

  test('that nobody could fulfil is refused with the field that is wrong', async () => {
    const cases = [
      [{ ...tollFree, areaCode: '999' }, /areaCode|area code/],
      [{ ...localNumber('206'), capabilities: everything }, /sms/],
      [{ ...tollFree, capabilities: { calling: 'none', sms: 'none' } }, /capability/],
      [{ ...tollFree, assignmentType: 'person' }, /person/],
    ] as const;
    for (const [wish, message] of cases)
      await assert.rejects(
        client.beginSearchAvailablePhoneNumbers(wish as SearchAvailablePhoneNumbersRequest),
        { statusCode: 400, code: 'BadRequest', message },
      );
  });

  test('that finds too few fails, and says so', async () => {
    const poller = await client
      .beginSearchAvailablePhoneNumbers({
        ...tollFree,
        areaCode: '855',
        quantity: 101,
      })
      .catch((error: unknown) => error);
    assert.match(String(poller), /101 such numbers/);
  });

  test('can be cancelled: its numbers are free again', async () => {
    const wish = { ...tollFree, areaCode: '866' };
    const { searchId } = await search(wish);
    const path = `/phoneNumbers/operations/search_${searchId}`;
    assert.equal((await raw({ method: 'DELETE', path })).status, 204);
    assert.deepEqual(errorOf(await raw({ method: 'DELETE', path })), [
      409,
      'OperationCompleted',
      'operationId',
    ]);
    assert.deepEqual((await search(wish, other)).phoneNumbers, ['+18665550100']);
    await assert.rejects(client.beginPurchasePhoneNumbers(searchId), {
      statusCode: 409,
      code: 'ReservationExpired',
    });
  });

  test('whose hold is over cannot be bought any more', async () => {
    const { searchId } = await search(localNumber('907'));
    await server.clock.advance('16m');
    await assert.rejects(client.beginPurchasePhoneNumbers(searchId), {
      statusCode: 409,
      code: 'ReservationExpired',
      message: /expired/,
    });
    assert.deepEqual((await search(localNumber('907'), other)).phoneNumbers, ['+19075550100']);
  });

  test('belongs to its resource alone, and can be bought once', async () => {
    const { searchId } = await search(localNumber('602'));
    await assert.rejects(other.beginPurchasePhoneNumbers(searchId), {
      statusCode: 404,
      code: 'SearchNotFound',
    });
    await (await client.beginPurchasePhoneNumbers(searchId)).pollUntilDone();
    await assert.rejects(client.beginPurchasePhoneNumbers(searchId), {
      statusCode: 409,
      code: 'SearchAlreadyPurchased',
    });
  });

  test('of numbers that may not be resold is bought by whoever says that they are not', async () => {
    const { searchId, isAgreementToNotResellRequired } = await search({
      ...localNumber('1'),
      countryCode: 'FR',
    });
    assert.equal(isAgreementToNotResellRequired, true);
    await assert.rejects(client.beginPurchasePhoneNumbers(searchId), {
      statusCode: 400,
      message: /agreeToNotResell/,
    });
    await (await client.beginPurchasePhoneNumbers(searchId, { agreeToNotResell: true })).pollUntilDone();
  });
});

describe('a number', () => {
  test('that was bought is listed, with what it can do', async () => {
    const number = await buy({ ...tollFree, areaCode: '877' });
    const own = await client.getPurchasedPhoneNumber(number);
    assert.deepEqual(
      [own.id, own.countryCode, own.phoneNumberType, own.assignmentType, own.capabilities],
      [number.slice(1), 'US', 'tollFree', 'application', everything],
    );
    const mine = await all(client.listPurchasedPhoneNumbers());
    assert.ok(mine.some(({ phoneNumber }) => phoneNumber === number));
    const theirs = await all(other.listPurchasedPhoneNumbers());
    assert.ok(!theirs.some(({ phoneNumber }) => phoneNumber === number));
    await assert.rejects(other.getPurchasedPhoneNumber(number), {
      statusCode: 404,
      code: 'PhoneNumberNotFound',
    });
  });

  test('of the configuration is listed beside them, and changed there alone', async () => {
    const own = await client.getPurchasedPhoneNumber('+442079460001');
    assert.deepEqual(
      [own.countryCode, own.phoneNumberType, own.capabilities],
      ['GB', 'geographic', callsOnly],
    );
    assert.equal((await client.getPurchasedPhoneNumber('+18005550100')).phoneNumberType, 'tollFree');
    const listed = await all(client.listPurchasedPhoneNumbers());
    assert.ok(!listed.some(({ id }) => id === '24680'), 'short codes have an API of their own');
    const refused = { statusCode: 409, code: 'PhoneNumberConfigured', message: /configuration/ };
    await assert.rejects(client.beginReleasePhoneNumber('+18005550100'), refused);
    await assert.rejects(client.beginUpdatePhoneNumberCapabilities('+18005550100', { sms: 'none' }), refused);
  });

  test('is listed page by page, by links that the client follows', async () => {
    const { searchId } = await search({ ...localNumber('303'), quantity: 7 }, other);
    await (await other.beginPurchasePhoneNumbers(searchId)).pollUntilDone();
    const first = await raw({ path: '/phoneNumbers?top=3' }, otherKey);
    const { phoneNumbers, nextLink } = first.body as { phoneNumbers: unknown[]; nextLink: string };
    assert.equal(phoneNumbers.length, 3);
    const link = new URL(nextLink);
    const second = await raw({ path: `${link.pathname}${link.search}`, apiVersion: false }, otherKey);
    assert.equal((second.body as { phoneNumbers: unknown[] }).phoneNumbers.length, 3);
    assert.equal((await all(other.listPurchasedPhoneNumbers())).length, 7);
  });

  test('gets the capabilities that its offering has, and no others', async () => {
    const number = await buy({ ...tollFree, areaCode: '888' });
    const changed = await (
      await client.beginUpdatePhoneNumberCapabilities(number, { calling: 'inbound', sms: 'none' })
    ).pollUntilDone();
    assert.deepEqual(changed.capabilities, { calling: 'inbound', sms: 'none' });
    assert.equal(changed.phoneNumber, number);
    const local = await buy(localNumber('512'));
    await assert.rejects(client.beginUpdatePhoneNumberCapabilities(local, { sms: 'outbound' }), {
      statusCode: 400,
      message: /sms: outbound/,
    });
    await assert.rejects(client.beginUpdatePhoneNumberCapabilities('+12125550199', { sms: 'none' }), {
      statusCode: 404,
    });
  });

  test('that was released is nobody’s and can be bought by anybody', async () => {
    const number = await buy(localNumber('801'));
    await (await client.beginReleasePhoneNumber(number)).pollUntilDone();
    await assert.rejects(client.getPurchasedPhoneNumber(number), { statusCode: 404 });
    await assert.rejects(client.beginReleasePhoneNumber(number), {
      statusCode: 404,
      code: 'PhoneNumberNotFound',
    });
    assert.equal(await buy(localNumber('801'), other), number);
  });

  test('of a range of the configuration is not for sale', async () => {
    assert.deepEqual((await search(localNumber('206'))).phoneNumbers, ['+12065550151']);
  });
});

describe('a reservation', () => {
  const pick = async (areaCode: string, count: number) => {
    const { phoneNumbers } = await client.browseAvailablePhoneNumbers(
      { countryCode: 'US', phoneNumberType: 'geographic' },
      { phoneNumberPrefixes: [`1${areaCode}`], assignmentType: 'application' },
    );
    return phoneNumbers.slice(0, count);
  };

  test('keeps the numbers that were chosen, and gives up those that are taken out', async () => {
    const [one, two] = await pick('213', 2);
    assert.ok(one && two);
    const reservationId = randomUUID();
    const made = await client.createOrUpdateReservation({ reservationId }, { add: [one] });
    assert.equal(made.status, 'active');
    assert.equal(made.phoneNumbers?.[one.id ?? '']?.status, 'reserved');
    const changed = await client.createOrUpdateReservation(
      { reservationId },
      { add: [two], remove: [one.id ?? ''] },
    );
    assert.deepEqual(Object.keys(changed.phoneNumbers ?? {}), [two.id]);
    const found = await client.getReservation(reservationId);
    assert.deepEqual(Object.keys(found.phoneNumbers ?? {}), [two.id]);
    const listed = await all(client.listReservations());
    const mine = listed.find(({ id }) => id === reservationId);
    assert.ok(mine && mine.phoneNumbers === undefined);
    assert.deepEqual((await search(localNumber('213'), other)).phoneNumbers, [one.phoneNumber]);
  });

  test('names the numbers that could not be had beside those that could', async () => {
    const [free, taken] = await pick('415', 2);
    assert.ok(free && taken);
    await other.createOrUpdateReservation({ reservationId: randomUUID() }, { add: [taken] });
    const reservationId = randomUUID();
    const { phoneNumbers = {} } = await client.createOrUpdateReservation(
      { reservationId },
      { add: [free, taken, { ...free, id: '4915112345678', countryCode: 'DE' }] },
    );
    assert.equal(phoneNumbers[free.id ?? '']?.status, 'reserved');
    assert.equal(phoneNumbers[taken.id ?? '']?.error?.code, 'FailedToReserveNumber');
    assert.equal(phoneNumbers['4915112345678']?.status, 'error');
    assert.deepEqual(Object.keys((await client.getReservation(reservationId)).phoneNumbers ?? {}), [free.id]);
  });

  test('is bought as a whole, once', async () => {
    const chosen = await pick('619', 3);
    const reservationId = randomUUID();
    await client.createOrUpdateReservation({ reservationId }, { add: chosen });
    await (await client.beginReservationPurchase(reservationId)).pollUntilDone();
    for (const { phoneNumber = '' } of chosen)
      assert.equal((await client.getPurchasedPhoneNumber(phoneNumber)).phoneNumber, phoneNumber);
    const { status, phoneNumbers = {} } = await client.getReservation(reservationId);
    assert.equal(status, 'completed');
    assert.ok(Object.values(phoneNumbers).every((each) => each?.status === 'purchased'));
    await assert.rejects(client.beginReservationPurchase(reservationId), {
      statusCode: 409,
      code: 'ReservationNotActive',
    });
    await assert.rejects(
      client.createOrUpdateReservation({ reservationId }, { remove: [chosen[0]?.id ?? ''] }),
      {
        statusCode: 409,
      },
    );
  });

  test('expires a quarter of an hour after its last change', async () => {
    const [number] = await pick('404', 1);
    assert.ok(number);
    const reservationId = randomUUID();
    await client.createOrUpdateReservation({ reservationId }, { add: [number] });
    await server.clock.advance('14m');
    await client.createOrUpdateReservation({ reservationId }, {});
    await server.clock.advance('14m');
    assert.equal((await client.getReservation(reservationId)).status, 'active');
    await server.clock.advance('1m');
    const { status, phoneNumbers = {} } = await client.getReservation(reservationId);
    assert.deepEqual([status, phoneNumbers[number.id ?? '']?.status], ['expired', 'expired']);
    await assert.rejects(client.beginReservationPurchase(reservationId), { code: 'ReservationExpired' });
  });

  test('that is deleted is gone; another resource’s is not there at all', async () => {
    const [number] = await pick('312', 1);
    assert.ok(number);
    const reservationId = randomUUID();
    await client.createOrUpdateReservation({ reservationId }, { add: [number] });
    const unknown = { statusCode: 404, code: 'ReservationNotFound' };
    await assert.rejects(other.getReservation(reservationId), unknown);
    await assert.rejects(other.deleteReservation(reservationId), unknown);
    await assert.rejects(other.createOrUpdateReservation({ reservationId }, { add: [number] }), unknown);
    await client.deleteReservation(reservationId);
    await assert.rejects(client.getReservation(reservationId), unknown);
    await assert.rejects(client.beginReservationPurchase(reservationId), unknown);
  });
});

describe('operator information', () => {
  test('is how a number is written; with details, what it is and whose', async () => {
    const { values = [] } = await client.searchOperatorInformation(['+14255550123', '+442079460123']);
    assert.deepEqual(
      values.map(({ nationalFormat, internationalFormat, operatorDetails }) => [
        nationalFormat,
        internationalFormat,
        operatorDetails,
      ]),
      [
        ['(425) 555-0123', '+1 425-555-0123', undefined],
        ['020 7946 0123', '+44 20 7946 0123', undefined],
      ],
    );
    const detailed = await client.searchOperatorInformation(['+447700900123', '+358501234567'], {
      includeAdditionalOperatorDetails: true,
    });
    assert.deepEqual(
      detailed.values?.map(({ numberType, isoCountryCode, operatorDetails }) => [
        numberType,
        isoCountryCode,
        operatorDetails?.name,
      ]),
      [
        ['mobile', 'GB', 'Ringback'],
        ['unknown', 'FI', undefined],
      ],
    );
    await assert.rejects(client.searchOperatorInformation(['0800 call me']), { statusCode: 400 });
  });
});

describe('a request that is wrong', () => {
  test('is refused with the field that it is about', async () => {
    const searching = '/availablePhoneNumbers/countries/US/:search';
    const body = { ...tollFree, countryCode: undefined };
    const cases: readonly (readonly [Partial<HttpRequest> & { path: string }, RegExp])[] = [
      [{ path: '/phoneNumbers?top=none' }, /top/i],
      [{ path: '/phoneNumbers?skip=-1' }, /skip/i],
      [{ path: '/availablePhoneNumbers/countries/US/areaCodes' }, /phoneNumberType/],
      [
        { path: '/availablePhoneNumbers/countries/US/offerings?phoneNumberType=satellite' },
        /PhoneNumberType/,
      ],
      [
        { method: 'POST', path: searching, body: { ...body, phoneNumberType: 'satellite' } },
        /PhoneNumberType/,
      ],
      [
        { method: 'POST', path: searching, body: { ...body, capabilities: { calling: 'both' } } },
        /Capabilities.Calling/,
      ],
      [{ method: 'POST', path: searching, body: { ...body, quantity: 0 } }, /Quantity/],
      [{ method: 'POST', path: '/availablePhoneNumbers/:purchase', body: {} }, /SearchId/],
      [{ method: 'PATCH', path: '/availablePhoneNumbers/reservations/mine', body: {} }, /UUID/],
      [
        {
          method: 'PATCH',
          path: `/availablePhoneNumbers/reservations/${randomUUID()}`,
          body: { phoneNumbers: { '+1': null } },
        },
        /digits/,
      ],
      [{ method: 'PATCH', path: '/phoneNumbers/%2B18005550100/capabilities', body: { sms: 7 } }, /Sms/],
      [{ method: 'POST', path: '/operatorInformation/:search', body: { phoneNumbers: [] } }, /PhoneNumbers/],
    ];
    for (const [request, message] of cases) {
      const { status, headers, body: answer } = await raw(request);
      const { error } = answer as { error: { code: string; message: string } };
      assert.deepEqual([status, error.code], [400, 'BadRequest'], `${request.method} ${request.path}`);
      assert.match(error.message, message);
      assert.equal(headers['x-ringback-row'], 'automation/400');
    }
  });

  test('about nothing that is there is 404, and unsigned 401', async () => {
    assert.deepEqual(errorOf(await raw({ path: '/phoneNumbers/operations/search_nothing' })), [
      404,
      'OperationNotFound',
      'operationId',
    ]);
    assert.deepEqual(errorOf(await raw({ path: '/availablePhoneNumbers/searchResults/nothing' })), [
      404,
      'SearchNotFound',
      'searchId',
    ]);
    const { status, body } = await raw({ path: '/phoneNumbers', credentials: 'none' });
    assert.deepEqual([status, (body as { error: { code: string } }).error.code], [401, 'Denied']);
  });

  test('of a version that has no such operation is told those that have it', async () => {
    const { status, body } = await raw({
      path: '/availablePhoneNumbers/reservations',
      apiVersion: '2021-03-07',
    });
    assert.equal(status, 400);
    assert.match((body as { error: { message: string } }).error.message, /2025-06-01, 2025-04-01/);
    assert.equal((await raw({ path: '/phoneNumbers', apiVersion: '2021-03-07' })).status, 200);
  });
});
