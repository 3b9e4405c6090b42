/** One collection of documents, held in memory and on disk: read at once, promised only when it is written. */
import type { Json, Store } from '../ports/store.ts';

export class DocumentShelf<T extends object> {
  readonly #store: Pick<Store, 'putDocument'>;
  readonly #collection: string;
  readonly #held: Map<string, T>;
  #revision = 0;

  constructor(store: Pick<Store, 'documents' | 'putDocument'>, collection: string) {
    this.#store = store;
    this.#collection = collection;
    this.#held = new Map(
      store.documents(collection).map(({ name, value }) => [name, value as unknown as T] as const),
    );
  }

  /** Another one after each change. */
  get revision(): number {
    return this.#revision;
  }

  get(name: string): T | undefined {
    return this.#held.get(name);
  }

  values(): readonly T[] {
    return [...this.#held.values()];
  }

  /** In force at once, so that the next request decides by it; taken back where it cannot be written. */
  async put(name: string, value: T | undefined): Promise<void> {
    const before = this.#held.get(name);
    this.#set(name, value);
    try {
      await this.#store.putDocument(this.#collection, name, value as unknown as Json | undefined);
    } catch (failure) {
      if (this.#held.get(name) === value) this.#set(name, before);
      throw failure;
    }
  }

  /** After the store was reset. */
  clear(): void {
    this.#revision += 1;
    this.#held.clear();
  }

  #set(name: string, value: T | undefined): void {
    this.#revision += 1;
    if (value === undefined) this.#held.delete(name);
    else this.#held.set(name, value);
  }
}
