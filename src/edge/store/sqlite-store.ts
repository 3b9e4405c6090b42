/** The embedded store: SQLite in WAL mode, or in memory. */
import type { ChatStore } from '../../app/ports/chat-store.ts';
import type { SmsStore } from '../../app/ports/sms-store.ts';
import {
  type Append,
  AppendAborted,
  type CallFilter,
  type CallIndex,
  type Delivery,
  type DeliveryAttempt,
  type DeliveryFilter,
  type DeliveryState,
  JournalConflict,
  type JournalRow,
  type Json,
  type OutboxEntry,
  type RepeatRecord,
  type Store,
  StoreFailed,
  StoreSilent,
} from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { chatStore, pruneThreads } from './chat-store.ts';
import {
  toAttempt,
  toCallIndex,
  toEntry,
  toJson,
  toRepeat,
  toState,
  writeEntries,
  writeFacts,
  writeIndex,
  writeRepeat,
} from './columns.ts';
import { type Connection, sentence } from './connection.ts';
import { type StoreFaults, storeFaults } from './faults.ts';
import { type GroupCommit, isBusy, type Write } from './group-commit.ts';
import { pruneTexts, smsStore } from './sms-store.ts';
import type { Statements } from './statements.ts';

/** Calls and deliveries forgotten per write, so that pruning a month never holds up a turn for long. */
const prunedPerWrite = 200;
/** More records than this in one epoch would run into the next one's numbers. */
const numbersPerEpoch = 1e9;

export class SqliteStore implements Store {
  readonly epoch: number;
  readonly faults: StoreFaults;
  readonly chat: ChatStore;
  readonly sms: SmsStore;
  readonly #connection: Connection;
  readonly #commits: GroupCommit;
  #written = 0;
  #closed = false;

  constructor(connection: Connection, commits: GroupCommit) {
    this.epoch = connection.epoch;
    this.faults = storeFaults(connection);
    this.#connection = connection;
    this.#commits = commits;
    const parts = {
      epoch: this.epoch,
      write: (write: Write) => this.#write(write),
      read: <T>(read: (sql: Statements) => T) => this.#read(read),
    };
    this.chat = chatStore(parts);
    this.sms = smsStore({ ...parts, position: () => this.#number() });
  }

  append(append: Append, signal?: AbortSignal): Promise<void> {
    const { epoch } = this;
    return this.#write((sql) => {
      if (signal?.aborted) return new AppendAborted(`Call ${append.callId}: nobody waits for it any more.`);
      if (append.facts.length > 0) {
        const next = Number(sql.lastSeq.get(append.callId)?.seq ?? 0) + 1;
        if (append.fromSeq !== next) {
          return new JournalConflict(
            `Call ${append.callId}: facts from ${append.fromSeq} offered, ${next} comes next in the journal.`,
          );
        }
        writeFacts(sql, append, epoch);
      }
      if (append.index) writeIndex(sql, append.index, this.#number());
      writeEntries(sql, append.entries);
      if (append.remember) writeRepeat(sql, append.remember);
      return undefined;
    });
  }

  journal(callId: string): readonly JournalRow[] {
    return this.#read((sql) =>
      sql.journal.all(callId).map(({ seq, at, fact }) => ({
        callId,
        seq: Number(seq),
        at: Number(at),
        fact: toJson(fact),
      })),
    );
  }

