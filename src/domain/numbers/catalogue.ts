/**
 * The numbers that can be bought: all from ranges that their countries keep for film and print, so that none is ever a
 * real person's. Sources: NANP 555-0100 to 555-0199; Ofcom, numbers for drama use; ARCEP decision 2018-0881, 2.5.12;
 * Bundesnetzagentur, "Drama Numbers"; PTS, numbers for use in books and films; ACMA, numbers for use in creative works.
 */
import type { AssignmentType, Capabilities, Cost, NumberType } from './capabilities.ts';

export interface Offering {
  readonly type: NumberType;
  readonly assignment: AssignmentType;
  readonly capabilities: Capabilities;
  readonly cost: Cost;
}

/** Numbers one after the other, of one kind and one area code. */
export interface Block {
  readonly type: NumberType;
  /** As a search takes it: digits, without the national prefix. */
  readonly areaCode: string;
  /** City and, where it has one, state. */
  readonly locality?: string;
  readonly division?: string;
  /** E.164. */
  readonly first: string;
  readonly count: number;
}

export interface Country {
  /** ISO 3166-1, two letters. */
  readonly code: string;
  readonly name: string;
  readonly offerings: readonly Offering[];
  readonly blocks: readonly Block[];
  /** A purchase must say that the numbers are not resold. */
  readonly resaleForbidden: boolean;
}

const both = 'inbound+outbound';
const callsOnly: Capabilities = { calling: both, sms: 'none' };
const textsOnly: Capabilities = { calling: 'none', sms: both };
const callsAndTexts: Capabilities = { calling: both, sms: both };
const dollars = (amount: number): Cost => ({ amount, currencyCode: 'USD' });

const offer = (
  type: NumberType,
  assignment: AssignmentType,
  capabilities: Capabilities,
  amount: number,
): Offering => ({ type, assignment, capabilities, cost: dollars(amount) });

const usual: readonly Offering[] = [
  offer('geographic', 'person', callsOnly, 1),
  offer('geographic', 'application', callsOnly, 1),
  offer('tollFree', 'application', callsAndTexts, 2),
];
const withMobile: readonly Offering[] = [...usual, offer('mobile', 'application', textsOnly, 4)];

/** 555-0100 to 555-0199 of an area code. */
const american = (areaCode: string, locality: string, division: string): Block => ({
  type: 'geographic',
  areaCode,
  locality,
  division,
  first: `+1${areaCode}5550100`,
  count: 100,
});
const americanTollFree = (areaCode: string): Block => ({
  type: 'tollFree',
  areaCode,
  first: `+1${areaCode}5550100`,
  count: 100,
});
const city = (areaCode: string, locality: string, first: string, count: number): Block => ({
  type: 'geographic',
  areaCode,
  locality,
  first,
  count,
});
const without = (type: 'mobile' | 'tollFree', areaCode: string, first: string, count: number): Block => ({
  type,
  areaCode,
  first,
  count,
});

