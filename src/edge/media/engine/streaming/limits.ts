/** How long and how much a stream bears. Wall milliseconds. */
export interface StreamLimits {
  /** From the first packet to the answer `101`. */
  readonly handshakeMs: number;
  /** Pauses before each attempt to get a lost connection back; as many attempts as there are pauses. */
  readonly redialMs: readonly number[];
  /** All attempts together take no longer. */
  readonly lostMs: number;
  /** A connection that was there for so long is new again: its loss has all attempts before it. */
  readonly steadyMs: number;
  /** Audio that waits longer than this to be written is dropped: what comes late is of no use to a conversation. */
  readonly staleMs: number;
  /** Whoever answers no ping for so long does not read. */
  readonly unreadMs: number;
  /** Sound of the application that may wait to be heard; what speech models write ahead of time is minutes, not hours. */
  readonly queuedMs: number;
  /** Messages that make no sense, until the connection is closed. */
  readonly malformed: number;
  /** Time for the other side to close, too. */
  readonly closingMs: number;
}

export const usualLimits: StreamLimits = {
  handshakeMs: 5000,
  redialMs: [200, 1000, 3000],
  lostMs: 10_000,
  steadyMs: 30_000,
  staleMs: 1000,
  unreadMs: 10_000,
  queuedMs: 300_000,
  malformed: 100,
  closingMs: 1000,
};
