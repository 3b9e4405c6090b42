/** Who has which number: searches, purchases, reservations, releases. What it promises is on disk. */
import type { Capabilities } from '../../domain/numbers/capabilities.ts';
import {
  type BoughtNumber,
  buySearch,
  holds,
  type Search,
  type SearchRequest,
  search,
  withCapabilities,
} from '../../domain/numbers/holding.ts';
import type { BrowseWish } from '../../domain/numbers/inventory.ts';
import { operatorInformation } from '../../domain/numbers/operator.ts';
import { type Refused, unavailable, unknown } from '../../domain/numbers/refusal.ts';
import {
  buyReservation,
  changeReservation,
  type Reservation,
  type ReservationChange,
  reservationAt,
} from '../../domain/numbers/reservation.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/directory.ts';
import type { NumberHoldings } from './number-holdings.ts';
import { listed, pageOf } from './numbers-catalogue.ts';
import type {
  NumberOperation,
  NumbersAnswer,
  NumbersCommands,
  NumbersPage,
  OperationType,
  OwnNumber,
  PageWish,
} from './numbers-commands.ts';

export interface NumbersDeskParts {
  readonly holdings: NumberHoldings;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  /** Who has which number may have changed. `done`: by this, which is written. */
  readonly onChange: (done?: NumberOperation) => void;
}

const prefixes = {
  search: 'search',
  purchase: 'purchase',
  reservationPurchase: 'reservationPurchase',
  releasePhoneNumber: 'release',
  updatePhoneNumberCapabilities: 'capabilities',
} as const satisfies Record<OperationType, string>;

const isRefused = (answer: unknown): answer is Refused =>
  typeof answer === 'object' && answer !== null && 'refused' in answer;

export class NumbersDesk implements NumbersCommands {
  readonly #parts: NumbersDeskParts;
  readonly #holdings: NumberHoldings;

  constructor(parts: NumbersDeskParts) {
    this.#parts = parts;
    this.#holdings = parts.holdings;
  }

