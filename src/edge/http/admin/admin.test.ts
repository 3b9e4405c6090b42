import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SubscriptionDefinition } from '../../../app/ports/administration.ts';
import { type Ask, ask, type Changes, openDoor, resource } from '../door.fixture.ts';

const v1 = (path: string): string => `/ringback/v1/${path}`;
const since = '2026-03-12T12:00:00.000Z';
const subscribed = (definition: SubscriptionDefinition) =>
  ({ ...definition, state: 'Succeeded', since }) as const;

const timeline = {
  callId: 'c1',
  connectionIds: ['x1'],
  correlationId: 'r1',
  startedAt: since,
  endedAt: since,
  entries: [],
};
const explanation = { callId: 'c1', participants: [], because: [], timeline };

interface Served {
  readonly does: string;
  readonly ask: Ask;
  readonly admin?: Changes['admin'];
  readonly status: number;
  readonly body?: unknown;
  readonly row?: string;
  readonly message?: RegExp;
}

const post = (path: string, body: unknown): Ask => ({ method: 'POST', path: v1(path), body });
const hook = { name: 'mine', endpoint: 'https://hook.example/events' };

const cases: readonly Served[] = [
  {
    does: 'lists calls',
    ask: { path: v1('calls?limit=7') },
    admin: {
      calls: (limit) => [
        { callId: String(limit), connectionIds: [], startedAt: since, from: 'a', to: ['b'] },
      ],
    },
    status: 200,
    body: { value: [{ callId: '7', connectionIds: [], startedAt: since, from: 'a', to: ['b'] }] },
  },
  {
    does: 'refuses a limit that is none',
    ask: { path: v1('calls?limit=0') },
    status: 400,
    row: 'automation/400/8523',
    message: /The field limit is invalid/,
  },
  {
    does: 'tells one call',
    ask: { path: v1('calls/x1') },
    admin: { explain: () => explanation },
    status: 200,
    body: {
      callId: 'c1',
      connectionIds: ['x1'],
      correlationId: 'r1',
      startedAt: since,
      endedAt: since,
      participants: [],
    },
  },
  {
    does: 'tells its timeline',
    ask: { path: v1('calls/x1/timeline') },
    admin: { timeline: (id) => (id === 'x1' ? timeline : undefined) },
    status: 200,
    body: timeline,
  },
  {
    does: 'tells its summary',
    ask: { path: v1('calls/x1/summary') },
    admin: { summary: () => [{ a: 1 }] },
    status: 200,
    body: { value: [{ a: 1 }] },
  },
  {
    does: 'explains it',
    ask: { path: v1('calls/x1/explanation') },
    admin: { explain: () => explanation },
    status: 200,
    body: explanation,
  },
  {
    does: 'knows no other call',
    ask: { path: v1('calls/x2/timeline') },
    status: 404,
    row: 'automation/404/8522',
    message: /no call is known under x2/,
  },
  {
    does: 'knows no message that was never sent',
    ask: { path: v1('messages/m1') },
    status: 404,
    row: 'automation/404',
    message: /no chat message and no text is known under m1/,
  },
  {
    does: 'makes a subscription',
    ask: post('subscriptions', { ...hook, events: ['IncomingCall'], headers: { 'x-key': 'v' } }),
    admin: { subscribe: async (definition) => ({ subscription: subscribed(definition) }) },
    status: 201,
    body: subscribed({ ...hook, events: ['IncomingCall'], headers: { 'x-key': 'v' } }),
  },
  {
    does: 'refuses a name that has other settings',
    ask: post('subscriptions', hook),
    admin: { subscribe: async () => ({ taken: 'mine goes to https://other.example' }) },
    status: 409,
    row: 'automation/409',
    message: /mine goes to/,
  },
  {
    does: 'refuses an endpoint that is not https',
    ask: post('subscriptions', { ...hook, endpoint: 'http://hook.example/' }),
    status: 400,
    row: 'automation/400/8523',
    message: /The field Endpoint is invalid/,
  },
  {
    does: 'refuses a field that it does not know',
    ask: post('subscriptions', { ...hook, endpiont: 'x' }),
    status: 400,
    row: 'automation/400/8523',
    message: /The field Endpiont is invalid\. No such field/,
  },
  {
    does: 'refuses a header that could split the request',
    ask: post('subscriptions', { ...hook, headers: { x: 'a\r\nb: c' } }),
    status: 400,
    row: 'automation/400/8523',
    message: /Headers\.X is invalid.*line breaks/,
  },
  {
    does: 'removes a subscription',
    ask: { method: 'DELETE', path: v1('subscriptions/mine') },
    admin: { unsubscribe: async (name) => name === 'mine' },
    status: 204,
  },
  {
    does: 'knows no other subscription',
    ask: { method: 'DELETE', path: v1('subscriptions/other') },
    status: 404,
    row: 'automation/404',
    message: /no subscription "other"/,
  },
  {
    does: 'validates a subscription',
    ask: post('subscriptions/mine:validate', undefined),
    admin: { validate: async () => ({ subscription: subscribed(hook) }) },
    status: 200,
    body: subscribed(hook),
  },
  {
    does: 'says that the endpoint answered wrongly',
    ask: post('subscriptions/mine:validate', undefined),
    admin: { validate: async () => ({ broken: 'it answered 500' }) },
    status: 502,
    row: 'automation/502',
    message: /it answered 500/,
  },
  {
    does: 'says that the endpoint did not answer',
    ask: post('subscriptions/mine:validate', undefined),
    admin: { validate: async () => ({ silent: 'no answer in 30 s' }) },
    status: 504,
    row: 'automation/504',
    message: /no answer in 30 s/,
  },
  {
    does: 'takes the manual handshake without a signature',
    ask: { path: v1('subscriptions/validate?id=mine&t=abc'), unsigned: true },
    admin: { validateManually: async ({ id, t }) => id === 'mine' && t === 'abc' },
    status: 200,
    body: { status: 'validated' },
  },
  {
    does: 'refuses a handshake that does not fit',
    ask: { path: v1('subscriptions/validate?id=mine&t=x'), unsigned: true },
    status: 404,
    row: 'automation/404',
    message: /not, or no longer/,
  },
  {
    does: 'breaks a part',
    ask: post('faults', { fault: 'store-full' }),
    admin: { faults: () => ['store-full'] },
    status: 200,
    body: { value: ['store-full'] },
  },
  {
    does: 'says why a part cannot be broken',
    ask: post('faults', { fault: 'media-killed' }),
    admin: { breakPart: async () => 'no media process runs' },
    status: 409,
    row: 'automation/409',
    message: /media-killed cannot be brought about now: no media process runs/,
  },
  {
    does: 'knows no other fault',
    ask: post('faults', { fault: 'rain' }),
    status: 400,
    row: 'automation/400/8523',
    message: /The field Fault is invalid\. It must be one of store-locked/,
  },
  { does: 'mends everything', ask: { method: 'DELETE', path: v1('faults') }, status: 204 },
  {
    does: 'mends no other fault',
    ask: { method: 'DELETE', path: v1('faults/rain') },
    status: 404,
    row: 'automation/404',
    message: /no fault is called "rain"/,
  },
  { does: 'tells the clock', ask: { path: v1('clock') }, status: 200, body: { mode: 'real', now: since } },
  {
    does: 'cannot advance the real clock',
    ask: post('clock/advance', { ms: 1 }),
    status: 409,
    row: 'automation/409',
    message: /runs on the real clock/,
  },
  {
    does: 'advances a manual clock',
    ask: post('clock/advance', { duration: '1m30s' }),
    admin: { clockMode: () => 'manual', advance: async (ms) => ({ now: String(ms), fired: [] }) },
    status: 200,
    body: { now: '90000', fired: [] },
  },
  {
    does: 'refuses a duration that is none',
    ask: post('clock/advance', { duration: 'soon' }),
    status: 400,
    row: 'automation/400/8523',
    message: /The field Duration is invalid\. It must be a duration such as 250ms/,
  },
  {
    does: 'refuses an advance by nothing',
    ask: post('clock/advance', {}),
    status: 400,
    row: 'automation/400/8523',
    message: /Give ms or duration/,
  },
  {
    does: 'dials',
    ask: post('dial', { from: '+15005552001', to: '+18005550100', forSeconds: 3 }),
    admin: { dial: async (call) => ({ sipCallId: `${call.from} ${call.forMs}` }) },
    status: 201,
    body: { sipCallId: '+15005552001 3000' },
  },
  {
    does: 'cannot dial without the simulated carrier',
    ask: post('dial', { from: '+15005552001', to: '+18005550100' }),
    status: 501,
    row: 'automation/501',
    message: /without the simulated carrier/,
  },
  {
    does: 'refuses to dial what is no number',
    ask: post('dial', { from: '+15005552001', to: '100' }),
    status: 400,
    row: 'automation/400/8523',
    message: /The field To is invalid\. It must be a phone number in E\.164 form/,
  },
  {
    does: 'has no handsets without the simulated SMSC',
    ask: post('sms', { from: '+15005620000', to: '+18005550100', text: 'hi' }),
    status: 501,
    row: 'automation/501',
    message: /without the simulated SMSC/,
  },
  {
    does: 'hands a text to a handset',
    ask: post('sms', { from: '+15005620000', to: '+18005550100', text: 'hi' }),
    admin: { text: async () => {} },
    status: 202,
    body: { from: '+15005620000', to: '+18005550100', text: 'hi' },
  },
  {
    does: 'says why a text was not taken',
    ask: post('sms', { from: '+15005620000', to: '+18005550100', text: 'hi' }),
    admin: { text: () => Promise.reject(new Error('nobody is bound to the simulated SMSC')) },
    status: 409,
    row: 'automation/409',
    message: /nobody is bound to the simulated SMSC/,
  },
  {
    does: 'makes a token',
    ask: post('tokens', { user: 'alice', scopes: ['chat', 'voip'] }),
    admin: {
      token: async ({ user, minutes }) => ({ user, token: `${user} ${minutes}`, expiresOn: since }),
    },
    status: 201,
    body: { user: 'alice', token: 'alice 1440', expiresOn: since },
  },
  {
    does: 'refuses a scope that is none',
    ask: post('tokens', { user: 'alice', scopes: ['fly'] }),
    status: 400,
    row: 'automation/400/8523',
    message: /The field Scopes\[0\] is invalid/,
  },
  { does: 'starts afresh', ask: post('reset', undefined), status: 204 },
];

