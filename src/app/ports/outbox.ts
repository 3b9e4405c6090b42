import type { OutboxEntry } from './store.ts';

/** Delivers what is owed. Told of entries once they are stored; reports back through the desk. */
export interface Outbox {
  owe(entries: readonly OutboxEntry[]): void;
}
