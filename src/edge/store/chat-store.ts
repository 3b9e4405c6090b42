/** Threads and messages in the embedded store, in the same group commits as everything else. */
import type {
  ChatStore,
  LoadedThread,
  MessageQuery,
  MessageRow,
  ThreadAppend,
  ThreadFactRow,
  ThreadIndex,
  ThreadQuery,
} from '../../app/ports/chat-store.ts';
import { JournalConflict } from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { toJson, writeEntries, writeRepeat } from './columns.ts';
import type { Write } from './group-commit.ts';
import type { Statements } from './statements.ts';

/** Messages of a deleted thread that one write forgets, so that a long thread never holds up a turn. */
const emptiedPerWrite = 500;

export interface ChatStoreParts {
  readonly epoch: number;
  readonly write: (write: Write) => Promise<void>;
  readonly read: <T>(read: (sql: Statements) => T) => T;
}

type Columns = NonNullable<ReturnType<Statements['chatThread']['get']>>;

const optional = <K extends string>(key: K, value: unknown): { [_ in K]?: number } =>
  (value === null ? {} : { [key]: Number(value) }) as { [_ in K]?: number };

const toIndex = (columns: Columns): ThreadIndex => ({
  threadId: String(columns.thread_id),
  resourceId: String(columns.resource_id),
  topic: String(columns.topic),
  createdAt: Number(columns.created_at),
  activeAt: Number(columns.active_at),
  ...optional('lastMessageAt', columns.last_message_at),
  ...optional('deletedAt', columns.deleted_at),
  ...optional('purgeAt', columns.purge_at),
});

const toFact = ({ seq, at, fact }: Columns): ThreadFactRow => ({
  seq: Number(seq),
  at: Number(at),
  fact: toJson(fact),
});

const toMessage = ({ message_id, version, body }: Columns): MessageRow => ({
  id: Number(message_id),
  version: Number(version),
  body: toJson(body),
});

function writeAppend(sql: Statements, append: ThreadAppend, epoch: number): void {
  const { threadId, at, index, snapshot } = append;
  let seq = append.fromSeq;
  for (const { fact, messageId } of append.facts) {
    sql.chatAddFact.run(threadId, seq, epoch, at, messageId ?? null, JSON.stringify(fact));
    seq += 1;
  }
  for (const { id, version, body } of append.messages)
    sql.chatPutMessage.run(threadId, id, version, JSON.stringify(body));
  if (snapshot !== undefined) sql.chatPutSnapshot.run(threadId, seq - 1, JSON.stringify(snapshot));
  sql.chatPutThread.run(
    threadId,
    index.resourceId,
    index.topic,
    index.createdAt,
    index.activeAt,
    index.lastMessageAt ?? null,
    index.deletedAt ?? null,
    index.purgeAt ?? null,
  );
  for (const user of append.left) sql.chatDropMember.run(user, threadId);
  for (const user of append.joined) sql.chatPutMember.run(user, threadId);
  writeEntries(sql, append.entries);
  if (append.remember) writeRepeat(sql, append.remember);
}

export function chatStore({ epoch, write, read }: ChatStoreParts): ChatStore {
  return {
    append: (append) =>
      write((sql) => {
        const next = Number(sql.chatLastSeq.get(append.threadId)?.seq ?? 0) + 1;
        if (append.fromSeq !== next) {
          return new JournalConflict(
            `Thread ${append.threadId}: facts from ${append.fromSeq} offered, ${next} comes next in the journal.`,
          );
        }
        writeAppend(sql, append, epoch);
        return undefined;
      }),

    load: (threadId): LoadedThread =>
      read((sql) => {
        const found = sql.chatSnapshot.get(threadId);
        const from = Number(found?.seq ?? 0);
        const facts = sql.chatFactsAfter.all(threadId, from).map(toFact);
        return {
          ...(found ? { snapshot: toJson(found.state) } : {}),
          facts,
          lastSeq: facts.at(-1)?.seq ?? from,
        };
      }),

    index: (threadId) =>
      read((sql) => {
        const found = sql.chatThread.get(threadId);
        return found && toIndex(found);
      }),

    message: (threadId, id) =>
      read((sql) => {
        const found = sql.chatMessage.get(threadId, id);
        return found && toMessage(found);
      }),

    messages: ({ threadId, before, until, since, fromId, limit }: MessageQuery) =>
      read((sql) => {
        const most = Number.MAX_SAFE_INTEGER;
        return sql.chatMessages
          .all(threadId, before ?? most, until ?? most, since ?? 0, fromId, limit)
          .map(toMessage);
      }),

    threads: ({ user, resourceId, after, since, limit }: ThreadQuery) =>
      read((sql) => {
        const last = after ?? { activeAt: Number.MAX_SAFE_INTEGER, threadId: '' };
        return sql.chatThreads
          .all(user, resourceId, since ?? 0, last.activeAt, last.activeAt, last.threadId, limit)
          .map(toIndex);
      }),

    threadsOf: (user) => read((sql) => sql.chatThreadsOf.all(user).map((found) => String(found.thread_id))),

    threadsWithMessage: (id) =>
      read((sql) => sql.chatThreadsWithMessage.all(id).map((found) => String(found.thread_id))),

    factsOf: (threadId, messageId) =>
      read((sql) => sql.chatFactsOfMessage.all(threadId, messageId).map(toFact)),

    nextPurges: (limit) =>
      read((sql) =>
        sql.chatPurges.all(limit).map((found) => ({
          threadId: String(found.thread_id),
          purgeAt: Number(found.purge_at),
        })),
      ),

    toEmpty: () => read((sql) => sql.chatToEmpty.all().map((found) => String(found.thread_id))),

    async empty(threadId) {
      let more = false;
      await write((sql) => {
        const some = sql.chatSomeMessages.all(threadId, emptiedPerWrite);
        for (const { message_id } of some) sql.chatDropMessage.run(threadId, message_id as number);
        more = some.length === emptiedPerWrite;
        return undefined;
      });
      return more;
    },
  };
}

/** Forgets up to `limit` threads that were deleted before; true when there may be more. */
export function pruneThreads(sql: Statements, before: Instant, limit: number): boolean {
  const old = sql.chatOldThreads.all(before, limit).map((found) => String(found.thread_id));
  for (const threadId of old) {
    sql.chatDropMessages.run(threadId);
    sql.chatDropJournal.run(threadId);
    sql.chatDropSnapshot.run(threadId);
    sql.chatDropMembers.run(threadId);
    sql.chatDropThread.run(threadId);
  }
  return old.length === limit;
}
