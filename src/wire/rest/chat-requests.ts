/** Bodies and queries of chat requests (reference: chat, endpoints and shapes). */
import type { Metadata } from '../../domain/chat/message.ts';
import type { RetentionPolicy } from '../../domain/chat/thread.ts';
import { type Decoded, invalid, isObject, jsonKind, present, type Take, type Taken } from './decoded.ts';
import { Fields, listOf, type Model, oneOf, opaque, wholeNumber } from './fields.ts';
import { takeIdentifier } from './identifier.ts';

/** Stable versions, newest first. */
export const chatVersions = ['2025-03-15', '2024-03-07', '2023-11-07', '2021-09-07', '2021-03-07'] as const;

export interface AskedParticipant {
  readonly id: string;
  readonly displayName?: string;
  readonly metadata?: Metadata;
  /** Milliseconds since the epoch. */
  readonly shareHistoryTime?: number;
}

/** Participants in one request. */
const mostInvited = 200;
/** Names and topics; what a message may hold is the desk's to say. */
const longName = opaque(1024);
const topicText = opaque(4096);
const content = opaque(1_000_000);
const mostKeys = 100;
/** Of a participant, in keys and values: it is part of every list, and of the message that says who came. */
const mostOfParticipant = 1024;

const takeMetadata: Take<Metadata> = (value, field) => {
  if (!isObject(value)) return invalid(field, `It must be an object and is ${jsonKind(value)}.`);
  const pairs: [string, string][] = [];
  for (const [key, text] of Object.entries(value)) {
    // As null in a merge: taken away.
    if (typeof text !== 'string' && text !== null)
      return invalid(`${field}.${key.slice(0, 100)}`, `It must be a string and is ${jsonKind(text)}.`);
    pairs.push([key, text ?? '']);
  }
  if (pairs.length > mostKeys) return invalid(field, `It may have ${mostKeys} keys and has ${pairs.length}.`);
  return { ok: Object.fromEntries(pairs) };
};

const takeSmallMetadata: Take<Metadata> = (value, field) => {
  const taken = takeMetadata(value, field);
  if ('fault' in taken) return taken;
  const length = Object.entries(taken.ok).flat().join('').length;
  return length <= mostOfParticipant
    ? taken
    : invalid(field, `It may have ${mostOfParticipant} characters and has ${length}.`);
};

const iso8601 = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/;

const takeTime: Take<number> = (value, field) => {
  const time = typeof value === 'string' && iso8601.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time)
    ? invalid(field, 'It must be a date and time as in ISO 8601: 2026-11-03T12:00:00Z.')
    : { ok: time };
};

const takeRetention: Take<RetentionPolicy> = (value, field): Taken<RetentionPolicy> => {
  const fields = new Fields(value, { kind: 'served', deleteThreadAfterDays: 'served' }, `${field}.`);
  const kind = fields.required('kind', oneOf('none', 'threadCreationDate'));
  const days =
    kind === 'threadCreationDate' ? fields.required('deleteThreadAfterDays', wholeNumber(30, 90)) : undefined;
  const read = fields.result(
    (): RetentionPolicy =>
      kind === 'threadCreationDate' ? { kind, deleteThreadAfterDays: days! } : { kind: 'none' },
  );
  return 'fault' in read ? read : { ok: read.ok };
};

const participantModel: Model = {
  communicationIdentifier: 'served',
  displayName: 'served',
  shareHistoryTime: 'served',
  metadata: 'served',
};

const takeUserId: Take<string> = (value, field) => {
  const taken = takeIdentifier(value, field);
  if ('fault' in taken) return taken;
  const { kind, rawId } = taken.ok;
  if (kind === 'phoneNumber') return invalid(field, 'A phone number cannot be in a chat thread.');
  return { ok: rawId };
};

const takeParticipant: Take<AskedParticipant> = (value, field) => {
  const fields = new Fields(value, participantModel, `${field}.`);
  const id = fields.required('communicationIdentifier', takeUserId);
  const displayName = fields.optional('displayName', longName);
  const metadata = fields.optional('metadata', takeSmallMetadata);
  const shareHistoryTime = fields.optional('shareHistoryTime', takeTime);
  const read = fields.result(() => present({ id: id!, displayName, metadata, shareHistoryTime }));
  return 'fault' in read ? read : { ok: read.ok };
};

