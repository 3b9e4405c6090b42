/** When 20 ms frames are due, counted from a fixed start so that late timers never add up. */
export const frameMs = 20;

/** A sender this far behind (its machine slept, its process was stopped) skips instead of flooding the far end. */
const mostAtOnce = 5;

export interface FramesDue {
  /** The number of the first frame to send now. */
  readonly from: number;
  readonly count: number;
  /** Milliseconds until the next one. */
  readonly wait: number;
}

/** `elapsed`: milliseconds since frame 0 was due; `next`: the number of the first frame not sent yet. */
export const framesDue = (elapsed: number, next: number): FramesDue => {
  const newest = Math.floor(elapsed / frameMs);
  const count = Math.min(Math.max(0, newest - next + 1), mostAtOnce);
  const following = Math.max(newest + 1, next);
  return { from: count === 0 ? next : newest - count + 1, count, wait: following * frameMs - elapsed };
};
