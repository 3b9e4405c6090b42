/** Bytes on the HTTP and HTTPS ports that no client of ours would send. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { apiVersion } from '../../scenarios/stage/client.ts';
import { signRequest } from '../../src/wire/rest/sign-request.ts';
import { assertRefused, Besieged, createPath, developmentKey, twoResources } from '../peers/besieged.ts';
import { exchange, open } from '../peers/raw-http.ts';

let besieged: Besieged;
const ready = '/health/ready';
const bodyBytes = 65_536;
before(async () => {
  const limits = `limits: { bodyTimeout: 300ms, bodyBytes: ${bodyBytes} }`;
  besieged = await Besieged.start({ config: twoResources(limits) });
});
after(() => besieged.stop());

const get = (target: string, more = '', version = '1.1'): string =>
  `GET ${target} HTTP/${version}\r\nHost: localhost\r\n${more}Connection: close\r\n\r\n`;
const post = (headers: string, body: string): string =>
  `POST ${createPath}?api-version=${apiVersion} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n${body}`;
const withMethod = (method: string, target = ready): string => get(target).replace('GET', method);

/** A create with a valid signature, as bytes. */
function signed(body: string, headers: Readonly<Record<string, string>> = {}, target?: string): string {
  const url = new URL(`${createPath}?api-version=${apiVersion}`, besieged.server.httpEndpoint);
  const date = new Date().toUTCString();
  const own = signRequest({ method: 'POST', url, body, key: developmentKey, date });
  const all = { host: url.host, ...own, 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).flatMap(([n, v]) => (v === '' ? [] : [`${n}: ${v}\r\n`]));
  return `POST ${target ?? url.pathname + url.search} HTTP/1.1\r\n${lines.join('')}\r\n`;
}
const goodBody = (): string => JSON.stringify(besieged.createBody());

/** Status, and what the answer says; status 0 is a connection closed without a word. */
type Row = readonly [bytes: () => string | Uint8Array, status: number, says: string];

const notHttp = 'this is not an HTTP/1.1 request';
const requests: Readonly<Record<string, Row>> = {
  HEAD: [() => withMethod('HEAD'), 405, ''],
  TRACE: [() => withMethod('TRACE'), 405, 'is served with GET, not with TRACE'],
  PUT: [() => withMethod('PUT', createPath), 405, 'is served with POST, not with PUT'],
  PROPFIND: [() => withMethod('PROPFIND'), 405, 'is served with GET, not with PROPFIND'],
  'OPTIONS of everything': [() => withMethod('OPTIONS', '*'), 404, 'nothing is served under *'],
  CONNECT: [() => withMethod('CONNECT', 'a.example:443'), 0, ''],
  'a method that is made up': [() => withMethod('BREW', '/pot'), 400, notHttp],
  'an absolute target': [() => get(`http://localhost${ready}`), 200, 'ready'],
  'an absolute target of nowhere': [() => get('http://'), 404, 'nothing is served under'],
  'an ftp target': [() => get(`ftp://localhost${ready}`), 404, 'nothing is served under ftp://'],
  'a path that climbs': [() => get('/../../etc/passwd'), 404, 'nothing is served under /../../etc'],
  'a path that climbs back in': [() => get(`/health/..${ready}`), 404, 'nothing is served under /health/..'],
  'an encoded climb': [() => get('/%2e%2e/%2e%2e/etc/passwd'), 404, 'nothing is served under /%2e%2e'],
  'an encoded slash': [() => get('/health%2fready'), 404, 'nothing is served under'],
  'a slash encoded twice': [() => get('/health%252fready'), 404, 'nothing is served under'],
  'two slashes': [() => get(`/${ready}`), 404, 'nothing is served under //'],
  'a backslash': [() => get('/health\\ready'), 404, 'nothing is served under'],
  'a per cent of nothing': [() => get('/health/%zz'), 404, 'nothing is served under /health/%zz'],
  'bytes that are no UTF-8 in a call id': [() => get(`${createPath}/%ff`), 404, 'nothing is served under'],
  'a NUL in the path': [() => get('/health/\0ready'), 400, notHttp],
  'raw UTF-8 in the path': [() => get('/hé'), 400, notHttp],
  'a query of 9,000': [() => get(`${ready}?${'a'.repeat(9000)}`), 404, '8192 are the limit'],
  'a query of 100,000': [() => get(`${ready}?${'a'.repeat(100_000)}`), 431, 'headers are larger than'],
  'a header of 100,000': [() => get(ready, `X: ${'a'.repeat(100_000)}\r\n`), 431, 'headers are larger than'],
  'three thousand headers': [() => get(ready, 'a: b\r\n'.repeat(3000)), 431, 'headers are larger than'],
  'HTTP/1.0': [() => 'GET /health/ready HTTP/1.0\r\n\r\n', 200, 'ready'],
  'HTTP/2 by prior knowledge': [() => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, notHttp],
  'HTTP/3.0': [() => get(ready, '', '3.0'), 400, notHttp],
  'no host': [() => `GET ${ready} HTTP/1.1\r\nConnection: close\r\n\r\n`, 400, ''],
  'a folded header': [() => get(ready, 'X: a\r\n b\r\n'), 400, notHttp],
  'a header name with a space': [() => get(ready, 'bad name: a\r\n'), 400, notHttp],
  'a control character in a header': [() => get(ready, 'X: a\u0001b\r\n'), 400, notHttp],
  'line feeds alone': [() => `GET ${ready} HTTP/1.1\nHost: a\n\n`, 400, notHttp],
  'a body with GET': [() => get(ready, 'Content-Length: 2\r\n').concat('{}'), 200, 'ready'],
  'random bytes': [() => Buffer.concat([Buffer.of(0xff), randomBytes(4096)]), 400, notHttp],
  'ten thousand NULs': [() => Buffer.alloc(10_000), 400, notHttp],
  'a TLS greeting': [() => Buffer.from('16030100dc010000d80303', 'hex'), 400, notHttp],
  'a SIP request': [() => 'INVITE sip:a@b SIP/2.0\r\nVia: x\r\n\r\n', 400, notHttp],
  'an unknown expectation': [
    () => post('Connection: close\r\nExpect: magic\r\nContent-Length: 2\r\n', '{}'),
    417,
    '',
  ],
};

