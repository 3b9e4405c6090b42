/** The parts of the phone numbers API that ask what there is. */

import type { NumberType } from '../../domain/numbers/capabilities.ts';
import { catalogue } from '../../domain/numbers/catalogue.ts';
import {
  type AreaFilter,
  areaCodesOf,
  type BrowseWish,
  browse,
  countryOf,
  localitiesOf,
  type OfferingFilter,
  offeringsOf,
  type Taken,
} from '../../domain/numbers/inventory.ts';
import type { NumbersAnswer, NumbersPage, PageWish, ShownNumber } from './numbers-commands.ts';

export function pageOf<T>(all: readonly T[], { skip, top }: PageWish): NumbersPage<T> {
  return { items: all.slice(skip, skip + top), more: skip + top < all.length };
}

export const listed = {
  countries: (page: PageWish) => pageOf(catalogue, page),

  offerings(code: string, filter: OfferingFilter, page: PageWish) {
    const country = countryOf(code);
    return 'refused' in country ? country : pageOf(offeringsOf(country, filter), page);
  },

  areaCodes(code: string, filter: AreaFilter, page: PageWish): NumbersAnswer<NumbersPage<string>> {
    const country = countryOf(code);
    if ('refused' in country) return country;
    const codes = areaCodesOf(country, filter);
    return 'refused' in codes ? codes : pageOf(codes, page);
  },

  localities(
    code: string,
    filter: { readonly type?: NumberType; readonly division?: string },
    page: PageWish,
  ) {
    const country = countryOf(code);
    return 'refused' in country ? country : pageOf(localitiesOf(country, filter), page);
  },

  browse(code: string, wish: BrowseWish, taken: Taken): NumbersAnswer<readonly ShownNumber[]> {
    const country = countryOf(code);
    if ('refused' in country) return country;
    return browse(country, wish, taken).map(({ number, offering }) => ({
      number,
      country: country.code,
      ...offering,
      resaleForbidden: country.resaleForbidden,
    }));
  },
};
