/** Chat, put together. */
import { ChatService } from '../app/desks/chat-service.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Ids } from '../app/ports/directory.ts';
import type { Identities } from '../app/ports/identities.ts';
import type { RateWindows } from '../app/ports/limits.ts';
import type { Config } from '../config/config.ts';
import { documentedLimits } from '../domain/chat/limits.ts';
import type { LogLines } from '../edge/records/log-lines.ts';
import type { OpenedStore } from '../edge/store/open-store.ts';
import type { Deliveries } from './deliveries.ts';

export interface ChatParts {
  readonly config: Config;
  readonly store: OpenedStore;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly rate: RateWindows;
  readonly identities: Pick<Identities, 'user' | 'onDeleted'>;
  readonly deliveries: Pick<Deliveries, 'outbox' | 'subscriptions'>;
  readonly log: LogLines;
  readonly trouble: (error: unknown) => void;
}

export function openChat(parts: ChatParts): ChatService {
  const { config, store, clock, ids, rate, identities, deliveries, log, trouble } = parts;
  const { participants, messageBytes, pageSize, noticesUpTo, rates } = config.chat;
  return new ChatService({
    store,
    chat: store.chat,
    clock,
    ids,
    rate,
    rates,
    identities,
    limits: { ...documentedLimits, participants, messageBytes, page: pageSize, noticesUpTo },
    outbox: deliveries.outbox,
    directory: { subscribers: (...query) => deliveries.subscriptions.matching(...query) },
    onFact: (threadId, fact) => {
      if (!log.wants(fact.fact)) return;
      const by = 'by' in fact ? { by: fact.by } : {};
      const message = 'message' in fact ? { messageId: fact.message.id, sender: fact.message.sender } : {};
      const messageId = 'messageId' in fact ? { messageId: fact.messageId } : {};
      log.line('info', fact.fact, { threadId, ...by, ...message, ...messageId });
    },
    onTrouble: trouble,
  });
}
