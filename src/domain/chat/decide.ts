/** What follows from an input, now: facts, or a refusal. Pure: no clock, no ids of its own, no I/O. */
import type { Outcome } from '../call/outcome.ts';
import type { Instant } from '../ids/instant.ts';
import { type Actor, admit, scopeRefused } from './access.ts';
import { decideDeleteMessage, decideEdit, decideRead, decideSend, decideType } from './decide-message.ts';
import { decideAdd, decideRemove, leave, seat } from './decide-participants.ts';
import { Draft } from './draft.ts';
import type { Fact } from './facts.ts';
import type { Input, InputOf } from './inputs.ts';
import type { ChatLimits } from './limits.ts';
import { type Metadata, mergeMetadata } from './message.ts';
import { outcome } from './outcome.ts';
import { metadataBytes } from './size.ts';
import { purgeAt, type Thread } from './thread.ts';

export interface Refusal {
  readonly refused: Outcome;
}
export type Decision = readonly Fact[] | Refusal;

export const isRefusal = (decision: Decision): decision is Refusal => 'refused' in decision;

/** A thread's metadata grows with every change: it may be as large as a message. */
function tooMuch(metadata: Metadata, at: Instant, { messageBytes }: ChatLimits): Outcome | undefined {
  const bytes = metadataBytes(metadata);
  if (bytes <= messageBytes) return undefined;
  const detail = `a thread's metadata may have ${messageBytes} bytes and would have ${bytes}`;
  return outcome('metadata-too-large@thread', at, { detail });
}

function decideCreate(input: InputOf<'create'>, at: Instant, limits: ChatLimits): Decision {
  const { by, threadId, topic, retention = { kind: 'none' } } = input;
  const metadata = mergeMetadata(input.metadata);
  const refused = scopeRefused(by, 'create thread', at) ?? tooMuch(metadata, at, limits);
  if (refused) return { refused };
  // From the beginning: there is no earlier history to keep from anybody.
  const asked = input.participants.map((one) => seat(one, 0));
  const creator = asked.find(({ id }) => id === by.id) ?? { id: by.id, shareHistoryTime: 0 };
  const others = new Map(asked.filter(({ id }) => id !== by.id).map((one) => [one.id, one]));
  const participants = [creator, ...others.values()];
  if (participants.length > limits.participants) {
    const detail = `a thread may have ${limits.participants} participants; ${participants.length} were given`;
    return { refused: outcome('too-many-participants@thread', at, { detail }) };
  }
  const draft = new Draft(undefined, at);
  draft.add({
    fact: 'thread-created',
    threadId,
    resourceId: by.resourceId,
    topic,
    by: by.id,
    metadata,
    retention,
    participants,
    version: at,
  });
  draft.say({ type: 'participantAdded', participants, initiator: by.id });
  draft.say({ type: 'topicUpdated', topic, initiator: by.id });
  return draft.facts;
}

function decideUpdate(draft: Draft, input: InputOf<'update'>, limits: ChatLimits): Outcome | undefined {
  const { by, topic, retention } = input;
  if (topic === undefined && input.metadata === undefined && retention === undefined) return undefined;
  const metadata = mergeMetadata(draft.thread.metadata, input.metadata);
  const refused = tooMuch(metadata, draft.at, limits);
  if (refused) return refused;
  const version = draft.stamp;
  draft.add({
    fact: 'thread-updated',
    by: by.id,
    version,
    ...(topic === undefined ? {} : { topic }),
    ...(input.metadata === undefined ? {} : { metadata }),
    ...(retention === undefined ? {} : { retention }),
  });
  if (topic !== undefined) draft.say({ type: 'topicUpdated', topic, initiator: by.id });
  return undefined;
}

/** Where nobody asks, nobody is refused. */
function decideByItself(
  thread: Thread | undefined,
  input: InputOf<'tick' | 'user-deleted'>,
  at: Instant,
): Decision {
  if (thread?.phase !== 'open') return [];
  const draft = new Draft(thread, at);
  if (input.input === 'user-deleted') leave(draft, input.user, input.user);
  else if (at >= (purgeAt(thread) ?? Number.POSITIVE_INFINITY))
    draft.add({ fact: 'thread-deleted', version: draft.stamp });
  return draft.facts;
}

const operations = {
  update: 'update thread',
  delete: 'delete thread',
  add: 'add participants',
  remove: 'remove participant',
  send: 'send message',
  edit: 'edit message',
  'delete-message': 'delete message',
  read: 'send read receipt',
  type: 'send typing notification',
} as const;

type Asked = InputOf<keyof typeof operations>;

export function decide(thread: Thread | undefined, input: Input, at: Instant, limits: ChatLimits): Decision {
  if (input.input === 'create') return decideCreate(input, at, limits);
  if (input.input === 'tick' || input.input === 'user-deleted') return decideByItself(thread, input, at);
  const by: Actor = input.by;
  const admitted = admit(thread, by, operations[input.input], at);
  if ('refused' in admitted) return admitted;
  const draft = new Draft(admitted.thread, at);
  const refused = ask(draft, input, { limits, window: admitted.window });
  return refused ? { refused } : draft.facts;
}

function ask(draft: Draft, input: Asked, bounds: Parameters<typeof decideEdit>[2]): Outcome | undefined {
  switch (input.input) {
    case 'update':
      return decideUpdate(draft, input, bounds.limits);
    case 'delete':
      draft.add({ fact: 'thread-deleted', by: input.by.id, version: draft.stamp });
      return undefined;
    case 'add':
      return decideAdd(draft, input, bounds.limits);
    case 'remove':
      return decideRemove(draft, input);
    case 'send':
      return decideSend(draft, input, bounds);
    case 'edit':
      return decideEdit(draft, input, bounds);
    case 'delete-message':
      return decideDeleteMessage(draft, input, bounds);
    case 'read':
      return decideRead(draft, input, bounds);
    case 'type':
      decideType(draft, input, bounds);
      return undefined;
  }
}
