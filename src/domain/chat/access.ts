/** Who may do what (`reference/auth.md` §4, `reference/chat.md` §3, §4): by the token's scopes, then by the thread. */
import type { Outcome } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import type { Message } from './message.ts';
import { outcome } from './outcome.ts';
import type { OpenThread, Thread, Window } from './thread.ts';

export interface Actor {
  /** Raw id. */
  readonly id: string;
  readonly resourceId: string;
  readonly scopes: readonly string[];
}

export type Operation = keyof typeof needs;

const any = ['chat', 'chat.join', 'chat.join.limited'] as const;
const join = ['chat', 'chat.join'] as const;
const full = ['chat'] as const;

/** The scopes of which a token must have one. */
const needs = {
  'create thread': full,
  'update thread': full,
  'delete thread': full,
  'add participants': join,
  'remove participant': join,
  'list threads': any,
  'get thread': any,
  'list participants': any,
  'list read receipts': any,
  'send read receipt': any,
  'send message': any,
  'get message': any,
  'list messages': any,
  'edit message': any,
  'delete message': any,
  'send typing notification': any,
} as const;

export function scopeRefused(actor: Actor, operation: Operation, at: Instant): Outcome | undefined {
  const enough: readonly string[] = needs[operation];
  if (actor.scopes.some((scope) => enough.includes(scope))) return undefined;
  const detail = `to ${operation} takes the scope ${enough.join(' or ')}; the token has ${actor.scopes.join(', ') || 'none'}`;
  return outcome('scope-missing@request', at, { detail });
}

export type Admitted = { readonly thread: OpenThread; readonly window: Window };
export type Admission = Admitted | { readonly refused: Outcome };

/** Reading messages is what somebody who was removed still may do. */
const forFormer: readonly Operation[] = ['get message', 'list messages'];

/**
 * Whether `actor` may do this in the thread, and what of it is theirs to see. A thread of nobody, of others, of another
 * resource and a deleted one differ in their situations, never in what the client is told.
 */
export function admit(
  thread: Thread | undefined,
  actor: Actor,
  operation: Operation,
  at: Instant,
): Admission {
  const scope = scopeRefused(actor, operation, at);
  if (scope) return { refused: scope };
  const no = (cause: 'no-such-thread' | 'not-a-participant' | 'no-longer-a-participant', detail: string) => ({
    refused: outcome(`${cause}@thread`, at, { detail }),
  });
  if (!thread) return no('no-such-thread', 'no thread has this id');
  if (thread.resourceId !== actor.resourceId)
    return no('no-such-thread', `the thread belongs to another resource than ${actor.id}`);
  if (thread.phase === 'deleted') {
    const when = new Date(thread.deletedAt).toISOString();
    return { refused: outcome('thread-deleted@thread', at, { detail: `the thread was deleted at ${when}` }) };
  }
  const seat = Object.hasOwn(thread.participants, actor.id) ? thread.participants[actor.id] : undefined;
  if (seat) return { thread, window: { from: seat.shareHistoryTime } };
  const window = Object.hasOwn(thread.former, actor.id) ? thread.former[actor.id] : undefined;
  if (!window) return no('not-a-participant', `${actor.id} is not in the thread`);
  if (forFormer.includes(operation)) return { thread, window };
  return no('no-longer-a-participant', `${actor.id} was removed; earlier messages is all it may read`);
}

/** Whether a message, as it now stands, lies in what somebody may read. */
export function sees({ from, until }: Window, { id, version }: Pick<Message, 'id' | 'version'>): boolean {
  return id >= from && (until === undefined || version <= until);
}

/** The message, when there is one and its asker may read it. */
export function findVisible(
  window: Window,
  message: Message | undefined,
  at: Instant,
): { readonly message: Message } | { readonly refused: Outcome } {
  if (!message)
    return {
      refused: outcome('message-unknown@thread', at, { detail: 'the thread has no message of this id' }),
    };
  if (sees(window, message)) return { message };
  const detail = 'the message lies outside what the user may read';
  return { refused: outcome('message-hidden@thread', at, { detail }) };
}
