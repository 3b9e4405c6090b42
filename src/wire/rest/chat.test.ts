/** Bodies of chat held against the models of the official client: what it sends is read, what we send it reads whole. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CompositeMapper, createSerializer, type Mapper } from '@azure/core-client';
// The package exports its models' types only; the mappers are what the client really writes and reads.
import * as official from '../../../node_modules/@azure/communication-chat/dist/esm/generated/src/models/mappers.js';
import type { Message } from '../../domain/chat/message.ts';
import type { OpenThread } from '../../domain/chat/thread.ts';
import { decodePage, encodeSyncState, nextLink } from './chat-paging.ts';
import {
  decodeAddParticipants,
  decodeCreateThread,
  decodeReadReceipt,
  decodeRemoveParticipant,
  decodeSendMessage,
  decodeStartTime,
  decodeTyping,
  decodeUpdateMessage,
  decodeUpdateThread,
} from './chat-requests.ts';
import {
  encodeLeftOut,
  encodeListedThread,
  encodeMessage,
  encodePage,
  encodeParticipant,
  encodeReceipt,
  encodeThread,
} from './chat-responses.ts';
import type { Decoded } from './decoded.ts';

const mappers = official as unknown as Readonly<Record<string, Mapper>>;
const serializer = createSerializer(mappers as Record<string, Mapper>);

const alice = '8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_00000000-0000-0000-0000-000000000001';
const bob = '8:acs:2fd14f97-5cf0-45a2-a59b-45a43541727c_00000000-0000-0000-0000-000000000002';
const noon = Date.UTC(2026, 10, 3, 12);
const identifier = { rawId: alice, communicationUser: { id: alice } };

/** The names of all fields, dotted; lists by their first item, which has all there are. */
function fieldsOf(value: unknown, prefix = ''): readonly string[] {
  if (value instanceof Date || typeof value !== 'object' || value === null) return [prefix];
  if (Array.isArray(value)) return value.length === 0 ? [prefix] : fieldsOf(value[0], `${prefix}[]`);
  return Object.entries(value).flatMap(([key, inner]) => fieldsOf(inner, `${prefix}.${key}`));
}

/** What the client's deserializer keeps of our body must be all of it, under the same names. */
function read(model: string, body: object): unknown {
  const wire = JSON.parse(JSON.stringify(body));
  const mapper = mappers[model] as CompositeMapper;
  const seen = serializer.deserialize(mapper, wire, model);
  const known = fieldsOf(seen).map((field) => field.replaceAll('innerError', 'innererror'));
  assert.deepEqual([...known].sort(), [...fieldsOf(wire)].sort(), `${model} as the client reads it`);
  return seen;
}

function sent<T>(model: string, request: object, decode: (body: unknown) => Decoded<T>): T {
  const wire = serializer.serialize(mappers[model] as CompositeMapper, request, model);
  const decoded = decode(JSON.parse(JSON.stringify(wire)));
  if ('fault' in decoded) assert.fail(decoded.fault.message);
  assert.deepEqual(decoded.ignored, []);
  return decoded.ok;
}

