/** Answers of the chat API (reference: chat, shapes). Times are written with second precision. */
import type { LeftOut } from '../../domain/chat/invitations.ts';
import type { Message } from '../../domain/chat/message.ts';
import type { Horizon, Participant, Thread } from '../../domain/chat/thread.ts';
import { chatIdentifier } from '../events/chat-identifier.ts';

type Body = Readonly<Record<string, unknown>>;

/** `2026-11-03T12:00:00Z` */
const seconds = (at: number): string =>
  `${new Date(Math.floor(at / 1000) * 1000).toISOString().slice(0, 19)}Z`;

export function encodeParticipant({ id, displayName, metadata, shareHistoryTime }: Participant): Body {
  return {
    communicationIdentifier: chatIdentifier(id),
    ...(displayName === undefined ? {} : { displayName }),
    shareHistoryTime: seconds(shareHistoryTime),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

export function encodeThread(thread: Thread): Body {
  const { id, topic, createdAt, createdBy } = thread;
  const base = {
    id,
    topic,
    createdOn: seconds(createdAt),
    createdByCommunicationIdentifier: chatIdentifier(createdBy),
  };
  if (thread.phase === 'deleted') return { ...base, deletedOn: seconds(thread.deletedAt) };
  return { ...base, metadata: thread.metadata, retentionPolicy: thread.retention };
}

/** Numeric codes as text, as the service writes them. */
const leftOutAs = {
  foreign: { code: '403', message: 'Permissions check failed' },
  unknown: { code: '404', message: 'Not found' },
} as const satisfies Record<LeftOut['why'], unknown>;

export function encodeLeftOut(leftOut: readonly LeftOut[]): Body {
  if (leftOut.length === 0) return {};
  return { invalidParticipants: leftOut.map(({ id, why }) => ({ target: id, ...leftOutAs[why] })) };
}

export interface ListedThread {
  readonly threadId: string;
  readonly topic: string;
  readonly deletedAt?: number;
  readonly lastMessageAt?: number;
}

export function encodeListedThread({ threadId, topic, deletedAt, lastMessageAt }: ListedThread): Body {
  return {
    id: threadId,
    topic,
    ...(deletedAt === undefined ? {} : { deletedOn: seconds(deletedAt) }),
    ...(lastMessageAt === undefined ? {} : { lastMessageReceivedOn: seconds(lastMessageAt) }),
  };
}

function encodeContent({ content }: Message): Body {
  switch (content.type) {
    case 'text':
    case 'html':
      return { message: content.text, attachments: [] };
    case 'topicUpdated':
      return {
        topic: content.topic,
        initiatorCommunicationIdentifier: chatIdentifier(content.initiator),
      };
    case 'participantAdded':
    case 'participantRemoved':
      return {
        participants: content.participants.map(encodeParticipant),
        initiatorCommunicationIdentifier: chatIdentifier(content.initiator),
      };
  }
}

export function encodeMessage(message: Message): Body {
  const { id, sequence, version, content, sender, senderDisplayName, metadata } = message;
  const { createdAt, editedAt, deletedAt } = message;
  return {
    id: String(id),
    type: content.type,
    sequenceId: String(sequence),
    version: String(version),
    content: encodeContent(message),
    ...(senderDisplayName === undefined ? {} : { senderDisplayName }),
    createdOn: seconds(createdAt),
    ...(sender === undefined ? {} : { senderCommunicationIdentifier: chatIdentifier(sender) }),
    ...(deletedAt === undefined ? {} : { deletedOn: seconds(deletedAt) }),
    ...(editedAt === undefined ? {} : { editedOn: seconds(editedAt) }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

export function encodeReceipt({ sender, messageId, readAt }: Horizon & { readonly sender: string }): Body {
  return {
    senderCommunicationIdentifier: chatIdentifier(sender),
    chatMessageId: String(messageId),
    readOn: seconds(readAt),
  };
}

export function encodePage(items: readonly Body[], next: string | undefined): Body {
  return { value: items, ...(next === undefined ? {} : { nextLink: next }) };
}
