import type { Instant } from '../../domain/ids/instant.ts';

/** Sliding windows of what has been used. */
export interface RateWindows {
  /** Counts one use of `key`; 0 when it is within `limit` per `windowMs`, else milliseconds until one is free again (and nothing is counted). */
  use(key: string, limit: number, windowMs: number, at: Instant): number;
  /** What `use` would answer; nothing is counted. */
  wait(key: string, limit: number, windowMs: number, at: Instant): number;
}

/** Undefined: no limit. */
export interface CallCeilings {
  readonly createCallsPerSecond?: number;
  readonly activeCalls?: number;
  readonly callsPerMonth?: number;
}
