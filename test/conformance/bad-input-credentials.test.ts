import assert from 'node:assert/strict';
import { createHash, createHmac, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { apiVersion } from '../../scenarios/stage/client.ts';
import type { RowId } from '../../src/codes/catalogue.ts';
import {
  assertRefused,
  Besieged,
  createPath,
  developmentKey,
  otherKey,
  repeatability,
  secondKey,
} from '../peers/besieged.ts';
import type { RawReply } from '../peers/raw-http.ts';

let besieged: Besieged;
before(async () => {
  besieged = await Besieged.start();
});
after(() => besieged.stop());

/** What was signed, where it differs from what is sent; and headers sent otherwise than signed. */
interface Mistake {
  readonly verb?: string;
  readonly target?: string;
  readonly host?: string;
  readonly date?: string;
  readonly hash?: string;
  readonly key?: string | Buffer;
  readonly names?: readonly string[];
  readonly ending?: string;
  /** Undefined removes it. */
  readonly sent?: Readonly<Record<string, string | undefined>>;
}

/** A create with these mistakes; the same request without any is good. */
function create(mistake: Mistake = {}): Promise<RawReply> {
  const body = JSON.stringify(besieged.createBody());
  const target = `${createPath}?api-version=${apiVersion}&x=a%3Ab`;
  const host = `localhost:${besieged.httpPort}`;
  const hash = createHash('sha256').update(body).digest('base64');
  const now = new Date().toUTCString();
  const names = mistake.names ?? ['x-ms-date', 'host', 'x-ms-content-sha256'];
  const values: Readonly<Record<string, string>> = {
    'x-ms-date': mistake.date ?? now,
    date: mistake.date ?? now,
    host: mistake.host ?? host,
    'x-ms-content-sha256': mistake.hash ?? hash,
  };
  const text = `${mistake.verb ?? 'POST'}\n${mistake.target ?? target}\n${names.map((n) => values[n.toLowerCase()] ?? '').join(';')}${mistake.ending ?? ''}`;
  const key =
    typeof mistake.key === 'object' ? mistake.key : Buffer.from(mistake.key ?? developmentKey, 'base64');
  const signature = createHmac('sha256', key).update(text).digest('base64');
  const headers: Readonly<Record<string, string | undefined>> = {
    host,
    'x-ms-date': now,
    'x-ms-content-sha256': hash,
    authorization: `HMAC-SHA256 SignedHeaders=${names.join(';')}&Signature=${signature}`,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
    ...mistake.sent,
  };
  const lines = Object.entries(headers).flatMap(([n, v]) => (v === undefined ? [] : [`${n}: ${v}`]));
  return besieged.raw(`POST ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

const minutes = (n: number): string => new Date(Date.now() + n * 60_000).toUTCString();
const dated = (date: string): Mistake => ({ date, sent: { 'x-ms-date': date } });
const differs: RowId = 'automation/401/7509';
const bare = `${createPath}?api-version=${apiVersion}`;

describe('a signature made of other parts', () => {
  const mistakes: Readonly<Record<string, readonly [mistake: () => Mistake, says: string]>> = {
    'of another verb': [() => ({ verb: 'GET' }), 'verb: signed for GET, the request is a POST'],
    'of a verb in small letters': [() => ({ verb: 'post' }), 'verb: signed as "post"'],
    'without the query': [() => ({ target: createPath }), 'path and query: signed without the query'],
    'of a decoded query': [() => ({ target: `${bare}&x=a:b` }), 'path and query: '],
    'of a path with a slash more': [
      () => ({ target: `${createPath}/?api-version=${apiVersion}&x=a%3Ab` }),
      'path and query: signed with a slash at the end',
    ],
    'of the whole URL': [
      () => ({ target: `http://localhost:${besieged.httpPort}${bare}&x=a%3Ab` }),
      'path and query: the whole URL was signed',
    ],
    'of a host without its port': [() => ({ host: 'localhost' }), 'host: signed for "localhost"'],
    'of another host': [() => ({ host: `127.0.0.1:${besieged.httpPort}` }), 'host: signed for "127.0.0.1:'],
    'of a date as ISO text': [
      () => ({ date: new Date().toISOString().replace(/\.\d+Z/, 'Z') }),
      'date: signed as',
    ],
    'without a date': [() => ({ date: '' }), 'date: the string was signed without a date'],
    'of a hash of nothing': [
      () => ({ hash: createHash('sha256').update('').digest('base64') }),
      'hash: the hash of an empty body was signed',
    ],
    'by a key nobody has': [
      () => ({ key: Buffer.from('stranger') }),
      'key: no other verb, path, host, date or',
    ],
    'by the key as text': [
      () => ({ key: Buffer.from(developmentKey) }),
      'key: the access key was used as text',
    ],
    'over another path altogether': [
      () => ({ target: '/sms' }),
      'key: no other verb, path, host, date or hash',
    ],
    'with a line break at its end': [
      () => ({ ending: '\n' }),
      'form: the string to sign ended in a line break',
    ],
  };
  for (const [input, [mistake, says]] of Object.entries(mistakes)) {
    test(`${input} is refused, and the message says which part`, async () => {
      assertRefused(await create(mistake()), differs, says);
      await besieged.holds();
    });
  }
});

