/**
 * Takes texts from the queue as carriers have room: what is in memory is what carriers are taking just now, however many
 * wait on disk. Of a sender and a recipient one text at a time is under way, so that they arrive in order.
 */
import type { Answer } from '../../domain/sms/inputs.ts';
import type { SmsMessage } from '../../domain/sms/message.ts';
import { cut } from '../../domain/sms/segments.ts';
import type { Cancel, Clock, Quiet } from '../ports/clock.ts';
import type { SmsCarriers, SubmitEvent } from '../ports/sms-carriers.ts';
import type { SmsStore } from '../ports/sms-store.ts';
import { carriersOf, queueOf, type SmsAccepted, type SmsDesk } from './sms-desk.ts';
import { Orders } from './sms-orders.ts';

export interface DispatcherParts {
  readonly desk: SmsDesk;
  readonly sms: SmsStore;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly carriers: Pick<SmsCarriers, 'room' | 'submit' | 'status'>;
  readonly onTrouble: (error: unknown) => void;
}

/** A text that a carrier is taking. */
interface UnderWay {
  readonly parts: readonly string[];
  /** Its next parts wait for room. */
  partial: boolean;
}

/** Taken from one queue in one turn, so that requests and answers get theirs. */
const perTurn = 100;
const afterTroubleMs = 1_000;

