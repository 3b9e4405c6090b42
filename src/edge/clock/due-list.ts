import type { Cancel } from '../../app/ports/clock.ts';
import type { Instant } from '../../domain/ids/instant.ts';

export interface Due {
  readonly due: Instant;
  readonly name: string;
  readonly fire: () => void;
}

interface Entry extends Due {
  readonly order: number;
  cancelled: boolean;
}

const before = (a: Entry, b: Entry): boolean => a.due < b.due || (a.due === b.due && a.order < b.order);

/** A binary heap by instant, first come first served among equals; cancelled entries are skipped when they surface. */
export class DueList {
  readonly #heap: Entry[] = [];
  #order = 0;
  #cancelled = 0;

  add(item: Due): Cancel {
    const entry: Entry = { ...item, order: this.#order++, cancelled: false };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return () => {
      if (entry.cancelled) return;
      entry.cancelled = true;
      this.#cancelled += 1;
      if (this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.length) this.#compact();
    };
  }

  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  peek(): Due | undefined {
    for (let top = this.#heap[0]; top; top = this.#heap[0]) {
      if (!top.cancelled) return top;
      this.#pop();
      this.#cancelled -= 1;
    }
    return undefined;
  }

  /** The earliest entry due at or before `at`, taken off the list. */
  take(at: Instant): Due | undefined {
    const top = this.peek();
    if (!top || top.due > at) return undefined;
    const entry = this.#pop();
    // Cancelling what has fired must not count as a hole in the heap.
    if (entry) entry.cancelled = true;
    return entry;
  }

  #pop(): Entry | undefined {
    const top = this.#heap[0];
    const last = this.#heap.pop();
    if (top && last && top !== last) {
      this.#heap[0] = last;
      this.#down(0);
    }
    return top;
  }

  #compact(): void {
    const kept = this.#heap.filter((entry) => !entry.cancelled).sort((a, b) => (before(a, b) ? -1 : 1));
    this.#heap.splice(0, this.#heap.length, ...kept);
    this.#cancelled = 0;
  }

  #up(index: number): void {
    for (let at = index; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!this.#swapIf(parent, at)) return;
      at = parent;
    }
  }

  #down(index: number): void {
    for (let at = index; ; ) {
      const left = 2 * at + 1;
      const right = left + 1;
      const [l, r] = [this.#heap[left], this.#heap[right]];
      if (!l) return;
      const child = r && before(r, l) ? right : left;
      if (!this.#swapIf(at, child)) return;
      at = child;
    }
  }

  /** Swaps parent and child when they stand the wrong way round. */
  #swapIf(parent: number, child: number): boolean {
    const [p, c] = [this.#heap[parent], this.#heap[child]];
    if (!p || !c || !before(c, p)) return false;
    this.#heap[parent] = c;
    this.#heap[child] = p;
    return true;
  }
}
