import type { Instant } from '../../domain/ids/instant.ts';

export type Cancel = () => void;

/** Ringback's clock: wall time, or time that moves only by `advance`. Whatever `design.md` calls "on the clock" uses it. */
export interface Clock {
  now(): Instant;
  /** Calls `fire` once when the clock reaches `due` (at once, asynchronously, when it already has). `name` is shown by `advance`. */
  at(due: Instant, name: string, fire: () => void): Cancel;
}

/** Says what the process is still busy with, so that a manual clock knows when to move on. */
export interface Quiet {
  /** Holds the process busy until the returned function is called, or for `atMostMs` of wall time; `what` names it in the failure message. */
  hold(what: string, atMostMs?: number): Cancel;
}