describe('credentials that are not right in themselves', () => {
  const sent = (headers: NonNullable<Mistake['sent']>): Mistake => ({ sent: headers });
  const wrong: Readonly<Record<string, readonly [mistake: () => Mistake, row: RowId, says: string]>> = {
    'a body that was changed': [
      () => sent({ 'x-ms-content-sha256': createHash('sha256').update('x').digest('base64') }),
      differs,
      'hash: x-ms-content-sha256 is',
    ],
    'no hash': [
      () => sent({ 'x-ms-content-sha256': undefined }),
      differs,
      'hash: the header x-ms-content-sha256',
    ],
    'no date': [() => sent({ 'x-ms-date': undefined }), differs, 'date: neither x-ms-date nor Date was sent'],
    'a date of an hour ago': [() => dated(minutes(-60)), differs, '60 minutes behind this server'],
    'a date in an hour': [() => dated(minutes(60)), differs, '60 minutes ahead of this server'],
    'a date of 16 minutes ago': [() => dated(minutes(-16)), differs, '15 are allowed'],
    'a date that is none': [() => dated('yesterday'), differs, 'date: "yesterday" is not a date'],
    'no Authorization': [
      () => sent({ authorization: undefined }),
      'automation/401',
      'no Authorization header',
    ],
    'an empty one': [() => sent({ authorization: '' }), 'automation/401', 'no Authorization header'],
    Basic: [
      () => sent({ authorization: 'Basic YTpi' }),
      'automation/401',
      'neither the scheme HMAC-SHA256 nor',
    ],
    'HMAC alone': [() => sent({ authorization: 'HMAC-SHA256' }), differs, 'form: expected `HMAC-SHA256'],
    'HMAC garbage': [() => sent({ authorization: 'HMAC-SHA256 \xff\xfe=&' }), differs, 'form: expected'],
    'an empty signature': [
      () =>
        sent({ authorization: 'HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=' }),
      differs,
      'key: ',
    ],
    'a signature without the host': [
      () => ({ names: ['x-ms-date', 'x-ms-content-sha256'] }),
      differs,
      'form: SignedHeaders does not name host',
    ],
    'a signature without the date': [
      () => ({ names: ['host', 'x-ms-content-sha256'] }),
      differs,
      'form: SignedHeaders does not name x-ms-date',
    ],
    'a signature without the hash': [
      () => ({ names: ['x-ms-date', 'host'] }),
      differs,
      'form: SignedHeaders does not name x-ms-content-sha256',
    ],
    'a token over plain http': [
      () => sent({ authorization: 'Bearer a.b.c' }),
      'automation/426',
      'over plain HTTP',
    ],
    'ten kilobytes of signature': [
      () =>
        sent({
          authorization: `HMAC-SHA256 SignedHeaders=x-ms-date;host;x-ms-content-sha256&Signature=${'A'.repeat(10_000)}`,
        }),
      differs,
      '',
    ],
  };
  for (const [input, [mistake, row, says]] of Object.entries(wrong)) {
    test(`${input}: refused, and the message says why`, async () => {
      assertRefused(await create(mistake()), row, says);
      await besieged.holds();
    });
  }

  test('a token that is none is refused over https', async () => {
    const tokens = {
      garbage: 'what follows Bearer is not a JWT',
      'a.b.c': 'what follows Bearer is not a JWT',
      'eyJhbGciOiJub25lIn0.eyJleHAiOjF9.': 'the token is not signed',
      'eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJleHAiOjF9.AAAA': 'the token was issued by somebody else',
      [`a.b.${'c'.repeat(10_000)}`]: 'what follows Bearer is not a JWT',
    };
    for (const [token, says] of Object.entries(tokens)) {
      const path = `${createPath}/${besieged.known}`;
      const credentials = { authorization: `Bearer ${token}` };
      const reply = await besieged.send({ method: 'GET', path, credentials, https: true });
      assertRefused(reply, 'automation/401/7501', says);
    }
    await besieged.holds();
  });

  test('a resource that does not administer is kept out of the admin API', async () => {
    const reply = await besieged.send({ method: 'GET', path: '/ringback/v1/calls' }, otherKey);
    assertRefused(reply, 'automation/403', 'resource other may not administer this server');
    await besieged.holds();
  });
});

