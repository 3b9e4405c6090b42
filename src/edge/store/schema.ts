/** The tables, in SQL that PostgreSQL reads too, and the way from an older version of them to this one. */
import type { DatabaseSync } from 'node:sqlite';
import { StoreFailed } from '../../app/ports/store.ts';
import { chatTables } from './chat-schema.ts';
import { smsTables } from './sms-schema.ts';

/**
 * SQLite's word for a table that lies in the order of its primary key: one tree to write instead of two. PostgreSQL has no
 * such tables and no such word.
 */
const clustered = ' WITHOUT ROWID';

/** One step per version; a step that has been released is never edited, only followed. */
const steps: readonly (readonly string[])[] = [
  [
    `CREATE TABLE journal (
       call_id TEXT NOT NULL, seq BIGINT NOT NULL, epoch BIGINT NOT NULL, at BIGINT NOT NULL, fact TEXT NOT NULL,
       PRIMARY KEY (call_id, seq))${clustered}`,
    // `born` keeps calls that start in one millisecond (usual on a manual clock) in the order they came.
    `CREATE TABLE calls (
       call_id TEXT PRIMARY KEY, resource_id TEXT NOT NULL, born BIGINT NOT NULL, started_at BIGINT NOT NULL,
       ended_at BIGINT, end_row TEXT, caller TEXT NOT NULL, callees TEXT NOT NULL, aliases TEXT NOT NULL)${clustered}`,
    'CREATE INDEX calls_by_start ON calls (started_at, born)',
    'CREATE INDEX calls_by_resource ON calls (resource_id, started_at, born)',
    'CREATE INDEX calls_by_end ON calls (ended_at)',
    `CREATE TABLE aliases (alias TEXT PRIMARY KEY, call_id TEXT NOT NULL)${clustered}`,
    `CREATE TABLE outbox (
       id TEXT PRIMARY KEY, call_id TEXT, stream TEXT NOT NULL, position BIGINT NOT NULL, at BIGINT NOT NULL,
       target TEXT NOT NULL, event TEXT NOT NULL, state TEXT NOT NULL)`,
    'CREATE INDEX outbox_by_state ON outbox (state, at)',
    'CREATE INDEX outbox_by_call ON outbox (call_id)',
    `CREATE TABLE attempts (
       entry_id TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, status BIGINT, detail TEXT NOT NULL,
       duration_ms BIGINT NOT NULL, PRIMARY KEY (entry_id, number))${clustered}`,
    `CREATE TABLE repeats (
       id TEXT PRIMARY KEY, body_hash TEXT NOT NULL, status BIGINT NOT NULL, body TEXT NOT NULL,
       expires_at BIGINT NOT NULL)`,
    'CREATE INDEX repeats_by_expiry ON repeats (expires_at)',
    `CREATE TABLE traces (
       epoch BIGINT NOT NULL, number BIGINT NOT NULL, subject_id TEXT NOT NULL, at BIGINT NOT NULL,
       trace TEXT NOT NULL, PRIMARY KEY (subject_id, epoch, number))${clustered}`,
    'CREATE INDEX traces_by_time ON traces (at)',
    `CREATE TABLE documents (
       collection TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (collection, name))`,
  ],
  chatTables(clustered),
  smsTables(clustered),
];

export const schemaVersion = steps.length;

/** Brings the tables up to `schemaVersion` and starts a new epoch, in one transaction. */
export function openSchema(db: DatabaseSync, where: string): { readonly epoch: number } {
  db.exec('BEGIN IMMEDIATE');
  try {
    db.exec('CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)');
    const read = db.prepare('SELECT value FROM meta WHERE name = ?');
    const number = (name: string): number => Number(read.get(name)?.value ?? 0);
    const found = number('schema');
    if (found > schemaVersion) {
      throw new StoreFailed(
        `The data in ${where} has schema version ${found}, and this Ringback knows versions up to ${schemaVersion}. ` +
          'Run the Ringback that wrote it (or a newer one), or name another directory with --data.',
      );
    }
    for (const step of steps.slice(found)) for (const statement of step) db.exec(statement);
    const epoch = number('epoch') + 1;
    const write = db.prepare(
      'INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
    );
    write.run('schema', String(schemaVersion));
    write.run('epoch', String(epoch));
    db.exec('COMMIT');
    return { epoch };
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}
