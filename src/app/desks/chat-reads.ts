/** What users may look at. Reads never reach the desk's queue. */
import {
  type Actor,
  type Admitted,
  admit,
  findVisible,
  type Operation,
  scopeRefused,
} from '../../domain/chat/access.ts';
import type { ChatLimits, RatedOperation } from '../../domain/chat/limits.ts';
import type { Message } from '../../domain/chat/message.ts';
import type { ChatStore } from '../ports/chat-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { ChatAnswer, Chats, Page, PageOf } from './chat-commands.ts';
import type { ChatDesk, ChatRefused } from './chat-desk.ts';
import type { Throttle } from './chat-rates.ts';

export interface ChatReadParts {
  readonly desk: ChatDesk;
  readonly chat: ChatStore;
  readonly clock: Clock;
  readonly limits: ChatLimits;
  readonly throttle: Throttle;
}

type Reads = Pick<Chats, 'threads' | 'thread' | 'messages' | 'message' | 'participants' | 'receipts'>;

/** Message ids are whole numbers in decimal; anything else is the id of no message. */
export function messageNumber(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : -1;
}

export function chatReads({ desk, chat, clock, limits, throttle }: ChatReadParts): Reads {
  const sizeOf = ({ size = limits.page }: PageOf): number => Math.min(size, limits.page);

  const see = <T>(
    by: Actor,
    threadId: string,
    operation: Operation & string,
    rated: RatedOperation | undefined,
    show: (admitted: Admitted) => ChatAnswer<T>,
  ): ChatAnswer<T> => {
    const admitted = admit(desk.thread(threadId), by, operation, clock.now());
    if ('refused' in admitted) return admitted;
    const throttled: ChatRefused | undefined = rated && throttle(rated, by, threadId);
    return throttled ?? show(admitted);
  };

  /** A list that is in memory: `skip` of it are on the pages before. */
  const sliced = <T>(all: readonly T[], page: PageOf & { readonly skip: number }): Page<T, number> => {
    const end = page.skip + sizeOf(page);
    return { items: all.slice(page.skip, end), ...(end < all.length ? { next: end } : {}) };
  };

  /** One more than the page tells whether there is another. */
  const cut = <T, N>(found: readonly T[], size: number, nextOf: (last: T) => N): Page<T, N> => {
    const items = found.slice(0, size);
    const last = items.at(-1);
    return { items, ...(found.length > size && last !== undefined ? { next: nextOf(last) } : {}) };
  };

  return {
    threads(by, page) {
      const refused = scopeRefused(by, 'list threads', clock.now());
      if (refused) return { refused };
      const { since, after } = page;
      const size = sizeOf(page);
      const found = chat.threads({
        user: by.id,
        resourceId: by.resourceId,
        limit: size + 1,
        ...(since === undefined ? {} : { since }),
        ...(after === undefined ? {} : { after }),
      });
      return { ok: cut(found, size, ({ activeAt, threadId }) => ({ activeAt, threadId })) };
    },

    thread: (by, threadId) => see(by, threadId, 'get thread', undefined, ({ thread }) => ({ ok: thread })),

    messages: (by, threadId, page) =>
      see(by, threadId, 'list messages', 'list messages', ({ window }) => {
        const { since, before } = page;
        const size = sizeOf(page);
        const found = chat.messages({
          threadId,
          fromId: window.from,
          limit: size + 1,
          ...(window.until === undefined ? {} : { until: window.until }),
          ...(since === undefined ? {} : { since }),
          ...(before === undefined ? {} : { before }),
        });
        const messages = found.map(({ body }) => body as unknown as Message);
        return { ok: cut(messages, size, ({ version }) => version) };
      }),

    message: (by, threadId, messageId) =>
      see(by, threadId, 'get message', 'get message', ({ window }) => {
        const found = findVisible(window, desk.message(threadId, messageNumber(messageId)), clock.now());
        return 'refused' in found ? found : { ok: found.message };
      }),

    participants: (by, threadId, page) =>
      see(by, threadId, 'list participants', 'list participants', ({ thread }) => ({
        ok: sliced(Object.values(thread.participants), page),
      })),

    receipts: (by, threadId, page) =>
      see(by, threadId, 'list read receipts', 'list read receipts', ({ thread }) => ({
        ok: sliced(
          Object.entries(thread.horizons).map(([sender, horizon]) => ({ sender, ...horizon })),
          page,
        ),
      })),
  };
}
