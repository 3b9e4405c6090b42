/** What users ask of threads, turned into inputs of the chat desk. */
import type { InputOf } from '../../domain/chat/inputs.ts';
import { type LeftOut, sortOut } from '../../domain/chat/invitations.ts';
import type { ChatLimits, RatedOperation } from '../../domain/chat/limits.ts';
import { outcome } from '../../domain/chat/outcome.ts';
import type { Thread } from '../../domain/chat/thread.ts';
import type { ChatEvents, Notified, Told } from '../ports/chat-events.ts';
import type { Identities } from '../ports/identities.ts';
import { JournalConflict, type Json, type Store, StoreFailed, StoreSilent } from '../ports/store.ts';
import type {
  Actor,
  ChatAnswer,
  Chats,
  Created,
  MessageChange,
  NewMessage,
  NewParticipants,
  NewThread,
  ThreadChange,
  TypingNotice,
} from './chat-commands.ts';
import { type ChatAccepted, ChatDesk, type ChatDeskDependencies, type ChatRefused } from './chat-desk.ts';
import { deliverySubject } from './chat-entries.ts';
import { type ChatRateParts, chatThrottle, type Throttle } from './chat-rates.ts';
import { chatReads, messageNumber } from './chat-reads.ts';
import { RetentionWatch } from './chat-retention.ts';

export interface ChatServiceDependencies extends ChatDeskDependencies, Omit<ChatRateParts, 'clock'> {
  readonly store: Pick<Store, 'repeat' | 'addTrace' | 'post'>;
  readonly limits: ChatLimits;
  readonly identities: Pick<Identities, 'user' | 'onDeleted'>;
}

const repeatWindowMs = 3_600_000;
const retryAfterTroubleMs = 1_000;

/** What a repetition of a creation is answered. */
interface CreatedBefore {
  readonly threadId: string;
  readonly leftOut: readonly LeftOut[];
}

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('=', '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');

const bytesOf = (uuid: string): readonly number[] =>
  (uuid.replaceAll('-', '').match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));

/** Where the devices that an event reached are kept among the traces. */
export const noticesOf = (threadId: string, messageId?: number): string =>
  `notices of ${deliverySubject(threadId, messageId)}`;

export class ChatService implements Chats, ChatEvents {
  readonly desk: ChatDesk;
  readonly threads: Chats['threads'];
  readonly thread: Chats['thread'];
  readonly messages: Chats['messages'];
  readonly message: Chats['message'];
  readonly participants: Chats['participants'];
  readonly receipts: Chats['receipts'];
  readonly #deps: ChatServiceDependencies;
  readonly #throttle: Throttle;
  readonly #retention: RetentionWatch;
  /** Creations on their way; repetitions wait for them. */
  readonly #creating = new Map<string, Promise<unknown>>();

