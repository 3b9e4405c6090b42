/** A user of chat, with an access token of its own, over TLS. */
import type { Chatter, HttpReply, HttpRequest } from '../scenario.ts';

const apiVersion = '2025-03-15';

interface Token {
  readonly token: string;
  readonly user: string;
}

function created(reply: HttpReply, what: string): HttpReply {
  if (reply.status !== 201) throw new Error(`${what}: ${reply.status} ${JSON.stringify(reply.body)}`);
  return reply;
}

export function chatter(
  { token, user: id }: Token,
  send: (request: HttpRequest) => Promise<HttpReply>,
): Chatter {
  const request: Chatter['request'] = (asked) =>
    send({ apiVersion, credentials: { authorization: `Bearer ${token}` }, https: true, ...asked });
  return {
    id,
    request,
    async thread(others = []) {
      const participants = others.map((other) => ({
        communicationIdentifier: { rawId: other.id, communicationUser: { id: other.id } },
      }));
      const body = { topic: 'a thread of a scenario', participants };
      const reply = created(await request({ method: 'POST', path: '/chat/threads', body }), 'create thread');
      const { chatThread } = reply.body as { chatThread: { id: string } };
      return `/chat/threads/${encodeURIComponent(chatThread.id)}`;
    },
    async say(thread, content) {
      const path = `${thread}/messages`;
      const reply = created(await request({ method: 'POST', path, body: { content } }), 'send message');
      return `${path}/${(reply.body as { id: string }).id}`;
    },
  };
}
