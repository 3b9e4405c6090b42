/** A SIP stack in a process of its own, so that its CPU time and its heap are its own. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type BareStack, type Opening, openBareStack } from './bare-stack.ts';
import { ask, endWithTheBench } from './child.ts';
import { pause } from './figures.ts';
import { openPrototype, prototypeFlags } from './prototype.ts';

const stacks = { ours: openBareStack, prototype: openPrototype } as const;
export type Kind = keyof typeof stacks;

export interface Tally {
  /** Milliseconds of user and system time. */
  readonly cpuMs: number;
  /** Calls of the order that ended well; of `tally`, calls that came and ended. */
  readonly done: number;
  readonly failed: number;
  /** Of the first that failed. */
  readonly why?: string;
  readonly retransmitted: number;
  /** Wall seconds. */
  readonly seconds: number;
}

interface Paced {
  readonly rate: number;
  readonly count: number;
}

type Order =
  | { readonly open: Opening }
  | { readonly run: Paced }
  | { readonly hold: { readonly count: number } }
  | { readonly release: { readonly count: number } }
  | { readonly tally: true }
  | { readonly heap: true };

export interface StackProcess {
  readonly port: number;
  /** Places `rate` calls a second for `seconds`, hangs each up when it is answered, waits for the last. */
  run(rate: number, seconds: number): Promise<Tally>;
  /** Places so many calls, as fast as they are answered, and leaves them up. */
  hold(count: number): Promise<Tally>;
  /** Hangs up so many of them at once. */
  release(count: number): Promise<Tally>;
  /** What it has done since the last time. */
  tally(): Promise<Tally>;
  /** Bytes after a collection. */
  heap(): Promise<number>;
  stop(): void;
}

export async function startStack(kind: Kind, opening: Opening): Promise<StackProcess> {
  const child = fork(fileURLToPath(import.meta.url), ['stack', kind], {
    execArgv: ['--expose-gc', ...(kind === 'prototype' ? prototypeFlags : [])],
  });
  const order = <T>(words: Order): Promise<T> => ask(child, words);
  return {
    port: await order({ open: opening }),
    run: (rate, seconds) => order({ run: { rate, count: rate * seconds } }),
    hold: (count) => order({ hold: { count } }),
    release: (count) => order({ release: { count } }),
    tally: () => order({ tally: true }),
    heap: () => order({ heap: true }),
    stop: () => void child.kill(),
  };
}

/** Long enough for the fourth repetition of what was dropped. */
const patienceMs = 8000;
const tickMs = 2;
/** A generator that was held up makes up for it in steps of so much: a burst would measure the socket's buffer. */
const catchUpMs = 20;
/** Calls to be held that are being set up at once. */
const maxOpen = 50;

/** Obeys one order after the other. */
class Obeying {
  readonly #stack: BareStack;
  #before: Omit<Tally, 'seconds' | 'failed'> & { readonly at: number };
  #held: (() => void)[] = [];
  #over: { done: number; failed: number; why?: string } = { done: 0, failed: 0 };

  constructor(stack: BareStack) {
    this.#stack = stack;
    this.#before = this.#now();
  }

  async obey(order: Exclude<Order, { readonly open: unknown }>): Promise<Tally | number> {
    if ('heap' in order) {
      globalThis.gc?.();
      return process.memoryUsage().heapUsed;
    }
    if ('tally' in order) return this.#tally(this.#stack.taken() - this.#before.done, 0);
    this.#over = { done: 0, failed: 0 };
    this.#before = this.#now();
    if ('run' in order) return this.#run(order.run);
    if ('hold' in order) return this.#hold(order.hold.count);
    return this.#release(order.release.count);
  }

  async #run({ rate, count }: Paced): Promise<Tally> {
    await this.#paced(count, rate, () =>
      this.#stack.call(
        (hangUp) => hangUp(),
        (otherwise) => this.#count(otherwise),
      ),
    );
    await this.#until(() => this.#over.done + this.#over.failed >= count);
    return this.#tally(this.#over.done, count - this.#over.done);
  }

  async #hold(count: number): Promise<Tally> {
    const settled = (): number => this.#held.length + this.#over.failed;
    for (let n = 0; n < count; n++) {
      // So that a busy machine makes it slow, and loses no datagrams.
      await this.#until(() => n - settled() < maxOpen);
      this.#stack.call(
        (hangUp) => this.#held.push(hangUp),
        (otherwise) => this.#count(otherwise),
      );
    }
    await this.#until(() => settled() >= count);
    return this.#tally(this.#held.length, count - this.#held.length);
  }

  async #release(count: number): Promise<Tally> {
    const held = this.#held.splice(0, count);
    for (const hangUp of held) hangUp();
    await this.#until(() => this.#over.done + this.#over.failed >= held.length);
    return this.#tally(this.#over.done, held.length - this.#over.done);
  }

  #count(otherwise: string | undefined): void {
    if (otherwise === undefined) this.#over.done += 1;
    else {
      this.#over.failed += 1;
      this.#over.why ??= otherwise;
    }
  }

  async #paced(count: number, rate: number, one: () => void): Promise<void> {
    const started = performance.now();
    const atOnce = Math.max(1, Math.ceil((rate * catchUpMs) / 1000));
    for (let n = 0; n < count; ) {
      const due = Math.min(count, Math.ceil(((performance.now() - started) / 1000) * rate), n + atOnce);
      for (; n < due; n++) one();
      await pause(tickMs);
    }
  }

  async #until(done: () => boolean): Promise<void> {
    const deadline = performance.now() + patienceMs;
    while (!done() && performance.now() < deadline) await pause(tickMs);
  }

  #now() {
    const { user, system } = process.cpuUsage();
    return {
      cpuMs: (user + system) / 1000,
      done: this.#stack.taken(),
      retransmitted: this.#stack.retransmitted(),
      at: performance.now(),
    };
  }

  #tally(done: number, failed: number): Tally {
    const { cpuMs, retransmitted, at } = this.#before;
    const now = this.#now();
    this.#before = now;
    return {
      cpuMs: now.cpuMs - cpuMs,
      done,
      failed,
      retransmitted: now.retransmitted - retransmitted,
      seconds: (now.at - at) / 1000,
      ...(failed > 0 && { why: this.#over.why ?? 'not over in time' }),
    };
  }
}

function stack(kind: Kind): void {
  endWithTheBench();
  let obeying: Obeying | undefined;
  process.on('message', async (order: Order) => {
    if ('open' in order) {
      const opened = await stacks[kind](order.open);
      obeying = new Obeying(opened);
      process.send?.(opened.port);
    } else process.send?.(await obeying?.obey(order));
  });
}

if (process.argv[2] === 'stack') stack(process.argv[3] as Kind);
