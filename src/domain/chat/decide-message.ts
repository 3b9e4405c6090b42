import type { Outcome } from '../call/outcome.ts';
import { type Actor, findVisible } from './access.ts';
import type { Draft } from './draft.ts';
import type { InputOf } from './inputs.ts';
import type { ChatLimits } from './limits.ts';
import { type Message, type Metadata, mergeMetadata } from './message.ts';
import { outcome } from './outcome.ts';
import { sanitizeHtml } from './sanitize-html.ts';
import { metadataBytes, utf8Bytes } from './size.ts';
import type { OpenThread, Window } from './thread.ts';

export interface Bounds {
  readonly limits: ChatLimits;
  readonly window: Window;
}

function tooLarge(text: string, metadata: Metadata, limits: ChatLimits, draft: Draft): Outcome | undefined {
  const bytes = utf8Bytes(text) + metadataBytes(metadata);
  if (bytes <= limits.messageBytes) return undefined;
  const detail = `a message may have ${limits.messageBytes} bytes with its metadata and has ${bytes}`;
  return outcome('message-too-large@thread', draft.at, { detail });
}

const served = (type: 'text' | 'html', text: string): string => (type === 'html' ? sanitizeHtml(text) : text);
const metadataOf = (metadata: Metadata): { metadata?: Metadata } =>
  Object.keys(metadata).length === 0 ? {} : { metadata };

export function decideSend(draft: Draft, input: InputOf<'send'>, { limits }: Bounds): Outcome | undefined {
  const { by, type, text, senderDisplayName } = input;
  const metadata = mergeMetadata(input.metadata);
  const refused = tooLarge(text, metadata, limits, draft);
  if (refused) return refused;
  draft.say(
    { type, text: served(type, text) },
    {
      sender: by.id,
      ...(senderDisplayName === undefined ? {} : { senderDisplayName }),
      ...metadataOf(metadata),
    },
  );
  return undefined;
}

type Found = ReturnType<typeof findVisible>;

function own(draft: Draft, by: Actor, message: Message | undefined, window: Window): Found {
  const found = findVisible(window, message, draft.at);
  if ('refused' in found) return found;
  const { sender, content } = found.message;
  if (sender === by.id) return found;
  const detail =
    sender === undefined
      ? `a message of type ${content.type} is the service's own`
      : `the message was sent by ${sender}; only its sender may change or delete it`;
  const cause = sender === undefined ? 'system-message' : 'somebody-elses-message';
  return { refused: outcome(`${cause}@thread`, draft.at, { detail }) };
}

export function decideEdit(
  draft: Draft,
  input: InputOf<'edit'>,
  { limits, window }: Bounds,
): Outcome | undefined {
  const found = own(draft, input.by, input.message, window);
  if ('refused' in found) return found.refused;
  const { metadata: before, ...message } = found.message;
  const { content } = message;
  if (message.deletedAt !== undefined)
    return outcome('message-deleted@thread', draft.at, { detail: 'the message was deleted' });
  if (content.type !== 'text' && content.type !== 'html') throw new Error(`a person sent ${content.type}`);
  if (input.text === undefined && input.metadata === undefined) return undefined;
  const text = input.text ?? content.text;
  const metadata = mergeMetadata(before, input.metadata);
  const refused = tooLarge(text, metadata, limits, draft);
  if (refused) return refused;
  const changed: Message = {
    ...message,
    version: draft.stamp,
    content: { type: content.type, text: input.text === undefined ? text : served(content.type, text) },
    editedAt: draft.at,
    ...metadataOf(metadata),
  };
  draft.add({ fact: 'message-edited', message: changed });
  return undefined;
}

export function decideDeleteMessage(
  draft: Draft,
  input: InputOf<'delete-message'>,
  { window }: Bounds,
): Outcome | undefined {
  const found = own(draft, input.by, input.message, window);
  if ('refused' in found) return found.refused;
  const { metadata: _gone, ...message } = found.message;
  // A second delete finds what it wanted.
  if (message.deletedAt !== undefined) return undefined;
  const { type } = message.content;
  const content = type === 'text' || type === 'html' ? { type, text: '' } : message.content;
  draft.add({
    fact: 'message-deleted',
    message: { ...message, content, version: draft.stamp, deletedAt: draft.at },
  });
  return undefined;
}

/** Above the documented number of participants receipts and typing notices are accepted and go nowhere. */
const quiet = ({ participants }: OpenThread, limits: ChatLimits): boolean =>
  Object.keys(participants).length > limits.noticesUpTo;

export function decideRead(
  draft: Draft,
  input: InputOf<'read'>,
  { limits, window }: Bounds,
): Outcome | undefined {
  const found = findVisible(window, input.message, draft.at);
  if ('refused' in found) return found.refused;
  const { id } = found.message;
  const before = draft.thread.horizons[input.by.id];
  if (quiet(draft.thread, limits) || (before && before.messageId >= id)) return undefined;
  draft.add({ fact: 'message-read', by: input.by.id, messageId: id });
  return undefined;
}

export function decideType(
  draft: Draft,
  { by, senderDisplayName }: InputOf<'type'>,
  { limits }: Bounds,
): void {
  if (quiet(draft.thread, limits)) return;
  draft.add({
    fact: 'typing',
    by: by.id,
    ...(senderDisplayName === undefined ? {} : { senderDisplayName }),
  });
}
