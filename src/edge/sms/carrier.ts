/** One carrier: bound, and bound again when that is lost; orders go out, receipts and texts come in. */
import type { Quiet } from '../../app/ports/clock.ts';
import type {
  CarrierStatus,
  CarriersListener,
  SubmitEvent,
  SubmitOrder,
} from '../../app/ports/sms-carriers.ts';
import { commandStatus, isThrottling } from '../../wire/smpp/command-status.ts';
import type { Tlvs } from '../../wire/smpp/tlvs.ts';
import type { Answer, LinkUser, Misdeed, Reply, SmppLink } from '../smpp/link.ts';
import type { Pdu } from '../smpp/pdu.ts';
import { type Bind, bind } from './bind.ts';
import { readDelivery } from './delivery.ts';
import type { TlsMaterial } from './dial.ts';
import { type CarrierTiming, type SmppCarrierSettings, targetOf, waitOf } from './settings.ts';
import { submission } from './submission.ts';
import { SubmitRoom } from './submit-room.ts';

/** For the log. A misdeed is told once, and so is a reason that does not change. */
export type CarrierNote =
  | { readonly note: 'bound' }
  /** `retryInMs`: when binding is tried next. */
  | { readonly note: 'unbound'; readonly why: string; readonly retryInMs: number }
  | {
      readonly note: 'misdeed';
      readonly what: Misdeed | 'unexpected-command' | 'unusable-delivery' | 'delivery-put-off';
      readonly detail: string;
    };

export interface CarrierWorld {
  readonly listener: CarriersListener;
  readonly quiet: Quiet;
  readonly note: (carrier: string, note: CarrierNote) => void;
  /** A bug of ours. */
  readonly trouble: (error: unknown) => void;
  readonly timing: CarrierTiming;
}

/** A slow carrier keeps a manual clock waiting, a silent one does not. */
const longestHoldMs = 1500;
/** Deliveries that are being written at a time; the carrier is asked to try again with what is above. */
const mostDeliveries = 256;

export class SmppCarrier {
  readonly #settings: SmppCarrierSettings;
  readonly #world: CarrierWorld;
  readonly #material: TlsMaterial | undefined;
  readonly #room: SubmitRoom;
  readonly #abort = new AbortController();
  readonly #noted = new Set<string>();
  #bind: Bind | undefined;
  /** Kept while binding is tried again: it is still what is wrong. */
  #why = 'binding for the first time';
  #whyNoted: string | undefined;
  #failures = 0;
  #delivering = 0;
  #rebinding: NodeJS.Timeout | undefined;
  /** `silently`: nobody is told anything any more. */
  #stopping: 'no' | 'orderly' | 'silently' = 'no';
  #answeredAll: (() => void) | undefined;