const participants = listOf(takeParticipant, { max: mostInvited });

const threadModel: Model = {
  topic: 'served',
  participants: 'served',
  metadata: 'served',
  retentionPolicy: 'served',
};

const notEmpty =
  (take: Take<string>): Take<string> =>
  (value, field) =>
    value === '' ? invalid(field, 'It must not be empty.') : take(value, field);

export function decodeCreateThread(body: unknown): Decoded<{
  readonly topic: string;
  readonly participants: readonly AskedParticipant[];
  readonly metadata?: Metadata;
  readonly retention?: RetentionPolicy;
}> {
  const fields = new Fields(body, threadModel);
  const topic = fields.required('topic', notEmpty(topicText));
  const asked = fields.optional('participants', participants) ?? [];
  const metadata = fields.optional('metadata', takeMetadata);
  const retention = fields.optional('retentionPolicy', takeRetention);
  return fields.result(() => present({ topic: topic!, participants: asked, metadata, retention }));
}

export function decodeUpdateThread(body: unknown): Decoded<{
  readonly topic?: string;
  readonly metadata?: Metadata;
  readonly retention?: RetentionPolicy;
}> {
  const { participants: _none, ...model } = threadModel;
  const fields = new Fields(body, model);
  const topic = fields.optional('topic', notEmpty(topicText));
  const metadata = fields.optional('metadata', takeMetadata);
  const retention = fields.optional('retentionPolicy', takeRetention);
  return fields.result(() => present({ topic, metadata, retention }));
}

export function decodeSendMessage(body: unknown): Decoded<{
  readonly type: 'text' | 'html';
  readonly text: string;
  readonly senderDisplayName?: string;
  readonly metadata?: Metadata;
}> {
  const model: Model = { content: 'served', senderDisplayName: 'served', type: 'served', metadata: 'served' };
  const fields = new Fields(body, model);
  const text = fields.required('content', content);
  const senderDisplayName = fields.optional('senderDisplayName', longName);
  const type = fields.optional('type', oneOf('text', 'html')) ?? 'text';
  const metadata = fields.optional('metadata', takeMetadata);
  return fields.result(() => present({ type, text: text!, senderDisplayName, metadata }));
}

export function decodeUpdateMessage(
  body: unknown,
): Decoded<{ readonly text?: string; readonly metadata?: Metadata }> {
  const fields = new Fields(body, { content: 'served', metadata: 'served' });
  const text = fields.optional('content', content);
  const metadata = fields.optional('metadata', takeMetadata);
  return fields.result(() => present({ text, metadata }));
}

export function decodeAddParticipants(body: unknown): Decoded<readonly AskedParticipant[]> {
  const fields = new Fields(body, { participants: 'served' });
  const asked = fields.required('participants', listOf(takeParticipant, { min: 1, max: mostInvited }));
  return fields.result(() => asked!);
}

/** The body is the identifier itself. */
export function decodeRemoveParticipant(body: unknown): Decoded<string> {
  const taken = takeUserId(body, 'communicationIdentifier');
  return 'fault' in taken ? taken : { ok: taken.ok, ignored: [] };
}

export function decodeReadReceipt(body: unknown): Decoded<string> {
  const fields = new Fields(body, { chatMessageId: 'served' });
  const id = fields.required('chatMessageId', opaque(64));
  return fields.result(() => id!);
}

/** May come without a body. */
export function decodeTyping(body: unknown): Decoded<{ readonly senderDisplayName?: string }> {
  const fields = new Fields(body ?? {}, { senderDisplayName: 'served' });
  const senderDisplayName = fields.optional('senderDisplayName', longName);
  return fields.result(() => present({ senderDisplayName }));
}

/** `value` of a query parameter as a time; absent where it is not given. */
export function decodeStartTime(value: string | null): Taken<number | undefined> {
  return value === null || value === '' ? { ok: undefined } : takeTime(value, 'startTime');
}
