/** What a timeline is read from. */
import type { Fact, FactOf } from '../../domain/call/facts.ts';
import type { Delivery, JournalRow } from '../ports/store.ts';
import type { Trace } from '../ports/trace.ts';

export interface CallSources {
  /** The whole journal of one call, in order. */
  readonly journal: readonly JournalRow[];
  /** Traces of the call and of its legs (`traceSubjects`), in the order they were added. */
  readonly traces: readonly Trace[];
  readonly deliveries: readonly Delivery[];
}

export const factsOf = (journal: readonly JournalRow[]): readonly Fact[] =>
  // Journal rows are facts as `decide` made them, through JSON.
  journal.map((row) => row.fact as unknown as Fact);

export const isFact =
  <K extends Fact['fact']>(kind: K) =>
  (fact: Fact): fact is FactOf<K> =>
    fact.fact === kind;

/** Under which ids the traces of this call are kept: its own and those of its legs. */
export function traceSubjects(journal: readonly JournalRow[]): readonly string[] {
  const facts = factsOf(journal);
  const started = facts.find(isFact('call-started'));
  const legs = facts.filter(isFact('leg-opened')).map(({ leg }) => leg.id);
  return started ? [started.header.callId, ...legs] : legs;
}
