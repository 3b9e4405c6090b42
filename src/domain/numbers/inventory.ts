/** What can be bought where: questions to the catalogue. */

import { callingCodeOf } from './calling-codes.ts';
import { type AssignmentType, type Capabilities, coversBoth, type NumberType } from './capabilities.ts';
import { type Block, type Country, catalogue, type Offering, withheld } from './catalogue.ts';
import { type Refused, unavailable, unknown, wrong } from './refusal.ts';

export interface StockedNumber {
  readonly number: string;
  readonly country: Country;
  readonly block: Block;
}

/** Numbers that somebody has or holds. */
export interface Taken {
  has(number: string): boolean;
}

export interface OfferingFilter {
  readonly type?: NumberType;
  readonly assignment?: AssignmentType;
}

/** Numbers without their plus: ids of the API. */
export const digitsOf = (number: string): string => number.replace(/^\+/, '');

export function countryOf(code: string): Country | Refused {
  const found = catalogue.find((country) => country.code === code.toUpperCase());
  const known = catalogue.map((country) => country.code).join(', ');
  return (
    found ??
    unknown('CountryNotFound', 'countryCode', `${code.slice(0, 40)} has no numbers here; ${known} have.`)
  );
}

export function offeringsOf(country: Country, { type, assignment }: OfferingFilter): readonly Offering[] {
  return country.offerings.filter(
    (offering) =>
      (type === undefined || offering.type === type) &&
      (assignment === undefined || offering.assignment === assignment) &&
      country.blocks.some((block) => block.type === offering.type),
  );
}

export interface AreaFilter extends OfferingFilter {
  readonly type: NumberType;
  readonly locality?: string;
  readonly division?: string;
}

const same = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

/** Geographic ones are listed town by town, as the API documents. */
export function areaCodesOf(country: Country, filter: AreaFilter): readonly string[] | Refused {
  const { type, locality, division } = filter;
  if (type === 'geographic' && locality === undefined)
    return wrong('locality', 'The locality is required where phoneNumberType is geographic.');
  if (offeringsOf(country, filter).length === 0) return [];
  const codes = country.blocks
    .filter(
      (block) =>
        block.type === type &&
        (locality === undefined || same(block.locality, locality)) &&
        (division === undefined || same(block.division, division)),
    )
    .map(({ areaCode }) => areaCode);
  return [...new Set(codes)];
}

export interface Locality {
  readonly name: string;
  readonly division?: string;
}

export function localitiesOf(
  country: Country,
  { type, division }: { readonly type?: NumberType; readonly division?: string },
): readonly Locality[] {
  return country.blocks
    .filter(
      (block) =>
        block.locality !== undefined &&
        (type === undefined || block.type === type) &&
        (division === undefined || same(block.division, division)),
    )
    .map(({ locality = '', division: within }) => ({
      name: locality,
      ...(within === undefined ? {} : { division: within }),
    }));
}

/** Numbers of 15 digits are exact as JavaScript has them. */
function* numbersIn({ first, count }: Block): Generator<string> {
  const start = Number(digitsOf(first));
  for (let i = 0; i < count; i++) {
    const number = `+${start + i}`;
    if (!withheld.has(number)) yield number;
  }
}

/** Undefined: not one of the catalogue. */
export function stocked(number: string): StockedNumber | undefined {
  if (!/^\+[1-9]\d{6,14}$/.test(number) || withheld.has(number)) return undefined;
  const value = Number(digitsOf(number));
  for (const country of catalogue) {
    for (const block of country.blocks) {
      const first = Number(digitsOf(block.first));
      if (value >= first && value < first + block.count) return { number, country, block };
    }
  }
  return undefined;
}

export interface Wish {
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
}

/** The offering under which a number of this country can be had like that. */
export function offeringFor(country: Country, wish: Wish): Offering | Refused {
  const offerings = offeringsOf(country, wish);
  const fit = offerings.find((offering) => coversBoth(offering.capabilities, wish.capabilities));
  if (fit) return fit;
  const { calling, sms } = wish.capabilities;
  const detail =
    offerings.length === 0
      ? `${country.name} has no ${wish.type} numbers for ${wish.assignment}s.`
      : `${wish.type} numbers of ${country.name} for ${wish.assignment}s do not have calling: ${calling} with sms: ${sms}.`;
  return wrong('capabilities', `${detail} The offerings of the country list what there is.`);
}

export interface SearchWish extends Wish {
  readonly areaCode?: string;
  readonly quantity: number;
}

/** The first numbers that nobody has: the same ones wherever the same are taken. */
export function pick(
  country: Country,
  { type, areaCode, quantity }: SearchWish,
  taken: Taken,
): readonly string[] | Refused {
  const blocks = country.blocks.filter(
    (block) => block.type === type && (areaCode === undefined || block.areaCode === areaCode),
  );
  if (blocks.length === 0)
    return wrong(
      'areaCode',
      `${areaCode?.slice(0, 20)} is no area code of ${type} numbers of ${country.name}.`,
    );
  const found: string[] = [];
  for (const block of blocks) {
    for (const number of numbersIn(block)) {
      if (found.length === quantity) return found;
      if (!taken.has(number)) found.push(number);
    }
  }
  if (found.length === quantity) return found;
  const where = areaCode === undefined ? country.name : `area code ${areaCode} of ${country.name}`;
  return unavailable(
    'OutOfStock',
    'quantity',
    `${where} has ${found.length} such numbers left, not ${quantity}.`,
  );
}

export interface BrowseWish extends OfferingFilter {
  readonly type: NumberType;
  readonly capabilities?: Partial<Capabilities>;
  /** Digits that numbers begin with, with the country's code or without. */
  readonly prefixes?: readonly string[];
}

/** As many as the service shows at once. */
const shown = 100;

export interface Shown {
  readonly number: string;
  readonly offering: Offering;
}

/** What one may look at before one reserves it; a few of each block, so that prefixes need not be known. */
export function browse(country: Country, wish: BrowseWish, taken: Taken): readonly Shown[] {
  const { calling = 'none', sms = 'none' } = wish.capabilities ?? {};
  const offering = offeringsOf(country, wish).find((each) => coversBoth(each.capabilities, { calling, sms }));
  if (!offering) return [];
  const prefixes = wish.prefixes?.map(digitsOf) ?? [];
  const blocks = country.blocks.filter(({ type }) => type === wish.type);
  const each = prefixes.length > 0 ? shown : Math.max(1, Math.floor(shown / blocks.length));
  const found: Shown[] = [];
  for (const block of blocks) {
    let here = 0;
    for (const number of numbersIn(block)) {
      const digits = digitsOf(number);
      if (here === each || found.length === shown) break;
      if (taken.has(number)) continue;
      const wanted = [digits, digits.slice(callingCodeOf(number)?.length)];
      if (prefixes.length > 0 && !prefixes.some((prefix) => wanted.some((text) => text.startsWith(prefix))))
        continue;
      here += 1;
      found.push({ number, offering });
    }
  }
  return found;
}
