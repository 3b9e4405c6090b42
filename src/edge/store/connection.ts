/** One connection to SQLite that can be lost and opened again under the same store. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreFailed } from '../../app/ports/store.ts';
import { openSchema } from './schema.ts';
import { prepareStatements, type Statements } from './statements.ts';

/** How long opening waits for another process that is just writing. */
const openingPatienceMs = 2000;

let memories = 0;

export interface ConnectionOptions {
  /** A file, or `:memory:`. */
  readonly file: string;
  readonly durability: 'normal' | 'full';
}

export class Connection {
  readonly epoch: number;
  readonly #location: string;
  readonly #pragmas: readonly string[];
  /** Keeps the data of a memory store while its connection is lost. */
  readonly #keeper: DatabaseSync | undefined;
  #db: DatabaseSync;
  #statements: Statements;

  constructor({ file, durability }: ConnectionOptions) {
    const inMemory = file === ':memory:';
    try {
      if (inMemory) {
        // A shared cache, so that the faults' second connection meets the same data. Reading uncommitted lets
        // readers pass a lock as WAL does; nothing uncommitted outlives a turn of the event loop.
        memories += 1;
        this.#location = `file:ringback-${memories}?mode=memory&cache=shared`;
        this.#pragmas = ['read_uncommitted = 1'];
        this.#keeper = new DatabaseSync(this.#location);
      } else {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
        this.#location = file;
        this.#pragmas = [
          'journal_mode = WAL',
          `synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`,
          // In KiB. Ids are random, so that each new row touches pages anywhere: the default of 2 MB reads them again.
          'cache_size = -16000',
          // 16 MB between checkpoints. Each waits for the disk, and pages written often are copied once instead of four times.
          'wal_autocheckpoint = 4000',
        ];
      }
      this.#db = this.#connect(openingPatienceMs);
      this.epoch = openSchema(this.#db, file).epoch;
      this.#db.exec('PRAGMA busy_timeout = 0');
      this.#statements = prepareStatements(this.#db);
    } catch (error) {
      if (error instanceof StoreFailed) throw error;
      throw new StoreFailed(`The store ${file} cannot be opened: ${sentence(error)}`, { cause: error });
    }
  }

  get statements(): Statements {
    return this.#statements;
  }

  get inTransaction(): boolean {
    return this.#db.isOpen && this.#db.isTransaction;
  }

  get db(): DatabaseSync {
    return this.#db;
  }

  /** A second connection to the same data. */
  another(): DatabaseSync {
    return new DatabaseSync(this.#location);
  }

  lose(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  restore(): void {
    if (this.#db.isOpen) return;
    this.#db = this.#connect(0);
    this.#statements = prepareStatements(this.#db);
  }

  close(): void {
    this.lose();
    if (this.#keeper?.isOpen) this.#keeper.close();
  }

  #connect(timeout: number): DatabaseSync {
    const db = new DatabaseSync(this.#location, { timeout });
    for (const pragma of this.#pragmas) db.exec(`PRAGMA ${pragma}`);
    return db;
  }
}

export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
