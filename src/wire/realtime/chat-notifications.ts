/** Events of chat as the official client reads them (`reference/chat.md` §6.6). */
import type { ChatEvent } from '../../domain/chat/events.ts';
import type { Metadata } from '../../domain/chat/message.ts';
import type { Participant, RetentionPolicy } from '../../domain/chat/thread.ts';

const eventIds: Readonly<Record<ChatEvent['event'], number>> = {
  chatMessageReceived: 200,
  typingIndicatorReceived: 245,
  readReceiptReceived: 246,
  chatMessageEdited: 247,
  chatMessageDeleted: 248,
  chatThreadCreated: 257,
  chatThreadPropertiesUpdated: 258,
  chatThreadDeleted: 259,
  participantsAdded: 260,
  participantsRemoved: 261,
};

/** Handed on unchanged as the SDK's `type`; the UI library knows these two. */
const messageTypes = { text: 'Text', html: 'RichText/Html' } as const;

const iso = (at: number): string => new Date(at).toISOString();
const json = (value: unknown): string => JSON.stringify(value);
/** The client unescapes these texts before it parses them: a percent sign would be taken for the start of an escape. */
const escaped = (value: unknown): string => json(value).replaceAll('%', '%25');

const metadataOf = (metadata: Metadata | undefined): string => json(metadata ?? {});

const personOf = ({ id, displayName, metadata, shareHistoryTime }: Participant) => ({
  participantId: id,
  displayName: displayName ?? '',
  shareHistoryTime: iso(shareHistoryTime),
  ...(metadata === undefined ? {} : { memberMetaData: json(metadata) }),
});

const retentionOf = (retention: RetentionPolicy): object =>
  retention.kind === 'none'
    ? {}
    : {
        retentionPolicy: json({
          retentionPolicyType: 'DeleteAfterCreationTime',
          executeAfter: `${retention.deleteThreadAfterDays}.00:00:00`,
        }),
      };

const propertiesOf = ({
  topic,
  metadata,
  retention,
}: Extract<ChatEvent, { event: 'chatThreadCreated' }>['properties']) => ({
  topic,
  acsChatThreadMetadata: metadataOf(metadata),
  ...retentionOf(retention),
});

type MessageEvent = Extract<ChatEvent, { event: `chatMessage${string}` }>;

function messageFields({ event, message, at }: MessageEvent): object {
  const { id, version, content, senderDisplayName = '', metadata, createdAt, editedAt, deletedAt } = message;
  if (content.type !== 'text' && content.type !== 'html')
    throw new Error(`${content.type} is told by an event of its own`);
  const fields = {
    messageId: String(id),
    clientMessageId: '',
    senderDisplayName,
    messageType: messageTypes[content.type],
    version: String(version),
    originalArrivalTime: iso(createdAt),
  };
  if (event === 'chatMessageDeleted') return { ...fields, deletetime: iso(deletedAt ?? at) };
  return {
    ...fields,
    messageBody: content.text,
    acsChatMessageMetadata: metadataOf(metadata),
    attachments: '[]',
    ...(event === 'chatMessageEdited' ? { edittime: iso(editedAt ?? at) } : {}),
  };
}

function fieldsOf(event: ChatEvent): object {
  const at = iso(event.at);
  const version = 'version' in event ? { version: String(event.version) } : {};
  switch (event.event) {
    case 'chatMessageReceived':
    case 'chatMessageEdited':
    case 'chatMessageDeleted':
      return messageFields(event);
    case 'typingIndicatorReceived': {
      const { senderDisplayName = '' } = event;
      return { ...version, senderDisplayName, originalArrivalTime: at, messageType: 'Control/Typing' };
    }
    case 'readReceiptReceived': {
      const messageId = String(event.messageId);
      const read = {
        user: event.sender,
        consumptionhorizon: `${messageId};${event.at};${messageId}`,
        messageVisibilityTime: event.at,
        ...version,
      };
      return { messageId, clientMessageId: '', messageBody: json(read) };
    }
    case 'chatThreadCreated':
      return {
        ...version,
        createTime: at,
        createdBy: escaped(personOf(event.createdBy)),
        members: escaped(event.participants.map(personOf)),
        properties: escaped(propertiesOf(event.properties)),
      };
    case 'chatThreadPropertiesUpdated':
      return {
        ...version,
        editTime: at,
        editedBy: escaped(personOf(event.updatedBy)),
        properties: escaped(propertiesOf(event.properties)),
      };
    case 'chatThreadDeleted': {
      const by = event.deletedBy ? { deletedBy: escaped(personOf(event.deletedBy)) } : {};
      return { ...version, deleteTime: at, reason: event.reason, ...by };
    }
    case 'participantsAdded':
    case 'participantsRemoved': {
      const people = escaped(event.participants.map(personOf));
      const by = escaped(personOf(event.by));
      return event.event === 'participantsAdded'
        ? { ...version, time: at, addedBy: by, participantsAdded: people }
        : { ...version, time: at, removedBy: by, participantsRemoved: people };
    }
  }
}

const senderOf = (event: ChatEvent): string | undefined =>
  'message' in event ? event.message.sender : 'sender' in event ? event.sender : undefined;

/** Everything of a push but what differs from recipient to recipient; made once for a thread of any size. */
export interface Notification {
  /** Data of the push frame for one recipient; `number` is what its answer names. */
  push(number: number, sessionId: string, recipient: string): string;
}

/** A mark that no field can hold: JSON writes the control character escaped. */
const mark = '\u0000';
const escapedMark = json(json(mark).slice(1, -1)).slice(1, -1);

export function encodeNotification(event: ChatEvent): Notification {
  const sender = senderOf(event);
  const about =
    sender === undefined
      ? { threadId: event.threadId }
      : { senderId: sender, recipientMri: mark, groupId: event.threadId };
  const body = json(json({ eventId: eventIds[event.event], ...about, ...fieldsOf(event) }));
  const at = body.indexOf(escapedMark);
  const before = at === -1 ? body : body.slice(0, at);
  const after = at === -1 ? undefined : body.slice(at + escapedMark.length);
  return {
    push: (number, sessionId, recipient) =>
      `3:::{"id":${number},"method":"POST","url":"/v4/f/${sessionId}/chat","headers":{},"body":${before}${
        after === undefined ? '' : json(json(recipient).slice(1, -1)).slice(1, -1) + after
      }}`,
  };
}
