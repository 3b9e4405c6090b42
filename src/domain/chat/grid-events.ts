/** Chat events for subscriptions (`reference/event-grid.md` §6), as values; their wire shape is `wire/events`. */
import type { Instant } from '../ids/instant.ts';
import type { ChatEvent, Told } from './events.ts';
import type { Message, Metadata } from './message.ts';
import type { Participant } from './thread.ts';

interface Base {
  readonly threadId: string;
  readonly transactionId: string;
  readonly at: Instant;
  /** Raw id; there in the events that each user has of its own. */
  readonly recipient?: string;
}

export type ChatGridEvent = Base &
  (
    | {
        readonly type:
          | 'ChatMessageReceived'
          | 'ChatMessageEdited'
          | 'ChatMessageDeleted'
          | 'ChatMessageReceivedInThread'
          | 'ChatMessageEditedInThread'
          | 'ChatMessageDeletedInThread';
        readonly message: Message;
      }
    | {
        readonly type: 'ChatTypingIndicatorReceivedInThread';
        readonly sender: string;
        readonly senderDisplayName?: string;
        readonly version: number;
      }
    | {
        readonly type: 'ChatThreadCreatedWithUser' | 'ChatThreadCreated';
        readonly version: number;
        readonly createdBy: string;
        readonly topic: string;
        readonly metadata: Metadata;
        readonly participants: readonly Participant[];
      }
    | {
        readonly type: 'ChatThreadWithUserDeleted' | 'ChatThreadDeleted';
        readonly version: number;
        readonly createdAt: Instant;
        /** Absent: the retention policy. */
        readonly deletedBy?: string;
      }
    | {
        readonly type: 'ChatThreadPropertiesUpdatedPerUser' | 'ChatThreadPropertiesUpdated';
        readonly version: number;
        readonly updatedBy: string;
        readonly topic: string;
        readonly metadata: Metadata;
      }
    | {
        readonly type:
          | 'ChatParticipantAddedToThreadWithUser'
          | 'ChatParticipantRemovedFromThreadWithUser'
          | 'ChatThreadParticipantAdded'
          | 'ChatThreadParticipantRemoved';
        readonly version: number;
        readonly by: string;
        readonly participant: Participant;
      }
  );

export type ChatGridType = ChatGridEvent['type'];

type Names = { readonly user: ChatGridType; readonly thread: ChatGridType };

const names = {
  chatMessageReceived: { user: 'ChatMessageReceived', thread: 'ChatMessageReceivedInThread' },
  chatMessageEdited: { user: 'ChatMessageEdited', thread: 'ChatMessageEditedInThread' },
  chatMessageDeleted: { user: 'ChatMessageDeleted', thread: 'ChatMessageDeletedInThread' },
  chatThreadCreated: { user: 'ChatThreadCreatedWithUser', thread: 'ChatThreadCreated' },
  chatThreadDeleted: { user: 'ChatThreadWithUserDeleted', thread: 'ChatThreadDeleted' },
  chatThreadPropertiesUpdated: {
    user: 'ChatThreadPropertiesUpdatedPerUser',
    thread: 'ChatThreadPropertiesUpdated',
  },
  participantsAdded: { user: 'ChatParticipantAddedToThreadWithUser', thread: 'ChatThreadParticipantAdded' },
  participantsRemoved: {
    user: 'ChatParticipantRemovedFromThreadWithUser',
    thread: 'ChatThreadParticipantRemoved',
  },
} as const satisfies Partial<Record<ChatEvent['event'], Names>>;

type Made = { readonly thread: ChatGridEvent; readonly user: ChatGridEvent | undefined };

