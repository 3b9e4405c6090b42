import type { ChatStore } from '../../app/ports/chat-store.ts';
import type { Quiet } from '../../app/ports/clock.ts';
import type { SmsStore } from '../../app/ports/sms-store.ts';
import type { Store } from '../../app/ports/store.ts';
import { Connection } from './connection.ts';
import type { StoreFaults } from './faults.ts';
import { GroupCommit } from './group-commit.ts';
import { SqliteStore } from './sqlite-store.ts';

export interface StoreOptions {
  /** A file (its directory is made), or `:memory:`. */
  readonly file: string;
  /** `full` survives power loss as well as `kill -9`. */
  readonly durability?: 'normal' | 'full';
  /** Wall time, in ms, until a write to a locked store is given up with `StoreSilent`. */
  readonly answerWithin?: number;
  /** Held while a promised write is not yet on disk. */
  readonly hold?: Quiet['hold'];
}

export interface OpenedStore extends Store {
  /** Counts the openings of this data; rows carry it, and an owner of an earlier one is refused. */
  readonly epoch: number;
  readonly faults: StoreFaults;
  readonly chat: ChatStore;
  readonly sms: SmsStore;
}

/** Opens the embedded store: `openStore({ file: '.ringback/ringback.db' })`. Throws `StoreFailed`. */
export function openStore(options: StoreOptions): OpenedStore {
  const connection = new Connection({ file: options.file, durability: options.durability ?? 'normal' });
  const commits = new GroupCommit({
    connection,
    answerWithinMs: options.answerWithin ?? 2000,
    ...(options.hold ? { hold: options.hold } : {}),
  });
  return new SqliteStore(connection, commits);
}
