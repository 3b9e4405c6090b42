/** People who chat: identities and tokens by the official identity client, threads by the official chat client. */

import { request } from 'node:https';
import { ChatClient, type ChatThreadClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient, type TokenScope } from '@azure/communication-identity';

/** Where a server is: a running one or one in this process. */
export interface ChatServer {
  readonly endpoint: string;
  readonly connectionString: string;
  /** PEM of the local CA. */
  readonly ca: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

export interface Person {
  /** Raw id. */
  readonly id: string;
  readonly token: string;
  readonly client: ChatClient;
  in(threadId: string): ChatThreadClient;
  /** As it goes over the wire; `path` below the endpoint, with its query. */
  raw(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
}

export interface PeopleOptions {
  /** Of another resource than the first. */
  readonly accessKey?: string;
  readonly maxRetries?: number;
}

export function identityClient(
  { endpoint, connectionString, ca }: ChatServer,
  { accessKey }: PeopleOptions = {},
): CommunicationIdentityClient {
  const text = accessKey === undefined ? connectionString : `endpoint=${endpoint};accesskey=${accessKey}`;
  return new CommunicationIdentityClient(text, { tlsOptions: { ca } });
}

/** Real-time answers are text. */
function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return text;
  }
}

export function send(
  server: ChatServer,
  token: string | undefined,
  method: string,
  path: string,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<Answered> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const headers = {
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(text === '' ? {} : { 'content-type': 'application/json' }),
    'content-length': String(Buffer.byteLength(text)),
    ...more,
  };
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server.endpoint), { method, headers, ca: server.ca }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const answer = Buffer.concat(chunks).toString('utf8');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: jsonOf(answer),
        });
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}

export async function person(
  server: ChatServer,
  scopes: readonly TokenScope[] = ['chat'],
  options: PeopleOptions = {},
): Promise<Person> {
  const created = await identityClient(server, options).createUserAndToken([...scopes]);
  return personWith(server, created.user.communicationUserId, created.token, options);
}

export function personWith(
  server: ChatServer,
  id: string,
  token: string,
  { maxRetries = 0 }: PeopleOptions = {},
): Person {
  const client = new ChatClient(server.endpoint, new AzureCommunicationTokenCredential(token), {
    retryOptions: { maxRetries, retryDelayInMs: 10 },
    tlsOptions: { ca: server.ca },
  });
  return {
    id,
    token,
    client,
    in: (threadId) => client.getChatThreadClient(threadId),
    raw: (method, path, body, headers) => send(server, token, method, path, body, headers),
  };
}

/** As `createChatThread` and `addParticipants` take them. */
export const participant = (id: string, displayName?: string) => ({
  id: { communicationUserId: id },
  ...(displayName === undefined ? {} : { displayName }),
});

export async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** A thread of its creator and these others. */
export async function threadOf(
  creator: Person,
  others: readonly Person[],
  topic = 'a topic',
): Promise<string> {
  const { chatThread } = await creator.client.createChatThread(
    { topic },
    { participants: others.map(({ id }) => participant(id)) },
  );
  return chatThread?.id ?? '';
}
