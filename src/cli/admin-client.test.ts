import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { findSigner, hashBody, readClaim, signingKeys } from '../edge/http/signature.ts';
import { ask, find, need } from './admin-client.ts';
import { Failure } from './command.ts';
import { type Door, readConnectionString } from './server-file.ts';

const key = Buffer.from('a key that nobody uses').toString('base64');
const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function serve(listener: RequestListener): Promise<Door> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: new URL(`http://127.0.0.1:${port}/`), key, source: 'the test' };
}

const answering =
  (status: number, body: unknown): RequestListener =>
  (_request, response) => {
    response
      .writeHead(status)
      .end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
  };

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

test('requests are signed so that the server finds the signer, with body and query', async () => {
  const keys = signingKeys([{ id: 'r', name: 'resource', keys: [key], admin: true }]);
  const door = await serve((request, response) => {
    textOf(request).then((body) => {
      const claim = readClaim(request.headers.authorization ?? '');
      const signed = { method: request.method ?? '', target: request.url ?? '', headers: request.headers };
      const signer = claim && findSigner(keys, signed, claim);
      const hash = request.headers['x-ms-content-sha256'] === hashBody(Buffer.from(body));
      response.end(JSON.stringify({ signer: signer?.resource.name, hash, body, target: request.url }));
    });
  });
  const answer = await need<unknown>(door, {
    method: 'POST',
    path: '/ringback/v1/calls/a%20b?x=1&y=%2B2',
    body: { ü: 1 },
  });
  assert.deepEqual(answer, {
    signer: 'resource',
    hash: true,
    body: '{"ü":1}',
    target: '/ringback/v1/calls/a%20b?x=1&y=%2B2',
  });
  assert.equal((await need<{ signer: string }>(door, { path: '/ringback/v1/calls' })).signer, 'resource');
});

const failsWith = (promise: Promise<unknown>, message: RegExp): Promise<void> =>
  assert.rejects(promise, (error: Error) => error instanceof Failure && message.test(error.message));

test('what a server refuses is told with its own words and where the key is from', async () => {
  const said = { error: { code: 'x', message: 'its own words' } };
  const path = '/p';
  await failsWith(
    need(await serve(answering(401, said)), { path }),
    /refuses the key \(from the test\): its own words/,
  );
  await failsWith(
    need(await serve(answering(403, said)), { path }),
    /does not administer the server: its own words/,
  );
  await failsWith(need(await serve(answering(501, said)), { path }), /^its own words$/);
  await failsWith(need(await serve(answering(500, 'a page')), { path }), /answered 500: a page/);
  await failsWith(need(await serve(answering(502, undefined)), { path }), /answered 502: no further words/);
  assert.equal(await find(await serve(answering(404, said)), { path }), undefined);
  assert.deepEqual(await ask(await serve(answering(503, { not: ['store'] })), { path }), {
    status: 503,
    body: { not: ['store'] },
  });
});

test('a server that is not there, or never answers, is named with what to do', async () => {
  const door = await serve(answering(200, {}));
  const gone = servers.pop();
  await new Promise((resolve) => gone?.close(resolve));
  await failsWith(
    need({ ...door, pid: 4711 }, { path: '/p' }),
    /No server answers at http:\/\/127\.0\.0\.1:\d+ \(from the test, process 4711\)\.\nStart it with "ringback start"/,
  );
  const silent = await serve(() => undefined);
  await failsWith(need(silent, { path: '/p', within: 20 }), /gave no answer within 0\.02 s/);
  servers.at(-1)?.closeAllConnections();
});

test('connection strings are read as the SDKs read them', () => {
  const read = readConnectionString('Endpoint=https://localhost:8443/;AccessKey=a==;');
  assert.deepEqual([read.endpoint.origin, read.key], ['https://localhost:8443', 'a==']);
  for (const wrong of [
    '',
    'endpoint=x;accesskey=a',
    'endpoint=https://h/',
    'accesskey=a',
    'endpoint=ftp://h/;accesskey=a',
  ]) {
    assert.throws(() => readConnectionString(wrong), Failure, wrong);
  }
});