  constructor(settings: SmppCarrierSettings, material: TlsMaterial | undefined, world: CarrierWorld) {
    this.#settings = settings;
    this.#material = material;
    this.#world = world;
    this.#room = new SubmitRoom({
      window: settings.window,
      submitsPerSecond: settings.submitsPerSecond,
      throttled: world.timing.throttled,
      bound: () => this.#stopping === 'no' && (this.#bind?.links.every((link) => link.open) ?? false),
      opened: () => this.#tell((listener) => listener.room(settings.name)),
      hold: () => this.#hold('a back-off of'),
    });
  }

  get status(): CarrierStatus {
    return {
      name: this.#settings.name,
      target: targetOf(this.#settings),
      bound: this.#bind !== undefined,
      ...(this.#bind ? {} : { why: this.#why }),
      pending: this.#room.pending,
    };
  }

  get room(): number {
    return this.#room.left();
  }

  /** Resolves when the first attempt to bind is over, however it went. */
  start(): Promise<void> {
    return this.#tryToBind();
  }

  /** Throws where there is no room. */
  submit(order: SubmitOrder): void {
    const [link] = this.#bind?.links ?? [];
    if (!link || this.room === 0)
      throw new Error(`the SMS carrier ${this.#settings.name} takes no order now`);
    const fields = submission(order);
    const release = this.#hold('a submit to');
    this.#room.taken();
    link.ask('submit_sm', fields, (reply) => {
      this.#room.answered();
      const event = this.#eventOf(order.orderId, reply);
      this.#tell((listener) => listener.submitted(event));
      release();
      this.#room.tell();
      if (this.#room.pending === 0) this.#answeredAll?.();
    });
  }

  /**
   * Takes no more orders, waits for the answers that are due, unbinds. What is not answered within that is told as
   * lost. 0: drops everything, and nobody is told anything.
   */
  async stop(withinMs: number): Promise<void> {
    this.#stopping = withinMs === 0 ? 'silently' : 'orderly';
    clearTimeout(this.#rebinding);
    const until = performance.now() + withinMs;
    if (withinMs > 0 && this.#room.pending > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#answeredAll = resolve;
      const limit = setTimeout(resolve, withinMs / 2);
      await promise;
      clearTimeout(limit);
    }
    const left = Math.max(0, until - performance.now());
    await Promise.all(this.#bind?.links.map((link) => link.unbind(left)) ?? []);
    this.#abort.abort();
    this.#room.stop();
    this.#bind = undefined;
    this.#why = 'the server stops';
  }

  async #tryToBind(): Promise<void> {
    const release = this.#hold('binding to');
    try {
      const bound = await bind({
        settings: this.#settings,
        material: this.#material,
        connectWithin: this.#world.timing.connectWithin,
        signal: this.#abort.signal,
        user: (link) => this.#userOf(link),
      });
      if (this.#stopping !== 'no') {
        for (const link of bound.links) link.close('we stop');
        return;
      }
      this.#bind = bound;
      this.#failures = 0;
      this.#whyNoted = undefined;
      this.#world.note(this.#settings.name, { note: 'bound' });
      this.#room.tell();
    } catch (error) {
      this.#unbound(error instanceof Error ? error.message : String(error));
    } finally {
      release();
    }
  }

  #unbound(why: string): void {
    this.#bind = undefined;
    this.#why = why;
    if (this.#stopping !== 'no') return;
    const retryInMs = waitOf(this.#world.timing.rebind, this.#failures);
    // What was lost a moment ago mostly comes back at once.
    const release = this.#failures === 0 ? this.#hold('a new bind to') : () => {};
    this.#failures += 1;
    if (why !== this.#whyNoted) this.#world.note(this.#settings.name, { note: 'unbound', why, retryInMs });
    this.#whyNoted = why;
    this.#rebinding = setTimeout(() => {
      void this.#tryToBind();
      release();
    }, retryInMs);
    this.#rebinding.unref();
  }

  #userOf(link: () => SmppLink): LinkUser {
    return {
      request: (pdu, tlvs) => this.#requested(pdu, tlvs),
      closed: (why) => {
        const lost = this.#bind;
        if (!lost?.links.includes(link())) return;
        this.#unbound(why);
        for (const other of lost.links) other.close(why);
      },
      misdeed: (what, detail) => this.#misdeed(what, detail),
      trouble: this.#world.trouble,
    };
  }

  #eventOf(orderId: string, reply: Reply): SubmitEvent {
    if (reply.kind === 'late')
      return { kind: 'lost', orderId, why: `no answer within ${this.#settings.answerWithin} ms` };
    if (reply.kind === 'closed')
      return { kind: 'lost', orderId, why: `the bind was lost before the answer: ${reply.why}` };
    const { command, command_status: status, message_id: carrierMessageId = '' } = reply.pdu;
    if (status === commandStatus.ESME_ROK && command === 'submit_sm_resp') {
      this.#room.accepted();
      return { kind: 'accepted', orderId, carrierMessageId };
    }
    if (isThrottling(status)) this.#room.throttled();
    // A generic_nack of status 0 refuses without a reason.
    return { kind: 'refused', orderId, status: status || commandStatus.ESME_RUNKNOWNERR };
  }

  #requested(pdu: Pdu, tlvs: Tlvs): Answer | Promise<Answer> | 'none' {
    switch (pdu.command) {
      case 'deliver_sm':
      case 'data_sm':
        return this.#delivered(pdu, tlvs);
      case 'alert_notification':
        return 'none';
      default:
        this.#misdeed('unexpected-command', pdu.command);
        return pdu.command === 'outbind' ? 'none' : { status: commandStatus.ESME_RINVBNDSTS };
    }
  }

  #delivered(pdu: Pdu, tlvs: Tlvs): Answer | Promise<Answer> {
    const delivery = readDelivery(this.#settings.name, pdu, tlvs);
    if (delivery.kind === 'unusable') {
      this.#misdeed('unusable-delivery', delivery.why);
      return { status: delivery.status };
    }
    if (this.#delivering < mostDeliveries && this.#stopping !== 'silently') return this.#keep(delivery);
    this.#misdeed('delivery-put-off', `${this.#delivering} are being written`);
    return { status: commandStatus.ESME_RX_T_APPN };
  }

  async #keep(delivery: Parameters<CarriersListener['delivered']>[0]): Promise<Answer> {
    this.#delivering += 1;
    const sent = this.#hold('a delivery from');
    try {
      await this.#world.listener.delivered(delivery);
      return { sent };
    } catch (error) {
      this.#misdeed('delivery-put-off', error instanceof Error ? error.message : String(error));
      return { status: commandStatus.ESME_RX_T_APPN, sent };
    } finally {
      this.#delivering -= 1;
    }
  }

  #misdeed(what: Extract<CarrierNote, { note: 'misdeed' }>['what'], detail: string): void {
    if (this.#noted.has(what)) return;
    this.#noted.add(what);
    this.#world.note(this.#settings.name, { note: 'misdeed', what, detail });
  }

  #tell(tell: (listener: CarriersListener) => void): void {
    if (this.#stopping === 'silently') return;
    try {
      tell(this.#world.listener);
    } catch (error) {
      this.#world.trouble(error);
    }
  }

  #hold(what: string): () => void {
    return this.#world.quiet.hold(`${what} SMS carrier ${this.#settings.name}`, longestHoldMs);
  }
}
