import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { request as requestTls } from 'node:https';
import { connect, type Socket } from 'node:net';
import { after, before, describe, type TestContext, test } from 'node:test';
import type { Answer, CallView } from '../../app/desks/commands.ts';
import { refuse } from '../../app/desks/refusals.ts';
import { openAuthority } from '../tls/authority.ts';
import {
  ask,
  type Changes,
  callPath,
  createBody,
  createPath,
  type Door,
  openDoor,
  sign,
  viewOf,
} from './door.fixture.ts';
import { PortTaken } from './listen.ts';

const opened: Door[] = [];
after(() => Promise.all(opened.map((door) => door.server.stop(0))));

async function listening(changes: Changes = {}): Promise<{ readonly door: Door; readonly port: number }> {
  const door = openDoor(changes);
  opened.push(door);
  const { httpPort } = await door.server.start({ hosts: ['127.0.0.1'], httpPort: 0 });
  return { door, port: httpPort! };
}

/** Everything the server says on a connection until it closes it. */
function read(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('close', () => resolve(text)).on('error', reject);
  });
}

/** Waits for what happens on other turns of the event loop. */
async function until(what: string, condition: () => boolean, t: TestContext): Promise<void> {
  while (!condition()) {
    assert.ok(!t.signal.aborted, `not yet: ${what}`);
    await new Promise(setImmediate);
  }
}

const post = (port: number, body: string, signal?: AbortSignal): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = {
      ...sign({ method: 'POST', target: createPath, host: `127.0.0.1:${port}`, body }),
      'content-length': Buffer.byteLength(body),
    };
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: createPath,
        headers,
        agent: false,
        ...(signal ? { signal } : {}),
      },
      (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      },
    );
    outgoing.on('error', reject).end(body);
  });