describe('the admin API', () => {
  for (const { does, ask: question, admin = {}, status, body, row, message } of cases) {
    test(does, async () => {
      const got = await ask(openDoor({ admin }), question);
      assert.equal(got.status, status, got.text);
      if (body !== undefined) assert.deepEqual(got.json(), body);
      assert.equal(got.row, row);
      if (message) assert.match(got.error.message, message);
    });
  }

  test('gives the SIP messages of a call as a file, also to who accepts nothing else', async () => {
    const capture = Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 0, 0xff);
    const door = openDoor({ admin: { capture: (id) => (id === 'x1' ? capture : undefined) } });
    const type = 'application/vnd.tcpdump.pcap';
    const asked = async (id: string, accept: string) =>
      ask(door, { path: v1(`calls/${id}/pcap`), headers: { accept } });
    for (const accept of [type, 'application/json', '*/*']) {
      const got = await asked('x1', accept);
      assert.deepEqual([got.status, got.headers['content-type']], [200, type]);
      assert.deepEqual(Uint8Array.from(got.bytes), capture);
    }
    assert.equal((await asked('x1', 'text/html')).status, 406);
    assert.deepEqual((await asked('x2', type)).row, 'automation/404/8522');
  });

  test('takes either key of a resource that administers', async () => {
    for (const key of resource.keys)
      assert.equal((await ask(openDoor(), { path: v1('trunks'), key })).status, 200);
  });

  test('does not keep the clock from moving on while it moves it', async () => {
    const door = openDoor({
      admin: {
        clockMode: () => 'manual',
        advance: async () => {
          assert.equal(door.held.size, 0);
          return { now: since, fired: [] };
        },
      },
    });
    assert.equal((await ask(door, post('clock/advance', { ms: 5 }))).status, 200);
  });
});
