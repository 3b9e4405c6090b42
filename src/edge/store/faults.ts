/** Faults that break the real part: a held lock, a full disk, a lost connection. For `reproduce` and tests. */
import type { Connection } from './connection.ts';

type Undo = () => void;

export interface StoreFaults {
  /** Another connection holds the write lock until the returned function is called. */
  lock(): Undo;
  /** The data may not grow by another page: the next write that adds anything meets SQLITE_FULL. */
  fill(): Undo;
  /** The connection is closed; the returned function opens it again. */
  lose(): Undo;
}

/** SQLite's own default. */
const unlimitedPages = 0xfffffffe;
const growing = ['journal', 'outbox', 'attempts', 'repeats', 'traces', 'documents', 'calls', 'chat_journal'];

export function storeFaults(connection: Connection): StoreFaults {
  return {
    lock: () => {
      const other = connection.another();
      // In WAL mode IMMEDIATE and EXCLUSIVE are one lock; a shared cache lets readers pass IMMEDIATE only.
      other.exec('BEGIN IMMEDIATE');
      return once(() => other.close());
    },
    fill: () => {
      const { db } = connection;
      // Pages in use have room left for a few small rows, so each row brings a large one along: the limit is met at once.
      for (const table of growing) {
        db.exec(`CREATE TEMP TRIGGER full_${table} AFTER INSERT ON ${table} BEGIN
          INSERT INTO meta (name, value) VALUES ('filler', hex(zeroblob(1000000))); END`);
      }
      const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count);
      db.exec(`PRAGMA max_page_count = ${pages}`);
      return once(() => {
        if (!db.isOpen) return;
        db.exec(`PRAGMA max_page_count = ${unlimitedPages}`);
        for (const table of growing) db.exec(`DROP TRIGGER temp.full_${table}`);
      });
    },
    lose: () => {
      connection.lose();
      return once(() => connection.restore());
    },
  };
}

function once(undo: Undo): Undo {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    undo();
  };
}
