import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChatEvent } from '../../domain/chat/events.ts';
import { encodeNotification } from './chat-notifications.ts';

const base = { threadId: '19:t@thread.v2', resourceId: 'r', at: 1_700_000_000_123 };
const message = {
  id: 1_700_000_000_000,
  sequence: 3,
  version: 1_700_000_000_000,
  content: { type: 'text', text: 'it\u0000is "100%41"\n\\u0000 ü' },
  sender: '8:acs:r_alice',
  createdAt: 1_700_000_000_000,
} as const;

interface Push {
  readonly id: number;
  readonly method: string;
  readonly url: string;
  readonly body: string;
}

const pushed = (event: ChatEvent, recipient = '8:acs:r_bob'): Push => {
  const frame = encodeNotification(event).push(5, 'session', recipient);
  assert.ok(frame.startsWith('3:::'));
  return JSON.parse(frame.slice(4)) as Push;
};

const bodyOf = (event: ChatEvent, recipient?: string) =>
  JSON.parse(pushed(event, recipient).body) as Record<string, unknown>;

test('a push names its number, the session and the recipient, whatever the message says', () => {
  const event: ChatEvent = { ...base, event: 'chatMessageReceived', message };
  const push = pushed(event);
  assert.deepEqual([push.id, push.method, push.url], [5, 'POST', '/v4/f/session/chat']);
  assert.deepEqual(bodyOf(event, '8:acs:r_carol'), {
    eventId: 200,
    senderId: '8:acs:r_alice',
    recipientMri: '8:acs:r_carol',
    groupId: base.threadId,
    messageId: '1700000000000',
    clientMessageId: '',
    senderDisplayName: '',
    messageType: 'Text',
    version: '1700000000000',
    originalArrivalTime: '2023-11-14T22:13:20.000Z',
    messageBody: message.content.text,
    acsChatMessageMetadata: '{}',
    attachments: '[]',
  });
});

test('one notification serves every recipient', () => {
  const notification = encodeNotification({ ...base, event: 'chatMessageReceived', message });
  const of = (recipient: string) =>
    JSON.parse((JSON.parse(notification.push(1, 's', recipient).slice(4)) as Push).body) as {
      recipientMri: string;
    };
  assert.equal(of('8:acs:r_bob').recipientMri, '8:acs:r_bob');
  assert.equal(of('8:acs:r_carol').recipientMri, '8:acs:r_carol');
});

test('events of threads name no recipient, and their people survive the unescaping of the client', () => {
  const alice = { id: '8:acs:r_alice', displayName: 'Al %41 ü', shareHistoryTime: 0 };
  const event: ChatEvent = {
    ...base,
    event: 'chatThreadCreated',
    version: 7,
    createdBy: alice,
    participants: [alice],
    properties: {
      topic: '50%25 off',
      metadata: {},
      retention: { kind: 'threadCreationDate', deleteThreadAfterDays: 45 },
    },
  };
  const body = bodyOf(event);
  assert.deepEqual([body.eventId, body.threadId, body.version], [257, base.threadId, '7']);
  assert.ok(!('recipientMri' in body) && !('groupId' in body));
  const read = (text: unknown) =>
    JSON.parse(decodeURIComponent(String(text).replace(/[^%]/gu, encodeURIComponent)));
  assert.deepEqual(read(body.createdBy), {
    participantId: alice.id,
    displayName: alice.displayName,
    shareHistoryTime: '1970-01-01T00:00:00.000Z',
  });
  const properties = read(body.properties) as { topic: string; retentionPolicy: string };
  assert.equal(properties.topic, '50%25 off');
  assert.deepEqual(JSON.parse(properties.retentionPolicy), {
    retentionPolicyType: 'DeleteAfterCreationTime',
    executeAfter: '45.00:00:00',
  });
});

test('what the service itself says is no message of anybody', () => {
  const content = { type: 'topicUpdated', topic: 't', initiator: '8:acs:r_alice' } as const;
  const event: ChatEvent = { ...base, event: 'chatMessageReceived', message: { ...message, content } };
  assert.throws(() => encodeNotification(event), /topicUpdated/);
});
