/** Every statement of the store, prepared once per connection. */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { chatSql } from './chat-statements.ts';
import { smsSql } from './sms-statements.ts';

const sql = {
  begin: 'BEGIN IMMEDIATE',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  epoch: `SELECT value FROM meta WHERE name = 'epoch'`,

  lastSeq: 'SELECT max(seq) AS seq FROM journal WHERE call_id = ?',
  addFact: 'INSERT INTO journal (call_id, seq, epoch, at, fact) VALUES (?, ?, ?, ?, ?)',
  journal: 'SELECT seq, at, fact FROM journal WHERE call_id = ? ORDER BY seq',

  putCall: `INSERT INTO calls (call_id, resource_id, born, started_at, ended_at, end_row, caller, callees, aliases)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (call_id) DO UPDATE SET resource_id = excluded.resource_id, started_at = excluded.started_at,
      ended_at = excluded.ended_at, end_row = excluded.end_row, caller = excluded.caller,
      callees = excluded.callees, aliases = excluded.aliases`,
  putAlias: `INSERT INTO aliases (alias, call_id) VALUES (?, ?)
    ON CONFLICT (alias) DO UPDATE SET call_id = excluded.call_id WHERE aliases.call_id <> excluded.call_id`,
  call: 'SELECT * FROM calls WHERE call_id = ?',
  callByAlias: 'SELECT calls.* FROM aliases JOIN calls ON calls.call_id = aliases.call_id WHERE alias = ?',
  calls: 'SELECT * FROM calls ORDER BY started_at DESC, born DESC LIMIT ?',
  callsOf: 'SELECT * FROM calls WHERE resource_id = ? ORDER BY started_at DESC, born DESC LIMIT ?',
  alive: 'SELECT call_id FROM calls WHERE ended_at IS NULL ORDER BY started_at, born',
  countCalls: 'SELECT count(*) AS count FROM calls WHERE resource_id = ? AND started_at >= ?',

  addEntry: `INSERT INTO outbox (id, call_id, stream, position, at, target, event, state)
    VALUES (?, ?, ?, ?, ?, ?, ?, 'owed')`,
  setState: 'UPDATE outbox SET state = ? WHERE id = ?',
  addAttempt: `INSERT INTO attempts (entry_id, number, at, status, detail, duration_ms)
    SELECT ?, count(*) + 1, ?, ?, ?, ? FROM attempts WHERE entry_id = ?`,
  attempts: 'SELECT at, status, detail, duration_ms FROM attempts WHERE entry_id = ? ORDER BY number',
  owed: `SELECT * FROM outbox WHERE state = 'owed' ORDER BY stream, position`,
  deliveries: 'SELECT * FROM outbox ORDER BY at DESC, position DESC LIMIT ?',
  deliveriesOf: 'SELECT * FROM outbox WHERE call_id = ? ORDER BY at DESC, position DESC LIMIT ?',

  putRepeat: `INSERT INTO repeats (id, body_hash, status, body, expires_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET body_hash = excluded.body_hash, status = excluded.status, body = excluded.body,
      expires_at = excluded.expires_at`,
  repeat: 'SELECT * FROM repeats WHERE id = ? AND expires_at > ?',

  addTrace: 'INSERT INTO traces (epoch, number, subject_id, at, trace) VALUES (?, ?, ?, ?, ?)',
  traces: 'SELECT epoch, number, subject_id, at, trace FROM traces WHERE subject_id = ?',

  document: 'SELECT value FROM documents WHERE collection = ? AND name = ?',
  documents: 'SELECT name, value FROM documents WHERE collection = ? ORDER BY name',
  putDocument: `INSERT INTO documents (collection, name, value) VALUES (?, ?, ?)
    ON CONFLICT (collection, name) DO UPDATE SET value = excluded.value`,
  dropDocument: 'DELETE FROM documents WHERE collection = ? AND name = ?',
  collections: 'SELECT DISTINCT collection FROM documents',
  dropCollection: 'DELETE FROM documents WHERE collection = ?',

  oldCalls: 'SELECT call_id FROM calls WHERE ended_at < ? ORDER BY ended_at LIMIT ?',
  oldLoneJournals: `SELECT call_id FROM journal
    WHERE NOT EXISTS (SELECT 1 FROM calls WHERE calls.call_id = journal.call_id)
    GROUP BY call_id HAVING max(at) < ? LIMIT ?`,
  oldEntries: `SELECT id FROM outbox WHERE state IN ('delivered', 'given-up', 'dead-lettered') AND at < ? LIMIT ?`,
  dropJournal: 'DELETE FROM journal WHERE call_id = ?',
  dropCall: 'DELETE FROM calls WHERE call_id = ?',
  aliases: 'SELECT aliases FROM calls WHERE call_id = ?',
  dropAlias: 'DELETE FROM aliases WHERE alias = ?',
  dropEntry: 'DELETE FROM outbox WHERE id = ?',
  dropAttempts: 'DELETE FROM attempts WHERE entry_id = ?',
  dropOldRepeats: 'DELETE FROM repeats WHERE expires_at < ?',
  dropOldTraces: 'DELETE FROM traces WHERE at < ?',

  wipeJournal: 'DELETE FROM journal',
  wipeCalls: 'DELETE FROM calls',
  wipeAliases: 'DELETE FROM aliases',
  wipeOutbox: 'DELETE FROM outbox',
  wipeAttempts: 'DELETE FROM attempts',
  wipeRepeats: 'DELETE FROM repeats',
  wipeTraces: 'DELETE FROM traces',

  ...chatSql,
  ...smsSql,
} as const;

export type Statements = { readonly [Name in keyof typeof sql]: StatementSync };

export function prepareStatements(db: DatabaseSync): Statements {
  const prepared = Object.entries(sql).map(([name, text]) => [name, db.prepare(text)]);
  return Object.fromEntries(prepared) as Statements;
}
