/** What the phone numbers API asks of its desk, and what it is told. */

import type { Instant } from '../../domain/ids/instant.ts';
import type { Capabilities, NumberType } from '../../domain/numbers/capabilities.ts';
import type { Offering } from '../../domain/numbers/catalogue.ts';
import type { BoughtNumber, Search, SearchRequest } from '../../domain/numbers/holding.ts';
import type { AreaFilter, BrowseWish, Locality, OfferingFilter } from '../../domain/numbers/inventory.ts';
import type { OperatorInformation } from '../../domain/numbers/operator.ts';
import type { Refused } from '../../domain/numbers/refusal.ts';
import type { ChangedReservation, Reservation, ReservationChange } from '../../domain/numbers/reservation.ts';

export type NumbersAnswer<T> = T | Refused;

export interface PageWish {
  readonly skip: number;
  readonly top: number;
}

export interface NumbersPage<T> {
  readonly items: readonly T[];
  readonly more: boolean;
}

/** A number of a resource; those of the configuration were bought by nobody. */
export type OwnNumber = Omit<BoughtNumber, 'resourceId'>;

export type OperationType =
  | 'search'
  | 'purchase'
  | 'reservationPurchase'
  | 'releasePhoneNumber'
  | 'updatePhoneNumberCapabilities';

/** Work is done when it is answered: an operation has succeeded or failed by the time that it has an id. */
export interface NumberOperation {
  /** `search_<id of what it is about>`. */
  readonly id: string;
  readonly about: string;
  readonly resourceId: string;
  readonly type: OperationType;
  readonly status: 'succeeded' | 'failed';
  readonly createdAt: Instant;
  /** Path of what it came to. */
  readonly result?: string;
  readonly error?: { readonly code: string; readonly message: string };
}

export interface ShownNumber extends Omit<OwnNumber, 'boughtAt'> {
  readonly resaleForbidden: boolean;
}

/** Every method for one resource, the first argument; lists are in a fixed order. */
export interface NumbersCommands {
  list(resourceId: string, page: PageWish): NumbersPage<OwnNumber>;
  get(resourceId: string, number: string): NumbersAnswer<OwnNumber>;
  release(resourceId: string, number: string): Promise<NumbersAnswer<NumberOperation>>;
  updateCapabilities(
    resourceId: string,
    number: string,
    change: Partial<Capabilities>,
  ): Promise<NumbersAnswer<NumberOperation>>;
  search(resourceId: string, request: SearchRequest): Promise<NumbersAnswer<NumberOperation>>;
  searchResult(resourceId: string, id: string): NumbersAnswer<Search>;
  purchase(resourceId: string, id: string, agreed: boolean): Promise<NumbersAnswer<NumberOperation>>;
  operation(resourceId: string, id: string): NumbersAnswer<NumberOperation>;
  cancel(resourceId: string, id: string): Promise<NumbersAnswer<undefined>>;
  reservations(resourceId: string, page: PageWish): NumbersPage<Reservation>;
  reservation(resourceId: string, id: string): NumbersAnswer<Reservation>;
  changeReservation(
    resourceId: string,
    id: string,
    change: ReservationChange,
  ): Promise<NumbersAnswer<ChangedReservation & { readonly made: boolean }>>;
  deleteReservation(resourceId: string, id: string): Promise<NumbersAnswer<undefined>>;
  purchaseReservation(
    resourceId: string,
    id: string,
    agreed: boolean,
  ): Promise<NumbersAnswer<NumberOperation>>;

  countries(page: PageWish): NumbersPage<{ readonly code: string; readonly name: string }>;
  offerings(country: string, filter: OfferingFilter, page: PageWish): NumbersAnswer<NumbersPage<Offering>>;
  areaCodes(country: string, filter: AreaFilter, page: PageWish): NumbersAnswer<NumbersPage<string>>;
  localities(
    country: string,
    filter: { readonly type?: NumberType; readonly division?: string },
    page: PageWish,
  ): NumbersAnswer<NumbersPage<Locality>>;
  browse(country: string, wish: BrowseWish): NumbersAnswer<readonly ShownNumber[]>;
  operatorInformation(numbers: readonly string[], details: boolean): readonly OperatorInformation[];
}
