/** The actor of threads: stamps an input, decides, evolves in memory, journals, and tells once that is stored. */
import type { Outcome } from '../../domain/call/outcome.ts';
import { decide, isRefusal } from '../../domain/chat/decide.ts';
import { type Told, toldOf } from '../../domain/chat/events.ts';
import { evolve } from '../../domain/chat/evolve.ts';
import { type Fact, isMessageFact, journalled, messageOf } from '../../domain/chat/facts.ts';
import type { Input } from '../../domain/chat/inputs.ts';
import type { ChatLimits } from '../../domain/chat/limits.ts';
import type { Message } from '../../domain/chat/message.ts';
import type { Thread } from '../../domain/chat/thread.ts';
import type { ChatStore, ThreadAppend } from '../ports/chat-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Outbox } from '../ports/outbox.ts';
import type { Json, OutboxEntry, RepeatRecord, Store } from '../ports/store.ts';
import { type ChatEntryContext, chatEntries } from './chat-entries.ts';
import { type OwnedThread, OwnedThreads, threadIndex } from './chat-threads.ts';

export interface ChatDeskDependencies extends ChatEntryContext {
  readonly chat: ChatStore;
  readonly store: Pick<Store, 'post'>;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly limits: ChatLimits;
  /** One log line per fact. */
  readonly onFact: (threadId: string, fact: Fact) => void;
  /** A listener threw: a defect, which stops nobody else. */
  readonly onTrouble: (error: unknown) => void;
}

/** What came of an input: `stored` settles once its facts are; it rejects when they could not be. */
export interface ChatAccepted {
  readonly thread: Thread | undefined;
  readonly facts: readonly Fact[];
  readonly stored: Promise<void>;
}

export interface ChatAcceptOptions {
  /** Asked once the input is found good, before anything follows from it. */
  readonly hold?: () => ChatRefused | undefined;
  readonly remember?: RepeatRecord;
}

export interface ChatRefused {
  readonly refused: Outcome;
  readonly retryAfterMs?: number;
}

/** Facts that are folded again at most when a thread is loaded. */
const snapshotEvery = 200;

export class ChatDesk {
  readonly threads: OwnedThreads;
  readonly #deps: ChatDeskDependencies;
  readonly #listeners = new Set<(told: Told) => void>();

  constructor(deps: ChatDeskDependencies) {
    this.#deps = deps;
    this.threads = new OwnedThreads(deps.chat);
  }

  subscribe(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  thread(threadId: string): Thread | undefined {
    return this.threads.byId(threadId)?.thread;
  }

  /** As it stands, what is on its way to the store included. */
  message(threadId: string, id: number): Message | undefined {
    const pending = this.threads.byId(threadId)?.pending.get(id);
    return pending ?? (this.#deps.chat.message(threadId, id)?.body as unknown as Message | undefined);
  }

  /** One synchronous turn; nothing in it awaits. */
  accept(threadId: string, input: Input, options: ChatAcceptOptions = {}): ChatAccepted | ChatRefused {
    const known = this.threads.byId(threadId);
    const decision = decide(known?.thread, input, this.#deps.clock.now(), this.#deps.limits);
    if (isRefusal(decision)) return decision;
    const held = options.hold?.();
    if (held) return held;
    const owned = known ?? this.threads.fresh(threadId);
    const told = this.#evolve(owned, decision);
    const kept = decision.filter(({ fact }) => fact !== 'typing');
    const entries = told.flatMap((one) => chatEntries(one, this.#deps));
    const before = owned.tail;
    const stored = this.#keep(owned, kept, entries, options.remember).then(async () => {
      this.#deps.outbox.owe(entries);
      // What took no turn of the store keeps its place among what did.
      await before;
      for (const fact of kept) this.#deps.onFact(threadId, fact);
      this.#tell(told);
    });
    owned.tail = stored.catch(() => undefined);
    return { thread: owned.thread, facts: decision, stored };
  }

  #keep(
    owned: OwnedThread,
    facts: readonly Fact[],
    entries: readonly OutboxEntry[],
    remember: RepeatRecord | undefined,
  ): Promise<void> {
    if (facts.length > 0 && owned.thread) return this.#store(owned, owned.thread, facts, entries, remember);
    return entries.length > 0 ? this.#deps.store.post(entries) : Promise.resolve();
  }

  #evolve(owned: OwnedThread, facts: readonly Fact[]): readonly Told[] {
    const told: Told[] = [];
    for (const fact of facts) {
      const before = owned.thread;
      owned.thread = evolve(before, fact);
      const one = owned.thread && toldOf(fact, owned.thread, before);
      if (one) told.push(one);
    }
    return told;
  }

  async #store(
    owned: OwnedThread,
    thread: Thread,
    facts: readonly Fact[],
    entries: readonly OutboxEntry[],
    remember: RepeatRecord | undefined,
  ): Promise<void> {
    const fromSeq = owned.seq + 1;
    owned.seq += facts.length;
    const due = owned.seq - owned.snapshotSeq >= snapshotEvery;
    if (due) owned.snapshotSeq = owned.seq;
    const messages = facts.filter(isMessageFact).map(({ message }) => message);
    for (const message of messages) owned.pending.set(message.id, message);
    owned.writing += 1;
    const append: ThreadAppend = {
      threadId: thread.id,
      fromSeq,
      at: this.#deps.clock.now(),
      facts: facts.map(rowOf),
      messages: messages.map((message) => ({
        id: message.id,
        version: message.version,
        body: message as unknown as Json,
      })),
      index: threadIndex(thread),
      ...moves(facts),
      entries,
      ...(due ? { snapshot: thread as unknown as Json } : {}),
      ...(remember ? { remember } : {}),
    };
    try {
      await this.#deps.chat.append(append);
    } catch (failure) {
      this.threads.lose(thread.id, owned);
      throw failure;
    } finally {
      owned.writing -= 1;
      for (const message of messages)
        if (owned.pending.get(message.id) === message) owned.pending.delete(message.id);
    }
  }

  #tell(told: readonly Told[]): void {
    for (const one of told) {
      for (const listener of this.#listeners) {
        try {
          listener(one);
        } catch (error) {
          this.#deps.onTrouble(error);
        }
      }
    }
  }
}

function rowOf(fact: Fact): ThreadAppend['facts'][number] {
  const kept = journalled(fact);
  const messageId = messageOf(kept);
  return { fact: kept as unknown as Json, ...(messageId === undefined ? {} : { messageId }) };
}

/** Whose lists the thread comes into, and whose it leaves; the last fact about somebody counts. */
function moves(facts: readonly Fact[]): Pick<ThreadAppend, 'joined' | 'left'> {
  const there = new Map<string, boolean>();
  for (const fact of facts) {
    const joins = fact.fact === 'thread-created' || fact.fact === 'participants-added';
    if (joins || fact.fact === 'participants-removed')
      for (const { id } of fact.participants) there.set(id, joins);
  }
  const those = (joins: boolean) => [...there].filter(([, is]) => is === joins).map(([id]) => id);
  return { joined: those(true), left: those(false) };
}