  constructor(deps: ChatServiceDependencies) {
    this.#deps = deps;
    this.desk = new ChatDesk(deps);
    this.#throttle = chatThrottle(deps);
    this.#retention = new RetentionWatch({ ...deps, desk: this.desk });
    const reads = chatReads({ ...deps, desk: this.desk, throttle: this.#throttle });
    this.threads = (...asked) => this.#reading(() => reads.threads(...asked));
    this.thread = (...asked) => this.#reading(() => reads.thread(...asked));
    this.messages = (...asked) => this.#reading(() => reads.messages(...asked));
    this.message = (...asked) => this.#reading(() => reads.message(...asked));
    this.participants = (...asked) => this.#reading(() => reads.participants(...asked));
    this.receipts = (...asked) => this.#reading(() => reads.receipts(...asked));
    deps.identities.onDeleted((user) => this.#forgetUser(user));
  }

  /** Takes up what an earlier process left: retention policies and threads not yet emptied. */
  start(): void {
    this.#retention.start();
  }

  /** After the store was wiped. */
  forget(): void {
    this.desk.threads.clear();
    this.#retention.start();
  }

  subscribe(listener: (told: Told) => void): () => void {
    return this.desk.subscribe(listener);
  }

  notified(notice: Notified): void {
    const subject = noticesOf(notice.threadId, notice.messageId);
    this.#deps.store.addTrace(subject, notice.at, notice as unknown as Json);
  }

  async create(by: Actor, asked: NewThread, requestId?: string): Promise<ChatAnswer<Created>> {
    if (requestId === undefined) return this.#create(by, asked);
    const key = `chat thread ${by.id} ${requestId}`;
    while (this.#creating.has(key)) await this.#creating.get(key);
    const before = this.#reading(() => this.#createdBefore(key));
    if ('refused' in before) return before;
    if (before.ok) return { ok: before.ok };
    const creating = this.#create(by, asked, key);
    this.#creating.set(key, creating);
    try {
      return await creating;
    } finally {
      this.#creating.delete(key);
    }
  }

  async update(by: Actor, threadId: string, change: ThreadChange): Promise<ChatAnswer<undefined>> {
    const answer = await this.#ask(threadId, { input: 'update', by, ...change }, 'update thread');
    if ('ok' in answer && change.retention) this.#retention.look();
    return nothing(answer);
  }

  async delete(by: Actor, threadId: string): Promise<ChatAnswer<undefined>> {
    const answer = await this.#ask(threadId, { input: 'delete', by }, 'create or delete thread');
    if ('ok' in answer) this.#retention.deleted(threadId);
    return nothing(answer);
  }

  async send(by: Actor, threadId: string, message: NewMessage): Promise<ChatAnswer<number>> {
    const answer = await this.#ask(
      threadId,
      { input: 'send', by, ...message },
      'send, update or delete message',
    );
    if ('refused' in answer) return answer;
    const sent = answer.ok.facts.find(({ fact }) => fact === 'message-sent');
    if (sent?.fact !== 'message-sent') throw new Error('a message was sent and there is no message');
    return { ok: sent.message.id };
  }

  async edit(
    by: Actor,
    threadId: string,
    messageId: string,
    change: MessageChange,
  ): Promise<ChatAnswer<undefined>> {
    const found = this.#message(threadId, messageId);
    if ('refused' in found) return found;
    const input = { input: 'edit', by, message: found.ok, ...change } as const;
    return nothing(await this.#ask(threadId, input, 'send, update or delete message'));
  }

  async deleteMessage(by: Actor, threadId: string, messageId: string): Promise<ChatAnswer<undefined>> {
    const found = this.#message(threadId, messageId);
    if ('refused' in found) return found;
    const input = { input: 'delete-message', by, message: found.ok } as const;
    return nothing(await this.#ask(threadId, input, 'send, update or delete message'));
  }

  async add(by: Actor, threadId: string, asked: NewParticipants): Promise<ChatAnswer<readonly LeftOut[]>> {
    const { invited: participants, leftOut } = this.#sortOut(by, asked);
    const answer = await this.#ask(
      threadId,
      { input: 'add', by, participants },
      'add or remove participants',
    );
    return 'refused' in answer ? answer : { ok: leftOut };
  }

  async remove(by: Actor, threadId: string, user: string): Promise<ChatAnswer<undefined>> {
    return nothing(await this.#ask(threadId, { input: 'remove', by, user }, 'add or remove participants'));
  }

  async read(by: Actor, threadId: string, messageId: string): Promise<ChatAnswer<undefined>> {
    const found = this.#message(threadId, messageId);
    if ('refused' in found) return found;
    return nothing(await this.#ask(threadId, { input: 'read', by, message: found.ok }, 'send read receipt'));
  }

  async typing(by: Actor, threadId: string, notice: TypingNotice): Promise<ChatAnswer<undefined>> {
    return nothing(await this.#ask(threadId, { input: 'type', by, ...notice }, 'send typing notification'));
  }

  async #create(by: Actor, asked: NewThread, key?: string): Promise<ChatAnswer<Created>> {
    const { ids, clock } = this.#deps;
    // The first id is ordered by time: threads made together lie together.
    const threadId = `19:acsV1_${base64url(Uint8Array.from([...bytesOf(ids.next()), ...bytesOf(ids.next())]))}@thread.v2`;
    const { invited: participants, leftOut } = this.#sortOut(by, asked.participants);
    const input: InputOf<'create'> = { ...asked, input: 'create', threadId, by, participants };
    const before: CreatedBefore = { threadId, leftOut };
    const remember = key && {
      key,
      bodyHash: '',
      status: 201,
      body: JSON.stringify(before),
      expiresAt: clock.now() + repeatWindowMs,
    };
    const answer = await this.#ask(threadId, input, 'create or delete thread', remember || undefined);
    if ('refused' in answer) return answer;
    if (asked.retention) this.#retention.look();
    return { ok: { thread: this.#opened(answer.ok.thread), leftOut } };
  }

  #createdBefore(key: string): ChatAnswer<Created | undefined> {
    const record = this.#deps.store.repeat(key, this.#deps.clock.now());
    if (!record) return { ok: undefined };
    const { threadId, leftOut } = JSON.parse(record.body) as CreatedBefore;
    return { ok: { thread: this.#opened(this.desk.thread(threadId)), leftOut } };
  }

  #opened(thread: Thread | undefined): Thread {
    if (!thread) throw new Error('a thread was created and is not there');
    return thread;
  }

  #sortOut(by: Actor, asked: NewParticipants): ReturnType<typeof sortOut> {
    return sortOut(asked, by, (id) => this.#deps.identities.user(id)?.exists === true);
  }

  #message(threadId: string, messageId: string): ChatAnswer<ReturnType<ChatDesk['message']>> {
    return this.#reading(() => ({ ok: this.desk.message(threadId, messageNumber(messageId)) }));
  }

  async #ask(
    threadId: string,
    input: Extract<Parameters<ChatDesk['accept']>[1], { readonly by: Actor }>,
    rated: RatedOperation,
    remember?: NonNullable<Parameters<ChatDesk['accept']>[2]>['remember'],
  ): Promise<ChatAnswer<ChatAccepted>> {
    try {
      const accepted = this.desk.accept(threadId, input, {
        hold: () => this.#throttle(rated, input.by, threadId),
        ...(remember ? { remember } : {}),
      });
      if ('refused' in accepted) return accepted;
      await accepted.stored;
      return { ok: accepted };
    } catch (error) {
      return this.#trouble(error);
    }
  }

  #reading<T>(read: () => ChatAnswer<T>): ChatAnswer<T> {
    try {
      return read();
    } catch (error) {
      return this.#trouble(error);
    }
  }

  #trouble(error: unknown): ChatRefused {
    const ours = error instanceof StoreFailed || error instanceof JournalConflict;
    if (!ours && !(error instanceof StoreSilent)) throw error;
    const situation = ours ? 'store-failed@request' : 'store-silent@request';
    const refused = outcome(situation, this.#deps.clock.now(), { detail: error.message });
    return { refused, retryAfterMs: retryAfterTroubleMs };
  }

  /** Its threads go on without it. */
  #forgetUser(user: string): void {
    try {
      for (const threadId of this.#deps.chat.threadsOf(user)) {
        const accepted = this.desk.accept(threadId, { input: 'user-deleted', user });
        if ('stored' in accepted) accepted.stored.catch(this.#deps.onTrouble);
      }
    } catch (error) {
      this.#deps.onTrouble(error);
    }
  }
}

const nothing = (answer: ChatAnswer<unknown>): ChatAnswer<undefined> =>
  'refused' in answer ? answer : { ok: undefined };
