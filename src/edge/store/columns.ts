/** Between the port's records and the columns of the tables. */
import type { StatementSync } from 'node:sqlite';
import type {
  Append,
  CallIndex,
  DeliveryAttempt,
  DeliveryState,
  Json,
  OutboxEntry,
  RepeatRecord,
} from '../../app/ports/store.ts';
import type { Statements } from './statements.ts';

type Columns = NonNullable<ReturnType<StatementSync['get']>>;

export function toJson(text: unknown): Json {
  return JSON.parse(String(text)) as Json;
}

export function toCallIndex(columns: Columns): CallIndex {
  return {
    callId: String(columns.call_id),
    resourceId: String(columns.resource_id),
    startedAt: Number(columns.started_at),
    ...(columns.ended_at === null ? {} : { endedAt: Number(columns.ended_at) }),
    ...(columns.end_row === null ? {} : { row: String(columns.end_row) }),
    from: String(columns.caller),
    to: toJson(columns.callees) as readonly string[],
    aliases: toJson(columns.aliases) as readonly string[],
  };
}

export function toEntry(columns: Columns): OutboxEntry {
  return {
    id: String(columns.id),
    ...(columns.call_id === null ? {} : { callId: String(columns.call_id) }),
    stream: String(columns.stream),
    order: Number(columns.position),
    at: Number(columns.at),
    to: toJson(columns.target),
    event: toJson(columns.event),
  };
}

export function toState(columns: Columns): DeliveryState {
  return String(columns.state) as DeliveryState;
}

export function toAttempt(columns: Columns): DeliveryAttempt {
  return {
    at: Number(columns.at),
    ...(columns.status === null ? {} : { status: Number(columns.status) }),
    detail: String(columns.detail),
    durationMs: Number(columns.duration_ms),
  };
}

export function toRepeat(columns: Columns): RepeatRecord {
  return {
    key: String(columns.id),
    bodyHash: String(columns.body_hash),
    status: Number(columns.status),
    body: String(columns.body),
    expiresAt: Number(columns.expires_at),
  };
}

export function writeFacts(sql: Statements, append: Append, epoch: number): void {
  let seq = append.fromSeq;
  for (const fact of append.facts) {
    sql.addFact.run(append.callId, seq, epoch, append.at, JSON.stringify(fact));
    seq += 1;
  }
}

export function writeIndex(sql: Statements, index: CallIndex, born: number): void {
  sql.putCall.run(
    index.callId,
    index.resourceId,
    born,
    index.startedAt,
    index.endedAt ?? null,
    index.row ?? null,
    index.from,
    JSON.stringify(index.to),
    JSON.stringify(index.aliases),
  );
  for (const alias of index.aliases) sql.putAlias.run(alias, index.callId);
}

export function writeEntries(sql: Statements, entries: readonly OutboxEntry[]): void {
  for (const { id, callId, stream, order, at, to, event } of entries) {
    sql.addEntry.run(id, callId ?? null, stream, order, at, JSON.stringify(to), JSON.stringify(event));
  }
}

export function writeRepeat(sql: Statements, record: RepeatRecord): void {
  sql.putRepeat.run(record.key, record.bodyHash, record.status, record.body, record.expiresAt);
}
