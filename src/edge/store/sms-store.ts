/** Texts in the embedded store, in the same group commits as everything else. */
import type {
  LoadedSms,
  OptOutChange,
  PartRow,
  SmsAppend,
  SmsIndex,
  SmsStore,
} from '../../app/ports/sms-store.ts';
import { JournalConflict } from '../../app/ports/store.ts';
import type { Instant } from '../../domain/ids/instant.ts';
import { toJson, writeEntries, writeRepeat } from './columns.ts';
import type { Write } from './group-commit.ts';
import type { Statements } from './statements.ts';

export interface SmsStoreParts {
  readonly epoch: number;
  readonly write: (write: Write) => Promise<void>;
  readonly read: <T>(read: (sql: Statements) => T) => T;
  /** Rises with every call. */
  readonly position: () => number;
}

type Columns = NonNullable<ReturnType<Statements['smsMessage']['get']>>;

const toIndex = (columns: Columns): SmsIndex => ({
  messageId: String(columns.message_id),
  resourceId: String(columns.resource_id),
  direction: columns.direction === 'in' ? 'in' : 'out',
  from: String(columns.sender),
  to: String(columns.recipient),
  at: Number(columns.at),
  ...(columns.report_due === null ? {} : { reportDue: Number(columns.report_due) }),
  ...(columns.ended_at === null ? {} : { endedAt: Number(columns.ended_at) }),
  ...(columns.end_row === null ? {} : { row: String(columns.end_row) }),
});

const toPart = (columns: Columns): PartRow => ({
  key: String(columns.part_key),
  number: Number(columns.number),
  of: Number(columns.total),
  at: Number(columns.at),
  carrier: String(columns.carrier),
  from: String(columns.sender),
  to: String(columns.recipient),
  text: String(columns.body),
});

const instant = (value: unknown): Instant | undefined =>
  value === null || value === undefined ? undefined : Number(value);

function leave(sql: Statements, messageId: string, due: Instant): void {
  const found = sql.smsLane.get(messageId);
  if (!found) return;
  sql.smsLeave.run(messageId);
  sql.smsPromote.run(due, String(found.lane), String(found.lane));
}

function changeQueue(
  sql: Statements,
  messageId: string,
  change: NonNullable<SmsAppend['queue']>,
  position: () => number,
): void {
  switch (change.kind) {
    case 'join': {
      const { lane, queue, due, text } = change;
      sql.smsJoin.run(messageId, position(), lane, queue, due, text, lane);
      break;
    }
    case 'take':
      sql.smsTake.run(messageId);
      break;
    case 'wait':
      sql.smsWait.run(change.queue, change.due, messageId);
      break;
    case 'leave':
      leave(sql, messageId, change.due);
      break;
  }
}

function changeOptOuts(sql: Statements, changes: readonly OptOutChange[]): void {
  for (const { resourceId, sender, recipient, since } of changes)
    if (since === undefined) sql.smsDropOptOut.run(resourceId, sender, recipient);
    else sql.smsPutOptOut.run(resourceId, sender, recipient, since);
}

function writeAppend(sql: Statements, append: SmsAppend, { epoch, position }: SmsStoreParts): void {
  const { messageId, at, index, queue, carrierIds = [], optOuts = [], dropParts } = append;
  let seq = append.fromSeq;
  for (const fact of append.facts) {
    sql.smsAddFact.run(messageId, seq, epoch, at, JSON.stringify(fact));
    seq += 1;
  }
  if (index)
    sql.smsPutMessage.run(
      messageId,
      index.resourceId,
      index.direction,
      index.from,
      index.to,
      index.at,
      index.reportDue ?? null,
      index.endedAt ?? null,
      index.row ?? null,
    );
  if (queue) changeQueue(sql, messageId, queue, position);
  for (const { carrier, carrierMessageId, segment } of carrierIds)
    sql.smsPutCarrierId.run(carrier, carrierMessageId, messageId, segment);
  changeOptOuts(sql, optOuts);
  if (dropParts !== undefined) sql.smsDropParts.run(dropParts);
  writeEntries(sql, append.entries);
  if (append.remember) writeRepeat(sql, append.remember);
}

export function smsStore(parts: SmsStoreParts): SmsStore {
  const { write, read } = parts;
  return {
    append: (append) =>
      write((sql) => {
        const next = Number(sql.smsLastSeq.get(append.messageId)?.seq ?? 0) + 1;
        if (append.fromSeq !== next) {
          return new JournalConflict(
            `Message ${append.messageId}: facts from ${append.fromSeq} offered, ${next} comes next in the journal.`,
          );
        }
        writeAppend(sql, append, parts);
        return undefined;
      }),

    load: (messageId): LoadedSms =>
      read((sql) => {
        const facts = sql.smsFacts
          .all(messageId)
          .map(({ seq, at, fact }) => ({ seq: Number(seq), at: Number(at), fact: toJson(fact) }));
        return { facts, lastSeq: facts.at(-1)?.seq ?? 0 };
      }),

    index: (messageId) =>
      read((sql) => {
        const found = sql.smsMessage.get(messageId);
        return found && toIndex(found);
      }),

    ready: (queue, at, limit) =>
      read((sql) => sql.smsReady.all(queue, at, limit).map((found) => String(found.message_id))),

    nextReady: (queue, at) => read((sql) => instant(sql.smsNextReady.get(queue, at)?.due)),

    text: (messageId) =>
      read((sql) => {
        const found = sql.smsText.get(messageId);
        return found && String(found.body);
      }),

    queues: () =>
      read((sql) =>
        sql.smsQueues.all().map(({ queue, length }) => ({ queue: String(queue), length: Number(length) })),
      ),

    recover: (at) =>
      write((sql) => {
        sql.smsRecover.run(at);
        return undefined;
      }),

    findByCarrierId: (carrier, carrierMessageId) =>
      read((sql) => {
        const found = sql.smsByCarrierId.get(carrier, carrierMessageId);
        return found && { messageId: String(found.message_id), segment: Number(found.segment) };
      }),

    overdue: (at, limit) =>
      read((sql) => sql.smsOverdue.all(at, limit).map((found) => String(found.message_id))),

    nextReportDue: () => read((sql) => instant(sql.smsNextDue.get()?.due)),

    setOptOuts: (changes) =>
      write((sql) => {
        changeOptOuts(sql, changes);
        return undefined;
      }),

    isOptedOut: ({ resourceId, sender, recipient }) =>
      read((sql) => sql.smsOptOut.get(resourceId, sender, recipient) !== undefined),

    keepPart: ({ key, number, of, at, carrier, from, to, text }) =>
      write((sql) => {
        sql.smsAddPart.run(key, number, of, at, carrier, from, to, text);
        return undefined;
      }),

    parts: (key) => read((sql) => sql.smsParts.all(key).map(toPart)),

    countParts: () => read((sql) => Number(sql.smsCountParts.get()?.count)),

    oldestParts: () =>
      read((sql) => {
        const found = sql.smsOldestPart.get();
        return found && { key: String(found.part_key), at: Number(found.at) };
      }),
  };
}

/** Forgets up to `limit` texts that ended before; true when there may be more. Opt-outs stay: they have no age. */
export function pruneTexts(sql: Statements, before: Instant, limit: number): boolean {
  const old = sql.smsOld.all(before, limit).map((found) => String(found.message_id));
  for (const messageId of old) {
    sql.smsDropJournal.run(messageId);
    sql.smsDropCarrierIds.run(messageId);
    sql.smsDropMessage.run(messageId);
  }
  return old.length === limit;
}