export const catalogue: readonly Country[] = [
  {
    code: 'AU',
    name: 'Australia',
    offerings: withMobile,
    resaleForbidden: false,
    blocks: [
      city('2', 'Sydney', '+61270100000', 100),
      city('3', 'Melbourne', '+61370100000', 100),
      city('7', 'Brisbane', '+61770100000', 100),
      city('8', 'Perth', '+61870100000', 100),
      ...['491570156', '491570157', '491570158', '491570159', '491570110'].map((mobile) =>
        without('mobile', '491', `+61${mobile}`, 1),
      ),
      without('tollFree', '1800', '+611800975707', 5),
    ],
  },
  {
    code: 'CA',
    name: 'Canada',
    offerings: usual,
    resaleForbidden: false,
    // Toll-free numbers of the NANP are sold under US.
    blocks: [
      american('403', 'Calgary', 'AB'),
      american('604', 'Vancouver', 'BC'),
      american('204', 'Winnipeg', 'MB'),
      american('902', 'Halifax', 'NS'),
      american('613', 'Ottawa', 'ON'),
      american('416', 'Toronto', 'ON'),
      american('514', 'Montreal', 'QC'),
    ],
  },
  {
    code: 'DE',
    name: 'Germany',
    offerings: usual.filter(({ type }) => type === 'geographic'),
    resaleForbidden: false,
    blocks: [
      city('30', 'Berlin', '+493023125000', 1000),
      city('69', 'Frankfurt', '+496990009000', 1000),
      city('40', 'Hamburg', '+494066969000', 1000),
      city('221', 'Cologne', '+492214710000', 1000),
      city('89', 'Munich', '+498999998000', 1000),
    ],
  },
  {
    code: 'FR',
    name: 'France',
    offerings: [
      ...usual.filter(({ type }) => type === 'geographic'),
      offer('mobile', 'application', textsOnly, 4),
    ],
    resaleForbidden: true,
    blocks: [
      city('1', 'Paris', '+33199000000', 1000),
      city('2', 'Nantes', '+33261910000', 1000),
      city('3', 'Strasbourg', '+33353010000', 1000),
      city('4', 'Lyon', '+33465710000', 1000),
      city('5', 'Toulouse', '+33536490000', 1000),
      without('mobile', '639', '+33639980000', 1000),
    ],
  },
  {
    code: 'GB',
    name: 'United Kingdom',
    offerings: withMobile,
    resaleForbidden: false,
    blocks: [
      city('28', 'Belfast', '+442896496000', 1000),
      city('121', 'Birmingham', '+441214960000', 1000),
      city('117', 'Bristol', '+441174960000', 1000),
      city('29', 'Cardiff', '+442920180000', 1000),
      city('131', 'Edinburgh', '+441314960000', 1000),
      city('141', 'Glasgow', '+441414960000', 1000),
      city('113', 'Leeds', '+441134960000', 1000),
      city('151', 'Liverpool', '+441514960000', 1000),
      city('20', 'London', '+442079460000', 1000),
      city('161', 'Manchester', '+441614960000', 1000),
      without('mobile', '7700', '+447700900000', 1000),
      without('tollFree', '808', '+448081570000', 1000),
    ],
  },
  {
    code: 'SE',
    name: 'Sweden',
    offerings: [
      ...usual.filter(({ type }) => type === 'geographic'),
      offer('mobile', 'application', textsOnly, 4),
    ],
    resaleForbidden: false,
    blocks: [
      city('31', 'Gothenburg', '+46313900600', 100),
      city('980', 'Kiruna', '+46980319200', 100),
      city('40', 'Malmo', '+46406280400', 100),
      city('8', 'Stockholm', '+46846500400', 100),
      without('mobile', '70', '+46701740605', 95),
    ],
  },
  {
    code: 'US',
    name: 'United States',
    offerings: usual,
    resaleForbidden: false,
    // Without 800: those are the numbers of the development configuration and its unassigned range.
    blocks: [
      american('907', 'Anchorage', 'AK'),
      american('205', 'Birmingham', 'AL'),
      american('602', 'Phoenix', 'AZ'),
      american('213', 'Los Angeles', 'CA'),
      american('619', 'San Diego', 'CA'),
      american('415', 'San Francisco', 'CA'),
      american('303', 'Denver', 'CO'),
      american('202', 'Washington', 'DC'),
      american('305', 'Miami', 'FL'),
      american('404', 'Atlanta', 'GA'),
      american('312', 'Chicago', 'IL'),
      american('617', 'Boston', 'MA'),
      american('313', 'Detroit', 'MI'),
      american('612', 'Minneapolis', 'MN'),
      american('702', 'Las Vegas', 'NV'),
      american('212', 'New York City', 'NY'),
      american('503', 'Portland', 'OR'),
      american('215', 'Philadelphia', 'PA'),
      american('512', 'Austin', 'TX'),
      american('214', 'Dallas', 'TX'),
      american('713', 'Houston', 'TX'),
      american('801', 'Salt Lake City', 'UT'),
      american('425', 'Redmond', 'WA'),
      american('206', 'Seattle', 'WA'),
      ...['833', '844', '855', '866', '877', '888'].map(americanTollFree),
    ],
  },
];

/** In a block and not for sale: the simulated carrier answers there. */
export const withheld: ReadonlySet<string> = new Set(['+442079460100']);