describe('over a socket', () => {
  test('a body that does not come in time is refused, and the connection closed', async () => {
    const { door, port } = await listening({ limits: { bodyTimeoutMs: 50 } });
    const socket = connect(port, '127.0.0.1');
    const said = read(socket);
    socket.write(`POST ${createPath} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"targets"`);
    const answer = await said;
    assert.match(answer, /^HTTP\/1\.1 408 /);
    assert.match(answer, /x-ringback-row: automation\/408\r\n/i);
    assert.match(answer, /after 50 ms 10 bytes of the body had come/);
    assert.equal(door.refused[0]?.row, 'automation/408');
  });

  test('headers that do not come in time are refused', async () => {
    const { port } = await listening({ limits: { headersTimeoutMs: 50 } });
    const socket = connect(port, '127.0.0.1');
    const said = read(socket);
    socket.write('GET /health/live HTTP/1.1\r\nhost:');
    assert.match(await said, /^HTTP\/1\.1 408 [\s\S]*"code":"408"/);
  });

  test('what is no HTTP is refused, and the server goes on', async () => {
    const { port } = await listening();
    for (const noise of [
      '\u0016\u0003\u0001 hello\r\n\r\n',
      'GET / HTTP/1.1\r\nbad header\r\n\r\n',
      `GET / HTTP/1.1\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`,
    ]) {
      const socket = connect(port, '127.0.0.1');
      const said = read(socket);
      socket.write(noise);
      assert.match(await said, /^HTTP\/1\.1 4\d\d [\s\S]*"error"/);
    }
    assert.equal(await post(port, JSON.stringify(createBody)), 201);
  });

  test('a body that is too large is refused in words the client can read', async () => {
    const { port } = await listening({ limits: { bodyBytes: 1000 } });
    assert.equal(await post(port, 'x'.repeat(2_000_000)), 413);
  });

  test('a client that goes away while it waits aborts the creation', async (t) => {
    const gone = Promise.withResolvers<void>();
    const { door, port } = await listening({
      calls: {
        create: async (_command, _remember, signal): Promise<Answer<CallView>> => {
          signal?.addEventListener('abort', () => gone.resolve());
          await gone.promise;
          return { refused: refuse('client-aborted', 0, 'while the call was created') };
        },
      },
    });
    const controller = new AbortController();
    const asked = post(port, JSON.stringify(createBody), controller.signal);
    await until('the request is under way', () => door.held.has('create call'), t);
    controller.abort();
    await assert.rejects(asked, { name: 'AbortError' });
    await gone.promise;
    await until('the request is over', () => door.server.underWay() === 0, t);
    assert.equal(door.lines[0]?.refused?.row, 'automation/500/9003');
  });

  test('a client that goes away in the middle of its body is told to the records', async (t) => {
    const { door, port } = await listening();
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`POST ${createPath} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{`);
    await until('the request is under way', () => door.server.underWay() === 1, t);
    socket.destroy();
    await until('the request is over', () => door.server.underWay() === 0, t);
    assert.deepEqual(
      door.refused.map(({ row }) => row),
      ['automation/500/9003'],
    );
  });

  test('more requests than may be under way are sent away for a second', async (t) => {
    const gate = Promise.withResolvers<void>();
    const { door, port } = await listening({
      limits: { concurrentRequests: 2 },
      calls: {
        create: async (command) => {
          await gate.promise;
          return { ok: viewOf(command) };
        },
      },
    });
    const body = JSON.stringify(createBody);
    const waiting = [post(port, body), post(port, body)];
    await until('two are under way', () => door.server.underWay() === 2, t);
    const third = await ask(door, { path: callPath });
    assert.equal(third.row, 'automation/503');
    assert.equal(third.headers['retry-after'], '1');
    assert.equal((await ask(door, { path: '/health/live', unsigned: true })).status, 200);
    gate.resolve();
    assert.deepEqual(await Promise.all(waiting), [201, 201]);
  });

  test('a taken port stops the start and names its flag', async () => {
    const { port } = await listening();
    const door = openDoor();
    const authority = await openAuthority();
    await assert.rejects(door.server.start({ hosts: ['127.0.0.1'], httpPort: port }), {
      name: 'PortTaken',
      message: new RegExp(`Port ${port} is taken; --http-port`),
    });
    const https = { port, tls: authority.server };
    await assert.rejects(
      door.server.start({ hosts: ['127.0.0.1'], httpPort: 0, https }),
      (error) => error instanceof PortTaken && /--https-port/.test(error.message),
    );
    await door.server.stop(0);
  });

  test('stop lets what is under way end, and takes nothing new', async (t) => {
    const gate = Promise.withResolvers<void>();
    const door = openDoor({
      calls: {
        create: async (command) => {
          await gate.promise;
          return { ok: viewOf(command) };
        },
      },
    });
    const { httpPort } = await door.server.start({ hosts: ['127.0.0.1'], httpPort: 0 });
    const asked = post(httpPort!, JSON.stringify(createBody));
    await until('it is under way', () => door.server.underWay() === 1, t);
    const stopped = door.server.stop(10_000);
    await assert.rejects(post(httpPort!, '{}'), { code: 'ECONNREFUSED' });
    gate.resolve();
    assert.equal(await asked, 201);
    await stopped;
  });

  test('keep-alive serves request after request on one connection', async () => {
    const { port } = await listening();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (let i = 0; i < 5; i++) {
      const headers = sign({ method: 'GET', target: callPath, host: `127.0.0.1:${port}` });
      await new Promise<void>((resolve, reject) => {
        request({ host: '127.0.0.1', port, path: callPath, headers, agent }, (response) => {
          assert.equal(response.statusCode, 200);
          ports.add(response.socket.localPort);
          response.resume().on('end', resolve);
        })
          .on('error', reject)
          .end();
      });
    }
    agent.destroy();
    assert.equal(ports.size, 1);
  });
});

describe('over TLS', () => {
  let door: Door;
  let port: number;
  let ca: string;
  before(async () => {
    const authority = await openAuthority();
    ca = authority.ca;
    door = openDoor();
    opened.push(door);
    port = (await door.server.start({ hosts: ['127.0.0.1'], https: { port: 0, tls: authority.server } }))
      .httpsPort!;
  });

  const get = (
    authorization: string,
  ): Promise<{ status: number | undefined; row: unknown; hsts: unknown; text: string }> =>
    new Promise((resolve, reject) => {
      requestTls(
        { host: 'localhost', port, path: callPath, ca, agent: false, headers: { authorization } },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          const { 'x-ringback-row': row, 'strict-transport-security': hsts } = response.headers;
          response.on('end', () => resolve({ status: response.statusCode, row, hsts, text }));
        },
      )
        .on('error', reject)
        .end();
    });

  test('the token of a user does not open a service operation', async () => {
    const got = await get('Bearer good');
    assert.equal(got.status, 401);
    assert.equal(got.row, 'automation/401/7508');
    assert.match(got.text, /takes an access key/);
  });

  test('a token that is not good is told why', async () => {
    const got = await get('Bearer old');
    assert.equal(got.row, 'automation/401/7501');
    assert.match(got.text, /the token has expired/);
    assert.ok(!got.text.includes('Bearer old'), 'the token itself is not repeated');
  });

  test('strict transport security is on, and does not bind other servers of this machine', async () => {
    assert.equal((await get('Bearer good')).hsts, 'max-age=0');
  });
});
