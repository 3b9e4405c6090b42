/** Calls that are not there, contexts that are not good, and the callback that is refused by default. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { HttpReply } from '../../scenarios/scenario.ts';
import { send } from '../../scenarios/stage/client.ts';
import type { RowId } from '../../src/codes/catalogue.ts';
import { describeProblems, parseConfig } from '../../src/config/parse-config.ts';
import { startServer } from '../../src/main/server.ts';
import { assertRefused, Besieged, createPath, developmentKey, otherKey } from '../peers/besieged.ts';

let besieged: Besieged;
before(async () => {
  besieged = await Besieged.start();
  const endpoint = besieged.inbox.url('/app/events');
  const body = { name: 'calls', endpoint, events: ['IncomingCall'] };
  await besieged.send({ method: 'POST', path: '/ringback/v1/subscriptions', body });
  await besieged.server.clock.advance('1s');
});
after(() => besieged.stop());

const post = (action: string, body: unknown, key?: string): Promise<HttpReply> =>
  besieged.send({ method: 'POST', path: `${createPath}:${action}`, body }, key);
const answer = (incomingCallContext: string, key?: string): Promise<HttpReply> =>
  post('answer', { incomingCallContext, callbackUri: besieged.inbox.url('/app/callbacks') }, key);
const target = { communicationUser: { id: '8:acs:r_u' } };

async function offered(): Promise<string> {
  const body = { from: '+15005552000', to: '+18005550100' };
  const dialled = await besieged.send({ method: 'POST', path: '/ringback/v1/dial', body });
  assert.equal(dialled.status, 201, JSON.stringify(dialled.body));
  return besieged.app.incoming();
}

describe('a call that nobody knows', () => {
  const missing: RowId = 'automation/404/8522';
  const ids: Readonly<Record<string, string>> = {
    'a random id': '00000000-0000-4000-8000-000000000000',
    'a word': 'nothing',
    'an SQL injection': encodeURIComponent("' OR '1'='1"),
    'a path in disguise': '..%2F..%2Fringback%2Fv1%2Fcalls',
    'a NUL': 'a%00b',
    'an object prototype': '__proto__',
    'a name of every object': 'constructor',
    'two thousand characters': 'x'.repeat(2000),
    'an emoji': encodeURIComponent('📞'),
  };
  for (const [input, id] of Object.entries(ids)) {
    test(`${input}: every operation says that it is not known`, async () => {
      const path = `${createPath}/${id}`;
      for (const [method, suffix] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', ':terminate'],
        ['GET', '/participants'],
        ['GET', '/participants/4%3A%2B15005552000'],
      ] as const) {
        const reply = await besieged.send({ method, path: path + suffix });
        assertRefused(reply, missing, 'no call connection');
      }
      await besieged.holds();
    });
  }

  test("another resource's call is not known either", async () => {
    const path = `${createPath}/${besieged.known}`;
    for (const method of ['GET', 'DELETE'])
      assertRefused(await besieged.send({ method, path }, otherKey), missing, 'no call connection');
    const terminate = await besieged.send({ method: 'POST', path: `${path}:terminate` }, otherKey);
    assertRefused(terminate, missing, 'no call connection');
    await besieged.holds();
  });

  test('a participant who is not in the call is named', async () => {
    const path = `${createPath}/${besieged.known}/participants/8%3Aacs%3Ar_nobody`;
    assertRefused(await besieged.send({ method: 'GET', path }), missing, 'no participant 8:acs:r_nobody');
    await besieged.holds();
  });
});

describe('an incoming call context', () => {
  const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const nobodys = { cc: 'c', of: 'o', rs: '11111111-2222-4333-8444-555566667777' };
  const garbage: Readonly<Record<string, readonly [context: string, row: RowId, says: string]>> = {
    'that is a word': ['garbage', 'automation/400/8523', 'The field IncomingCallContext is invalid.'],
    'that is no base64': ['%%%%', 'automation/400/8523', 'The field IncomingCallContext is invalid.'],
    'that holds null': [text(null), 'automation/400/8523', 'The field IncomingCallContext is invalid.'],
    'that holds a list': [text([]), 'automation/400/8523', 'The field IncomingCallContext is invalid.'],
    'of other types': [
      text({ cc: 1, of: {}, rs: [] }),
      'automation/400/8523',
      'IncomingCallContext is invalid',
    ],
    'of 8192 letters': ['A'.repeat(8192), 'automation/400/8523', 'The field IncomingCallContext is invalid.'],
    'made up': [text(nobodys), 'automation/404/8522', 'no call was offered under this incomingCallContext'],
    'of a prototype': [
      text({ ...nobodys, cc: '__proto__', of: 'constructor' }),
      'automation/404/8522',
      'no call',
    ],
    'of a resource that is not': [
      text({ ...nobodys, rs: 'r' }),
      'automation/403/7507',
      'issued to resource r',
    ],
  };
  for (const [input, [context, row, says]] of Object.entries(garbage)) {
    test(`${input} is refused by answer, reject and redirect`, async () => {
      assertRefused(await answer(context), row, says);
      assertRefused(await post('reject', { incomingCallContext: context }), row, says);
      assertRefused(await post('redirect', { incomingCallContext: context, target }), row, says);
      await besieged.holds();
    });
  }

  test('of a good call and an offer that is none is not known', async () => {
    const context = JSON.parse(Buffer.from(await offered(), 'base64url').toString());
    for (const offer of ['__proto__', 'constructor', 'toString', '', 'x']) {
      const forged = text({ ...context, of: offer });
      assertRefused(await answer(forged), 'automation/404/8522', 'no call was offered under');
      assertRefused(
        await post('redirect', { incomingCallContext: forged, target }),
        'automation/404/8522',
        'no call',
      );
    }
    await besieged.holds();
  });

  test('of another resource is refused to both, and stays good', async () => {
    const context = await offered();
    assertRefused(
      await answer(context, otherKey),
      'automation/403/7507',
      'the request is signed by 99999999',
    );
    const tampered = JSON.parse(Buffer.from(context, 'base64url').toString());
    const own = text({ ...tampered, rs: '99999999-2222-4333-8444-555566667777' });
    assertRefused(await answer(own, otherKey), 'automation/403/7507', 'was issued to resource 11111111');
    assert.equal((await answer(context)).status, 200);
    await besieged.holds();
  });

  test('that was used is used up, for every operation', async () => {
    const context = await offered();
    assert.equal((await answer(context)).status, 200);
    const row: RowId = 'automation/404/8522';
    assertRefused(await answer(context), row, 'used already: the call is answered');
    assertRefused(await post('reject', { incomingCallContext: context }), row, 'used already');
    assertRefused(await post('redirect', { incomingCallContext: context, target }), row, 'used already');
    await besieged.holds();
  });

  test('whose call ended or whose time ran out says so, and later is forgotten', async () => {
    const rejected = await offered();
    assert.equal((await post('reject', { incomingCallContext: rejected })).status, 204);
    const expired = await offered();
    await besieged.server.clock.advance('121s');
    assertRefused(await answer(expired), 'automation/404/8522', 'the offered call is over');
    await besieged.server.clock.advance('61s');
    for (const context of [rejected, expired])
      assertRefused(await answer(context), 'automation/404/8522', 'no call was offered');
    await besieged.placesCalls();
  });
});

test('by default an http callback is refused, and the message names the switch', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ringback-'));
  const flags = { memory: true, httpsPort: '0', httpPort: '0', sipPort: '0' };
  const parsed = parseConfig({ flags });
  if ('problems' in parsed) throw new Error(describeProblems(parsed.problems));
  const server = await startServer({ config: parsed.config, directory });
  try {
    const address = { http: server.ready.httpEndpoint, https: server.ready.endpoint, ca: server.ca };
    for (const callbackUri of ['http://localhost/events', 'http://a.example/events']) {
      const body = besieged.createBody({ callbackUri });
      const reply = await send(address, developmentKey, { method: 'POST', path: createPath, body });
      assertRefused(reply, 'automation/400/8523', 'The field CallbackUri is invalid.');
      assertRefused(reply, 'automation/400/8523', '--allow-http-callbacks');
    }
    const body = { name: 's', endpoint: 'http://localhost/events' };
    const reply = await send(address, developmentKey, {
      method: 'POST',
      path: '/ringback/v1/subscriptions',
      body,
    });
    assertRefused(reply, 'automation/400/8523', 'The field Endpoint is invalid.');
  } finally {
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
});
