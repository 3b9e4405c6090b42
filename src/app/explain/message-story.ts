/** What happened to a chat message, read from its thread's journal, the notices of devices and the deliveries. */
import type { MessageTrace } from '../../domain/chat/facts.ts';
import type { Horizon } from '../../domain/chat/thread.ts';
import type { MessageLine, MessageStory } from '../ports/administration.ts';
import type { Notified } from '../ports/chat-events.ts';
import type { ThreadFactRow, ThreadIndex } from '../ports/chat-store.ts';
import type { Delivery, Json } from '../ports/store.ts';

export interface MessageSources {
  readonly messageId: number;
  readonly thread: ThreadIndex;
  /** What the journal has about this message, in order. */
  readonly facts: readonly ThreadFactRow[];
  /** How far each participant has read. */
  readonly horizons: Readonly<Record<string, Horizon>>;
  readonly deliveries: readonly Delivery[];
  readonly notices: readonly Notified[];
}

type MessageFactRow =
  | {
      readonly fact: 'message-sent' | 'message-edited' | 'message-deleted';
      readonly message: MessageTrace;
    }
  | { readonly fact: 'message-read'; readonly by: string };

interface Line {
  readonly at: number;
  readonly kind: MessageLine['kind'];
  readonly text: string;
}

const iso = (at: number): string => new Date(at).toISOString();
// Journal rows are facts as `decide` made them, through JSON.
const factOf = (row: ThreadFactRow): MessageFactRow => row.fact as unknown as MessageFactRow;

function factText(fact: MessageFactRow): string {
  switch (fact.fact) {
    case 'message-sent': {
      const { sender, type, sequence } = fact.message;
      return `sent by ${sender ?? 'the service'}: ${type}, the thread's message ${sequence}`;
    }
    case 'message-edited':
      return `edited by its sender: version ${fact.message.version}`;
    case 'message-deleted':
      return `deleted by its sender: version ${fact.message.version}`;
    case 'message-read':
      return `read by ${fact.by}`;
  }
}

const textIn = (value: Json, key: string): string | undefined => {
  const found =
    typeof value === 'object' && value !== null && key in value ? (value as never)[key] : undefined;
  return typeof found === 'string' ? found : undefined;
};

/** Of whatever was owed to subscriptions about a message. */
export function deliveryLines({ entry, state, attempts }: Delivery): readonly Line[] {
  const recipient = textIn(entry.event, 'recipient');
  const what = `${textIn(entry.event, 'type')}${recipient === undefined ? '' : ` for ${recipient}`}`;
  const whom = `subscription ${textIn(entry.to, 'name')}`;
  const owed: Line = { at: entry.at, kind: 'delivery', text: `${what} owed to ${whom}` };
  if (attempts.length === 0) return [{ ...owed, text: `${owed.text}, not tried yet` }];
  return attempts.map(({ at, status, detail, durationMs }, i) => {
    const answer = status === undefined ? `no answer: ${detail}` : `${status} in ${durationMs} ms`;
    const end = i === attempts.length - 1 ? ` (${state})` : '';
    return { at, kind: 'delivery', text: `${what} to ${whom}: ${answer}${end}` };
  });
}

const noticeLine = ({ at, event, user, device, how }: Notified): Line => ({
  at,
  kind: 'notice',
  text:
    how === 'sent'
      ? `${event} sent to ${user} (device ${device})`
      : `${event} acknowledged by ${user} (device ${device})`,
});

/** Undefined: the journal has nothing of it. */
export function messageStory(sources: MessageSources): MessageStory | undefined {
  const { messageId, thread, facts, horizons, deliveries, notices } = sources;
  const told = facts.map((row) => ({ at: row.at, fact: factOf(row) }));
  const sent = told.find(({ fact }) => fact.fact === 'message-sent');
  if (sent?.fact.fact !== 'message-sent') return undefined;
  const { sender, type, sequence } = sent.fact.message;
  const lines: readonly Line[] = [
    ...told.map(({ at, fact }): Line => ({ at, kind: 'fact', text: factText(fact) })),
    ...notices.map(noticeLine),
    ...deliveries.flatMap(deliveryLines),
  ];
  const changes = told.map(({ fact }) => fact.fact);
  const state = changes.includes('message-deleted')
    ? 'deleted'
    : changes.includes('message-edited')
      ? 'edited'
      : 'sent';
  const readBy = Object.entries(horizons)
    .filter(([, horizon]) => horizon.messageId >= messageId)
    .map(([user, { readAt, messageId: upTo }]) => ({ user, readAt: iso(readAt), upTo: String(upTo) }));
  return {
    messageId: String(messageId),
    threadId: thread.threadId,
    topic: thread.topic,
    resourceId: thread.resourceId,
    ...(sender === undefined ? {} : { sender }),
    type,
    sequence,
    sentAt: iso(sent.at),
    state: thread.deletedAt === undefined ? state : 'gone with its thread',
    readBy,
    // Stable: what happened in one millisecond stays in the order facts, notices, deliveries.
    entries: [...lines].sort((a, b) => a.at - b.at).map(({ at, ...line }) => ({ at: iso(at), ...line })),
  };
}