/** Two answers to one of these would be two requests where a proxy saw one. */
const smuggling: Readonly<Record<string, Row>> = {
  'a length and chunks': [
    () => post('Content-Length: 4\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${get(ready)}`),
    400,
    notHttp,
  ],
  'chunks and a length': [
    () => post('Transfer-Encoding: chunked\r\nContent-Length: 4\r\n', `0\r\n\r\n${get(ready)}`),
    400,
    notHttp,
  ],
  'two lengths': [() => post('Content-Length: 0\r\nContent-Length: 5\r\n', get(ready)), 400, notHttp],
  'a negative length': [() => post('Content-Length: -1\r\n', get(ready)), 400, notHttp],
  'a length with a plus': [() => post('Content-Length: +2\r\n', '{}'), 400, notHttp],
  'a length beyond numbers': [() => post(`Content-Length: ${'9'.repeat(20)}\r\n`, ''), 400, notHttp],
  'chunks that are not last': [
    () => post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${get(ready)}`),
    400,
    notHttp,
  ],
  'a space before the colon': [
    () => post('Transfer-Encoding : chunked\r\n', `0\r\n\r\n${get(ready)}`),
    400,
    notHttp,
  ],
  'a chunk size that is none': [() => post('Transfer-Encoding: chunked\r\n', 'zz\r\nabc\r\n'), 400, notHttp],
  'a chunk size that overflows': [
    () => post('Transfer-Encoding: chunked\r\n', `${'f'.repeat(20)}\r\nabc\r\n`),
    400,
    notHttp,
  ],
};

for (const [title, table] of Object.entries({ 'a request': requests, 'a request in two': smuggling })) {
  describe(`${title} that is not as it should be`, () => {
    for (const [input, [bytes, status, says]] of Object.entries(table)) {
      test(`${input} is answered ${status || 'by hanging up'}`, async () => {
        const reply = await besieged.raw(bytes());
        assert.equal(reply.status, status, reply.text.slice(0, 500));
        assert.ok(reply.answers <= 1, reply.text);
        if (says !== '') assert.ok(reply.text.includes(says), reply.text.slice(-500));
        await besieged.holds();
      });
    }
  });
}

describe('a body', () => {
  test('that is too large is refused with the limit, with and without its length', async () => {
    const says = `the body may have ${bodyBytes} bytes`;
    for (const size of [bodyBytes + 1, 1_000_000]) {
      const body = 'x'.repeat(size);
      const whole = post(`Connection: close\r\nContent-Length: ${size}\r\n`, body);
      assertRefused(await besieged.raw(whole), 'automation/413', says);
      const chunks = `${size.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
      const chunked = post('Connection: close\r\nTransfer-Encoding: chunked\r\n', chunks);
      assertRefused(await besieged.raw(chunked), 'automation/413', says);
      await besieged.holds();
    }
  });

  test('that stops on its way is refused with what had come', async () => {
    for (const headers of ['Content-Length: 20\r\n', 'Transfer-Encoding: chunked\r\n']) {
      const begun = headers.startsWith('C') ? '{}' : '2\r\n{}\r\n';
      const reply = await besieged.raw(post(headers, begun));
      assertRefused(reply, 'automation/408', 'after 300 ms 2 bytes of the body had come');
    }
    await besieged.holds();
  });

  test('whose client hangs up before its end leaves nothing behind', async () => {
    const bytes = post('Content-Length: 2000\r\n', '{}');
    const reply = await exchange({ port: besieged.httpPort, bytes, halfClose: true });
    assert.ok([0, 400].includes(reply.status), reply.text);
    await besieged.holds();
  });

  test('of another content type, or of none, is read as JSON all the same', async () => {
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      '',
      '\xff/;;',
      'multipart/form-data',
    ]) {
      const body = goodBody();
      const reply = await besieged.raw(signed(body, { 'content-type': type, connection: 'close' }) + body);
      assert.equal(reply.status, 201, reply.text);
    }
    await besieged.holds();
  });

  test('in chunks is read', async () => {
    const body = goodBody();
    const head = signed(body, { 'content-length': '', 'transfer-encoding': 'chunked', connection: 'close' });
    const chunks = [...body].map((c) => `1;ext="x"\r\n${c}\r\n`).join('');
    const reply = await besieged.raw(`${head}${chunks}0\r\nTrailer: x\r\n\r\n`);
    assert.equal(reply.status, 201, reply.text);
    await besieged.holds();
  });

  test('that waits to be asked for is asked for', async () => {
    const body = goodBody();
    const socket = await open(besieged.httpPort);
    socket.setEncoding('latin1');
    socket.write(signed(body, { expect: '100-continue', connection: 'close' }));
    let text = '';
    for await (const chunk of socket) {
      if (text === '') socket.write(body);
      text += chunk;
    }
    assert.match(text, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 201 Created/);
    await besieged.holds();
  });
});