describe('what the official client sends', () => {
  const participant = {
    communicationIdentifier: identifier,
    displayName: 'Alice',
    shareHistoryTime: new Date(noon),
    metadata: { k: 'v' },
  };
  const asked = { id: alice, displayName: 'Alice', shareHistoryTime: noon, metadata: { k: 'v' } };

  test('a new thread', () => {
    const retentionPolicy = { kind: 'threadCreationDate', deleteThreadAfterDays: 60 };
    const request = { topic: 't', participants: [participant], metadata: { a: 'b' }, retentionPolicy };
    assert.deepEqual(sent('CreateChatThreadRequest', request, decodeCreateThread), {
      topic: 't',
      participants: [asked],
      metadata: { a: 'b' },
      retention: retentionPolicy,
    });
    assert.deepEqual(sent('CreateChatThreadRequest', { topic: 't' }, decodeCreateThread), {
      topic: 't',
      participants: [],
    });
  });

  test('changes of a thread', () => {
    const request = { topic: 't', metadata: { a: '' }, retentionPolicy: { kind: 'none' } };
    assert.deepEqual(sent('UpdateChatThreadRequest', request, decodeUpdateThread), {
      topic: 't',
      metadata: { a: '' },
      retention: { kind: 'none' },
    });
    assert.deepEqual(sent('UpdateChatThreadRequest', {}, decodeUpdateThread), {});
  });

  test('messages, their changes, participants, receipts and typing notices', () => {
    const message = { content: 'hi', senderDisplayName: 'Al', type: 'html', metadata: { k: 'v' } };
    assert.deepEqual(sent('SendChatMessageRequest', message, decodeSendMessage), {
      type: 'html',
      text: 'hi',
      senderDisplayName: 'Al',
      metadata: { k: 'v' },
    });
    const change = { content: '', metadata: { k: '' } };
    assert.deepEqual(sent('UpdateChatMessageRequest', change, decodeUpdateMessage), {
      text: '',
      metadata: { k: '' },
    });
    const added = { participants: [participant] };
    assert.deepEqual(sent('AddChatParticipantsRequest', added, decodeAddParticipants), [asked]);
    assert.equal(sent('CommunicationIdentifierModel', identifier, decodeRemoveParticipant), alice);
    assert.equal(sent('SendReadReceiptRequest', { chatMessageId: '17' }, decodeReadReceipt), '17');
    const typing = { senderDisplayName: 'Al' };
    assert.deepEqual(sent('SendTypingNotificationRequest', typing, decodeTyping), typing);
    assert.deepEqual(decodeTyping(undefined), { ok: {}, ignored: [] });
  });
});

describe('what the official client reads', () => {
  const thread: OpenThread = {
    phase: 'open',
    id: '19:acsV1_x@thread.v2',
    resourceId: 'r',
    topic: 't',
    createdAt: noon + 999,
    createdBy: alice,
    metadata: { k: 'v' },
    retention: { kind: 'threadCreationDate', deleteThreadAfterDays: 30 },
    participants: {},
    former: {},
    horizons: {},
    stamp: 0,
    sequence: 0,
  };
  const participant = { id: bob, displayName: 'Bob', metadata: { k: 'v' }, shareHistoryTime: noon };
  const message: Message = {
    id: noon,
    sequence: 3,
    version: noon + 5,
    content: { type: 'text', text: 'hi' },
    sender: alice,
    senderDisplayName: 'Al',
    metadata: { k: 'v' },
    createdAt: noon,
    editedAt: noon + 5000,
    deletedAt: noon + 6000,
  };

  test('a thread that was created, with those who could not be in it', () => {
    const leftOut = [
      { id: bob, why: 'foreign' },
      { id: alice, why: 'unknown' },
    ] as const;
    const body = { chatThread: encodeThread(thread), ...encodeLeftOut(leftOut) };
    const seen = read('CreateChatThreadResult', body) as { chatThread: { createdOn: Date } };
    assert.equal(seen.chatThread.createdOn.getTime(), noon, 'with second precision');
    read('AddChatParticipantsResult', encodeLeftOut(leftOut));
    assert.deepEqual(encodeLeftOut([]), {});
    const {
      metadata: _m,
      retention: _r,
      former: _f,
      horizons: _h,
      stamp: _s,
      sequence: _q,
      ...rest
    } = thread;
    const deleted = { ...rest, phase: 'deleted', deletedAt: noon, reason: 'deletedByUser' } as const;
    read('ChatThreadProperties', encodeThread(deleted));
  });

  test('lists', () => {
    const listed = { threadId: 'T', topic: 't', deletedAt: noon, lastMessageAt: noon };
    read('ChatThreadsItemCollection', encodePage([encodeListedThread(listed)], 'https://next'));
    read('ChatMessagesCollection', encodePage([encodeMessage(message)], 'https://next'));
    read('ChatParticipantsCollection', encodePage([encodeParticipant(participant)], 'https://next'));
    const receipt = encodeReceipt({ sender: alice, messageId: noon, readAt: noon });
    read('ChatMessageReadReceiptsCollection', encodePage([receipt], undefined));
  });

  test('messages of every type', () => {
    const system = { initiator: alice };
    const contents: readonly Message['content'][] = [
      { type: 'text', text: 'x' },
      { type: 'html', text: '<b>x</b>' },
      { type: 'topicUpdated', topic: 't', ...system },
      { type: 'participantAdded', participants: [participant], ...system },
      { type: 'participantRemoved', participants: [participant], ...system },
    ];
    for (const content of contents) {
      const seen = read('ChatMessage', encodeMessage({ ...message, content })) as { type: string };
      assert.equal(seen.type, content.type);
    }
  });

  test('identifiers without a kind', () => {
    assert.ok(!JSON.stringify(encodeParticipant(participant)).includes('"kind"'));
  });
});

