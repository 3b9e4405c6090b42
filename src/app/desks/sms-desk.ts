/** The actor of texts: stamps an input, decides, evolves in memory, journals, and tells once that is stored. */
import { decide } from '../../domain/sms/decide.ts';
import type { RetryPolicy } from '../../domain/sms/decide-submit.ts';
import { evolve } from '../../domain/sms/evolve.ts';
import type { Fact } from '../../domain/sms/facts.ts';
import { reportOf } from '../../domain/sms/grid-events.ts';
import type { Input } from '../../domain/sms/inputs.ts';
import type { Route, SmsMessage } from '../../domain/sms/message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { QueueChange, SmsAppend, SmsIndex, SmsStore } from '../ports/sms-store.ts';
import type { Json, RepeatRecord } from '../ports/store.ts';
import { type SmsEntryContext, smsEntries } from './sms-entries.ts';

export interface SmsDeskDependencies extends SmsEntryContext {
  readonly sms: SmsStore;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly retries: RetryPolicy;
  /** One log line per fact, and the count of outcomes. */
  readonly onFact: (messageId: string, fact: Fact) => void;
}

export interface SmsAccepted {
  readonly state: SmsMessage;
  readonly facts: readonly Fact[];
  /** Settles once the facts are on disk; rejects when they could not be, and then nothing has happened. */
  readonly stored: Promise<void>;
}

/** A text in memory: while something of it is being written, or a carrier is taking it. */
interface Owned {
  state: SmsMessage | undefined;
  seq: number;
  writing: number;
}

/** Carriers that may take it, in order: names of carriers have no commas. */
export const queueOf = (routes: readonly Route[]): string => routes.map(({ carrier }) => carrier).join(',');
export const carriersOf = (queue: string): readonly string[] => queue.split(',');

const laneOf = ({ message }: SmsMessage): string => `${message.from.address} ${message.to}`;

export class SmsDesk {
  readonly #deps: SmsDeskDependencies;
  readonly #owned = new Map<string, Owned>();
  /** Of carriers' ids whose writing is under way. */
  readonly #carrierIds = new Map<string, { readonly messageId: string; readonly segment: number }>();

  constructor(deps: SmsDeskDependencies) {
    this.#deps = deps;
  }

  /** As it stands, what is on its way to the store included. */
  state(messageId: string): SmsMessage | undefined {
    return this.#get(messageId).state;
  }

  /** Whose part the carrier calls so. */
  find(
    carrier: string,
    carrierMessageId: string,
  ): { readonly messageId: string; readonly segment: number } | undefined {
    const pending = this.#carrierIds.get(`${carrier} ${carrierMessageId}`);
    return pending ?? this.#deps.sms.findByCarrierId(carrier, carrierMessageId);
  }

  /** Texts in memory. */
  get size(): number {
    return this.#owned.size;
  }

  /** After the store was wiped. */
  forget(): void {
    this.#owned.clear();
    this.#carrierIds.clear();
  }

  /** One synchronous turn; nothing in it awaits. `text`: what a new message says. */
  accept(
    messageId: string,
    input: Input,
    { text = '', remember }: { readonly text?: string; readonly remember?: RepeatRecord } = {},
  ): SmsAccepted {
    const owned = this.#get(messageId);
    const before = owned.state;
    const at = this.#deps.clock.now();
    const facts = decide(before, input, at, this.#deps.retries);
    let state = before;
    for (const fact of facts) state = evolve(state, fact);
    if (!state) throw new Error(`${input.input} of the message ${messageId}, which is unknown`);
    if (facts.length === 0) return { state, facts, stored: Promise.resolve() };
    owned.state = state;
    this.#owned.set(messageId, owned);
    const report = before?.phase === 'ended' ? undefined : reportOf(state);
    const entries = report ? smsEntries(report, state.message.resourceId, this.#deps) : [];
    const queue = queueChange(before, state, facts, at, text);
    const carrierIds = idsOf(facts);
    const append: SmsAppend = {
      messageId,
      fromSeq: owned.seq + 1,
      at,
      facts: facts as unknown as readonly Json[],
      entries,
      carrierIds,
      ...(!before || (before.phase !== 'ended' && state.phase === 'ended') ? { index: indexOf(state) } : {}),
      ...(queue ? { queue } : {}),
      ...(remember ? { remember } : {}),
    };
    owned.seq += facts.length;
    const stored = this.#store(owned, append).then(() => {
      this.#deps.outbox.owe(entries);
      for (const fact of facts) this.#deps.onFact(messageId, fact);
    });
    return { state, facts, stored };
  }

  #get(messageId: string): Owned {
    const owned = this.#owned.get(messageId);
    if (owned) return owned;
    const { facts, lastSeq } = this.#deps.sms.load(messageId);
    let state: SmsMessage | undefined;
    // Journal rows are facts as `decide` made them, through JSON.
    for (const { fact } of facts) state = evolve(state, fact as unknown as Fact);
    return { state, seq: lastSeq, writing: 0 };
  }

  async #store(owned: Owned, append: SmsAppend): Promise<void> {
    const { messageId, carrierIds = [] } = append;
    const keys = carrierIds.map(({ carrier, carrierMessageId }) => `${carrier} ${carrierMessageId}`);
    for (const [i, key] of keys.entries())
      this.#carrierIds.set(key, { messageId, segment: carrierIds[i]?.segment ?? 0 });
    owned.writing += 1;
    try {
      await this.#deps.sms.append(append);
      owned.writing -= 1;
      if (owned.writing === 0) this.#letGo(messageId, owned);
    } catch (failure) {
      // What is in memory is ahead of the disk: the next input finds what is stored.
      this.#letGo(messageId, owned);
      throw failure;
    } finally {
      for (const key of keys) this.#carrierIds.delete(key);
    }
  }

  #letGo(messageId: string, owned: Owned): void {
    if (this.#owned.get(messageId) === owned) this.#owned.delete(messageId);
  }
}

function indexOf(state: SmsMessage): SmsIndex {
  const { id, resourceId, from, to, acceptedAt, reportDue } = state.message;
  const ended =
    state.phase === 'ended' ? { endedAt: state.outcome.at, row: state.outcome.row } : { reportDue };
  return {
    messageId: id,
    resourceId,
    direction: 'out',
    from: from.address,
    to,
    at: acceptedAt,
    ...ended,
  };
}

const idsOf = (facts: readonly Fact[]): NonNullable<SmsAppend['carrierIds']> =>
  facts.flatMap((fact) => {
    if (fact.fact !== 'segment-taken') return [];
    const { carrier, carrierMessageId, segment } = fact;
    return [{ carrier, carrierMessageId, segment }];
  });

const requeues: readonly Fact['fact'][] = ['retry-planned', 'carrier-changed', 'message-resumed'];

function queueChange(
  before: SmsMessage | undefined,
  state: SmsMessage,
  facts: readonly Fact[],
  at: number,
  text: string,
): QueueChange | undefined {
  const queued = before?.phase === 'queued' || before?.phase === 'submitting';
  switch (state.phase) {
    case 'queued': {
      const queue = queueOf(state.routes);
      if (!before) return { kind: 'join', queue, lane: laneOf(state), due: at, text };
      const moved = facts.some(({ fact }) => requeues.includes(fact));
      return moved ? { kind: 'wait', queue, due: Math.max(at, state.dueAt) } : undefined;
    }
    case 'submitting':
      return before?.phase === 'queued' || facts.some(({ fact }) => fact === 'carrier-changed')
        ? { kind: 'take' }
        : undefined;
    case 'sent':
    case 'ended':
      return queued ? { kind: 'leave', due: at } : undefined;
  }
}