  find(id: string): CallIndex | undefined {
    return this.#read((sql) => {
      const found = sql.call.get(id) ?? sql.callByAlias.get(id);
      return found && toCallIndex(found);
    });
  }

  calls({ resourceId, limit }: CallFilter): readonly CallIndex[] {
    return this.#read((sql) =>
      (resourceId === undefined ? sql.calls.all(limit) : sql.callsOf.all(resourceId, limit)).map(toCallIndex),
    );
  }

  alive(): readonly string[] {
    return this.#read((sql) => sql.alive.all().map(({ call_id }) => String(call_id)));
  }

  countCalls(resourceId: string, since: Instant): number {
    return this.#read((sql) => Number(sql.countCalls.get(resourceId, since)?.count));
  }

  post(entries: readonly OutboxEntry[]): Promise<void> {
    return this.#write((sql) => {
      writeEntries(sql, entries);
      return undefined;
    });
  }

  owed(): readonly Delivery[] {
    this.#writeWaiting();
    return this.#read((sql) => this.#deliveries(sql, sql.owed.all()));
  }

  deliveries({ callId, limit }: DeliveryFilter): readonly Delivery[] {
    this.#writeWaiting();
    return this.#read((sql) =>
      this.#deliveries(
        sql,
        callId === undefined ? sql.deliveries.all(limit) : sql.deliveriesOf.all(callId, limit),
      ),
    );
  }

  attempted(entryId: string, attempt: DeliveryAttempt, state: DeliveryState): Promise<void> {
    if (this.#closed) return Promise.reject(closed());
    return this.#commits.addPatiently((sql) => {
      // An attempt may come back after `reset` or `prune` forgot its entry.
      if (Number(sql.setState.run(state, entryId).changes) === 0) return undefined;
      const { at, status, detail, durationMs } = attempt;
      sql.addAttempt.run(entryId, at, status ?? null, detail, durationMs, entryId);
      return undefined;
    });
  }

  repeat(key: string, at: Instant): RepeatRecord | undefined {
    return this.#read((sql) => {
      const found = sql.repeat.get(key, at);
      return found && toRepeat(found);
    });
  }

  remember(record: RepeatRecord): Promise<void> {
    return this.#write((sql) => {
      writeRepeat(sql, record);
      return undefined;
    });
  }

  addTrace(subjectId: string, at: Instant, trace: Json): void {
    if (this.#closed) return;
    const number = this.#number();
    const { epoch } = this;
    this.#commits.addTrace((sql) => {
      sql.addTrace.run(epoch, number, subjectId, at, JSON.stringify(trace));
      return undefined;
    });
  }

  traces(
    subjectIds: readonly string[],
  ): readonly { readonly subjectId: string; readonly at: Instant; readonly trace: Json }[] {
    this.#writeWaiting();
    return this.#read((sql) =>
      subjectIds
        .flatMap((subjectId) => sql.traces.all(subjectId))
        .sort(
          (a, b) =>
            Number(a.at) - Number(b.at) ||
            Number(a.epoch) - Number(b.epoch) ||
            Number(a.number) - Number(b.number),
        )
        .map(({ subject_id, at, trace }) => ({
          subjectId: String(subject_id),
          at: Number(at),
          trace: toJson(trace),
        })),
    );
  }

  document(collection: string, name: string): Json | undefined {
    return this.#read((sql) => {
      const found = sql.document.get(collection, name);
      return found && toJson(found.value);
    });
  }

  documents(collection: string): readonly { readonly name: string; readonly value: Json }[] {
    return this.#read((sql) =>
      sql.documents.all(collection).map(({ name, value }) => ({ name: String(name), value: toJson(value) })),
    );
  }

  putDocument(collection: string, name: string, value: Json | undefined): Promise<void> {
    return this.#write((sql) => {
      if (value === undefined) sql.dropDocument.run(collection, name);
      else sql.putDocument.run(collection, name, JSON.stringify(value));
      return undefined;
    });
  }

  async prune(before: Instant): Promise<void> {
    let more = true;
    while (more) {
      await this.#write((sql) => {
        more = pruneSome(sql, before);
        return undefined;
      });
    }
  }

  reset(keep: readonly string[]): Promise<void> {
    this.#commits.forgetTraces();
    return this.#write((sql) => {
      for (const wipe of [
        'Journal',
        'Calls',
        'Aliases',
        'Outbox',
        'Attempts',
        'Repeats',
        'Traces',
        'ChatJournal',
        'ChatSnapshots',
        'ChatThreads',
        'ChatMembers',
        'ChatMessages',
        'SmsMessages',
        'SmsJournal',
        'SmsQueue',
        'SmsCarrierIds',
        'SmsOptOuts',
        'SmsParts',
      ] as const) {
        sql[`wipe${wipe}`].run();
      }
      for (const { collection } of sql.collections.all()) {
        if (!keep.includes(String(collection))) sql.dropCollection.run(String(collection));
      }
      return undefined;
    });
  }

  flush(): Promise<void> {
    return this.#closed ? Promise.reject(closed()) : this.#commits.flush();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    const flushed = this.#commits.flush();
    this.#closed = true;
    // What could not be written has told its caller so; closing succeeds all the same.
    await flushed.catch(() => undefined);
    this.#connection.close();
  }

  #write(write: Write): Promise<void> {
    return this.#closed ? Promise.reject(closed()) : this.#commits.add(write);
  }

  #writeWaiting(): void {
    if (!this.#closed) this.#commits.now();
  }

  #read<T>(read: (sql: Statements) => T): T {
    try {
      return read(this.#connection.statements);
    } catch (error) {
      if (isBusy(error)) throw new StoreSilent('The store is locked.', { cause: error });
      throw new StoreFailed(`The store cannot be read: ${sentence(error)}`, { cause: error });
    }
  }

  #deliveries(sql: Statements, entries: ReturnType<Statements['owed']['all']>): readonly Delivery[] {
    return entries.map((columns) => ({
      entry: toEntry(columns),
      state: toState(columns),
      attempts: sql.attempts.all(String(columns.id)).map(toAttempt),
    }));
  }

  #number(): number {
    this.#written += 1;
    return this.epoch * numbersPerEpoch + this.#written;
  }
}

const aliasesOf = (sql: Statements, callId: string): readonly string[] => {
  const found = sql.aliases.get(callId);
  return found ? (JSON.parse(String(found.aliases)) as readonly string[]) : [];
};

/** Forgets up to `prunedPerWrite` of each kind; true when there may be more. */
function pruneSome(sql: Statements, before: Instant): boolean {
  const ended = sql.oldCalls.all(before, prunedPerWrite).map(({ call_id }) => String(call_id));
  const lone = sql.oldLoneJournals.all(before, prunedPerWrite).map(({ call_id }) => String(call_id));
  for (const callId of [...ended, ...lone]) {
    sql.dropJournal.run(callId);
    for (const alias of aliasesOf(sql, callId)) sql.dropAlias.run(alias);
    sql.dropCall.run(callId);
  }
  const entries = sql.oldEntries.all(before, prunedPerWrite).map(({ id }) => String(id));
  for (const id of entries) {
    sql.dropAttempts.run(id);
    sql.dropEntry.run(id);
  }
  sql.dropOldRepeats.run(before);
  sql.dropOldTraces.run(before);
  const threads = pruneThreads(sql, before, prunedPerWrite);
  const texts = pruneTexts(sql, before, prunedPerWrite);
  return threads || texts || [ended, lone, entries].some(({ length }) => length === prunedPerWrite);
}

function closed(): StoreFailed {
  return new StoreFailed('The store is closed.');
}
