/** Reads what `explain MESSAGE-ID` needs. Ids of messages are unique in their thread only. */

import { deliverySubject } from '../app/desks/chat-entries.ts';
import { messageNumber } from '../app/desks/chat-reads.ts';
import type { ChatService } from '../app/desks/chat-service.ts';
import { noticesOf } from '../app/desks/chat-service.ts';
import { messageStory } from '../app/explain/message-story.ts';
import type { MessageStory } from '../app/ports/administration.ts';
import type { Notified } from '../app/ports/chat-events.ts';
import type { OpenedStore } from '../edge/store/open-store.ts';

/** Deliveries of one message that are shown. */
const shown = 1000;

export function messageStories(
  store: Pick<OpenedStore, 'chat' | 'deliveries' | 'traces'>,
  { desk }: Pick<ChatService, 'desk'>,
): (id: string) => readonly MessageStory[] {
  const { chat } = store;
  return (id) => {
    const messageId = messageNumber(id);
    if (messageId < 0) return [];
    return chat.threadsWithMessage(messageId).flatMap((threadId) => {
      const index = chat.index(threadId);
      const thread = desk.thread(threadId);
      if (!index || !thread) return [];
      const story = messageStory({
        messageId,
        thread: index,
        facts: chat.factsOf(threadId, messageId),
        horizons: thread.phase === 'open' ? thread.horizons : {},
        deliveries: store.deliveries({ callId: deliverySubject(threadId, messageId), limit: shown }),
        notices: store
          .traces([noticesOf(threadId, messageId)])
          .map(({ trace }) => trace as unknown as Notified),
      });
      return story ? [story] : [];
    });
  };
}