export class SmsDispatcher {
  readonly #parts: DispatcherParts;
  readonly #underWay = new Map<string, UnderWay>();
  readonly #orders = new Orders();
  readonly #queues = new Set<string>();
  #scheduled = false;
  #alarm: { readonly at: number; readonly cancel: Cancel } | undefined;
  #troubled = false;
  #stopped = true;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
  }

  /** Takes up what an earlier process left. */
  async start(): Promise<void> {
    const { sms, clock } = this.#parts;
    await sms.recover(clock.now());
    for (const { queue } of sms.queues()) this.#queues.add(queue);
    this.#stopped = false;
    this.pull();
  }

  /** Takes nothing more from the queue; answers are heard still. */
  stop(): void {
    this.#stopped = true;
    this.#alarm?.cancel();
    this.#alarm = undefined;
  }

  /** After the store was wiped. */
  forget(): void {
    this.#underWay.clear();
    this.#orders.clear();
    this.#queues.clear();
  }

  /** A text waits for these carriers now. */
  joined(queue: string): void {
    this.#queues.add(queue);
    this.pull();
  }

  /** Looks for something to send, once in a turn of the event loop. */
  pull(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    const release = this.#parts.quiet.hold('texts to be sent');
    setImmediate(() => {
      this.#scheduled = false;
      try {
        this.#turn();
      } catch (error) {
        this.#trouble(error);
      }
      release();
    });
  }

  submitted(event: SubmitEvent): void {
    this.#orders.settle(event.orderId, ({ messageId, segment, carrier }) =>
      this.#guard(messageId, () => {
        const answered = { input: 'answered', segment, carrier, answer: answerOf(event) } as const;
        this.#accepted(messageId, this.#parts.desk.accept(messageId, answered));
      }),
    );
  }

  /** Resolves when every text that this carrier is taking now was answered: an id that is unknown then is nobody's. */
  answers(carrier: string): Promise<void> {
    return this.#orders.answered(carrier);
  }

  /** Submitted and not answered yet. */
  get pending(): number {
    return this.#orders.size;
  }

  #turn(): void {
    if (this.#stopped) return;
    for (const [messageId, { partial }] of this.#underWay)
      if (partial) this.#guard(messageId, () => this.#goOn(messageId));
    let more = false;
    for (const queue of this.#queues) more = this.#take(queue) || more;
    if (more) this.pull();
    else this.#setAlarm();
  }

  /** The first carrier that is there; one whose window is full is waited for. */
  #choose(names: readonly string[]): { readonly carrier: string; readonly room: number } | undefined {
    const { carriers } = this.#parts;
    const status = carriers.status();
    for (const carrier of names) {
      // Asked of those that are not there too: who finds no room is told when there is some.
      const room = carriers.room(carrier);
      if (status.some(({ name, bound }) => name === carrier && bound)) return { carrier, room };
    }
    return undefined;
  }

  /** True: there may be more to take at once. */
  #take(queue: string): boolean {
    const { sms, clock } = this.#parts;
    const chosen = this.#choose(carriersOf(queue));
    if (!chosen || chosen.room === 0) return false;
    const wanted = Math.min(chosen.room, perTurn);
    // Those under way may stand in the queue until their taking is on disk.
    const ready = sms
      .ready(queue, clock.now(), wanted + this.#underWay.size)
      .filter((messageId) => !this.#underWay.has(messageId))
      .slice(0, wanted);
    for (const messageId of ready) {
      if (this.#parts.carriers.room(chosen.carrier) === 0) return false;
      this.#guard(messageId, () => this.#begin(messageId, chosen.carrier));
      if (this.#troubled) return false;
    }
    return ready.length === wanted && this.#parts.carriers.room(chosen.carrier) > 0;
  }

  #begin(messageId: string, carrier: string): void {
    const { desk, sms } = this.#parts;
    const text = sms.text(messageId);
    // Ended a moment ago, and not yet out of the queue on disk.
    if (text === undefined || desk.state(messageId)?.phase === 'ended') return;
    this.#underWay.set(messageId, { parts: cut(text).parts, partial: false });
    if (desk.state(messageId)?.phase === 'submitting')
      this.#accepted(messageId, desk.accept(messageId, { input: 'resume' }));
    this.#submit(messageId, carrier);
  }

  #goOn(messageId: string): void {
    const state = this.#parts.desk.state(messageId);
    if (state?.phase !== 'submitting') return;
    const chosen = this.#choose(carriersOf(queueOf(state.routes)));
    if (chosen && chosen.room > 0) this.#submit(messageId, chosen.carrier);
  }

  #submit(messageId: string, carrier: string): void {
    const { desk, carriers } = this.#parts;
    const room = carriers.room(carrier);
    const state = desk.state(messageId);
    if (!state) return;
    const { facts, ...rest } = desk.accept(messageId, {
      input: 'submit',
      carrier,
      room,
      optedOut: this.#isOptedOut(state),
    });
    this.#accepted(messageId, { facts, ...rest });
    for (const fact of facts)
      if (fact.fact === 'segment-submitted') this.#order(rest.state, fact.segment, carrier);
  }

  #order({ message }: SmsMessage, segment: number, carrier: string): void {
    const { id: messageId, from, to, alphabet, parts: of, reference: number, routes } = message;
    const orderId = this.#orders.add({ messageId, segment, carrier });
    try {
      this.#parts.carriers.submit({
        orderId,
        carrier,
        from,
        to,
        alphabet,
        text: this.#underWay.get(messageId)?.parts[segment - 1] ?? '',
        ...(of === 1 ? {} : { segment: { reference: number, number: segment, of } }),
        receipt: routes.find((route) => route.carrier === carrier)?.receipts ?? true,
      });
    } catch (error) {
      this.#parts.onTrouble(error);
      const why = 'it could not be handed to the connection';
      setImmediate(() => this.submitted({ kind: 'lost', orderId, why }));
    }
  }

  #isOptedOut({ message }: SmsMessage): boolean {
    if (message.answersKeyword) return false;
    const { resourceId, from, to } = message;
    return this.#parts.sms.isOptedOut({ resourceId, sender: from.address, recipient: to });
  }

  /** What cannot be read or written now is taken up again from what is on disk. */
  #guard(messageId: string, act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#underWay.delete(messageId);
      this.#trouble(error);
    }
  }

  /** Once it is on disk, a text that no carrier is taking any more makes room for the next of its lane. */
  #accepted(messageId: string, { state, stored }: SmsAccepted): void {
    const one = this.#underWay.get(messageId);
    if (one)
      one.partial = state.phase === 'submitting' && state.segments.some(({ state: s }) => s === 'waiting');
    stored.then(
      () => {
        if (this.#parts.desk.state(messageId)?.phase === 'submitting') {
          if (one?.partial) this.pull();
          return;
        }
        this.#underWay.delete(messageId);
        if (state.phase === 'queued') this.#queues.add(queueOf(state.routes));
        this.pull();
      },
      (error: unknown) => {
        this.#underWay.delete(messageId);
        this.#trouble(error);
      },
    );
  }

  /** The store was in trouble: what it did not take is tried again from what is on disk. */
  #trouble(error: unknown): void {
    this.#parts.onTrouble(error);
    if (this.#troubled || this.#stopped) return;
    this.#troubled = true;
    const { sms, clock } = this.#parts;
    clock.at(clock.now() + afterTroubleMs, 'texts after trouble', () => {
      this.#troubled = false;
      if (this.#stopped) return;
      sms.recover(clock.now()).then(
        () => this.pull(),
        (again: unknown) => this.#trouble(again),
      );
    });
  }

  /** For the next text that waits for its time. */
  #setAlarm(): void {
    const { sms, clock } = this.#parts;
    const now = clock.now();
    const due = [...this.#queues].flatMap((queue) => sms.nextReady(queue, now) ?? []);
    const at = Math.min(...due);
    if (at === this.#alarm?.at) return;
    this.#alarm?.cancel();
    this.#alarm = undefined;
    if (due.length === 0) return;
    const cancel = clock.at(at, 'a text tried again', () => {
      this.#alarm = undefined;
      this.pull();
    });
    this.#alarm = { at, cancel };
  }
}

function answerOf(event: SubmitEvent): Answer {
  switch (event.kind) {
    case 'accepted':
      return { kind: 'accepted', carrierMessageId: event.carrierMessageId };
    case 'refused':
      return { kind: 'refused', status: event.status };
    case 'lost':
      return { kind: 'lost', why: event.why };
  }
}
