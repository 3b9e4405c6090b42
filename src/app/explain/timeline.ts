/** What happened to a call, on one time axis, and why it ended: read from the journal, the traces and the deliveries. */

export type TimelineEntry = {
  /** ISO 8601 with milliseconds. */
  readonly at: string;
  /** Milliseconds since the call started. */
  readonly offsetMs: number;
  readonly kind: 'request' | 'sip' | 'media' | 'state' | 'event' | 'delivery' | 'end';
  /**
   * Lifelines for the sequence diagram: `application`, `ringback`, `carrier +1…`, `webhook`, `subscription NAME`;
   * with several applications in the call, `application 1`, `webhook 1` and so on, in the order they joined.
   */
  readonly from: string;
  readonly to: string;
  /** One line: what went from one to the other, or what changed. */
  readonly text: string;
  /** Row id where the line carries an outcome. */
  readonly row?: string;
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
};

export interface Timeline {
  readonly callId: string;
  readonly connectionIds: readonly string[];
  readonly correlationId: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly entries: readonly TimelineEntry[];
}

/** One participant's own end, told from its side; a live one has no row. */
export interface ExplainedParticipant {
  readonly who: string;
  readonly kind: 'phone' | 'application';
  readonly row?: string;
  readonly name?: string;
  /** `cause@phase` */
  readonly situation?: string;
  /** The situation in words. */
  readonly words?: string;
}

export interface Explanation {
  readonly callId: string;
  /** Absent while the call is alive. */
  readonly end?: {
    readonly row: string;
    readonly code: number;
    readonly subCode?: number;
    readonly category?: string;
    readonly name: string;
    readonly meaning: string;
    /** `cause@phase` */
    readonly situation: string;
    /** The situation in words. */
    readonly words: string;
    readonly detail?: string;
    readonly sip?: { readonly code: number; readonly message: string };
    readonly q850?: { readonly code: number; readonly message: string };
    readonly advice: string;
    readonly reproduce: string;
    /** What would have been different, as far as the journal tells. */
    readonly otherwise: readonly string[];
  };
  /** Where a live call stands and what it waits for; absent once it has ended. */
  readonly live?: {
    readonly standing: readonly string[];
    readonly waitingFor: readonly { readonly what: string; readonly due?: string }[];
  };
  /** Each participant's own end (`pstn` rows are seen here). */
  readonly participants: readonly ExplainedParticipant[];
  /** The facts that led there, in order. */
  readonly because: readonly TimelineEntry[];
  readonly timeline: Timeline;
}
