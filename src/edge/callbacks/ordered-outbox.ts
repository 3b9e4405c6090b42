/** Delivers what is owed: in order within a stream, streams independent of each other, a bounded number at once. */
import type { Cancel, Clock, Quiet } from '../../app/ports/clock.ts';
import type { Outbox } from '../../app/ports/outbox.ts';
import type { DeliveryAttempt, DeliveryState, OutboxEntry, Store } from '../../app/ports/store.ts';
import type { PostAnswer, Poster, PostFailure } from './poster.ts';
import type { Recipient, Recipients } from './recipient.ts';

export interface OrderedOutboxOptions {
  readonly store: Pick<Store, 'owed' | 'attempted'>;
  readonly poster: Poster;
  readonly clock: Clock;
  readonly quiet: Quiet;
  readonly recipients: Recipients;
  /** Requests in flight at once, over all streams. */
  readonly concurrency?: number;
  /** The receiver accepted it. */
  readonly onDelivered?: (entry: OutboxEntry) => void;
  /** No more attempts are made. */
  readonly onGivenUp?: (entry: OutboxEntry) => void;
  /** Something of ours failed: the store, most likely. Deliveries go on. */
  readonly onTrouble?: (error: unknown) => void;
}

export interface OutboxStats {
  /** Entries not yet delivered or given up. */
  readonly owed: number;
  readonly inFlight: number;
  /** Streams that wait for their next attempt. */
  readonly waiting: number;
  /** Since the start. */
  readonly delivered: number;
  readonly givenUp: number;
}

interface Item {
  readonly entry: OutboxEntry;
  readonly attempts: number;
}

/** One stream. `waiting` is set while its first item waits for the clock. */
interface Stream {
  readonly name: string;
  readonly items: Item[];
  busy: boolean;
  waiting?: Cancel;
}

/** How the attempt at a stream's first item came out. */
type Result =
  | { readonly result: 'settled' }
  | { readonly result: 'again'; readonly at: number; readonly attempted: boolean };

const excerpt = 2048;

export class OrderedOutbox implements Outbox {
  readonly #options: OrderedOutboxOptions;
  readonly #concurrency: number;
  readonly #streams = new Map<string, Stream>();
  readonly #known = new Set<string>();
  #ready: { readonly stream: Stream; readonly release: Cancel }[] = [];
  #inFlight = 0;
  #delivered = 0;
  #givenUp = 0;
  #state: 'created' | 'running' | 'draining' | 'stopped' = 'created';
  #drained: (() => void) | undefined;
  readonly #writes = new Set<Promise<void>>();

  constructor(options: OrderedOutboxOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? 256;
  }

