/** The phone numbers API: what there is to buy, and what is known of a number. */
import {
  catalogueVersions,
  decodeOperator,
  operatorVersions,
} from '../../wire/rest/phone-numbers-requests.ts';
import { encodeLocality, encodeOffering, encodeOperator } from '../../wire/rest/phone-numbers-responses.ts';
import { param } from './asking.ts';
import { json } from './exchange.ts';
import { createNumbersHandlers, type NumbersDependencies, type Served, served } from './numbers-handlers.ts';
import type { Operation } from './operation.ts';

export function numberCatalogue(deps: NumbersDependencies): readonly Operation[] {
  const { numbers } = deps;
  const { asking, listing } = createNumbersHandlers(deps);
  const catalogue = '/availablePhoneNumbers/countries';
  const country = `${catalogue}/{country}`;

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

  return [...served(ofCatalogue, catalogueVersions), ...served(ofOperators, operatorVersions)];
}
