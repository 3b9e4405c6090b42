/** Who listens to the carriers in a test: keeps what it is told, and waits for it. */
import { until } from '../../scenarios/stage/wait.ts';
import type {
  ArrivedText,
  CarriersListener,
  ReceiptEvent,
  SubmitEvent,
  SubmitOrder,
} from '../../src/app/ports/sms-carriers.ts';
import { QuietWatch } from '../../src/edge/clock/quiet-watch.ts';
import type { CarrierNote } from '../../src/edge/sms/carrier.ts';
import { createSmppCarriers, type SmppCarriers } from '../../src/edge/sms/carriers.ts';
import type { CarrierTiming, SmppCarrierSettings } from '../../src/edge/sms/settings.ts';

/** Short enough for tests, long enough to tell one wait from the next. */
export const quick: CarrierTiming = {
  rebind: { first: 20, longest: 100 },
  throttled: { first: 30, longest: 120 },
  connectWithin: 2000,
};

export class SmsDesk implements CarriersListener, AsyncDisposable {
  readonly quiet = new QuietWatch();
  readonly submits: SubmitEvent[] = [];
  readonly deliveries: (ReceiptEvent | ArrivedText)[] = [];
  readonly rooms: string[] = [];
  readonly notes: CarrierNote[] = [];
  readonly troubles: unknown[] = [];
  /** What keeping a delivery takes; it is broken where this rejects. */
  keep: () => Promise<void> = async () => {};
  readonly carriers: SmppCarriers;

  private constructor(timing: Partial<CarrierTiming>) {
    this.carriers = createSmppCarriers({
      listener: this,
      quiet: this.quiet,
      note: (_carrier, note) => this.notes.push(note),
      trouble: (error) => this.troubles.push(error),
      timing: { ...quick, ...timing },
    });
  }

  /** Its first attempts to bind are over. */
  static async open(
    settings: readonly SmppCarrierSettings[],
    timing: Partial<CarrierTiming> = {},
  ): Promise<SmsDesk> {
    const desk = new SmsDesk(timing);
    await desk.carriers.start(
      settings,
      settings.map(({ name }) => name),
    );
    return desk;
  }

  submitted(event: SubmitEvent): void {
    this.submits.push(event);
  }

  async delivered(event: ReceiptEvent | ArrivedText): Promise<void> {
    this.deliveries.push(event);
    await this.keep();
  }

  room(carrier: string): void {
    this.rooms.push(carrier);
  }

  send(more: Partial<SubmitOrder> = {}): void {
    this.carriers.submit(order(more));
  }

  /** What came of the `count`-th submit that was told of, from 1. */
  told(count = 1): Promise<SubmitEvent> {
    return until(`event ${count} of a submit`, async () => {
      const event = this.submits[count - 1];
      return event ? { is: event } : { notYet: `${this.submits.length} came` };
    });
  }

  arrived(count = 1): Promise<ReceiptEvent | ArrivedText> {
    return until(`delivery ${count}`, async () => {
      const event = this.deliveries[count - 1];
      return event ? { is: event } : { notYet: `${this.deliveries.length} came` };
    });
  }

  noted(what: string): Promise<CarrierNote> {
    return until(`a note of ${what}`, async () => {
      const found = this.notes.find((note) => (note.note === 'misdeed' ? note.what : note.note) === what);
      return found ? { is: found } : { notYet: `only ${JSON.stringify(this.notes)}` };
    });
  }

  /** Its status, once it is not bound for this reason. */
  unbound(why: RegExp): Promise<void> {
    return until(`${why}`, async () => {
      const [status] = this.carriers.status();
      return why.test(status?.why ?? '') ? { is: undefined } : { notYet: JSON.stringify(status) };
    });
  }

  takes(carrier = 'acme'): Promise<number> {
    return until(`room at ${carrier}`, async () => {
      const room = this.carriers.room(carrier);
      return room > 0 ? { is: room } : { notYet: JSON.stringify(this.carriers.status()) };
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.carriers.stop(1000);
  }
}

export const order = (more: Partial<SubmitOrder> = {}): SubmitOrder => ({
  orderId: 'o1',
  carrier: 'acme',
  from: { kind: 'e164', address: '+18005550100' },
  to: '+15551230001',
  alphabet: 'gsm7',
  text: 'hello',
  receipt: true,
  ...more,
});
