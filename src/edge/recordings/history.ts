/** What the journal of a call tells of its recording. */
import type { EndedRecording } from '../../app/ports/recordings.ts';
import type { JournalRow } from '../../app/ports/store.ts';
import type { Fact } from '../../domain/call/facts.ts';
import type { Recording } from '../../domain/media/recording.ts';
import type { RecordingFacts } from '../../wire/rest/recording-content.ts';

export interface History extends Pick<RecordingFacts, 'startedAt' | 'pauses'> {
  /** Raw ids of everybody who was in the call while it was recorded. */
  readonly present: readonly string[];
}

const factOf = ({ fact }: JournalRow): Fact => fact as unknown as Fact;

export function historyOf(
  journal: readonly JournalRow[],
  { recording, endedAt }: Pick<EndedRecording, 'recording' | 'endedAt'>,
): History {
  const facts = journal.map(factOf);
  const changes = facts.flatMap((fact) =>
    fact.fact === 'recording-changed' && fact.recordingId === recording.id
      ? [{ at: fact.at, active: fact.state === 'active' }]
      : [],
  );
  const begun = changes.findIndex(({ active }) => active);
  const startedAt = changes[begun]?.at ?? recording.requestedAt;
  const pauses = changes
    .slice(Math.max(begun, 0))
    .flatMap(({ at, active }, index, all) =>
      active || begun < 0 ? [] : [{ at, durationMs: (all[index + 1]?.at ?? endedAt) - at }],
    );
  const lists = facts.flatMap((fact) =>
    fact.fact === 'participants-changed' && fact.at <= endedAt
      ? [{ at: fact.at, rawIds: fact.participants.map(({ identifier }) => identifier.rawId) }]
      : [],
  );
  const before = lists.findLastIndex(({ at }) => at <= startedAt);
  const present = new Set(lists.slice(Math.max(before, 0)).flatMap(({ rawIds }) => rawIds));
  return { startedAt, pauses, present: [...present] };
}

/** How and when it ended; undefined: it has not, or the journal knows nothing of it. */
export function endingOf(
  journal: readonly JournalRow[],
  recordingId: string,
): { readonly recording: Recording; readonly endedAt: number } | undefined {
  for (const fact of journal.map(factOf))
    if (fact.fact === 'recording-ended' && fact.recording.id === recordingId)
      return { recording: fact.recording, endedAt: fact.at };
  return undefined;
}

/** Situations in which the media process is gone without its last word on a recording. */
const cutShort: Readonly<Record<string, string>> = {
  'media-process-died@alive': 'the media process ended in mid-recording; what it had written is kept',
  'server-restarted@alive': 'the server ended in mid-recording; what was written by then is kept',
};

/** Why nobody will finish the file of a recording that ended at that instant; undefined: somebody will. */
export function cutShortBy(journal: readonly JournalRow[], endedAt: number): string | undefined {
  for (const fact of journal.map(factOf)) {
    const ending = fact.fact === 'leg-ended' || fact.fact === 'connection-ended';
    const why = ending && fact.at === endedAt ? cutShort[fact.outcome.situation] : undefined;
    if (why !== undefined) return why;
  }
  return undefined;
}