/** The event of the thread and the one that each user has of its own, still without its recipient. */
function made(event: ChatEvent, base: Base): readonly Made[] {
  switch (event.event) {
    case 'readReceiptReceived':
      return [];
    case 'typingIndicatorReceived': {
      const { sender, senderDisplayName, version } = event;
      const name = senderDisplayName === undefined ? {} : { senderDisplayName };
      const type = 'ChatTypingIndicatorReceivedInThread';
      return [{ thread: { ...base, type, sender, version, ...name }, user: undefined }];
    }
    case 'chatMessageReceived':
    case 'chatMessageEdited':
    case 'chatMessageDeleted': {
      const { user, thread } = names[event.event];
      const { message } = event;
      return [{ thread: { ...base, type: thread, message }, user: { ...base, type: user, message } }];
    }
    case 'chatThreadCreated': {
      const { version, participants, properties, createdBy } = event;
      const { topic, metadata } = properties;
      const { user, thread } = names[event.event];
      const body = { ...base, version, createdBy: createdBy.id, topic, metadata, participants };
      return [{ thread: { ...body, type: thread }, user: { ...body, type: user } }];
    }
    case 'chatThreadDeleted': {
      const { version, createdAt, deletedBy } = event;
      const { user, thread } = names[event.event];
      const body = { ...base, version, createdAt, ...(deletedBy ? { deletedBy: deletedBy.id } : {}) };
      return [{ thread: { ...body, type: thread }, user: { ...body, type: user } }];
    }
    case 'chatThreadPropertiesUpdated': {
      const { version, updatedBy, properties } = event;
      const { topic, metadata } = properties;
      const { user, thread } = names[event.event];
      const body = { ...base, version, updatedBy: updatedBy.id, topic, metadata };
      return [{ thread: { ...body, type: thread }, user: { ...body, type: user } }];
    }
    case 'participantsAdded':
    case 'participantsRemoved': {
      const { user, thread } = names[event.event];
      return event.participants.map((participant) => {
        const body = { ...base, version: event.version, by: event.by.id, participant };
        return { thread: { ...body, type: thread }, user: { ...body, type: user } };
      });
    }
  }
}

/** Everything that subscriptions may be owed for one event. */
export function gridEventsOf({ event, recipients }: Told, transactionId: string): readonly ChatGridEvent[] {
  const { threadId, at } = event;
  return made(event, { threadId, transactionId, at }).flatMap(({ thread, user }) => [
    thread,
    ...(user ? recipients.map((recipient) => ({ ...user, recipient })) : []),
  ]);
}

/** Between `thread/<id>` and the recipient. */
function doer(event: ChatGridEvent): string {
  switch (event.type) {
    case 'ChatMessageReceived':
    case 'ChatMessageEdited':
    case 'ChatMessageDeleted':
    case 'ChatMessageReceivedInThread':
    case 'ChatMessageEditedInThread':
    case 'ChatMessageDeletedInThread':
      return `/sender/${event.message.sender}`;
    case 'ChatTypingIndicatorReceivedInThread':
      return `/sender/${event.sender}`;
    case 'ChatThreadCreatedWithUser':
    case 'ChatThreadCreated':
      return `/createdBy/${event.createdBy}`;
    case 'ChatThreadWithUserDeleted':
    case 'ChatThreadDeleted':
      return event.deletedBy === undefined ? '' : `/deletedBy/${event.deletedBy}`;
    case 'ChatThreadPropertiesUpdatedPerUser':
    case 'ChatThreadPropertiesUpdated':
      return `/editedBy/${event.updatedBy}`;
    case 'ChatParticipantAddedToThreadWithUser':
      return `/participantAdded/${event.participant.id}`;
    case 'ChatThreadParticipantAdded':
      return `/participantadded/${event.participant.id}`;
    case 'ChatParticipantRemovedFromThreadWithUser':
      return `/participantRemoved/${event.participant.id}`;
    case 'ChatThreadParticipantRemoved':
      return `/participantremoved/${event.participant.id}`;
  }
}

/** The subject by which subscriptions filter. */
export function chatGridSubject(event: ChatGridEvent): string {
  const to = event.recipient === undefined ? '' : `/recipient/${event.recipient}`;
  return `thread/${event.threadId}${doer(event)}${to}`;
}
