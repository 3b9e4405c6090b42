import type { Bounds, Timing } from './api.ts';

export const defaultTiming: Timing = { t1: 500, t2: 4000, t4: 5000 };

export const defaultBounds: Bounds = {
  connections: 1000,
  connectionsPerSource: 250,
  idleConnectionMs: 30_000,
  keepAliveMs: 25_000,
  headerBytes: 65_536,
  bodyBytes: 65_536,
  refusalsPerSecond: 20,
  strayAnswersPerSecond: 1000,
  calls: 100_000,
  transactions: 500_000,
  transactionBytes: 1 << 29,
};

/** RFC 4028 4: seconds. */
export const MIN_SESSION = 90;