describe('requests that are wrong', () => {
  const wrong: readonly (readonly [string, (body: unknown) => Decoded<unknown>, unknown, RegExp])[] = [
    ['no body', decodeCreateThread, undefined, /must be a JSON object and is missing/],
    ['no topic', decodeCreateThread, { participants: [] }, /Topic is invalid\. It is required/],
    ['empty topic', decodeCreateThread, { topic: '' }, /Topic/],
    ['too many participants', decodeAddParticipants, { participants: Array(201).fill({}) }, /200 elements/],
    ['no participants', decodeAddParticipants, { participants: [] }, /at least one/],
    [
      'a phone number',
      decodeAddParticipants,
      { participants: [{ communicationIdentifier: { phoneNumber: { value: '+18005550100' } } }] },
      /phone number cannot be/,
    ],
    ['an empty identifier', decodeRemoveParticipant, {}, /neither a rawId/],
    [
      'a time in words',
      decodeAddParticipants,
      { participants: [{ communicationIdentifier: identifier, shareHistoryTime: 'noon' }] },
      /ISO 8601/,
    ],
    [
      'a participant with much metadata',
      decodeAddParticipants,
      { participants: [{ communicationIdentifier: identifier, metadata: { k: 'x'.repeat(1024) } }] },
      /1024 characters/,
    ],
    [
      '29 days',
      decodeUpdateThread,
      { retentionPolicy: { kind: 'threadCreationDate', deleteThreadAfterDays: 29 } },
      /30 to 90/,
    ],
    ['another policy', decodeUpdateThread, { retentionPolicy: { kind: 'never' } }, /one of none/],
    ['no content', decodeSendMessage, {}, /Content is invalid\. It is required/],
    ['content of another kind', decodeSendMessage, { content: { a: 1 } }, /must be a string/],
    ['a type of the service', decodeSendMessage, { content: '', type: 'topicUpdated' }, /one of text, html/],
    ['metadata of numbers', decodeSendMessage, { content: '', metadata: { a: 1 } }, /Metadata\.A/],
    ['no message id', decodeReadReceipt, {}, /ChatMessageId/],
  ];
  for (const [what, decode, body, message] of wrong)
    test(what, () => {
      const decoded = decode(body);
      assert.ok('fault' in decoded, 'it was taken');
      assert.match(decoded.fault.message, message);
    });

  test('in their query', () => {
    const page = (query: string) => decodePage(new URLSearchParams(query));
    for (const query of [
      'maxPageSize=0',
      'maxPageSize=x',
      'skip=-1',
      'skip=1e3',
      'syncState=xyz',
      'syncState=abc',
    ])
      assert.ok('fault' in page(query), query);
    assert.deepEqual(page('maxPageSize=2&skip=4'), { ok: { size: 2, skip: 4 } });
    assert.ok('fault' in decodeStartTime('yesterday'));
    assert.deepEqual(decodeStartTime('2026-11-03T12:00:00.000Z'), { ok: noon });
    const link = nextLink(
      'https://localhost:8443',
      '/chat/threads',
      new URLSearchParams('maxPageSize=2&skip=1'),
      {
        syncState: encodeSyncState('v17'),
        skip: '3',
      },
    );
    assert.equal(link, 'https://localhost:8443/chat/threads?maxPageSize=2&skip=3&syncState=763137');
    assert.deepEqual(page(new URL(link).search), { ok: { size: 2, skip: 3, state: 'v17' } });
  });
});
