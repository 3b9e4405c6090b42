/** All writes of one turn of the event loop in one transaction; their promises settle in call order. */
import type { Quiet } from '../../app/ports/clock.ts';
import { JournalConflict, StoreFailed, StoreSilent } from '../../app/ports/store.ts';
import { type Connection, sentence } from './connection.ts';
import type { Statements } from './statements.ts';

/** Writes, or returns why it must not be, having written nothing. */
export type Write = (statements: Statements) => Error | undefined;

interface Waiting {
  readonly write: Write;
  readonly since: number;
  readonly settle: (refused: Error | undefined) => void;
}

type Committed =
  | { readonly how: 'done'; readonly refused: ReadonlyMap<Write, Error> }
  | { readonly how: 'busy' }
  | { readonly how: 'broken'; readonly why: Error };

const busyRetryMs = 10;
/** What nobody waits for is written so much later at most: with the next commit that somebody does wait for, or together. */
const patienceMs = 50;
/** More than this in memory (the store has been broken for long) drops the oldest. */
const mostTraces = 10_000;
/** Traces of one turn: about a millisecond, the most by which they can hold up an append. */
const tracesPerTurn = 300;

export interface GroupCommitOptions {
  readonly connection: Connection;
  readonly answerWithinMs: number;
  readonly hold?: Quiet['hold'];
}

export class GroupCommit {
  readonly #connection: Connection;
  readonly #answerWithinMs: number;
  readonly #hold: Quiet['hold'] | undefined;
  #queue: Waiting[] = [];
  #traces: Write[] = [];
  #scheduled = false;
  #patience: NodeJS.Timeout | undefined;
  #tracesScheduled = false;
  #release: (() => void) | undefined;

  constructor(options: GroupCommitOptions) {
    this.#connection = options.connection;
    this.#answerWithinMs = options.answerWithinMs;
    this.#hold = options.hold;
  }

  add(write: Write): Promise<void> {
    this.#release ??= this.#hold?.('a store write');
    const written = this.#wait(write);
    this.#schedule();
    return written;
  }

