/** What subscriptions are owed for events in threads, as outbox entries: stored with the facts they follow from. */
import type { ChatEvent, Told } from '../../domain/chat/events.ts';
import { type ChatGridEvent, chatGridSubject, gridEventsOf } from '../../domain/chat/grid-events.ts';
import type { Directory, Ids } from '../ports/directory.ts';
import type { Json, OutboxEntry } from '../ports/store.ts';
import type { SubscriptionAddress } from './entries.ts';

/** Under which the deliveries about a thread, or about one message of it, are found. */
export const deliverySubject = (threadId: string, messageId?: number): string =>
  messageId === undefined ? threadId : `${threadId}/${messageId}`;

/** The message that an event is about. */
export function messageIdOf(event: ChatEvent): number | undefined {
  if ('message' in event) return event.message.id;
  return 'messageId' in event ? event.messageId : undefined;
}

export interface ChatEntryContext {
  readonly ids: Ids;
  readonly directory: Pick<Directory, 'subscribers'>;
}

export function chatEntries(told: Told, { ids, directory }: ChatEntryContext): readonly OutboxEntry[] {
  const { event } = told;
  const callId = deliverySubject(event.threadId, messageIdOf(event));
  const owed = (grid: ChatGridEvent): readonly OutboxEntry[] => {
    const subject = chatGridSubject(grid);
    return directory.subscribers(event.resourceId, grid.type, subject).map((name) => {
      const id = ids.next();
      const to: SubscriptionAddress = { kind: 'subscription', name, subject };
      // Event Grid promises no order: every entry is a stream of its own.
      const stream = `subscription:${name}:${id}`;
      const json = { to: to as unknown as Json, event: grid as unknown as Json };
      return { id, callId, stream, order: 0, at: event.at, ...json };
    });
  };
  return gridEventsOf(told, ids.next()).flatMap(owed);
}
