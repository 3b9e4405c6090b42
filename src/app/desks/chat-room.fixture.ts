/** For tests: chat over the real store; what leaves it is only written down. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { documentedLimits } from '../../domain/chat/limits.ts';
import { alice, bob, carol, noon, resource } from '../../domain/chat/thread.fixture.ts';
import { ManualClock } from '../../edge/clock/manual-clock.ts';
import { QuietWatch } from '../../edge/clock/quiet-watch.ts';
import { SlidingWindows } from '../../edge/records/rate-windows.ts';
import { type OpenedStore, openStore } from '../../edge/store/open-store.ts';
import type { Told } from '../ports/chat-events.ts';
import type { OutboxEntry } from '../ports/store.ts';
import type { ChatAnswer } from './chat-commands.ts';
import { ChatService, type ChatServiceDependencies } from './chat-service.ts';

export { alice, bob, carol } from '../../domain/chat/thread.fixture.ts';

export interface RoomOptions {
  readonly file?: string;
  readonly changes?: Partial<ChatServiceDependencies>;
}

export class Room {
  readonly quiet = new QuietWatch();
  readonly clock = new ManualClock(noon, this.quiet);
  readonly store: OpenedStore;
  readonly told: Told[] = [];
  readonly owed: OutboxEntry[] = [];
  readonly chats: ChatService;
  #onDeleted: (user: string) => void = () => {};

  constructor({ file = ':memory:', changes = {} }: RoomOptions = {}) {
    this.store = openStore({ file, answerWithin: 50, hold: (what) => this.quiet.hold(what) });
    const known = new Set([alice, bob, carol].map(({ id }) => id));
    this.chats = new ChatService({
      store: this.store,
      chat: this.store.chat,
      clock: this.clock,
      ids: { next: randomUUID },
      rate: new SlidingWindows(),
      rates: 'none',
      limits: documentedLimits,
      directory: { subscribers: () => [] },
      outbox: { owe: (entries) => void this.owed.push(...entries) },
      identities: {
        user: (id) => (known.has(id) ? { resourceId: resource, exists: true, createdAt: noon } : undefined),
        onDeleted: (listener) => {
          this.#onDeleted = listener;
          return () => {};
        },
      },
      onFact: () => {},
      onTrouble: (error) => assert.fail(String(error)),
      ...changes,
    });
    this.chats.subscribe((told) => void this.told.push(told));
  }

  deleteIdentity(user: string): void {
    this.#onDeleted(user);
  }

  /** The id of a thread of alice, bob and whoever else. */
  async thread(others = [bob], more = {}): Promise<string> {
    const participants = others.map(({ id }) => ({ id }));
    const created = await this.chats.create(alice, { topic: 'topic', participants, ...more });
    return done(created).thread.id;
  }

  send(threadId: string, text = 'hello', by = alice): Promise<ChatAnswer<number>> {
    return this.chats.send(by, threadId, { type: 'text', text });
  }

  /** Texts of all messages of people, newest first. */
  texts(threadId: string, by = alice): readonly string[] {
    return done(this.chats.messages(by, threadId, {})).items.flatMap(({ content }) =>
      'text' in content ? [content.text] : [],
    );
  }
}

export function done<T>(answer: ChatAnswer<T>): T {
  if ('refused' in answer) assert.fail(`refused: ${answer.refused.situation}: ${answer.refused.detail}`);
  return answer.ok;
}

export function refused(answer: ChatAnswer<unknown>): readonly [string, string] {
  if ('ok' in answer) assert.fail('it was not refused');
  return [answer.refused.row, answer.refused.situation];
}
