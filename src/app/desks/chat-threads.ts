/** The threads that this process holds in memory, read from the store when somebody asks for them. */
import { evolve, type Folded } from '../../domain/chat/evolve.ts';
import type { Message } from '../../domain/chat/message.ts';
import { purgeAt, type Thread } from '../../domain/chat/thread.ts';
import type { ChatStore, ThreadIndex } from '../ports/chat-store.ts';

export interface OwnedThread {
  thread: Thread | undefined;
  /** Of the last fact, stored or on its way. */
  seq: number;
  snapshotSeq: number;
  /** Appends on their way. */
  writing: number;
  /** Messages as they will be once what is on its way is stored. */
  readonly pending: Map<number, Message>;
  /** Settles, never rejecting, when everything so far is stored or has failed. */
  tail: Promise<unknown>;
}

/** Loaded threads; more are let go, the longest unused first. */
const most = 2000;

export class OwnedThreads {
  readonly #chat: Pick<ChatStore, 'load'>;
  readonly #owned = new Map<string, OwnedThread>();

  constructor(chat: Pick<ChatStore, 'load'>) {
    this.#chat = chat;
  }

  fresh(threadId: string): OwnedThread {
    return this.#keep(threadId, {
      thread: undefined,
      seq: 0,
      snapshotSeq: 0,
      writing: 0,
      pending: new Map(),
      tail: Promise.resolve(),
    });
  }

  /** Throws as the store does when it cannot be read. */
  byId(threadId: string): OwnedThread | undefined {
    const known = this.#owned.get(threadId);
    if (known) {
      this.#owned.delete(threadId);
      this.#owned.set(threadId, known);
      return known;
    }
    const { snapshot, facts, lastSeq } = this.#chat.load(threadId);
    if (lastSeq === 0) return undefined;
    let thread = snapshot as unknown as Thread | undefined;
    for (const { fact } of facts) thread = evolve(thread, fact as unknown as Folded);
    const owned = this.fresh(threadId);
    return Object.assign(owned, { thread, seq: lastSeq, snapshotSeq: lastSeq - facts.length });
  }

  /** What is in memory is not what is stored: the next use reads it again. */
  lose(threadId: string, owned: OwnedThread): void {
    if (this.#owned.get(threadId) === owned) this.#owned.delete(threadId);
  }

  clear(): void {
    this.#owned.clear();
  }

  #keep(threadId: string, owned: OwnedThread): OwnedThread {
    this.#owned.set(threadId, owned);
    if (this.#owned.size > most) {
      for (const [id, { writing }] of this.#owned) {
        if (writing > 0 || id === threadId) continue;
        this.#owned.delete(id);
        break;
      }
    }
    return owned;
  }
}

export function threadIndex(thread: Thread): ThreadIndex {
  const { id: threadId, resourceId, topic, createdAt } = thread;
  if (thread.phase === 'deleted') {
    const { deletedAt } = thread;
    return { threadId, resourceId, topic, createdAt, activeAt: deletedAt, deletedAt };
  }
  const { lastMessageAt } = thread;
  const purge = purgeAt(thread);
  return {
    threadId,
    resourceId,
    topic,
    createdAt,
    activeAt: lastMessageAt ?? createdAt,
    ...(lastMessageAt === undefined ? {} : { lastMessageAt }),
    ...(purge === undefined ? {} : { purgeAt: purge }),
  };
}
