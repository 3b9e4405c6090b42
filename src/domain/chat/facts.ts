/** What happened to a thread: the journal's vocabulary. `evolve` folds facts into the state, `events` says who is told. */
import type { Instant } from '../ids/instant.ts';
import type { Message, Metadata } from './message.ts';
import type { Participant, RetentionPolicy } from './thread.ts';

type Body =
  | {
      readonly fact: 'thread-created';
      readonly threadId: string;
      readonly resourceId: string;
      readonly topic: string;
      readonly by: string;
      readonly metadata: Metadata;
      readonly retention: RetentionPolicy;
      readonly participants: readonly Participant[];
      readonly version: number;
    }
  | {
      readonly fact: 'thread-updated';
      readonly by: string;
      readonly topic?: string;
      /** As it is now, merged. */
      readonly metadata?: Metadata;
      readonly retention?: RetentionPolicy;
      readonly version: number;
    }
  | {
      readonly fact: 'thread-deleted';
      /** Absent: the retention policy. */
      readonly by?: string;
      readonly version: number;
    }
  | {
      readonly fact: 'participants-added';
      readonly by: string;
      readonly participants: readonly Participant[];
      readonly version: number;
    }
  | {
      readonly fact: 'participants-removed';
      readonly by: string;
      readonly participants: readonly Participant[];
      readonly version: number;
    }
  | { readonly fact: 'message-sent'; readonly message: Message }
  /** The message as it is after the change. */
  | { readonly fact: 'message-edited'; readonly message: Message }
  | { readonly fact: 'message-deleted'; readonly message: Message }
  | { readonly fact: 'message-read'; readonly by: string; readonly messageId: number }
  /** Told to whoever is there; never journalled. */
  | { readonly fact: 'typing'; readonly by: string; readonly senderDisplayName?: string };

export type Fact = Body & { readonly at: Instant };
export type FactKind = Fact['fact'];
export type FactOf<K extends FactKind> = Extract<Fact, { fact: K }>;
/** A fact before it is stamped. */
export type NewFact = Body;

/** What of a message its journal keeps: not what it says, so that what is edited or deleted is gone. */
export interface MessageTrace {
  readonly id: number;
  readonly sequence: number;
  readonly version: number;
  readonly type: string;
  readonly sender?: string;
}

export type MessageFact = FactOf<'message-sent' | 'message-edited' | 'message-deleted'>;
export type JournalledFact =
  | Exclude<Fact, MessageFact>
  | (Omit<MessageFact, 'message'> & { readonly message: MessageTrace });

export const isMessageFact = (fact: Fact): fact is MessageFact =>
  fact.fact === 'message-sent' || fact.fact === 'message-edited' || fact.fact === 'message-deleted';

export function journalled(fact: Fact): JournalledFact {
  if (!isMessageFact(fact)) return fact;
  const { id, sequence, version, content, sender } = fact.message;
  const message = { id, sequence, version, type: content.type, ...(sender === undefined ? {} : { sender }) };
  return { fact: fact.fact, at: fact.at, message };
}

/** The message that a fact is about. */
export function messageOf(fact: JournalledFact): number | undefined {
  if ('message' in fact) return fact.message.id;
  return 'messageId' in fact ? fact.messageId : undefined;
}