  /**
   * For writes from which nothing follows. A commit costs more than what is in it: at load, these cost none of their own.
   * The process does not count as busy with them; readers of what they write call `now` first.
   */
  addPatiently(write: Write): Promise<void> {
    const written = this.#wait(write);
    if (!this.#scheduled) this.#patience ??= setTimeout(() => this.#turn(), patienceMs);
    return written;
  }

  /** Writes what is waited for by nobody, so that a reader meets it. */
  now(): void {
    if (this.#patience) this.#turn();
    if (this.#traces.length > 0 && this.#commit(this.#traces).how === 'done') this.#traces = [];
  }

  addTrace(write: Write): void {
    this.#traces.push(write);
    if (this.#traces.length > mostTraces) this.#traces.shift();
    this.#scheduleTraces();
  }

  forgetTraces(): void {
    this.#traces = [];
  }

  flush(): Promise<void> {
    let written = 0;
    return this.add((statements) => {
      written = this.#traces.length;
      for (const write of this.#traces) write(statements);
      return undefined;
    }).then(() => {
      this.#traces.splice(0, written);
    });
  }

  #wait(write: Write): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const settle = (refused: Error | undefined) => (refused ? reject(refused) : resolve());
    this.#queue.push({ write, since: performance.now(), settle });
    return promise;
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const group = this.#queue;
    if (group.length === 0) {
      // Written by `now` already.
      this.#scheduled = false;
      return;
    }
    const committed = this.#commit(group.map(({ write }) => write));
    switch (committed.how) {
      case 'busy': {
        const latest = performance.now() - this.#answerWithinMs;
        const silent = group.filter(({ since }) => since <= latest);
        this.#queue = group.slice(silent.length);
        const why = new StoreSilent(`The store was locked for ${this.#answerWithinMs} ms.`);
        for (const { settle } of silent) settle(why);
        if (this.#queue.length > 0) {
          this.#scheduled = true;
          setTimeout(() => this.#turn(), busyRetryMs);
          return;
        }
        break;
      }
      case 'broken':
        this.#queue = [];
        for (const { settle } of group) settle(committed.why);
        break;
      case 'done':
        this.#queue = [];
        for (const { write, settle } of group) settle(committed.refused.get(write));
        break;
    }
    this.#scheduled = false;
    this.#release?.();
    this.#release = undefined;
  }

  /** A turn of their own, so that an append's promise never waits for them. */
  #scheduleTraces(delayMs = patienceMs): void {
    if (this.#tracesScheduled) return;
    this.#tracesScheduled = true;
    setTimeout(() => this.#traceTurn(), delayMs).unref();
  }

  #traceTurn(): void {
    this.#tracesScheduled = false;
    const some = this.#traces.slice(0, tracesPerTurn);
    if (some.length === 0) return;
    const done = this.#commit(some).how === 'done';
    if (done) this.#traces.splice(0, some.length);
    if (this.#traces.length > 0) this.#scheduleTraces(done ? 0 : 1000);
  }

  #commit(writes: readonly Write[]): Committed {
    const refused = new Map<Write, Error>();
    for (;;) {
      const failed = this.#try(writes, refused);
      if (failed === undefined) return { how: 'done', refused };
      if (failed.how !== 'spoilt') return failed;
      // One write broke off half-way (a duplicate key, say): the others are written again without it.
      refused.set(failed.write, failed.why);
    }
  }

  #try(
    writes: readonly Write[],
    refused: Map<Write, Error>,
  ):
    | Exclude<Committed, { how: 'done' }>
    | { readonly how: 'spoilt'; readonly write: Write; readonly why: Error }
    | undefined {
    const { statements, epoch } = this.#connection;
    let current: Write | undefined;
    try {
      statements.begin.run();
      const owner = Number(statements.epoch.get()?.value);
      if (owner !== epoch) {
        statements.rollback.run();
        const over = new JournalConflict(
          `Epoch ${epoch} of this owner is over; ${owner} owns the store now.`,
        );
        for (const write of writes) refused.set(write, over);
        return undefined;
      }
      for (const write of writes) {
        if (refused.has(write)) continue;
        current = write;
        const why = write(statements);
        if (why) refused.set(write, why);
      }
      current = undefined;
      statements.commit.run();
      return undefined;
    } catch (error) {
      this.#rollBack();
      const kind = kindOf(error);
      if (kind === 'busy') return { how: 'busy' };
      const why = new StoreFailed(`The store failed: ${sentence(error)}`, { cause: error });
      return kind === 'own' && current ? { how: 'spoilt', write: current, why } : { how: 'broken', why };
    }
  }

  #rollBack(): void {
    // SQLite may have rolled back by itself (https://www.sqlite.org/lang_transaction.html, section 3).
    if (!this.#connection.inTransaction) return;
    try {
      this.#connection.statements.rollback.run();
    } catch {
      // The connection is as broken as it was; the error that led here is the one to report.
    }
  }
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CONSTRAINT = 19;
const SQLITE_MISMATCH = 20;

export function isBusy(error: unknown): boolean {
  const primary = ((error as { readonly errcode?: number }).errcode ?? 0) & 0xff;
  return primary === SQLITE_BUSY || primary === SQLITE_LOCKED;
}

/** `own`: the fault of one write and no sign of a broken store. */
function kindOf(error: unknown): 'busy' | 'own' | 'broken' {
  if (isBusy(error)) return 'busy';
  const { errcode, code } = error as { readonly errcode?: number; readonly code?: string };
  if (errcode === undefined) return code === 'ERR_INVALID_STATE' ? 'broken' : 'own';
  const primary = errcode & 0xff;
  return primary === SQLITE_CONSTRAINT || primary === SQLITE_MISMATCH ? 'own' : 'broken';
}
