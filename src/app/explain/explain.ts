import { type ListedRow, reproduceCommand, rowById } from '../../codes/catalogue.ts';
import { familyOf, familyRow } from '../../codes/families.ts';
import type { Row } from '../../codes/row.ts';
import type { Call } from '../../domain/call/call.ts';
import { evolve } from '../../domain/call/evolve.ts';
import type { Fact, FactOf } from '../../domain/call/facts.ts';
import type { Outcome } from '../../domain/call/outcome.ts';
import { buildTimeline } from './build-timeline.ts';
import { namesOf, party } from './names.ts';
import { whatElse } from './otherwise.ts';
import { type CallSources, factsOf, isFact } from './sources.ts';
import { whereItStands } from './standing.ts';
import type { ExplainedParticipant, Explanation, Timeline, TimelineEntry } from './timeline.ts';
import { inWords } from './words.ts';

interface Known {
  readonly row: Row;
  readonly reproduce: string;
}

/** A listed row, or the one that its family's rule makes. */
function known(outcome: Outcome): Known | undefined {
  const listed: ListedRow | undefined = rowById(outcome.row);
  if (listed) return { row: listed, reproduce: reproduceCommand(listed) ?? '' };
  const family = outcome.subCode === undefined ? undefined : familyOf(outcome.subCode);
  if (!family) return undefined;
  const status = String(family.sipStatus).padStart(3, '0');
  // The simulated carrier's numbers say what they answer (`design.md` §2).
  return {
    row: familyRow(family.prefix, family.sipStatus).row,
    reproduce: `call +1500555${status}0, a number of the simulated carrier`,
  };
}

function endOf(facts: readonly Fact[], end: FactOf<'call-ended'>): NonNullable<Explanation['end']> {
  const { outcome } = end;
  const { row, situation, code, subCode, category, name, detail, sip, q850 } = outcome;
  const found = known(outcome);
  return {
    row,
    code,
    name,
    situation,
    words: inWords(outcome),
    meaning: found?.row.meaning ?? 'This version of Ringback does not know the row.',
    advice: found?.row.advice ?? '',
    reproduce: found?.reproduce ?? '',
    otherwise: whatElse(facts, end),
    ...(subCode === undefined ? {} : { subCode }),
    ...(category === undefined ? {} : { category }),
    ...(detail === undefined ? {} : { detail }),
    ...(sip === undefined ? {} : { sip }),
    ...(q850 === undefined ? {} : { q850 }),
  };
}

const ownEnd = (outcome: Outcome | undefined): Partial<ExplainedParticipant> =>
  outcome === undefined
    ? {}
    : { row: outcome.row, name: outcome.name, situation: outcome.situation, words: inWords(outcome) };

function participantsOf(call: Call, facts: readonly Fact[]): readonly ExplainedParticipant[] {
  const names = namesOf(facts);
  const phones = Object.values(call.legs).map((leg): ExplainedParticipant => {
    const outcome = leg.at.phase === 'ended' ? leg.at.outcome : undefined;
    return { who: names.phone(leg.id), kind: 'phone', ...ownEnd(outcome) };
  });
  const applications = Object.values(call.connections).map((connection): ExplainedParticipant => {
    const outcome = connection.at.phase === 'ended' ? connection.at.outcome : undefined;
    const who = `${names.application(connection.id)}${connection.answeredFor ? ` for ${party(connection.answeredFor)}` : ''}`;
    return { who: `${who} (call connection ${connection.id})`, kind: 'application', ...ownEnd(outcome) };
  });
  return [...phones, ...applications];
}

/** SIP that decides a call: what the dialogue's own bookkeeping sends is left to the timeline. */
function decides({ detail = {} }: TimelineEntry): boolean {
  const method = String(detail.cseq ?? '').split(' ')[1];
  if (detail.repeated === true) return false;
  if (method === 'INVITE') return detail.status === undefined || Number(detail.status) > 100;
  return (method === 'BYE' || method === 'CANCEL') && detail.status === undefined;
}

const bookkeeping: readonly unknown[] = ['participants-changed', 'call-started'];

function leadsThere(entry: TimelineEntry): boolean {
  const { kind, detail = {} } = entry;
  switch (kind) {
    case 'sip':
      return decides(entry);
    case 'request':
      return detail.method !== 'GET';
    case 'delivery':
      return detail.failed === true;
    case 'event':
      return false;
    case 'state':
      return !bookkeeping.includes(detail.fact);
    case 'media':
    case 'end':
      return true;
  }
}

/** What came before the end, and late inputs that it beat. */
function because(timeline: Timeline): readonly TimelineEntry[] {
  const end = timeline.entries.findIndex(({ kind }) => kind === 'end');
  return timeline.entries.filter(
    (entry, index) =>
      leadsThere(entry) && (end < 0 || index <= end || entry.detail?.fact === 'input-ignored'),
  );
}

/** Why a call ended as it did, or where it stands; undefined when there is no journal. */
export function explain(sources: CallSources): Explanation | undefined {
  const timeline = buildTimeline(sources);
  const facts = factsOf(sources.journal);
  let call: Call | undefined;
  for (const fact of facts) call = evolve(call, fact);
  if (!timeline || !call) return undefined;
  const end = facts.find(isFact('call-ended'));
  return {
    callId: call.callId,
    ...(end ? { end: endOf(facts, end) } : { live: whereItStands(call) }),
    participants: participantsOf(call, facts),
    because: because(timeline),
    timeline,
  };
}
