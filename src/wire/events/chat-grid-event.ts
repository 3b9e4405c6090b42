/** The data of chat events in Event Grid (`reference/event-grid.md` §6). Identifiers have no `kind` here. */
import type { ChatGridEvent } from '../../domain/chat/grid-events.ts';
import type { Message } from '../../domain/chat/message.ts';
import type { Participant } from '../../domain/chat/thread.ts';
import { chatIdentifier } from './chat-identifier.ts';

type Data = Readonly<Record<string, unknown>>;

const iso = (at: number): string => new Date(at).toISOString();

const messageTypes: Readonly<Record<string, string>> = { text: 'Text', html: 'RichText/Html' };

function messageData(event: ChatGridEvent & { readonly message: Message }, perUser: boolean): Data {
  const {
    id,
    sender = '',
    senderDisplayName,
    createdAt,
    content,
    version,
    editedAt,
    deletedAt,
    metadata,
  } = event.message;
  const deleted = deletedAt !== undefined;
  return {
    messageId: String(id),
    senderId: sender,
    senderCommunicationIdentifier: chatIdentifier(sender),
    ...(senderDisplayName === undefined ? {} : { senderDisplayName }),
    composeTime: iso(createdAt),
    type: messageTypes[content.type] ?? content.type,
    // A number for each user, a text for the thread.
    version: perUser ? version : String(version),
    ...(!deleted && 'text' in content ? { messageBody: content.text } : {}),
    ...(deleted ? { deleteTime: iso(deletedAt) } : { metadata: metadata ?? {} }),
    ...(editedAt === undefined || deleted ? {} : { editTime: iso(editedAt) }),
  };
}

const participantData = ({ id, displayName, metadata }: Participant): Data => ({
  ...(displayName === undefined ? {} : { displayName }),
  participantCommunicationIdentifier: chatIdentifier(id),
  ...(metadata === undefined ? {} : { metadata }),
});

function own(event: ChatGridEvent): Data {
  switch (event.type) {
    case 'ChatMessageReceived':
    case 'ChatMessageEdited':
    case 'ChatMessageDeleted':
      return messageData(event, true);
    case 'ChatMessageReceivedInThread':
    case 'ChatMessageEditedInThread':
    case 'ChatMessageDeletedInThread':
      return messageData(event, false);
    case 'ChatTypingIndicatorReceivedInThread': {
      const { sender, senderDisplayName, version } = event;
      const name = senderDisplayName === undefined ? {} : { senderDisplayName };
      return { senderCommunicationIdentifier: chatIdentifier(sender), ...name, version };
    }
    case 'ChatThreadCreatedWithUser':
    case 'ChatThreadCreated':
      return {
        createTime: iso(event.at),
        version: event.version,
        createdByCommunicationIdentifier: chatIdentifier(event.createdBy),
        properties: { topic: event.topic },
        metadata: event.metadata,
        participants: event.participants.map(participantData),
      };
    case 'ChatThreadWithUserDeleted':
    case 'ChatThreadDeleted':
      return {
        createTime: iso(event.createdAt),
        version: event.version,
        ...(event.deletedBy === undefined
          ? {}
          : { deletedByCommunicationIdentifier: chatIdentifier(event.deletedBy) }),
        deleteTime: iso(event.at),
      };
    case 'ChatThreadPropertiesUpdatedPerUser':
    case 'ChatThreadPropertiesUpdated':
      return {
        editedByCommunicationIdentifier: chatIdentifier(event.updatedBy),
        editTime: iso(event.at),
        version: event.version,
        properties: { topic: event.topic },
        metadata: event.metadata,
      };
    case 'ChatParticipantAddedToThreadWithUser':
    case 'ChatThreadParticipantAdded':
      return {
        time: iso(event.at),
        version: event.version,
        addedByCommunicationIdentifier: chatIdentifier(event.by),
        participantAdded: participantData(event.participant),
      };
    case 'ChatParticipantRemovedFromThreadWithUser':
    case 'ChatThreadParticipantRemoved':
      return {
        time: iso(event.at),
        version: event.version,
        removedByCommunicationIdentifier: chatIdentifier(event.by),
        participantRemoved: participantData(event.participant),
      };
  }
}

export function chatGridData(event: ChatGridEvent): Data {
  const { recipient, transactionId, threadId } = event;
  return {
    ...own(event),
    ...(recipient === undefined
      ? {}
      : { recipientId: recipient, recipientCommunicationIdentifier: chatIdentifier(recipient) }),
    transactionId,
    threadId,
  };
}
