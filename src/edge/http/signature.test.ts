import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ask,
  callPath,
  createBody,
  createPath,
  openDoor,
  plainKey,
  resource,
  sign,
  type ToSign,
} from './door.fixture.ts';

const host = 'localhost:8080';
const old = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toUTCString();

describe('a signature', () => {
  const production = Buffer.from('the key of a laptop').toString('base64');
  const door = openDoor({
    refusedKeys: [{ name: 'the published development key', key: production }],
    hostNames: ['calls.example'],
    // Late, so that the clock a test mocks is the server's too.
    wallClock: () => Date.now(),
  });

  /** A GET whose signature was made over something else than what is sent. */
  const mistaken = (change: Partial<ToSign>, headers: Record<string, string> = {}, path = callPath) => {
    const { host: _host, ...signed } = sign({ method: 'GET', target: path, host, ...change });
    return ask(door, { path, unsigned: true, headers: { ...signed, host, ...headers } });
  };

  const accepted: readonly (readonly [string, () => Promise<{ status: number; text: string }>])[] = [
    ['over the raw target', () => mistaken({})],
    [
      'over a query that is sent encoded otherwise',
      () => mistaken({ target: `${callPath}&q=a+b%7E` }, {}, `${callPath}&q=a%20b~`),
    ],
    [
      'over the host that a reverse proxy received',
      () => mistaken({ host: 'calls.example' }, { 'x-forwarded-host': 'calls.example' }),
    ],
    [
      'with the Date header, as older tools sign',
      () => mistaken({ names: ['date', 'host', 'x-ms-content-sha256'] }),
    ],
    [
      'with the headers in another order',
      () => mistaken({ names: ['host', 'x-ms-content-sha256', 'x-ms-date'] }),
    ],
    ['made ten minutes ago', () => mistaken({ date: old(10) })],
    ['made in ten minutes', () => mistaken({ date: old(-10) })],
  ];
  for (const [how, request] of accepted) {
    test(`is accepted ${how}`, async () => {
      const got = await request();
      assert.equal(got.status, 200, got.text);
    });
  }

  const refused: readonly (readonly [string, RegExp, () => ReturnType<typeof mistaken>])[] = [
    ['for another verb', /verb: signed for POST, the request is a GET/, () => mistaken({ method: 'POST' })],
    [
      'for a verb in small letters',
      /verb: signed as "get"; sign it in capitals/,
      () => mistaken({ method: 'get' }),
    ],
    [
      'for another host name',
      /host: signed for "127\.0\.0\.1:8080", the request came with Host "localhost:8080"/,
      () => mistaken({ host: '127.0.0.1:8080' }),
    ],
    ['for the public name', /host: signed for "calls\.example"/, () => mistaken({ host: 'calls.example' })],
    [
      'without the port',
      /host: signed for "localhost", .*the port belongs to it/,
      () => mistaken({ host: 'localhost' }),
    ],
    [
      'with the default port of https',
      /host: signed for "localhost:443", .*the default port of https is left out/,
      () => mistaken({ host: 'localhost:443' }),
    ],
    [
      'with the scheme before the host',
      /host: signed with the scheme "http:\/\/localhost:8080"/,
      () => mistaken({ host: `http://${host}` }),
    ],
    [
      'without the query',
      /path and query: signed without the query/,
      () => mistaken({ target: callPath.split('?')[0]! }),
    ],
    [
      'without api-version',
      /path and query: signed without api-version: ".*\?a=b"/,
      () => mistaken({ target: `${callPath.split('?')[0]}?a=b` }, {}, `${callPath}&a=b`),
    ],
    [
      'with a slash too many',
      /path and query: signed with a slash at the end/,
      () => mistaken({ target: callPath.replace('?', '/?') }),
    ],
    [
      'without the first slash',
      /path and query: signed without the slash at the beginning/,
      () => mistaken({ target: callPath.slice(1) }),
    ],
    [
      'over the whole URL',
      /path and query: the whole URL was signed/,
      () => mistaken({ target: `http://${host}${callPath}` }),
    ],
    [
      'over the decoded path',
      /path and query: the path was signed decoded/,
      () =>
        mistaken(
          { target: callPath.replace('?', '/participants/4:+15005552001?') },
          {},
          callPath.replace('?', '/participants/4%3A%2B15005552001?'),
        ),
    ],
    [
      'over the date in ISO form',
      /date: signed as ".*Z", sent as ".*GMT"/,
      () => {
        const date = new Date().toUTCString();
        const { host: _host, ...signed } = sign({
          method: 'GET',
          target: callPath,
          host,
          date: new Date(date).toISOString(),
        });
        return ask(door, { path: callPath, unsigned: true, headers: { ...signed, 'x-ms-date': date, host } });
      },
    ],
    [
      'twenty minutes old',
      /date: .* is 20 minutes behind this server's clock; 15 are allowed/,
      () => mistaken({ date: old(20) }),
    ],
    ['with a date that is none', /date: "yesterday" is not a date/, () => mistaken({ date: 'yesterday' })],
    [
      'with the hash of another body',
      /hash: x-ms-content-sha256 is .*, and the body that arrived \(0 bytes\) has 47DEQpj8/,
      () => mistaken({ body: 'x' }),
    ],
    [
      'with its values in another order than named',
      /order: the values were signed as x-ms-date;host;x-ms-content-sha256/,
      () => {
        const { host: _host, ...signed } = sign({ method: 'GET', target: callPath, host });
        const authorization = signed.authorization!.replace('x-ms-date;host;', 'host;x-ms-date;');
        return ask(door, { path: callPath, unsigned: true, headers: { ...signed, authorization, host } });
      },
    ],
    [
      'with a line break at its end',
      /form: the string to sign ended in a line break/,
      () => mistaken({ ending: '\n' }),
    ],
    [
      'that leaves out the host',
      /form: SignedHeaders does not name host/,
      () => mistaken({ names: ['x-ms-date', 'x-ms-content-sha256'] }),
    ],
    [
      'that leaves out the hash',
      /form: SignedHeaders does not name x-ms-content-sha256/,
      () => mistaken({ names: ['x-ms-date', 'host'] }),
    ],
    [
      'in no known form',
      /form: expected `HMAC-SHA256 SignedHeaders=/,
      () => mistaken({}, { authorization: 'HMAC-SHA256 Credential=1' }),
    ],
    [
      'with the key as text',
      /key: the access key was used as text; decode it from base64 first/,
      () => mistaken({ key: Buffer.from(resource.keys[0]!).toString('base64') }),
    ],
    [
      'with the development key',
      /key: signed with the published development key, which this server does not accept/,
      () => mistaken({ key: production }),
    ],
    [
      'with a foreign key',
      /key: no other verb, path, host, date or hash explains .*The string to sign here is "GET\\n/,
      () => mistaken({ key: Buffer.from('foreign').toString('base64') }),
    ],
  ];
  for (const [how, message, request] of refused) {
    test(`made ${how} is refused, and told so`, async (t) => {
      // The search for the difference is rationed by the second.
      t.mock.timers.enable({ apis: ['Date'], now: Date.now() + Math.floor(Math.random() * 1e6) * 1000 });
      const got = await request();
      assert.equal(got.status, 401);
      assert.equal(got.error.code, '7509');
      assert.equal(got.row, 'automation/401/7509');
      assert.match(got.error.message, message);
      for (const secret of [...resource.keys, plainKey, production])
        assert.ok(!got.text.includes(secret), 'no key is told');
    });
  }

  test('is searched for its difference only so often in a second', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 5e9 });
    const messages: string[] = [];
    for (let i = 0; i < 25; i++) messages.push((await mistaken({ method: 'POST' })).error.message);
    assert.match(messages[0]!, /verb: signed for POST/);
    assert.match(messages[24]!, /too many signatures failed in this second/);
  });

  test('covers the body', async () => {
    const text = JSON.stringify(createBody);
    const { host: _host, ...signed } = sign({ method: 'POST', target: createPath, host, body: text });
    const got = await ask(door, {
      method: 'POST',
      path: createPath,
      body: text.replace('+15005552001', '+15005552002'),
      unsigned: true,
      headers: { ...signed, host },
    });
    assert.equal(got.status, 401);
    assert.match(got.error.message, /^Signature does not match: hash: /);
  });
});
