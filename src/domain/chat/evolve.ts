import type { Fact } from './facts.ts';
import type { Participant, Thread, Window } from './thread.ts';

const byId = (participants: readonly Participant[]): Readonly<Record<string, Participant>> =>
  Object.fromEntries(participants.map((participant) => [participant.id, participant]));

const without = <T>(
  record: Readonly<Record<string, T>>,
  ids: readonly string[],
): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([id]) => !ids.includes(id)));

/** What `evolve` reads of a fact: what a message says is no part of the state, nor of the journal. */
export type Folded =
  | Exclude<Fact, { readonly message: unknown }>
  | {
      readonly fact: 'message-sent' | 'message-edited' | 'message-deleted';
      readonly at: number;
      readonly message: { readonly id: number; readonly sequence: number; readonly version: number };
    };

/** The thread after this fact. Total: what does not fit changes nothing. */
export function evolve(thread: Thread | undefined, fact: Folded): Thread | undefined {
  if (fact.fact === 'thread-created') {
    const {
      threadId: id,
      resourceId,
      topic,
      by: createdBy,
      at: createdAt,
      metadata,
      retention,
      version,
    } = fact;
    return {
      phase: 'open',
      id,
      resourceId,
      topic,
      createdAt,
      createdBy,
      metadata,
      retention,
      participants: byId(fact.participants),
      former: {},
      horizons: {},
      stamp: version,
      sequence: 0,
    };
  }
  if (thread?.phase !== 'open') return thread;
  switch (fact.fact) {
    case 'thread-updated': {
      const {
        topic = thread.topic,
        metadata = thread.metadata,
        retention = thread.retention,
        version,
      } = fact;
      return { ...thread, topic, metadata, retention, stamp: version };
    }
    case 'thread-deleted': {
      const { id, resourceId, topic, createdAt, createdBy, participants } = thread;
      const reason = fact.by === undefined ? 'deletedByPolicy' : 'deletedByUser';
      const header = { id, resourceId, topic, createdAt, createdBy, participants };
      return { phase: 'deleted', ...header, deletedAt: fact.at, reason };
    }
    case 'participants-added': {
      const ids = fact.participants.map(({ id }) => id);
      return {
        ...thread,
        participants: { ...thread.participants, ...byId(fact.participants) },
        former: without(thread.former, ids),
        stamp: fact.version,
      };
    }
    case 'participants-removed': {
      const ids = fact.participants.map(({ id }) => id);
      const windows = fact.participants.map(({ id, shareHistoryTime }): readonly [string, Window] => [
        id,
        { from: shareHistoryTime, until: fact.version },
      ]);
      return {
        ...thread,
        participants: without(thread.participants, ids),
        former: { ...thread.former, ...Object.fromEntries(windows) },
        horizons: without(thread.horizons, ids),
        stamp: fact.version,
      };
    }
    case 'message-sent': {
      const { version, sequence } = fact.message;
      return { ...thread, stamp: version, sequence, lastMessageAt: fact.at };
    }
    case 'message-edited':
    case 'message-deleted':
      return { ...thread, stamp: fact.message.version };
    case 'message-read': {
      const { by, messageId, at: readAt } = fact;
      return { ...thread, horizons: { ...thread.horizons, [by]: { messageId, readAt } } };
    }
    case 'typing':
      return thread;
  }
}
