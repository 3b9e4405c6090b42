/** What was submitted to carriers and is not answered yet. */

export interface Order {
  readonly messageId: string;
  readonly segment: number;
  readonly carrier: string;
}

export class Orders {
  readonly #open = new Map<string, Order>();
  readonly #lookers = new Set<() => void>();
  #count = 0;

  get size(): number {
    return this.#open.size;
  }

  /** The order's id: no two tries have the same. */
  add(order: Order): string {
    this.#count += 1;
    const orderId = `${order.messageId}/${order.segment}/${this.#count}`;
    this.#open.set(orderId, order);
    return orderId;
  }

  /** Of an order that is answered now; `heard` deals with the answer before anybody else is told. */
  settle(orderId: string, heard: (order: Order) => void): void {
    const order = this.#open.get(orderId);
    if (!order) return;
    this.#open.delete(orderId);
    heard(order);
    for (const look of this.#lookers) look();
  }

  /** Resolves when all that this carrier has now is answered. */
  answered(carrier: string): Promise<void> {
    const waiting = new Set<string>();
    for (const [orderId, order] of this.#open) if (order.carrier === carrier) waiting.add(orderId);
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      for (const orderId of waiting) if (!this.#open.has(orderId)) waiting.delete(orderId);
      if (waiting.size > 0) return;
      this.#lookers.delete(look);
      resolve();
    };
    this.#lookers.add(look);
    look();
    return promise;
  }

  clear(): void {
    this.#open.clear();
    for (const look of this.#lookers) look();
  }
}
