// A chat page for three people, by the official SDK: prints the address of each of them, to open in a browser.
//
//   npm start                                                             in one terminal
//   NODE_EXTRA_CA_CERTS=.ringback/ca.pem node examples/chat/serve.mjs     in another
//
// The browser has to trust the local CA as well: docs/surfaces/chat.md says how. PORT is where it listens; any, if unset.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { ChatClient } from '@azure/communication-chat';
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { CommunicationIdentityClient } from '@azure/communication-identity';
import { build } from 'esbuild';

// The key of the development profile is published and protects nothing.
const connectionString =
  process.env.RINGBACK_CONNECTION_STRING ??
  'endpoint=https://localhost:8443/;accesskey=GOA3/LywVuvzfZTBhErEFZCqVemR/4A5e2LwejCY6EdLa9XGdr7O8ZF+qjOvc5UxjLkgU/gr0dzsW3w7fmKmug==';
const endpoint = /endpoint=([^;]+)/i.exec(connectionString)?.[1];
const beside = (name) => fileURLToPath(new URL(name, import.meta.url));

const identities = new CommunicationIdentityClient(connectionString);
const tokenOf = async (user) => (await identities.getToken(user, ['chat'])).token;

async function threadOf([creator, ...others]) {
  const credential = new AzureCommunicationTokenCredential(await tokenOf(creator));
  const participants = [creator, ...others].map(({ name, ...id }) => ({ id, displayName: name }));
  const client = new ChatClient(endpoint, credential);
  return (await client.createChatThread({ topic: 'Lunch' }, { participants })).chatThread.id;
}

async function files() {
  const bundled = await build({
    entryPoints: [beside('page.js')],
    bundle: true,
    format: 'esm',
    write: false,
  });
  return {
    page: ['text/html', await readFile(beside('index.html'))],
    '/page.css': ['text/css', await readFile(beside('page.css'))],
    '/page.js': ['text/javascript', bundled.outputFiles[0].contents],
  };
}

try {
  const people = await Promise.all(
    ['Alice', 'Bob', 'Carol'].map(async (name) => ({ name, ...(await identities.createUser()) })),
  );
  // Carol comes when somebody adds her.
  const threadId = await threadOf(people.slice(0, 2));
  const { page, ...others } = await files();
  const answers = new Map(Object.entries(others));
  for (const person of people) {
    const { name } = person;
    answers.set(`/${name.toLowerCase()}`, page);
    // Asked for again before the token expires.
    answers.set(`/${name.toLowerCase()}/login`, async () => {
      const login = { endpoint, threadId, name, people, token: await tokenOf(person) };
      return ['application/json', JSON.stringify(login)];
    });
  }
  const server = createServer(async ({ url }, response) => {
    const found = answers.get(url);
    const failed = (error) => ['text/plain', error.message, 502];
    const answer = typeof found === 'function' ? found().catch(failed) : found;
    const [type, body, status] = (await answer) ?? ['text/plain', 'There is nothing here.', 404];
    response.writeHead(status ?? 200, { 'content-type': `${type}; charset=utf-8` }).end(body);
  });
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    const { port } = server.address();
    for (const { name } of people)
      console.log(`${name.padEnd(6)} http://localhost:${port}/${name.toLowerCase()}`);
  });
} catch (error) {
  console.error(`No chat at ${endpoint}: ${error.message}`);
  process.exitCode = 1;
}