  readonly countries = listed.countries;
  readonly offerings = listed.offerings;
  readonly areaCodes = listed.areaCodes;
  readonly localities = listed.localities;
  readonly browse = (country: string, wish: BrowseWish) =>
    listed.browse(country, wish, this.#holdings.taken());

  /** After the store was reset. */
  forget(): void {
    this.#holdings.clear();
    this.#parts.onChange();
  }

  list(resourceId: string, page: PageWish): NumbersPage<OwnNumber> {
    return pageOf(this.#holdings.own(resourceId), page);
  }

  get(resourceId: string, number: string): NumbersAnswer<OwnNumber> {
    return this.#holdings.own(resourceId).find((own) => own.number === number) ?? noNumber(number);
  }

  async release(resourceId: string, number: string): Promise<NumbersAnswer<NumberOperation>> {
    const bought = this.#changeable(resourceId, number);
    if (isRefused(bought)) return bought;
    const operation = this.#operation('releasePhoneNumber', resourceId);
    await this.#save(operation, this.#holdings.purchases.put(number, undefined));
    return operation;
  }

  async updateCapabilities(
    resourceId: string,
    number: string,
    change: Partial<Capabilities>,
  ): Promise<NumbersAnswer<NumberOperation>> {
    const bought = this.#changeable(resourceId, number);
    if (isRefused(bought)) return bought;
    const changed = withCapabilities(bought, change);
    if (isRefused(changed)) return changed;
    const operation = {
      ...this.#operation('updatePhoneNumberCapabilities', resourceId),
      result: `/phoneNumbers/${number}`,
    };
    await this.#save(operation, this.#holdings.purchases.put(number, changed));
    return operation;
  }

  async search(resourceId: string, request: SearchRequest): Promise<NumbersAnswer<NumberOperation>> {
    const operation = this.#operation('search', resourceId);
    const found = search(request, {
      id: operation.about,
      resourceId,
      at: operation.createdAt,
      taken: this.#holdings.taken(),
    });
    if (isRefused(found)) return found;
    const done: NumberOperation =
      found.state === 'held'
        ? { ...operation, result: `/availablePhoneNumbers/searchResults/${found.id}` }
        : failed(operation, 'OutOfStock', `There are not ${request.quantity} such numbers left.`);
    await this.#save(done, this.#holdings.searches.put(found.id, found), this.#holdings.prune());
    return done;
  }

  searchResult(resourceId: string, id: string): NumbersAnswer<Search> {
    const found = this.#holdings.searches.get(id);
    return found?.resourceId === resourceId
      ? found
      : unknown('SearchNotFound', 'searchId', `${id.slice(0, 100)} is no search of this resource.`);
  }

  async purchase(resourceId: string, id: string, agreed: boolean): Promise<NumbersAnswer<NumberOperation>> {
    const found = this.searchResult(resourceId, id);
    if (isRefused(found)) return found;
    const bought = buySearch(found, { agreed, at: this.#parts.clock.now() });
    if (isRefused(bought)) return bought;
    return this.#buy(
      'purchase',
      resourceId,
      bought,
      this.#holdings.searches.put(id, { ...found, state: 'bought' }),
    );
  }

  operation(resourceId: string, id: string): NumbersAnswer<NumberOperation> {
    const found = this.#holdings.operations.get(id);
    return found?.resourceId === resourceId
      ? found
      : unknown('OperationNotFound', 'operationId', `${id.slice(0, 100)} is no operation of this resource.`);
  }

  /** A search is given back; everything else is done by the time that somebody can know its id. */
  async cancel(resourceId: string, id: string): Promise<NumbersAnswer<undefined>> {
    const operation = this.operation(resourceId, id);
    if (isRefused(operation)) return operation;
    const found = operation.type === 'search' ? this.#holdings.searches.get(operation.about) : undefined;
    if (!found || !holds(found, this.#parts.clock.now()))
      return unavailable(
        'OperationCompleted',
        'operationId',
        `${id} is done: there is nothing to cancel any more.`,
      );
    await this.#holdings.searches.put(found.id, { ...found, state: 'given-back' });
    return undefined;
  }

  reservations(resourceId: string, page: PageWish): NumbersPage<Reservation> {
    const own = this.#holdings.reservations.values().filter((each) => each.resourceId === resourceId);
    return pageOf(
      own.map((each) => reservationAt(each, this.#parts.clock.now())),
      page,
    );
  }

  reservation(resourceId: string, id: string): NumbersAnswer<Reservation> {
    const found = this.#holdings.reservations.get(id);
    return found?.resourceId === resourceId
      ? reservationAt(found, this.#parts.clock.now())
      : unknown(
          'ReservationNotFound',
          'reservationId',
          `${id.slice(0, 100)} is no reservation of this resource.`,
        );
  }

  async changeReservation(resourceId: string, id: string, change: ReservationChange) {
    const existing = this.#holdings.reservations.get(id);
    // Somebody else's is as good as none, but for its id.
    if (existing && existing.resourceId !== resourceId) return this.reservation(resourceId, id) as Refused;
    const at = this.#parts.clock.now();
    const before = existing && reservationAt(existing, at);
    const changed = changeReservation(before, change, { id, resourceId, at, taken: this.#holdings.taken() });
    if (isRefused(changed)) return changed;
    await Promise.all([this.#holdings.reservations.put(id, changed.reservation), this.#holdings.prune()]);
    return { ...changed, made: before === undefined };
  }

  async deleteReservation(resourceId: string, id: string): Promise<NumbersAnswer<undefined>> {
    const found = this.reservation(resourceId, id);
    if (isRefused(found)) return found;
    await this.#holdings.reservations.put(id, undefined);
    return undefined;
  }

  async purchaseReservation(
    resourceId: string,
    id: string,
    agreed: boolean,
  ): Promise<NumbersAnswer<NumberOperation>> {
    const found = this.reservation(resourceId, id);
    if (isRefused(found)) return found;
    const done = buyReservation(found, {
      agreed,
      at: this.#parts.clock.now(),
      lost: { has: (number) => this.#holdings.isSetApart(number) },
    });
    if (isRefused(done)) return done;
    return this.#buy(
      'reservationPurchase',
      resourceId,
      done.bought,
      this.#holdings.reservations.put(id, done.reservation),
    );
  }

  operatorInformation(numbers: readonly string[], details: boolean) {
    return numbers.map((number) =>
      operatorInformation(number, { details, held: this.#holdings.find(number)?.kind }),
    );
  }

  /** All of them, but those that the configuration has taken since they were found. */
  async #buy(
    type: OperationType,
    resourceId: string,
    numbers: readonly BoughtNumber[],
    ...writes: readonly Promise<void>[]
  ): Promise<NumberOperation> {
    const lost = numbers.filter(({ number }) => this.#holdings.isSetApart(number));
    const bought = numbers.filter((each) => !lost.includes(each));
    const operation = this.#operation(type, resourceId);
    const code = bought.length === 0 ? 'AllNumbersNotAcquired' : 'NumbersPartiallyAcquired';
    const names = lost.map(({ number }) => number).join(', ');
    const done =
      lost.length === 0
        ? operation
        : failed(operation, code, `The configuration of this server has taken ${names} in the meantime.`);
    await this.#save(
      done,
      ...writes,
      ...bought.map((each) => this.#holdings.purchases.put(each.number, each)),
    );
    return done;
  }

  async #save(operation: NumberOperation, ...writes: readonly Promise<void>[]): Promise<void> {
    // One turn of the event loop is one commit: the numbers and their operation are written together or not at all.
    await Promise.all([...writes, this.#holdings.operations.put(operation.id, operation)]).catch(
      (failure: unknown) => {
        this.#parts.onChange();
        throw failure;
      },
    );
    this.#parts.onChange(operation);
  }

  #operation(type: OperationType, resourceId: string): NumberOperation {
    const about = this.#parts.ids.next();
    const id = `${prefixes[type]}_${about}`;
    return { id, about, resourceId, type, status: 'succeeded', createdAt: this.#parts.clock.now() };
  }

  #changeable(resourceId: string, number: string): BoughtNumber | Refused {
    const found = this.get(resourceId, number);
    if (isRefused(found)) return found;
    const bought = this.#holdings.bought().find((each) => each.number === number);
    return (
      bought ??
      unavailable(
        'PhoneNumberConfigured',
        'phoneNumber',
        `${number} stands in the configuration of this server: change it there, under numbers, and run "ringback reload".`,
      )
    );
  }
}

const noNumber = (number: string): Refused =>
  unknown('PhoneNumberNotFound', 'phoneNumber', `${number.slice(0, 40)} is no number of this resource.`);

const failed = (operation: NumberOperation, code: string, message: string): NumberOperation => ({
  ...operation,
  status: 'failed',
  error: { code, message },
});
