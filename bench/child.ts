/** A process of the bench that obeys one order at a time. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Sends an order and resolves with the answer; without one, with the next message the child sends by itself. */
export async function ask<T>(child: ChildProcess, order?: object): Promise<T> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    const exited = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`a process of the bench ended with ${code}; what it said stands above`);
    });
    exited.catch(() => {});
    const answered = once(child, 'message', { signal });
    if (order !== undefined) child.send(order);
    const [answer] = await Promise.race([answered, exited]);
    return answer as T;
  } finally {
    stop.abort();
  }
}

/** In the child: a bench that was stopped, however roughly, leaves nothing running. */
export function endWithTheBench(): void {
  process.once('disconnect', () => process.exit());
}
