/** The operations of chat: each decodes, asks the desk and encodes. */
import type { Actor, ChatAnswer, Chats } from '../../app/desks/chat-commands.ts';
import { ruledByChat } from '../../app/desks/chat-refusals.ts';
import { refuse } from '../../app/desks/refusals.ts';
import { encodeChatError } from '../../wire/rest/chat-error.ts';
import { type ChatQuery, decodePage, encodeSyncState, nextLink } from '../../wire/rest/chat-paging.ts';
import {
  chatVersions,
  decodeAddParticipants,
  decodeCreateThread,
  decodeReadReceipt,
  decodeRemoveParticipant,
  decodeSendMessage,
  decodeStartTime,
  decodeTyping,
  decodeUpdateMessage,
  decodeUpdateThread,
} from '../../wire/rest/chat-requests.ts';
import {
  encodeLeftOut,
  encodeListedThread,
  encodeMessage,
  encodePage,
  encodeParticipant,
  encodeReceipt,
  encodeThread,
} from '../../wire/rest/chat-responses.ts';
import type { Decoded, Fault } from '../../wire/rest/decoded.ts';
import { createBodies } from './decoding.ts';
import type { HttpDependencies } from './dependencies.ts';
import { type Exchange, json, originOf, queryOf, type Reply, refusal } from './exchange.ts';
import type { Operation } from './operation.ts';

type Run = Operation['run'];

const param = (x: Exchange, at: number): string => x.params[at] ?? '';

function actor(x: Exchange): Actor {
  if (!x.user) throw new Error(`${x.operation?.name} ran without a user`);
  return { id: x.user.rawId, resourceId: x.user.resourceId, scopes: x.user.scopes };
}

/** What a page's `syncState` was made of, read back. */
const cursors = {
  version: (state: string): number | undefined =>
    /^v(\d{1,15})$/.test(state) ? Number(state.slice(1)) : undefined,
  thread: (state: string): { activeAt: number; threadId: string } | undefined => {
    const [, at, threadId] = /^t(\d{1,15}) (\S{1,200})$/.exec(state) ?? [];
    return at === undefined || threadId === undefined ? undefined : { activeAt: Number(at), threadId };
  },
};

