/** For tests: texts over the real store and a carrier that does as it is told; what leaves is only written down. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ManualClock } from '../../edge/clock/manual-clock.ts';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import { SlidingWindows } from '../../edge/records/rate-windows.ts';
import { type OpenedStore, openStore } from '../../edge/store/open-store.ts';
import type { CarrierReceipt, SubmitEvent, SubmitOrder } from '../ports/sms-carriers.ts';
import type { OutboxEntry } from '../ports/store.ts';
import type { SentItem, SmsAnswer, SmsRequest } from './sms-commands.ts';
import { SmsService, type SmsServiceDependencies } from './sms-service.ts';

export const noon = Date.UTC(2026, 10, 3, 12);
export const resource = '2fd14f97-5cf0-45a2-a59b-45a43541727c';
export const ours = '+18005550100';
export const handset = '+15005620000';

/** A carrier of texts: what it was given, and answers on command. */
export class TestCarrier {
  readonly orders: SubmitOrder[] = [];
  bound = true;
  window = 10;
  pending = 0;
  /** What it answers at once; undefined: nothing yet. */
  answers: ((order: SubmitOrder) => Omit<SubmitEvent, 'orderId'> | undefined) | undefined;

  get texts(): readonly string[] {
    return this.orders.map(({ text }) => text);
  }
}

export interface OfficeOptions {
  readonly file?: string;
  readonly carriers?: readonly string[];
  readonly changes?: Partial<SmsServiceDependencies>;
}

export class Office {
  readonly quiet = new QuietWatch();
  readonly clock = new ManualClock(noon, this.quiet);
  readonly store: OpenedStore;
  readonly carriers: ReadonlyMap<string, TestCarrier>;
  readonly owed: OutboxEntry[] = [];
  readonly strays: string[] = [];
  readonly facts: string[] = [];
  readonly troubles: unknown[] = [];
  readonly texts: SmsService;

  constructor({ file = ':memory:', carriers = ['acme'], changes = {} }: OfficeOptions = {}) {
    this.store = openStore({ file, answerWithin: 50, hold: (what) => this.quiet.hold(what) });
    this.carriers = new Map(carriers.map((name) => [name, new TestCarrier()]));
    const senders = ['e164', 'short-code', 'alphanumeric'] as const;
    const number = { resourceId: resource, country: 'US', takesCalls: true, placesCalls: true };
    const held = { ...number, number: ours, kind: 'tollFree', takesTexts: true, sendsTexts: true } as const;
    const deaf = { ...held, number: '+18005550101', takesTexts: false, sendsTexts: false } as const;
    this.texts = new SmsService({
      store: this.store,
      sms: this.store.sms,
      clock: this.clock,
      quiet: this.quiet,
      ids: { next: randomUUID },
      rate: new SlidingWindows(),
      outbox: { owe: (entries) => void this.owed.push(...entries) },
      directory: { subscribers: () => ['events'] },
      numbers: {
        find: (wanted) => [held, deaf].find((one) => one.number === wanted),
        ofResource: () => [held, deaf],
      },
      retries: { tries: 3, first: 1000, longest: 60_000 },
      partsWithinMs: 60_000,
      reportTimeoutMs: 3_600_000,
      replies: {},
      policy: {
        rates: 'none',
        fraud: { withinMs: 3_600_000 },
        unverifiedPerDay: 0,
        routes: carriers.map((carrier) => ({ carrier, senders, pattern: /^\+1/, receipts: true })),
        of: () => undefined,
      },
      carriers: {
        room: (name) => {
          const carrier = this.carriers.get(name);
          return carrier?.bound ? Math.max(0, carrier.window - carrier.pending) : 0;
        },
        submit: (order) => this.#submit(order),
        status: () =>
          [...this.carriers].map(([name, { bound, pending }]) => ({ name, target: name, bound, pending })),
      },
      onFact: (_id, { fact }) => void this.facts.push(fact),
      onInbound: (_id, { fact }) => void this.facts.push(fact),
      onStray: (_text, why) => void this.strays.push(why),
      onStrayReceipt: ({ carrierMessageId }) => void this.strays.push(carrierMessageId),
      onTrouble: (error) => void this.troubles.push(error),
      ...changes,
    });
  }

