/** What `stats` tells beside the sizes of tables. */
export interface Counts {
  timers: number;
  malformed: number;
  refused: number;
  dropped: number;
}

export function newCounts(): Counts {
  return { timers: 0, malformed: 0, refused: 0, dropped: 0 };
}
