/** Who has which number, and what is kept for whom: in memory and on disk. */
import type { Capabilities } from '../../domain/numbers/capabilities.ts';
import { type BoughtNumber, holds, type Search } from '../../domain/numbers/holding.ts';
import type { Taken } from '../../domain/numbers/inventory.ts';
import { type Reservation, reservationAt } from '../../domain/numbers/reservation.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeldNumber, OwnedNumbers } from '../ports/owned-numbers.ts';
import type { Store } from '../ports/store.ts';
import { DocumentShelf } from './document-shelf.ts';
import type { NumberOperation, OwnNumber } from './numbers-commands.ts';

/** A number of the configuration. */
export interface ConfiguredNumber extends HeldNumber {
  readonly capabilities: Capabilities;
}

export interface HoldingsParts {
  readonly store: Pick<Store, 'documents' | 'putDocument'>;
  readonly clock: Pick<Clock, 'now'>;
  /** As the configuration stands now: the same list as long as it stands. */
  readonly configured: () => readonly ConfiguredNumber[];
  /** First and last of the ranges that are ours and nobody's. */
  readonly ranges: () => readonly (readonly [string, string])[];
}

/** Documented for reservations; searches and operations are kept as long. */
const keptFor = 30 * 24 * 60 * 60 * 1000;

interface Snapshot {
  readonly configured: readonly ConfiguredNumber[];
  readonly revision: number;
  readonly held: ReadonlyMap<string, HeldNumber>;
}

export class NumberHoldings implements OwnedNumbers {
  readonly #parts: HoldingsParts;
  readonly purchases: DocumentShelf<BoughtNumber>;
  readonly searches: DocumentShelf<Search>;
  readonly reservations: DocumentShelf<Reservation>;
  readonly operations: DocumentShelf<NumberOperation>;
  #snapshot: Snapshot | undefined;

  constructor(parts: HoldingsParts) {
    this.#parts = parts;
    this.purchases = new DocumentShelf(parts.store, 'bought-numbers');
    this.searches = new DocumentShelf(parts.store, 'number-searches');
    this.reservations = new DocumentShelf(parts.store, 'number-reservations');
    this.operations = new DocumentShelf(parts.store, 'number-operations');
  }

  find(number: string): HeldNumber | undefined {
    return this.#held().get(number);
  }

  ofResource(resourceId: string): readonly HeldNumber[] {
    return [...this.#held().values()].filter((held) => held.resourceId === resourceId);
  }

  /** Without those that the configuration has by now. */
  bought(): readonly BoughtNumber[] {
    const configured = new Set(this.#parts.configured().map(({ number }) => number));
    return this.purchases.values().filter(({ number }) => !configured.has(number));
  }

  /** As the phone numbers API lists them. */
  own(resourceId: string): readonly OwnNumber[] {
    const configured = this.#parts.configured().flatMap(ownOf);
    return [...configured, ...this.bought()].filter((each) => each.resourceId === resourceId);
  }

  /** Of the configuration, or in a range of it: for nobody to buy. */
  isSetApart(number: string): boolean {
    const within = ([first, last]: readonly [string, string]): boolean =>
      number.length === first.length && number >= first && number <= last;
    return (
      this.#parts.ranges().some(within) || this.#parts.configured().some((each) => each.number === number)
    );
  }

  /** What nobody can have now: set apart, bought, held for a search or reserved. */
  taken(): Taken {
    const now = this.#parts.clock.now();
    const taken = new Set([
      ...this.purchases.values().map(({ number }) => number),
      ...this.searches.values().flatMap((each) => (holds(each, now) ? each.numbers : [])),
      ...this.reservations
        .values()
        .filter((each) => reservationAt(each, now).status === 'active')
        .flatMap(({ numbers }) => Object.values(numbers).map(({ number }) => number)),
    ]);
    return { has: (number) => taken.has(number) || this.isSetApart(number) };
  }

  /** Forgets what is old enough to be of no use to anybody. */
  async prune(): Promise<void> {
    const before = this.#parts.clock.now() - keptFor;
    await Promise.all(
      [this.searches, this.operations, this.reservations].flatMap((shelf) =>
        shelf
          .values()
          .filter(({ createdAt }) => createdAt < before)
          .map(({ id }) => shelf.put(id, undefined)),
      ),
    );
  }

  clear(): void {
    for (const shelf of [this.purchases, this.searches, this.reservations, this.operations]) shelf.clear();
  }

  #held(): ReadonlyMap<string, HeldNumber> {
    const configured = this.#parts.configured();
    const { revision } = this.purchases;
    if (this.#snapshot?.configured !== configured || this.#snapshot.revision !== revision) {
      const all: readonly HeldNumber[] = [...configured, ...this.bought().map(heldOf)];
      this.#snapshot = { configured, revision, held: new Map(all.map((each) => [each.number, each])) };
    }
    return this.#snapshot.held;
  }
}

export function abilitiesOf({ calling, sms }: Capabilities) {
  return {
    takesCalls: calling.includes('inbound'),
    placesCalls: calling.includes('outbound'),
    takesTexts: sms.includes('inbound'),
    sendsTexts: sms.includes('outbound'),
  };
}

const heldOf = ({ number, resourceId, country, type, capabilities }: BoughtNumber): HeldNumber => ({
  number,
  resourceId,
  kind: type,
  country,
  ...abilitiesOf(capabilities),
});

/** Short codes are no phone numbers to this API. */
function ownOf({ number, resourceId, kind, country, capabilities }: ConfiguredNumber) {
  if (kind === 'shortCode') return [];
  const cost = { amount: 0, currencyCode: 'USD' };
  const assignment = 'application' as const;
  return [{ number, resourceId, country, type: kind, assignment, capabilities, cost, boughtAt: 0 }];
}
