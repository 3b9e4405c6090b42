import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { StoreFailed, StoreSilent } from '../../app/ports/store.ts';
import {
  type Ask,
  ask,
  type Changes,
  callPath,
  connectionId,
  createBody,
  createPath,
  disabledKey,
  openDoor,
  plainKey,
} from './door.fixture.ts';

interface Case {
  readonly when: string;
  readonly ask: Ask;
  readonly row: string;
  readonly code?: string;
  readonly message: RegExp;
  readonly headers?: Readonly<Record<string, RegExp>>;
  readonly changes?: Changes;
}

const create = (body: unknown): Ask => ({ method: 'POST', path: createPath, body });
const broken = (error: Error): Changes => ({
  calls: {
    connection: () => {
      throw error;
    },
  },
});

const cases: readonly Case[] = [
  {
    when: 'api-version is missing',
    ask: { path: `/calling/callConnections/${connectionId}` },
    row: 'automation/400',
    code: 'ApiVersionUnspecified',
    message: /^An API version is required, but was not specified\.$/,
  },
  {
    when: 'api-version is unknown',
    ask: { path: `/calling/callConnections/${connectionId}?api-version=2031-01-01` },
    row: 'automation/400',
    code: 'UnsupportedApiVersion',
    message: /"2031-01-01" is not supported; supported are 2026-03-12, 2025-05-15/,
  },
  {
    when: 'nothing authenticates',
    ask: { path: callPath, unsigned: true },
    row: 'automation/401',
    code: '401',
    message: /no Authorization header/,
    headers: { 'www-authenticate': /HMAC-SHA256/ },
  },
  {
    when: 'the scheme is unknown',
    ask: { path: callPath, unsigned: true, headers: { authorization: 'Basic dTpw' } },
    row: 'automation/401',
    code: '401',
    message: /neither the scheme HMAC-SHA256 nor Bearer/,
  },
  {
    when: 'a bearer token comes over plain HTTP',
    ask: { path: callPath, unsigned: true, headers: { authorization: 'Bearer good' } },
    row: 'automation/426',
    code: '426',
    message: /over plain HTTP/,
    headers: { upgrade: /TLS/ },
  },
  {
    when: 'a resource administers nothing',
    ask: { path: '/ringback/v1/calls', key: plainKey },
    row: 'automation/403',
    code: '403',
    message: /resource other may not administer/,
  },
  {
    when: "the path is nobody's",
    ask: { path: '/calling/callConnection' },
    row: 'automation/404',
    code: '404',
    message: /nothing is served under \/calling\/callConnection/,
  },
  {
    when: 'a parameter is not percent-encoded text',
    ask: { path: '/calling/callConnections/%E0%A4?api-version=2026-03-12' },
    row: 'automation/404',
    code: '404',
    message: /nothing is served/,
  },
  {
    when: "the action is nobody's",
    ask: { method: 'POST', path: callPath.replace('?', ':dance?') },
    row: 'automation/404',
    code: '404',
    message: /nothing is served/,
  },
  {
    when: 'the method is another',
    ask: { method: 'PUT', path: callPath },
    row: 'automation/405',
    code: '405',
    message: /served with GET, DELETE, not with PUT/,
    headers: { allow: /^GET, DELETE$/ },
  },
  {
    when: 'Accept rules out JSON',
    ask: { path: callPath, headers: { accept: 'text/html, application/json;q=0' } },
    row: 'automation/406',
    code: '406',
    message: /answers are application\/json/,
  },
  {
    when: 'it is conditional on an entity tag, which nothing here has',
    ask: { method: 'DELETE', path: callPath, headers: { 'if-match': '"as-it-was"' } },
    row: 'automation/412',
    code: '412',
    message: /If-Match is "as-it-was", and what it is about has no entity tag/,
  },
  {
    when: 'the resource is switched off',
    ask: { path: callPath, key: disabledKey },
    row: 'automation/403/7600',
    code: '7600',
    message: /the resource asleep is switched off/,
  },
  {
    when: 'the parts of an identifier stand for different phones',
    ask: create({
      ...createBody,
      targets: [{ rawId: '4:+15005552000', phoneNumber: { value: '+15005552010' } }],
    }),
    row: 'automation/400/8606',
    code: '8606',
    message: /The field Targets\[0\].RawId is invalid/,
  },
  {
    when: 'the call is unknown',
    ask: { path: callPath.replace('3f6c', '4f6c') },
    row: 'automation/404/8522',
    code: '8522',
    message: /no call connection 4f6c/,
  },
  {
    when: 'the participant is unknown',
    ask: { path: callPath.replace('?', '/participants/4%3A%2B15005559999?') },
    row: 'automation/404/8522',
    code: '8522',
    message: /no participant 4:\+15005559999/,
  },
  {
    when: 'the body is no JSON',
    ask: create('{"targets": [}'),
    row: 'automation/400/8523',
    code: '8523',
    message: /"}" stands at position 13 \(line 1, column 14\)/,
  },
  {
    when: 'the body is missing',
    ask: { method: 'POST', path: createPath },
    row: 'automation/400/8523',
    code: '8523',
    message: /The request body is invalid\. It must be a JSON object and is missing/,
  },
  {
    when: 'the callback is missing',
    ask: create({ targets: createBody.targets }),
    row: 'automation/400/8523',
    code: '8523',
    message: /The field CallbackUri is invalid\. It is required\./,
  },
  {
    when: 'the callback is http',
    ask: create({ ...createBody, callbackUri: 'http://localhost/' }),
    row: 'automation/400/8523',
    code: '8523',
    message: /The field CallbackUri is invalid\./,
  },
  {
    when: 'the callback is http elsewhere, though http is allowed',
    ask: create({ ...createBody, callbackUri: 'http://app.example/' }),
    changes: { allowHttpCallbacks: true },
    row: 'automation/400/8523',
    code: '8523',
    message: /http is allowed on loopback only, and app\.example is elsewhere/,
  },
  {
    when: 'there are no targets',
    ask: create({ ...createBody, targets: [] }),
    row: 'automation/400/8523',
    code: '8523',
    message: /The field Targets is invalid\. It must have at least one element/,
  },
  {
    when: 'a number is no number',
    ask: create({ ...createBody, targets: [{ phoneNumber: { value: '5551234' } }] }),
    row: 'automation/400/8523',
    code: '8523',
    message: /The field Targets\[0\]\.PhoneNumber\.Value is invalid\. "5551234"/,
  },
  {
    when: 'a field has a wrong type',
    ask: create({ ...createBody, operationContext: 7 }),
    row: 'automation/400/8523',
    code: '8523',
    message: /The field OperationContext is invalid\. It must be a string and is a number/,
  },
  {
    when: 'an option is not served',
    ask: create({ ...createBody, teamsAppSource: { appId: 'b0a7e9d2-5a3b-4d1e-8f6c-2b9d7a4e1c35' } }),
    row: 'automation/405/8520',
    code: '8520',
    message: /teamsAppSource is part of the API/,
  },
  {
    when: 'the store does not answer',
    ask: { path: callPath },
    changes: broken(new StoreSilent('the database is locked')),
    row: 'automation/504/9002',
    code: '9002',
    message: /database is locked/,
  },
  {
    when: 'the store cannot be read',
    ask: { path: callPath },
    changes: broken(new StoreFailed('the database is closed')),
    row: 'automation/500',
    code: '500',
    message: /database is closed/,
  },
  {
    when: 'there is a defect',
    ask: { path: callPath },
    changes: broken(new TypeError('of undefined')),
    row: 'automation/500',
    code: '500',
    message: /a defect of this server; its log has the stack under request [0-9a-f-]{36}/,
  },
  {
    when: 'the server is stopping',
    ask: create(createBody),
    changes: { draining: () => true },
    row: 'automation/503/9998',
    code: '9998',
    message: /takes nothing new/,
    headers: { 'retry-after': /^5$/ },
  },
  {
    when: 'a resource asks too often',
    ask: { path: callPath },
    changes: { rate: { use: () => 1200 }, limits: { requestsPerSecond: 20 } },
    row: 'automation/429',
    code: '429',
    message: /20 requests per second/,
    headers: { 'retry-after': /^2$/ },
  },
  {
    when: 'the body is too large',
    ask: create({ ...createBody, operationContext: 'x'.repeat(3000) }),
    changes: { limits: { bodyBytes: 2048 } },
    row: 'automation/413',
    code: '413',
    message: /2048 bytes/,
  },
];

