/** What stands in a thread (`reference/chat.md` §1, §2). */
import type { Instant } from '../ids/instant.ts';
import type { Participant } from './thread.ts';

export type Metadata = Readonly<Record<string, string>>;

export type MessageContent =
  | { readonly type: 'text' | 'html'; readonly text: string }
  | { readonly type: 'topicUpdated'; readonly topic: string; readonly initiator: string }
  | {
      readonly type: 'participantAdded' | 'participantRemoved';
      readonly participants: readonly Participant[];
      readonly initiator: string;
    };

export type MessageType = MessageContent['type'];

export interface Message {
  /** Milliseconds since the epoch, made unique within its thread; also the version of what was never changed. */
  readonly id: number;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** Rises with every change in the thread. */
  readonly version: number;
  readonly content: MessageContent;
  /** Raw id; absent for what the service says. */
  readonly sender?: string;
  readonly senderDisplayName?: string;
  readonly metadata?: Metadata;
  readonly createdAt: Instant;
  readonly editedAt?: Instant;
  readonly deletedAt?: Instant;
}

/** A merge as PATCH makes it: an empty value takes its key away. */
export function mergeMetadata(before: Metadata = {}, change: Metadata = {}): Metadata {
  return Object.fromEntries(Object.entries({ ...before, ...change }).filter(([, value]) => value !== ''));
}
