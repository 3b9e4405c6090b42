/** Where chat's rows are chosen: each lists the situations (`cause@phase`) that end in it. */
import type { RuledRow } from '../../codes/catalogue.ts';

/** Cause → the phases in which it can happen. */
type Causes = {
  'no-credentials': 'request';
  'not-a-user': 'request';
  'token-expired': 'request';
  'token-revoked': 'request';
  'token-malformed': 'request';
  'token-foreign': 'request';
  'token-unsigned': 'request';
  'scope-missing': 'request';
  'invalid-argument': 'request';
  'message-too-large': 'thread';
  'metadata-too-large': 'thread';
  'too-many-participants': 'thread';
  'no-such-thread': 'thread';
  'thread-deleted': 'thread';
  'not-a-participant': 'thread';
  'no-longer-a-participant': 'thread';
  'somebody-elses-message': 'thread';
  'system-message': 'thread';
  'message-unknown': 'thread';
  'message-hidden': 'thread';
  'message-deleted': 'thread';
  'participant-unknown': 'thread';
  'rate-reached': 'thread';
  'too-many-requests': 'request';
  'store-failed': 'request';
  'store-silent': 'request';
  draining: 'request';
  overloaded: 'request';
};

export type Situation = { [C in keyof Causes]: `${C}@${Causes[C]}` }[keyof Causes];
export type ChatRow = Extract<RuledRow, `chat/${string}`>;

export const rulings = {
  'chat/400': [
    'invalid-argument@request',
    'message-too-large@thread',
    'metadata-too-large@thread',
    'too-many-participants@thread',
  ],
  'chat/401': [
    'no-credentials@request',
    'not-a-user@request',
    'token-expired@request',
    'token-revoked@request',
    'token-malformed@request',
    'token-foreign@request',
    'token-unsigned@request',
  ],
  'chat/403': [
    'scope-missing@request',
    'no-such-thread@thread',
    'thread-deleted@thread',
    'not-a-participant@thread',
    'no-longer-a-participant@thread',
    'somebody-elses-message@thread',
    'system-message@thread',
  ],
  'chat/404': [
    'message-unknown@thread',
    'message-hidden@thread',
    'message-deleted@thread',
    'participant-unknown@thread',
  ],
  'chat/429': ['rate-reached@thread', 'too-many-requests@request'],
  'chat/503': ['store-failed@request', 'store-silent@request', 'draining@request', 'overloaded@request'],
} as const satisfies Record<ChatRow, readonly Situation[]>;

type Unruled = Exclude<Situation, (typeof rulings)[ChatRow][number]>;
// A situation without a row fails here, and the compiler names it.
true satisfies [Unruled] extends [never] ? true : Unruled;

const rowBySituation: ReadonlyMap<string, ChatRow> = new Map(
  (Object.entries(rulings) as [ChatRow, readonly Situation[]][]).flatMap(([row, situations]) =>
    situations.map((situation) => [situation, row] as const),
  ),
);

/** The row that a situation ends in. */
export function rule(situation: Situation): ChatRow {
  const row = rowBySituation.get(situation);
  if (!row) throw new Error(`rulings: no row for ${situation}`);
  return row;
}