  static async open(options: OfficeOptions = {}): Promise<Office> {
    const office = new Office(options);
    await office.texts.start();
    return office;
  }

  get acme(): TestCarrier {
    const acme = this.carriers.get('acme');
    assert.ok(acme);
    return acme;
  }

  /** Everything that can happen now has happened. */
  async settle(): Promise<void> {
    assert.deepEqual(await this.quiet.settled(2000), []);
  }

  /** The ids of what was accepted. */
  async send(text = 'hello', more: Partial<SmsRequest> = {}): Promise<readonly string[]> {
    const items = done(
      await this.texts.send(resource, {
        from: ours,
        recipients: [{ to: handset }],
        text,
        report: true,
        ...more,
      }),
    );
    await this.settle();
    return items.map((item) => ('messageId' in item ? item.messageId : assert.fail(item.why)));
  }

  async answer(order: SubmitOrder | undefined, event: Omit<SubmitEvent, 'orderId'>): Promise<void> {
    assert.ok(order, 'there is no such order');
    const carrier = this.carriers.get(order.carrier);
    if (carrier) carrier.pending -= 1;
    this.texts.submitted({ ...event, orderId: order.orderId } as SubmitEvent);
    await this.settle();
  }

  /** The last order is taken under this id. */
  take(carrierMessageId: string, order = this.acme.orders.at(-1)): Promise<void> {
    return this.answer(order, { kind: 'accepted', carrierMessageId } as SubmitEvent);
  }

  async receipt(carrierMessageId: string, state: NonNullable<CarrierReceipt['state']>): Promise<void> {
    const receipt = { state, raw: `stat:${state} text:secret` };
    await this.texts.delivered({ kind: 'receipt', carrier: 'acme', carrierMessageId, receipt });
    await this.settle();
  }

  async arrives(
    text: string,
    segment?: readonly [reference: number, number: number, of: number],
  ): Promise<void> {
    const [reference = 0, number = 0, of = 0] = segment ?? [];
    const place = segment ? { segment: { reference, number, of } } : {};
    const arrived = { kind: 'arrived', carrier: 'acme', from: handset, to: ours, text, ...place } as const;
    await this.texts.delivered(arrived);
    await this.settle();
  }

  /** Row and situation of a text's end, or the phase it is in. */
  end(messageId: string | undefined): string {
    const state = this.texts.desk.state(messageId ?? '');
    return state?.phase === 'ended' ? `${state.outcome.row} ${state.outcome.situation}` : `${state?.phase}`;
  }

  /** What subscriptions are owed, of this type. */
  events(type: 'SMSReceived' | 'SMSDeliveryReportReceived'): readonly Readonly<Record<string, unknown>>[] {
    const events = this.owed.map(({ event }) => event as unknown as Readonly<Record<string, unknown>>);
    return events.filter((event) => event.type === type);
  }

  #submit(order: SubmitOrder): void {
    const carrier = this.carriers.get(order.carrier);
    assert.ok(carrier?.bound && carrier.pending < carrier.window, `${order.carrier} has no room`);
    carrier.orders.push(order);
    carrier.pending += 1;
    const event = carrier.answers?.(order);
    if (!event) return;
    const release = this.quiet.hold('a carrier that answers');
    setImmediate(() => {
      release();
      carrier.pending -= 1;
      this.texts.submitted({ ...event, orderId: order.orderId } as SubmitEvent);
      this.texts.room();
    });
  }
}

export function done<T>(answer: SmsAnswer<T>): T {
  if ('refused' in answer) assert.fail(`refused: ${answer.refused.situation}: ${answer.refused.detail}`);
  return answer.ok;
}

export const accepting = (order: SubmitOrder): Omit<SubmitEvent, 'orderId'> =>
  ({ kind: 'accepted', carrierMessageId: `c-${order.orderId}` }) as SubmitEvent;

export const statusOf = (item: SentItem | undefined): number | undefined =>
  item && ('messageId' in item ? 202 : item.status);