describe('a request is refused with its row when', () => {
  for (const { when, ask: question, row, code, message, headers = {}, changes } of cases) {
    test(when, async () => {
      const door = openDoor(changes);
      const got = await ask(door, question);
      assert.equal(got.row, row, got.text);
      assert.equal(got.status, Number(row.split('/')[1]));
      assert.match(got.error.message, message);
      if (code !== undefined) assert.equal(got.error.code, code);
      for (const [name, value] of Object.entries(headers)) assert.match(got.headers[name] ?? '', value);
      assert.deepEqual(
        door.refused.map((outcome) => outcome.row),
        [row],
        'told to the records once',
      );
      assert.equal(door.server.underWay(), 0);
      assert.equal(door.held.size, 0);
    });
  }
});

describe('the door', () => {
  test('takes a request that is conditional on the existence of what it is about', async () => {
    const request: Ask = { method: 'DELETE', path: callPath, headers: { 'if-match': '*' } };
    assert.equal((await ask(openDoor(), request)).status, 204);
  });

  test('names the code within a code', async () => {
    const recordings = '/calling/recordings?api-version=2026-03-12';
    const body = {
      callConnectionId: connectionId,
      recordingContentType: 'audio',
      recordingChannelType: 'unmixed',
      recordingFormatType: 'mp3',
    };
    const { status, text } = await ask(openDoor(), { method: 'POST', path: recordings, body });
    assert.equal(status, 400);
    const { error } = JSON.parse(text) as { error: { code: string; innererror: object } };
    assert.equal(error.code, '8523');
    assert.deepEqual(error.innererror, { code: '8557', message: 'Wrong format type.' });
  });

  test('serves on after a defect, and logs it once', async () => {
    let calls = 0;
    const door = openDoor({
      calls: {
        hangUp: async () => {
          if (calls++ === 0) throw new Error('a bug');
          return { ok: undefined };
        },
      },
    });
    assert.equal((await ask(door, { method: 'DELETE', path: callPath })).status, 500);
    assert.equal((await ask(door, { method: 'DELETE', path: callPath })).status, 204);
    assert.equal(door.bugs.length, 1);
    assert.equal(door.held.size, 0);
  });

  test('ignores a field that no model has, and notes it once', async () => {
    const door = openDoor();
    for (const _ of [1, 2])
      assert.equal((await ask(door, create({ ...createBody, colour: 'blue' }))).status, 201);
    assert.equal(door.notes.length, 1);
    assert.match(door.notes[0] ?? '', /"operation":"create call","field":"colour"/);
  });

  test('takes http callbacks on loopback when it may', async () => {
    const door = openDoor({ allowHttpCallbacks: true });
    for (const callbackUri of [
      'http://localhost:3000/x',
      'http://127.0.0.1/',
      'http://[::1]:9/',
      'http://hook.localhost/',
    ]) {
      assert.equal((await ask(door, create({ ...createBody, callbackUri }))).status, 201, callbackUri);
    }
  });

  test('serves an unknown api-version as the newest when it is lenient', async () => {
    const versions: string[] = [];
    const door = openDoor({
      apiVersions: 'lenient',
      calls: {
        create: async (command) => {
          versions.push(command.apiVersion);
          throw new Error('seen enough');
        },
      },
    });
    await ask(door, { ...create(createBody), path: createPath.replace('2026-03-12', '2031-01-01') });
    await ask(door, { ...create(createBody), path: createPath.replace('2026-03-12', '2023-10-15') });
    assert.deepEqual(versions, ['2026-03-12', '2023-10-15']);
  });

  test('gives every answer the headers of the service', async () => {
    const door = openDoor();
    const got = await ask(door, {
      path: callPath,
      headers: { 'x-ms-client-request-id': 'mine', origin: 'https://page.example' },
    });
    assert.match(got.headers['x-ms-request-id'] ?? '', /^[0-9a-f-]{36}$/);
    assert.match(got.headers['ms-cv'] ?? '', /^[A-Za-z0-9+/]{22}\.\d+$/);
    assert.equal(got.headers['x-microsoft-skype-chain-id'], '7a1e5f60-2222-4333-8444-555566667777');
    assert.equal(got.headers['x-ms-client-request-id'], 'mine');
    assert.match(got.headers['api-supported-versions'] ?? '', /^2026-03-12, /);
    assert.equal(got.headers['access-control-allow-origin'], '*');
    assert.match(got.headers['access-control-expose-headers'] ?? '', /retry-after/);
    const line = door.lines[0];
    assert.deepEqual(
      [line?.method, line?.status, line?.operation, line?.resource],
      ['GET', 200, 'get call', 'main'],
    );
    assert.ok(!line?.path.includes('?'), 'the query stays out of the log');
  });

  test('answers the question that a browser asks first', async () => {
    const door = openDoor();
    const headers = {
      origin: 'https://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    };
    const got = await ask(door, { method: 'OPTIONS', path: createPath, unsigned: true, headers });
    assert.equal(got.status, 204);
    assert.equal(got.headers['access-control-allow-origin'], '*');
    for (const name of [
      'authorization',
      'x-ms-date',
      'x-ms-content-sha256',
      'repeatability-request-id',
      'x-skypetoken',
    ]) {
      assert.ok(got.headers['access-control-allow-headers']?.includes(name), name);
    }
  });

  test('tells anybody its health, its metrics and its keys', async () => {
    const door = openDoor({ draining: () => true });
    const open = (path: string) => ask(door, { path, unsigned: true, headers: { accept: 'text/plain' } });
    assert.equal((await open('/health/live')).status, 200);
    const ready = await open('/health/ready');
    assert.equal(ready.status, 503);
    assert.deepEqual(ready.json<{ not: string[] }>().not, ['the trunk carrier is down']);
    assert.equal((await open('/metrics')).text, 'ringback_up 1\n');
    assert.deepEqual((await open('/calling/keys')).json(), { keys: [] });
    assert.deepEqual((await open('/calling/.well-known/acsopenidconfiguration')).json(), {
      issuer: 'https://issuer.example',
    });
  });

  test('lets calls that exist come to their end while the server is stopping, and operators look', async () => {
    const door = openDoor({ draining: () => true });
    assert.equal((await ask(door, { method: 'DELETE', path: callPath })).status, 204);
    assert.equal((await ask(door, { path: '/ringback/v1/calls' })).status, 200);
  });

  test('traces commands on a call, not reads', async () => {
    const door = openDoor();
    await ask(door, { path: callPath });
    await ask(door, { method: 'DELETE', path: callPath });
    assert.deepEqual(
      door.traces.map((trace) => trace.kind === 'http' && [trace.method, trace.status]),
      [['DELETE', 204]],
    );
  });
});
