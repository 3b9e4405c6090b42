/** What subscriptions are owed for texts, as outbox entries: stored with the facts they follow from. */
import { type SmsGridEvent, smsGridSubject } from '../../domain/sms/grid-events.ts';
import type { Directory, Ids } from '../ports/directory.ts';
import type { Json, OutboxEntry } from '../ports/store.ts';
import type { SubscriptionAddress } from './entries.ts';

export interface SmsEntryContext {
  readonly ids: Ids;
  readonly directory: Pick<Directory, 'subscribers'>;
}

/** Found under the message's id. */
export function smsEntries(
  event: SmsGridEvent,
  resourceId: string,
  { ids, directory }: SmsEntryContext,
): readonly OutboxEntry[] {
  const subject = smsGridSubject(event);
  return directory.subscribers(resourceId, event.type, subject).map((name) => {
    const id = ids.next();
    const to: SubscriptionAddress = { kind: 'subscription', name, subject };
    return {
      id,
      callId: event.messageId,
      // Event Grid promises no order: every entry is a stream of its own.
      stream: `subscription:${name}:${id}`,
      order: 0,
      at: event.receivedAt,
      to: to as unknown as Json,
      event: event as unknown as Json,
    };
  });
}
