/** A thread as its tests make it: inputs decided, facts folded, refusals in words. */
import assert from 'node:assert/strict';
import type { Instant } from '../ids/instant.ts';
import type { Actor } from './access.ts';
import { decide, isRefusal } from './decide.ts';
import { type Told, toldOf } from './events.ts';
import { evolve } from './evolve.ts';
import type { Fact } from './facts.ts';
import type { Input, InputOf } from './inputs.ts';
import { type ChatLimits, documentedLimits } from './limits.ts';
import type { Message } from './message.ts';
import type { OpenThread, Thread } from './thread.ts';

export const resource = '2fd14f97-5cf0-45a2-a59b-45a43541727c';
export const noon = Date.UTC(2026, 10, 3, 12);

export const user = (name: string, scopes: readonly string[] = ['chat'], resourceId = resource): Actor => ({
  id: `8:acs:${resourceId}_${name}`,
  resourceId,
  scopes,
});
export const alice = user('alice');
export const bob = user('bob');
export const carol = user('carol');

export class TestThread {
  thread: Thread | undefined;
  at: Instant = noon;
  readonly facts: Fact[] = [];
  readonly told: Told[] = [];
  readonly messages = new Map<number, Message>();
  readonly limits: ChatLimits;

  constructor(limits: Partial<ChatLimits> = {}) {
    this.limits = { ...documentedLimits, ...limits };
  }

  /** What is refused: the situation. What is not: the facts. */
  try(input: Input): readonly string[] | string {
    const decision = decide(this.thread, input, this.at, this.limits);
    if (isRefusal(decision)) return decision.refused.situation;
    for (const fact of decision) {
      const before = this.thread;
      this.thread = evolve(before, fact);
      this.facts.push(fact);
      if ('message' in fact) this.messages.set(fact.message.id, fact.message);
      const told = this.thread && toldOf(fact, this.thread, before);
      if (told) this.told.push(told);
    }
    return decision.map(({ fact }) => fact);
  }

  do(input: Input): readonly string[] {
    const done = this.try(input);
    if (typeof done === 'string') assert.fail(`${input.input} was refused: ${done}`);
    return done;
  }

  /** The thread of `creator` and these others. */
  create(creator: Actor, others: readonly Actor[] = [], more: Partial<InputOf<'create'>> = {}): this {
    const participants = others.map(({ id }) => ({ id }));
    this.do({ input: 'create', threadId: 'T', by: creator, topic: 'topic', participants, ...more });
    return this;
  }

  send(by: Actor, text = 'hello', more: Partial<InputOf<'send'>> = {}): Message {
    this.do({ input: 'send', by, type: 'text', text, ...more });
    return this.last;
  }

  get last(): Message {
    const [message] = [...this.messages.values()].sort((a, b) => b.version - a.version);
    if (!message) throw new Error('no message yet');
    return message;
  }

  get open(): OpenThread {
    if (this.thread?.phase !== 'open') throw new Error('the thread is not open');
    return this.thread;
  }
}