describe('credentials that are odd and right', () => {
  const right: Readonly<Record<string, () => Mistake>> = {
    'signed as the official packages do it': () => ({}),
    'signed by the secondary key': () => ({ key: secondKey }),
    'signed by the key of another resource': () => ({ key: otherKey }),
    'with a date of 14 minutes ago': () => dated(minutes(-14)),
    'with an order of its own': () => ({ names: ['host', 'x-ms-content-sha256', 'x-ms-date'] }),
    'with names in capitals': () => ({ names: ['X-MS-DATE', 'HOST', 'X-MS-CONTENT-SHA256'] }),
    'with header names in capitals': () => {
      const date = new Date().toUTCString();
      return { date, sent: { 'x-ms-date': undefined, 'X-MS-DATE': date } };
    },
    'signed with the old Date header': () => ({
      names: ['date', 'host', 'x-ms-content-sha256'],
      sent: { 'x-ms-date': undefined, Date: new Date().toUTCString() },
    }),
  };
  for (const [input, mistake] of Object.entries(right)) {
    test(`${input}: the call is made`, async () => {
      const reply = await create(mistake());
      assert.equal(reply.status, 201, reply.text.slice(-400));
      await besieged.holds();
    });
  }
});

describe('repeatability headers', () => {
  const post = (body: object, headers: Readonly<Record<string, string>>) =>
    besieged.send({ method: 'POST', path: createPath, body, headers });

  test('the same request again gets the first answer, and no second call', async () => {
    const headers = repeatability();
    const body = besieged.createBody({ operationContext: 'once' });
    const first = await post(body, headers);
    const again = await post(body, headers);
    assert.equal(first.status, 201);
    assert.deepEqual(again.body, first.body);
    for (const reply of [first, again]) assert.equal(reply.headers['repeatability-result'], 'accepted');
    await besieged.holds();
  });

  test('twenty at once are one call', async () => {
    const headers = repeatability();
    const body = besieged.createBody();
    const replies = await Promise.all(Array.from({ length: 20 }, () => post(body, headers)));
    const ids = replies.map((reply) => (reply.body as { callConnectionId: string }).callConnectionId);
    assert.equal(new Set(ids).size, 1);
    await besieged.holds();
  });

  test('the same id with another body is rejected, also after a refusal', async () => {
    const bodies = [besieged.createBody(), besieged.createBody({ targets: [] })];
    for (const first of bodies) {
      const headers = repeatability();
      const before = await post(first, headers);
      const after = await post(besieged.createBody({ operationContext: 'other' }), headers);
      assertRefused(after, 'automation/400/8523', 'Repeatability-Request-ID is invalid.');
      assertRefused(after, 'automation/400/8523', 'was sent before with another body');
      assert.equal(after.headers['repeatability-result'], 'rejected');
      assert.deepEqual((await post(first, headers)).body, before.body);
    }
    await besieged.holds();
  });

  const { 'repeatability-request-id': id, 'repeatability-first-sent': sent } = repeatability();
  const faults: Readonly<Record<string, readonly [headers: Readonly<Record<string, string>>, says: string]>> =
    {
      'an id that is no UUID': [
        { 'repeatability-request-id': 'seven', 'repeatability-first-sent': sent },
        'Repeatability-Request-ID is invalid. It must be a UUID.',
      ],
      'an id of ten kilobytes': [
        { 'repeatability-request-id': 'a'.repeat(10_000), 'repeatability-first-sent': sent },
        'Repeatability-Request-ID is invalid. It must be a UUID.',
      ],
      'an id alone': [
        { 'repeatability-request-id': id },
        'Repeatability-First-Sent is invalid. It is required',
      ],
      'a date alone': [
        { 'repeatability-first-sent': sent },
        'Repeatability-Request-ID is invalid. It is required',
      ],
      'a date that is none': [
        { 'repeatability-request-id': randomUUID(), 'repeatability-first-sent': 'yesterday' },
        'Repeatability-First-Sent is invalid. It must be a date',
      ],
    };
  for (const [input, [headers, says]] of Object.entries(faults)) {
    test(`${input} is refused by name`, async () => {
      const reply = await post(besieged.createBody(), headers);
      assertRefused(reply, 'automation/400/8523', says);
      assert.equal(reply.headers['repeatability-result'], 'rejected');
      await besieged.holds();
    });
  }

  test('another resource may use the same id', async () => {
    const headers = repeatability();
    const request = { method: 'POST', path: createPath, body: besieged.createBody(), headers };
    const [ours, theirs] = [await besieged.send(request), await besieged.send(request, otherKey)];
    assert.deepEqual([ours.status, theirs.status], [201, 201]);
    assert.notDeepEqual(ours.body, theirs.body);
    await besieged.placesCalls();
  });
});
