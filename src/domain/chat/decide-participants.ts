import type { Outcome } from '../call/outcome.ts';
import type { Draft } from './draft.ts';
import type { InputOf, NewParticipant } from './inputs.ts';
import type { ChatLimits } from './limits.ts';
import { outcome } from './outcome.ts';
import type { Participant } from './thread.ts';

export function seat(
  { id, displayName, metadata, shareHistoryTime }: NewParticipant,
  from: number,
): Participant {
  return {
    id,
    shareHistoryTime: shareHistoryTime ?? from,
    ...(displayName === undefined ? {} : { displayName }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Who is there already stays as they are ("if participants already exist, no change occurs"). */
export function decideAdd(
  draft: Draft,
  { by, participants }: InputOf<'add'>,
  limits: ChatLimits,
): Outcome | undefined {
  const there = draft.thread.participants;
  const fresh = new Map(
    participants.filter(({ id }) => !Object.hasOwn(there, id)).map((one) => [one.id, one]),
  );
  if (fresh.size === 0) return undefined;
  const count = Object.keys(there).length + fresh.size;
  if (count > limits.participants) {
    const detail = `a thread may have ${limits.participants} participants; with these it would have ${count}`;
    return outcome('too-many-participants@thread', draft.at, { detail });
  }
  const version = draft.stamp;
  // From now on: the message that says they came is the first they see.
  const added = [...fresh.values()].map((one) => seat(one, version + 1));
  draft.add({ fact: 'participants-added', by: by.id, participants: added, version });
  draft.say({ type: 'participantAdded', participants: added, initiator: by.id });
  return undefined;
}

/** False: nobody of that id is there. */
export function leave(draft: Draft, user: string, by: string): boolean {
  const { participants } = draft.thread;
  const gone = Object.hasOwn(participants, user) ? participants[user] : undefined;
  if (!gone) return false;
  const version = draft.stamp;
  draft.add({ fact: 'participants-removed', by, participants: [gone], version });
  draft.say({ type: 'participantRemoved', participants: [gone], initiator: by });
  return true;
}

export function decideRemove(draft: Draft, { by, user }: InputOf<'remove'>): Outcome | undefined {
  if (leave(draft, user, by.id)) return undefined;
  return outcome('participant-unknown@thread', draft.at, { detail: `${user} is not in the thread` });
}
