/** Putting what several witnesses saw on one time axis. */
import type { Instant } from '../../domain/ids/instant.ts';
import type { TimelineEntry } from './timeline.ts';

export type Line = Omit<TimelineEntry, 'at' | 'offsetMs'>;

export interface Moment {
  readonly at: Instant;
  /** Absent: it anchors others and is not worth a line. */
  readonly line?: Line;
  /** What caused it: never shown after it. Added to while causes are looked for. */
  readonly after: Set<Moment>;
}

export const moment = (at: Instant, line?: Line): Moment => ({
  at,
  after: new Set(),
  ...(line === undefined ? {} : { line }),
});

/**
 * Merges streams, each in its own order, by instant. On a manual clock much happens in one instant: there a moment
 * waits for its causes, and an earlier stream goes before a later one.
 */
export function inCausalOrder(streams: readonly (readonly Moment[])[]): readonly Moment[] {
  // A wall clock that was set back must not hold up the other streams.
  const queues = streams.map((stream) => [...stream].sort((a, b) => a.at - b.at));
  const heads = queues.map(() => 0);
  const placed = new Set<Moment>();
  for (;;) {
    const candidates = queues.flatMap((queue, index) => {
      const head = queue[heads[index] ?? 0];
      return head ? [{ head, index }] : [];
    });
    const first = Math.min(...candidates.map(({ head }) => head.at));
    const due = candidates.filter(({ head }) => head.at === first);
    const free = due.find(({ head }) =>
      [...head.after].every((cause) => placed.has(cause) || cause.at > first),
    );
    // Witnesses that contradict each other: keep each one's own order.
    const next = free ?? due[0];
    if (!next) return [...placed];
    placed.add(next.head);
    heads[next.index] = (heads[next.index] ?? 0) + 1;
  }
}