export function chat(deps: HttpDependencies & { readonly chats: Chats }): readonly Operation[] {
  const { chats, clock } = deps;
  const bodies = createBodies(deps);

  const wrong = ({ message }: Fault): Reply => refusal(refuse('invalid-argument', clock.now(), message));
  const answered = <T>(answer: ChatAnswer<T>, encode: (value: T) => Reply): Reply => {
    if ('ok' in answer) return encode(answer.ok);
    const { refused, retryAfterMs } = answer;
    return refusal(refused, retryAfterMs === undefined ? {} : { retryAfterMs });
  };

  const asking =
    <B, T>(
      decode: (body: unknown) => Decoded<B>,
      ask: (x: Exchange, body: B) => Promise<ChatAnswer<T>>,
      encode: (value: T, x: Exchange) => Reply,
    ): Run =>
    async (x) => {
      const body = bodies(x, decode);
      if ('reply' in body) return body.reply;
      return answered(await ask(x, body.ok), (value) => encode(value, x));
    };

  const bare =
    (ask: (x: Exchange) => Promise<ChatAnswer<undefined>>): Run =>
    async (x) =>
      answered(await ask(x), () => ({ status: 204 }));

  const listing =
    <T, N>(
      ask: (
        x: Exchange,
        page: ChatQuery & { readonly since?: number },
      ) => ChatAnswer<{ readonly items: readonly T[]; readonly next?: N }> | { readonly fault: Fault },
      encode: (item: T) => Readonly<Record<string, unknown>>,
      nextOf: (next: N) => Readonly<Record<string, string>>,
    ): Run =>
    (x) => {
      const query = queryOf(x);
      const page = decodePage(query);
      if ('fault' in page) return wrong(page.fault);
      const since = decodeStartTime(query.get('startTime'));
      if ('fault' in since) return wrong(since.fault);
      const found = ask(x, { ...page.ok, ...(since.ok === undefined ? {} : { since: since.ok }) });
      if ('fault' in found) return wrong(found.fault);
      return answered(found, ({ items, next }) => {
        const link = next === undefined ? undefined : nextLink(originOf(x), x.path, query, nextOf(next));
        return json(200, encodePage(items.map(encode), link));
      });
    };

  const skipping = (skip: number) => ({ skip: String(skip) });
  const syncing = (state: string) => ({ syncState: encodeSyncState(state) });
  const foreignState: { readonly fault: Fault } = {
    fault: {
      kind: 'invalid',
      field: 'syncState',
      message: 'The field SyncState is invalid. It is not one that was given out here.',
    },
  };

  const empty = (status: number) => (): Reply => ({ status });
  const thread = (x: Exchange): readonly [Actor, string] => [actor(x), param(x, 0)];

  const requestId = (x: Exchange): string | undefined => {
    const id = x.headers['repeatability-request-id'];
    return typeof id === 'string' && id !== '' ? id : undefined;
  };

  const createThread: Run = async (x) => {
    const id = requestId(x);
    if (id !== undefined && id.length > 256) {
      const message = 'The field Repeatability-Request-ID is invalid. It may have 256 characters.';
      return wrong({ kind: 'invalid', field: 'repeatability-request-id', message });
    }
    const body = bodies(x, decodeCreateThread);
    if ('reply' in body) return body.reply;
    return answered(await chats.create(actor(x), body.ok, id), ({ thread: made, leftOut }) => ({
      ...json(201, { chatThread: encodeThread(made), ...encodeLeftOut(leftOut) }),
      headers: { location: `${originOf(x)}/chat/threads/${encodeURIComponent(made.id)}` },
    }));
  };

  const listThreads = listing(
    (x, { size, since, state }) => {
      const after = state === undefined ? undefined : cursors.thread(state);
      if (state !== undefined && !after) return foreignState;
      return chats.threads(actor(x), {
        ...(size === undefined ? {} : { size }),
        ...(since === undefined ? {} : { since }),
        ...(after === undefined ? {} : { after }),
      });
    },
    encodeListedThread,
    ({ activeAt, threadId }) => syncing(`t${activeAt} ${threadId}`),
  );

  const listMessages = listing(
    (x, { size, since, state }) => {
      const before = state === undefined ? undefined : cursors.version(state);
      if (state !== undefined && before === undefined) return foreignState;
      return chats.messages(...thread(x), {
        ...(size === undefined ? {} : { size }),
        ...(since === undefined ? {} : { since }),
        ...(before === undefined ? {} : { before }),
      });
    },
    encodeMessage,
    (version) => syncing(`v${version}`),
  );

  const threads = '/chat/threads';
  const one = `${threads}/{+id}`;
  const served: readonly (readonly [string, Operation['method'], string, Run])[] = [
    ['create chat thread', 'POST', threads, createThread],
    ['list chat threads', 'GET', threads, listThreads],
    [
      'get chat thread',
      'GET',
      one,
      (x) => answered(chats.thread(...thread(x)), (found) => json(200, encodeThread(found))),
    ],
    [
      'update chat thread',
      'PATCH',
      one,
      asking(decodeUpdateThread, (x, change) => chats.update(...thread(x), change), empty(204)),
    ],
    ['delete chat thread', 'DELETE', one, bare((x) => chats.delete(...thread(x)))],
    [
      'send chat message',
      'POST',
      `${one}/messages`,
      asking(
        decodeSendMessage,
        (x, message) => chats.send(...thread(x), message),
        (id) => json(201, { id: String(id) }),
      ),
    ],
    ['list chat messages', 'GET', `${one}/messages`, listMessages],
    [
      'get chat message',
      'GET',
      `${one}/messages/{id}`,
      (x) => answered(chats.message(...thread(x), param(x, 1)), (found) => json(200, encodeMessage(found))),
    ],
    [
      'update chat message',
      'PATCH',
      `${one}/messages/{id}`,
      asking(decodeUpdateMessage, (x, change) => chats.edit(...thread(x), param(x, 1), change), empty(204)),
    ],
    [
      'delete chat message',
      'DELETE',
      `${one}/messages/{id}`,
      bare((x) => chats.deleteMessage(...thread(x), param(x, 1))),
    ],
    [
      'list chat participants',
      'GET',
      `${one}/participants`,
      listing((x, page) => chats.participants(...thread(x), page), encodeParticipant, skipping),
    ],
    [
      'add chat participants',
      'POST',
      `${one}/participants/:add`,
      asking(
        decodeAddParticipants,
        (x, participants) => chats.add(...thread(x), participants),
        (leftOut) => json(201, encodeLeftOut(leftOut)),
      ),
    ],
    [
      'remove chat participant',
      'POST',
      `${one}/participants/:remove`,
      asking(decodeRemoveParticipant, (x, user) => chats.remove(...thread(x), user), empty(204)),
    ],
    [
      'list chat read receipts',
      'GET',
      `${one}/readReceipts`,
      listing((x, page) => chats.receipts(...thread(x), page), encodeReceipt, skipping),
    ],
    [
      'send chat read receipt',
      'POST',
      `${one}/readReceipts`,
      asking(decodeReadReceipt, (x, messageId) => chats.read(...thread(x), messageId), empty(200)),
    ],
    [
      'send typing notification',
      'POST',
      `${one}/typing`,
      asking(decodeTyping, (x, notice) => chats.typing(...thread(x), notice), empty(200)),
    ],
  ];
  return served.map(([name, method, path, run]) => ({
    name,
    method,
    path,
    access: 'user',
    versioned: true,
    versions: chatVersions,
    repeatable: false,
    refusals: { rule: ruledByChat, body: encodeChatError },
    run,
  }));
}
