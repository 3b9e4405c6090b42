/** What participants are told (`reference/chat.md` §6.6), as values; wire shapes are `wire/realtime` and `wire/events`. */
import type { Instant } from '../ids/instant.ts';
import { sees } from './access.ts';
import type { Fact } from './facts.ts';
import type { Message, Metadata } from './message.ts';
import type { Participant, RetentionPolicy, Thread } from './thread.ts';

interface ThreadProperties {
  readonly topic: string;
  readonly metadata: Metadata;
  readonly retention: RetentionPolicy;
}

/** Named as the official client names its events. `version` rises within a thread. */
export type ChatEvent = { readonly threadId: string; readonly resourceId: string; readonly at: Instant } & (
  | {
      readonly event: 'chatMessageReceived' | 'chatMessageEdited' | 'chatMessageDeleted';
      readonly message: Message;
    }
  | {
      readonly event: 'typingIndicatorReceived';
      readonly sender: string;
      readonly senderDisplayName?: string;
      readonly version: number;
    }
  | {
      readonly event: 'readReceiptReceived';
      readonly sender: string;
      readonly messageId: number;
      readonly version: number;
    }
  | {
      readonly event: 'chatThreadCreated';
      readonly version: number;
      readonly createdBy: Participant;
      readonly participants: readonly Participant[];
      readonly properties: ThreadProperties;
    }
  | {
      readonly event: 'chatThreadPropertiesUpdated';
      readonly version: number;
      readonly updatedBy: Participant;
      readonly properties: ThreadProperties;
    }
  | {
      readonly event: 'chatThreadDeleted';
      readonly version: number;
      readonly createdAt: Instant;
      /** Absent: the retention policy. */
      readonly deletedBy?: Participant;
      readonly reason: 'deletedByUser' | 'deletedByPolicy';
    }
  | {
      readonly event: 'participantsAdded' | 'participantsRemoved';
      readonly version: number;
      readonly by: Participant;
      readonly participants: readonly Participant[];
    }
);

export type ChatEventName = ChatEvent['event'];

/** An event and the raw ids of everybody entitled to it, and of nobody else. */
export interface Told {
  readonly event: ChatEvent;
  readonly recipients: readonly string[];
}

const messageEvents = {
  'message-sent': 'chatMessageReceived',
  'message-edited': 'chatMessageEdited',
  'message-deleted': 'chatMessageDeleted',
} as const;

/** Who is told of a fact; `before` and `thread` are the thread without and with it. */
export function toldOf(fact: Fact, thread: Thread, before: Thread | undefined): Told | undefined {
  const people = thread.participants;
  const everybody = Object.keys(people);
  const base = { threadId: thread.id, resourceId: thread.resourceId, at: fact.at };
  const person = (id: string): Participant =>
    people[id] ?? before?.participants[id] ?? { id, shareHistoryTime: 0 };
  const properties = (): ThreadProperties => {
    if (thread.phase !== 'open') throw new Error('a deleted thread was changed');
    return { topic: thread.topic, metadata: thread.metadata, retention: thread.retention };
  };
  switch (fact.fact) {
    case 'message-sent':
    case 'message-edited':
    case 'message-deleted': {
      const { message } = fact;
      // What the service says is told by events of its own, and read in the list of messages.
      if (message.sender === undefined) return undefined;
      const recipients = Object.values(people)
        .filter(({ shareHistoryTime }) => sees({ from: shareHistoryTime }, message))
        .map(({ id }) => id);
      return { event: { ...base, event: messageEvents[fact.fact], message }, recipients };
    }
    case 'message-read': {
      const { by: sender, messageId } = fact;
      const event = { ...base, event: 'readReceiptReceived', sender, messageId, version: fact.at } as const;
      return { event, recipients: everybody.filter((id) => id !== sender) };
    }
    case 'typing': {
      const { by: sender, senderDisplayName } = fact;
      const name = senderDisplayName === undefined ? {} : { senderDisplayName };
      const event = { ...base, event: 'typingIndicatorReceived', sender, version: fact.at, ...name } as const;
      return { event, recipients: everybody };
    }
    case 'thread-created': {
      const { version, participants } = fact;
      const createdBy = person(fact.by);
      const event = { ...base, event: 'chatThreadCreated', version, createdBy, participants } as const;
      return { event: { ...event, properties: properties() }, recipients: everybody };
    }
    case 'thread-updated': {
      const event = { ...base, event: 'chatThreadPropertiesUpdated', version: fact.version } as const;
      return {
        event: { ...event, updatedBy: person(fact.by), properties: properties() },
        recipients: everybody,
      };
    }
    case 'thread-deleted': {
      const reason = fact.by === undefined ? 'deletedByPolicy' : 'deletedByUser';
      const event = { ...base, event: 'chatThreadDeleted', version: fact.version, reason } as const;
      const by = fact.by === undefined ? {} : { deletedBy: person(fact.by) };
      return { event: { ...event, createdAt: thread.createdAt, ...by }, recipients: everybody };
    }
    case 'participants-added':
    case 'participants-removed': {
      const { version, participants } = fact;
      const added = fact.fact === 'participants-added';
      const event = added ? 'participantsAdded' : 'participantsRemoved';
      // Who was removed is told so, last.
      const gone = added ? [] : participants.map(({ id }) => id);
      return {
        event: { ...base, event, version, by: person(fact.by), participants },
        recipients: [...everybody, ...gone],
      };
    }
  }
}
