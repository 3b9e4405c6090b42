/** The shape of one documented response code. Facts are exact; every sentence is our own wording. */

/** Whose outcome a row describes. */
export type Surface = 'client' | 'call' | 'automation' | 'chat' | 'sms';

export type Category = 'Success' | 'ExpectedError' | 'UnexpectedClientError' | 'UnexpectedServerError';

/**
 * Whether Ringback serves a row.
 * - `ruled`: we send it; a ruling says for which situations and a scenario brings it about.
 * - `elsewhere`: a client SDK computes it; a scenario provokes it.
 * - `not yet`: waits for the capability named in `why`.
 * - `out of reach`: cannot be had on one's own machines, for the reason in `why`.
 */
export type Standing = 'ruled' | 'elsewhere' | 'not yet' | 'out of reach';

export interface Row {
  readonly surface: Surface;
  /** As served on the wire of its surface; absent subCode: the row has none. */
  readonly code: number;
  readonly subCode?: number;
  /** Absent where the documentation prints none. */
  readonly category?: Category;
  /** A few words, sentence case, no full stop. */
  readonly name: string;
  /** One to three sentences: what it means. */
  readonly meaning: string;
  /** What to do, concretely: which setting, which log, which command. */
  readonly advice: string;
  /** The printed lines it stands for, by the ids of the documented tables; empty for pairs documented elsewhere. */
  readonly printed: readonly string[];
  /** Where the sources contradict themselves: what we serve and why. */
  readonly reading?: string;
  /** Where a row with no printed line comes from. */
  readonly source?: string;
  readonly standing: Standing;
  /** The capability awaited, or the reason it is out of reach. Absent exactly when standing is `ruled`. */
  readonly why?: string;
}
