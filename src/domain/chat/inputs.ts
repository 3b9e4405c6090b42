/** What people and the clock ask of a thread. */
import type { Actor } from './access.ts';
import type { Message, Metadata } from './message.ts';
import type { RetentionPolicy } from './thread.ts';

/** Somebody to be added; `shareHistoryTime` absent: from now on. */
export interface NewParticipant {
  readonly id: string;
  readonly displayName?: string;
  readonly metadata?: Metadata;
  readonly shareHistoryTime?: number;
}

export type Input =
  | {
      readonly input: 'create';
      readonly threadId: string;
      readonly by: Actor;
      readonly topic: string;
      readonly participants: readonly NewParticipant[];
      readonly metadata?: Metadata;
      readonly retention?: RetentionPolicy;
    }
  | {
      readonly input: 'update';
      readonly by: Actor;
      readonly topic?: string;
      readonly metadata?: Metadata;
      readonly retention?: RetentionPolicy;
    }
  | { readonly input: 'delete'; readonly by: Actor }
  | { readonly input: 'add'; readonly by: Actor; readonly participants: readonly NewParticipant[] }
  | { readonly input: 'remove'; readonly by: Actor; readonly user: string }
  /** The identity is gone. */
  | { readonly input: 'user-deleted'; readonly user: string }
  | {
      readonly input: 'send';
      readonly by: Actor;
      readonly type: 'text' | 'html';
      readonly text: string;
      readonly senderDisplayName?: string;
      readonly metadata?: Metadata;
    }
  | {
      readonly input: 'edit';
      readonly by: Actor;
      /** As it stands; undefined: there is none of that id. */
      readonly message: Message | undefined;
      readonly text?: string;
      readonly metadata?: Metadata;
    }
  | { readonly input: 'delete-message'; readonly by: Actor; readonly message: Message | undefined }
  | { readonly input: 'read'; readonly by: Actor; readonly message: Message | undefined }
  | { readonly input: 'type'; readonly by: Actor; readonly senderDisplayName?: string }
  /** The time that the retention policy set may have come. */
  | { readonly input: 'tick' };

export type InputOf<K extends Input['input']> = Extract<Input, { input: K }>;
