/** What users ask of chat, and what they are answered. */
import type { Outcome } from '../../domain/call/outcome.ts';
import type { Actor } from '../../domain/chat/access.ts';
import type { InputOf } from '../../domain/chat/inputs.ts';
import type { LeftOut } from '../../domain/chat/invitations.ts';
import type { Message } from '../../domain/chat/message.ts';
import type { Horizon, OpenThread, Participant, Thread } from '../../domain/chat/thread.ts';
import type { ThreadIndex } from '../ports/chat-store.ts';

export type { Actor } from '../../domain/chat/access.ts';

export type ChatAnswer<T> =
  | { readonly ok: T }
  | { readonly refused: Outcome; readonly retryAfterMs?: number };

type Body<K extends 'create' | 'update' | 'add' | 'send' | 'type'> = Omit<
  InputOf<K>,
  'input' | 'by' | 'threadId'
>;

export type NewThread = Body<'create'>;
export type ThreadChange = Body<'update'>;
export type NewMessage = Body<'send'>;
export type TypingNotice = Body<'type'>;
export type NewParticipants = Body<'add'>['participants'];
export type MessageChange = Pick<InputOf<'edit'>, 'text' | 'metadata'>;

export interface Created {
  readonly thread: Thread;
  readonly leftOut: readonly LeftOut[];
}

/** `next`: where the following page begins; absent on the last one. */
export interface Page<T, Next> {
  readonly items: readonly T[];
  readonly next?: Next;
}

export interface PageOf {
  /** As asked; bounded by the documented most. */
  readonly size?: number;
}

export type ThreadCursor = { readonly activeAt: number; readonly threadId: string };
export type Receipt = Horizon & { readonly sender: string };

/** Refusals are values; a promise rejects only for defects of ours. */
export interface Chats {
  /** `requestId`: a repetition under the same one, by the same user, gets the same thread. */
  create(by: Actor, thread: NewThread, requestId?: string): Promise<ChatAnswer<Created>>;
  update(by: Actor, threadId: string, change: ThreadChange): Promise<ChatAnswer<undefined>>;
  delete(by: Actor, threadId: string): Promise<ChatAnswer<undefined>>;
  send(by: Actor, threadId: string, message: NewMessage): Promise<ChatAnswer<number>>;
  edit(by: Actor, threadId: string, messageId: string, change: MessageChange): Promise<ChatAnswer<undefined>>;
  deleteMessage(by: Actor, threadId: string, messageId: string): Promise<ChatAnswer<undefined>>;
  add(by: Actor, threadId: string, participants: NewParticipants): Promise<ChatAnswer<readonly LeftOut[]>>;
  remove(by: Actor, threadId: string, user: string): Promise<ChatAnswer<undefined>>;
  read(by: Actor, threadId: string, messageId: string): Promise<ChatAnswer<undefined>>;
  typing(by: Actor, threadId: string, notice: TypingNotice): Promise<ChatAnswer<undefined>>;

  threads(
    by: Actor,
    page: PageOf & { readonly since?: number; readonly after?: ThreadCursor },
  ): ChatAnswer<Page<ThreadIndex, ThreadCursor>>;
  thread(by: Actor, threadId: string): ChatAnswer<OpenThread>;
  /** By version, newest first; `before`: versions below this one. */
  messages(
    by: Actor,
    threadId: string,
    page: PageOf & { readonly since?: number; readonly before?: number },
  ): ChatAnswer<Page<Message, number>>;
  message(by: Actor, threadId: string, messageId: string): ChatAnswer<Message>;
  participants(
    by: Actor,
    threadId: string,
    page: PageOf & { readonly skip: number },
  ): ChatAnswer<Page<Participant, number>>;
  receipts(
    by: Actor,
    threadId: string,
    page: PageOf & { readonly skip: number },
  ): ChatAnswer<Page<Receipt, number>>;
}