test('a signed request with an absolute target is served', async () => {
  const body = goodBody();
  const target = `${besieged.server.httpEndpoint.slice(0, -1)}${createPath}?api-version=${apiVersion}`;
  const reply = await besieged.raw(signed(body, { connection: 'close' }, target) + body);
  assert.equal(reply.status, 201, reply.text);
  await besieged.holds();
});

test('pipelined requests are answered in order, and one bad among them ends the connection', async () => {
  const live = '/health/live';
  const keep = (path: string): string => get(path).replace('Connection: close\r\n', '');
  const twenty = Array.from({ length: 20 }, (_, i) => keep(i % 2 ? live : ready)).join('');
  const reply = await besieged.raw(twenty + get('/nowhere'));
  assert.equal(reply.answers, 21);
  const order = [...reply.text.matchAll(/"status":"(\w+)"/g)].map(([, status]) => status);
  assert.deepEqual(
    order,
    Array.from({ length: 20 }, (_, i) => (i % 2 ? 'live' : 'ready')),
  );
  const broken = await besieged.raw(`${keep(ready)}nonsense\r\n\r\n${keep(ready)}`);
  assert.ok(broken.answers <= 2, broken.text);
  await besieged.holds();
});

test('an upgrade that is not offered is not made', async () => {
  const headers = 'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n';
  const bytes = `GET ${ready} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n`;
  const reply = await exchange({ port: besieged.httpPort, bytes, answers: 1 });
  assert.equal(reply.status, 200);
  await besieged.holds();
});

test('an unknown api-version, none and an unacceptable Accept are refused by name', async () => {
  const path = `${createPath}/${besieged.known}`;
  const request = { method: 'GET', path } as const;
  const unknown = await besieged.send({ ...request, apiVersion: '1999-01-01' });
  assert.equal((unknown.body as { error: { code: string } }).error.code, 'UnsupportedApiVersion');
  assert.match(JSON.stringify(unknown.body), /1999-01-01/);
  const none = await besieged.send({ ...request, apiVersion: false });
  assert.equal((none.body as { error: { code: string } }).error.code, 'ApiVersionUnspecified');
  assert.deepEqual([unknown.status, none.status], [400, 400]);
  const accept = await besieged.send({ ...request, headers: { accept: 'text/html' } });
  assertRefused(accept, 'automation/406', 'Accept is "text/html"');
  await besieged.holds();
});

test('garbage on the HTTPS port, before and inside TLS, ends its connection alone', async () => {
  const { httpsPort: port, server } = besieged;
  const greeting = Buffer.from('16030100dc010000d80303', 'hex');
  for (const bytes of [randomBytes(4096), Buffer.alloc(4096), Buffer.from(get(ready)), greeting]) {
    const reply = await exchange({ port, bytes, halfClose: true });
    assert.equal(reply.status, 0, reply.text);
  }
  const inside = await exchange({
    port,
    ca: server.ca,
    bytes: Buffer.concat([Buffer.of(0xff), randomBytes(4096)]),
  });
  assert.equal(inside.status, 400);
  await besieged.holds();
});

const quiet =
  'clients that say nothing, or half of something, keep the server neither from serving nor from stopping';
// Well below the two minutes that Node waits for a TLS handshake.
test(quiet, { timeout: 30_000 }, async () => {
  const other = await Besieged.start();
  const silent: Socket[] = [];
  for (const port of [other.httpPort, other.httpsPort, other.server.sip.tcp]) {
    for (const bytes of ['', 'GET /hea', '\r\n\r\n', '\x16\x03\x01\x00\xdc']) {
      const sockets = await Promise.all(Array.from({ length: 20 }, () => open(port)));
      for (const socket of sockets) socket.on('error', () => {}).write(Buffer.from(bytes, 'latin1'));
      silent.push(...sockets);
    }
  }
  await other.placesCalls();
  await other.stop();
  for (const socket of silent) socket.destroy();
});

test('after all that, calls are placed', () => besieged.placesCalls());
