/** What a timeline is read from. */
import type { Fact, FactOf } from '../../domain/call/facts.ts';
import type { Instant } from '../../domain/ids/instant.ts';
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

/** Whether a leg was in the call then: it may have come from another one, and gone on in a third. */
export function wasHere(facts: readonly Fact[], legId: string, at: Instant): boolean {
  const came = facts.filter(isFact('leg-opened')).filter(({ leg }) => leg.id === legId);
  const [first] = came;
  const went = facts.findLast((fact) => fact.fact === 'leg-given' && fact.legId === legId);
  const cameBack = went !== undefined && facts.indexOf(came.at(-1) ?? went) > facts.indexOf(went);
  return (
    (first?.leg.movedFrom === undefined || at >= first.at) &&
    (went === undefined || cameBack || at <= went.at)
  );
}

/** Under which ids the traces of this call are kept: its own and those of its legs. */
export function traceSubjects(journal: readonly JournalRow[]): readonly string[] {
  const facts = factsOf(journal);
  const started = facts.find(isFact('call-started'));
  const legs = facts.filter(isFact('leg-opened')).map(({ leg }) => leg.id);
  return started ? [started.header.callId, ...legs] : legs;
}