  /** Continues what an earlier process left. */
  start(): void {
    if (this.#state !== 'created') return;
    for (const { entry, attempts } of this.#options.store.owed())
      this.#add({ entry, attempts: attempts.length });
    this.#state = 'running';
    for (const stream of this.#streams.values()) this.#next(stream);
  }

  owe(entries: readonly OutboxEntry[]): void {
    if (this.#state === 'stopped') return;
    for (const entry of entries) {
      const stream = this.#add({ entry, attempts: 0 });
      if (stream) this.#next(stream);
    }
  }

  /** Sends what can be sent at once, for at most `graceMs` of wall time; the rest stays owed in the store. */
  async stop(graceMs = 0): Promise<void> {
    if (this.#state === 'stopped') return;
    this.#state = 'draining';
    for (const stream of this.#streams.values()) {
      stream.waiting?.();
      delete stream.waiting;
    }
    if (this.#inFlight + this.#ready.length > 0 && graceMs > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#drained = resolve;
        timer = setTimeout(resolve, graceMs);
      });
      clearTimeout(timer);
    }
    await Promise.all(this.#writes);
    this.#state = 'stopped';
    this.forget();
  }

  /** Drops everything, as when the store was reset. What is in flight is not recalled. */
  forget(): void {
    for (const stream of this.#streams.values()) stream.waiting?.();
    for (const { release } of this.#ready) release();
    this.#ready = [];
    this.#streams.clear();
    this.#known.clear();
  }

  stats(): OutboxStats {
    const waiting = [...this.#streams.values()].filter((stream) => stream.waiting).length;
    return {
      owed: this.#known.size,
      inFlight: this.#inFlight,
      waiting,
      delivered: this.#delivered,
      givenUp: this.#givenUp,
    };
  }

  #add(item: Item): Stream | undefined {
    const { entry } = item;
    if (this.#known.has(entry.id)) return undefined;
    this.#known.add(entry.id);
    const stream = this.#streams.get(entry.stream) ?? { name: entry.stream, items: [], busy: false };
    this.#streams.set(entry.stream, stream);
    let place = stream.items.length;
    // What is being tried stays first, whatever comes in behind it.
    const first = stream.busy ? 1 : 0;
    while (place > first && (stream.items[place - 1]?.entry.order ?? 0) > entry.order) place -= 1;
    stream.items.splice(place, 0, item);
    return stream;
  }

  #next(stream: Stream): void {
    if (this.#state !== 'running' && this.#state !== 'draining') return;
    if (stream.busy || stream.waiting || this.#streams.get(stream.name) !== stream) return;
    const item = stream.items[0];
    if (!item) {
      this.#streams.delete(stream.name);
      return;
    }
    stream.busy = true;
    this.#ready.push({ stream, release: this.#options.quiet.hold(`delivery of ${describe(item.entry)}`) });
    this.#pump();
  }

  #pump(): void {
    while (this.#inFlight < this.#concurrency) {
      const ready = this.#ready.shift();
      if (!ready) break;
      this.#inFlight += 1;
      void this.#serve(ready.stream, ready.release);
    }
    if (this.#inFlight === 0 && this.#ready.length === 0) this.#drained?.();
  }

  async #serve(stream: Stream, release: Cancel): Promise<void> {
    const item = stream.items[0];
    const result: Result = item ? await this.#attempt(item) : { result: 'settled' };
    this.#inFlight -= 1;
    stream.busy = false;
    const forgotten = this.#streams.get(stream.name) !== stream;
    if (!forgotten && item) {
      if (result.result === 'settled') {
        stream.items.shift();
        this.#known.delete(item.entry.id);
      } else {
        if (result.attempted) stream.items[0] = { ...item, attempts: item.attempts + 1 };
        this.#wait(stream, item.entry, result.at);
      }
      this.#next(stream);
    }
    release();
    this.#pump();
  }

  #wait(stream: Stream, entry: OutboxEntry, at: number): void {
    if (this.#state !== 'running') {
      // It stays owed in the store; this process tries no more.
      this.#streams.delete(stream.name);
      return;
    }
    stream.waiting = this.#options.clock.at(at, `next delivery of ${describe(entry)}`, () => {
      delete stream.waiting;
      this.#next(stream);
    });
  }

  async #attempt({ entry, attempts }: Item): Promise<Result> {
    const { clock, poster, recipients } = this.#options;
    const startedAt = clock.now();
    const started = performance.now();
    const recipient = recipientOf(recipients, entry);
    if (!recipient)
      return this.#settle(entry, 'given-up', failure(startedAt, 'It is addressed to nobody known.'));
    let answer: PostAnswer | PostFailure;
    try {
      const prepared = await recipient.prepare(entry, attempts, startedAt);
      if ('later' in prepared) return { result: 'again', at: prepared.later, attempted: false };
      if ('never' in prepared) {
        const settled = this.#settle(entry, 'given-up', failure(startedAt, prepared.never));
        const why: PostFailure = { failed: prepared.never, how: 'forbidden' };
        recipient.givenUp?.({ entry, answer: why, attempts, lastAttemptAt: startedAt });
        return settled;
      }
      answer = await poster.post(prepared.send);
    } catch (error) {
      this.#options.onTrouble?.(error);
      answer = { failed: 'The request could not be made here; the log says why.', how: 'unreachable' };
    }
    const attempt = attemptOf(answer, startedAt, Math.round(performance.now() - started));
    const tried = { eventAt: entry.at, now: clock.now(), attempts: attempts + 1 };
    const verdict = recipient.judge(entry, answer, tried);
    if (verdict.verdict === 'delivered') return this.#settle(entry, 'delivered', attempt);
    if (verdict.verdict === 'again') {
      this.#store(entry, attempt, 'owed');
      return { result: 'again', at: verdict.at, attempted: true };
    }
    const settled = this.#settle(entry, 'given-up', attempt);
    recipient.givenUp?.({ entry, answer, attempts: attempts + 1, lastAttemptAt: startedAt });
    return settled;
  }

  #settle(entry: OutboxEntry, state: 'delivered' | 'given-up', attempt: DeliveryAttempt): Result {
    this.#store(entry, attempt, state);
    if (state === 'delivered') {
      this.#delivered += 1;
      this.#tell(this.#options.onDelivered, entry);
    } else {
      this.#givenUp += 1;
      this.#tell(this.#options.onGivenUp, entry);
    }
    return { result: 'settled' };
  }

  #tell(listener: ((entry: OutboxEntry) => void) | undefined, entry: OutboxEntry): void {
    try {
      listener?.(entry);
    } catch (error) {
      // A listener's bug must not stop the stream.
      this.#options.onTrouble?.(error);
    }
  }

  /** The next entry does not wait for this write: after a crash a receiver may see an event twice, never out of order. */
  #store(entry: OutboxEntry, attempt: DeliveryAttempt, state: DeliveryState): void {
    const write = this.#options.store
      .attempted(entry.id, attempt, state)
      .catch((error: unknown) => {
        // The store of a stopped server is closed.
        if (this.#state !== 'stopped') this.#options.onTrouble?.(error);
      })
      .finally(() => this.#writes.delete(write));
    this.#writes.add(write);
  }
}

function recipientOf(recipients: Recipients, { to }: OutboxEntry): Recipient | undefined {
  const kind = typeof to === 'object' && to !== null && 'kind' in to ? to.kind : undefined;
  if (kind === 'callback') return recipients.callback;
  return kind === 'subscription' ? recipients.subscription : undefined;
}

function describe({ to, event }: OutboxEntry): string {
  const text = (value: unknown): string => (typeof value === 'string' ? value : '');
  const { url, name } = (to ?? {}) as Record<string, unknown>;
  const { type } = (event ?? {}) as Record<string, unknown>;
  return `${text(type)} to ${text(url) || text(name)}`;
}

const failure = (at: number, detail: string): DeliveryAttempt => ({ at, detail, durationMs: 0 });

function attemptOf(answer: PostAnswer | PostFailure, at: number, durationMs: number): DeliveryAttempt {
  if ('failed' in answer) return { at, detail: answer.failed, durationMs };
  const { status, headers, body } = answer;
  const moved =
    status >= 300 && status < 400 && headers.location !== undefined
      ? `Redirects are not followed; register ${headers.location} itself if it is right. `
      : '';
  return { at, status, detail: `${moved}${body}`.slice(0, excerpt), durationMs };
}
