import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { HttpReply } from '../../scenarios/scenario.ts';
import type { RowId } from '../../src/codes/catalogue.ts';
import { assertRefused, Besieged } from '../peers/besieged.ts';

let besieged: Besieged;
before(async () => {
  besieged = await Besieged.start();
});
after(() => besieged.stop());

type BadRequest = readonly [method: string, path: string, body: unknown, row: RowId, says: string];

const ask = (method: string, path: string, body?: unknown): Promise<HttpReply> =>
  besieged.send({ method, path: `/ringback/v1/${path}`, ...(body === undefined ? {} : { body }) });

const invalid: RowId = 'automation/400/8523';
const missing: RowId = 'automation/404/8522';
const nowhere: RowId = 'automation/404';
const duration = 'It must be a duration such as 250ms, 90s, 1m30s or 2h, of at most 366d.';
const limit = 'The field limit is invalid. It must be a whole number from 1 to 1000.';
const number = 'is invalid. It must be a phone number in E.164 form';
const from = '+15005552000';
const to = '+18005550100';
const ms = 'The field Ms is invalid. It must be a whole number from 0 to';
const advance = (body: unknown, says: string): BadRequest => ['POST', 'clock/advance', body, invalid, says];
const dial = (body: unknown, says: string): BadRequest => ['POST', 'dial', body, invalid, says];
const token = (body: unknown, says: string): BadRequest => ['POST', 'tokens', body, invalid, says];
const subscribe = (body: unknown, says: string): BadRequest => ['POST', 'subscriptions', body, invalid, says];
const endpoint = 'https://a.example/events';

const requests: Readonly<Record<string, BadRequest>> = {
  ...Object.fromEntries(
    ['0', '-1', '1001', '1e2', 'ten', '', '5.5', '٣', '9999999999', '%00', '1%20'].map((text) => [
      `limit ${JSON.stringify(text)}`,
      ['GET', `calls?limit=${text}`, undefined, invalid, limit] as const,
    ]),
  ),
  'a bad limit of deliveries': ['GET', 'deliveries?limit=0', undefined, invalid, limit],
  'a call that is not known': ['GET', 'calls/nothing', undefined, missing, 'no call is known under nothing'],
  'its timeline': ['GET', 'calls/__proto__/timeline', undefined, missing, 'no call is known under __proto__'],
  'its summary': [
    'GET',
    `calls/${'x'.repeat(5000)}/summary`,
    undefined,
    missing,
    'no call is known under xxx',
  ],
  'its explanation': ['GET', "calls/'%20OR%201=1/explanation", undefined, missing, 'no call is known under'],
  'a message': ['GET', 'messages/1', undefined, nowhere, 'no chat message and no text is known under 1'],
  'an SMS': ['POST', 'sms', {}, invalid, 'From'],
  'an SMS to nobody': [
    'POST',
    'sms',
    { from: 'me', to: 'you', text: 'hi' },
    invalid,
    'a phone number or a short code',
  ],
  'a path that is none': [
    'GET',
    'secrets',
    undefined,
    nowhere,
    'nothing is served under /ringback/v1/secrets',
  ],
  'a method that is none': ['POST', 'calls', {}, 'automation/405', 'is served with GET, not with POST'],

  'no duration': advance({}, 'The field Duration is invalid. Give ms or duration.'),
  'both of them': advance({ ms: 1, duration: '1s' }, 'Give either ms or duration.'),
  'a duration without unit': advance({ duration: '5' }, duration),
  'a number as duration': advance({ duration: 5 }, duration),
  'a negative duration': advance({ duration: '-5s' }, duration),
  'a duration of 1,000 days': advance({ duration: '1000d' }, duration),
  'a duration of many digits': advance({ duration: `${'9'.repeat(30)}s` }, duration),
  'a duration of a kilobyte': advance({ duration: '1s'.repeat(500) }, duration),
  'a duration with spaces': advance({ duration: '1 s' }, duration),
  'an empty duration': advance({ duration: '' }, duration),
  'negative ms': advance({ ms: -1 }, ms),
  'half a ms': advance({ ms: 0.5 }, ms),
  'ms as text': advance({ ms: '100' }, ms),
  'ms beyond numbers': advance({ ms: 1e300 }, ms),
  'a list as body': advance([], 'It must be a JSON object and is an array.'),
  'nothing as body': advance(undefined, 'It must be a JSON object and is missing.'),
  'an unknown field': advance({ ms: 1, by: 'x' }, 'The field By is invalid. No such field is known here.'),

  'an unknown fault': [
    'POST',
    'faults',
    { fault: 'fire' },
    invalid,
    'Fault is invalid. It must be one of store-l',
  ],
  'no fault': ['POST', 'faults', {}, invalid, 'The field Fault is invalid. It is required.'],
  'mending an unknown fault': [
    'DELETE',
    'faults/fire',
    undefined,
    nowhere,
    'no fault is called "fire"; known are',
  ],

  'dialling nobody': dial({ from }, 'The field To is invalid. It is required.'),
  'dialling +12': dial({ from, to: '+12' }, `The field To ${number}`),
  'dialling letters': dial({ from, to: 'abc' }, `The field To ${number}`),
  'dialling an injection': dial({ from, to: `${to}@evil.example` }, `The field To ${number}`),
  'a line break in from': dial({ from: `${from}\r\nVia: x`, to }, 'The field From is invalid.'),
  'a caller who is a number': dial({ from: 15005552000, to }, 'From is invalid. It must be a string'),
  'a negative time': dial(
    { from, to, forSeconds: -1 },
    'ForSeconds is invalid. It must be a whole number from 0',
  ),
  'a time of text': dial({ from, to, forSeconds: '5' }, 'ForSeconds is invalid.'),

  'a token for nobody': token({ scopes: ['voip'] }, 'The field User is invalid. It is required.'),
  'a user with spaces': token({ user: 'a b', scopes: ['voip'] }, 'The field User is invalid.'),
  'no scopes': token({ user: 'a', scopes: [] }, 'Scopes is invalid. It must have at least one element.'),
  'an unknown scope': token(
    { user: 'a', scopes: ['root'] },
    'Scopes[0] is invalid. It must be one of chat, voip',
  ),
  'a token for ever': token({ user: 'a', scopes: ['voip'], minutes: 1e9 }, 'a whole number from 1 to 1440.'),
  'a token for no time': token({ user: 'a', scopes: ['voip'], minutes: 0 }, 'The field Minutes is invalid.'),

  'a subscription without name': subscribe({ endpoint }, 'The field Name is invalid. It is required.'),
  'a name with a slash': subscribe(
    { name: 'a/b', endpoint },
    'The field Name is invalid. It must be letters',
  ),
  'a name of 65': subscribe({ name: 'a'.repeat(65), endpoint }, '64 characters and has 65.'),
  'an endpoint elsewhere': subscribe({ name: 'a', endpoint: 'http://a.example' }, 'Endpoint is invalid.'),
  'no events': subscribe({ name: 'a', endpoint, events: [] }, 'Events is invalid. It must have at least one'),
  'another schema': subscribe(
    { name: 'a', endpoint, schema: 'xml' },
    'It must be one of eventgrid, cloudevents.',
  ),
  'attempts beyond 30': subscribe({ name: 'a', endpoint, maxDeliveryAttempts: 31 }, 'from 1 to 30.'),
  'headers that are a list': subscribe({ name: 'a', endpoint, headers: [] }, 'Headers is invalid.'),
  'a header name with a space': subscribe(
    { name: 'a', endpoint, headers: { 'a b': 'c' } },
    'is not a header name',
  ),
  'a header with a line break': subscribe(
    { name: 'a', endpoint, headers: { a: 'b\r\nc: d' } },
    'Headers.A is invalid.',
  ),
  'validating a stranger': ['POST', 'subscriptions/s:validate', undefined, nowhere, 'no subscription "s"'],
  'removing a stranger': ['DELETE', 'subscriptions/s', undefined, nowhere, 'no subscription "s"'],
  'a validation of nobody': [
    'GET',
    'subscriptions/validate?id=x',
    undefined,
    nowhere,
    'is not, or no longer',
  ],
};

describe('a request to the admin API', () => {
  for (const [input, [method, path, body, row, says]] of Object.entries(requests)) {
    test(`with ${input} is refused, and the message names it`, async () => {
      assertRefused(await ask(method, path, body), row, says);
      await besieged.holds();
    });
  }

  test('that breaks what is broken already is a conflict', async () => {
    assert.equal((await ask('POST', 'faults', { fault: 'media-deaf' })).status, 200);
    assertRefused(
      await ask('POST', 'faults', { fault: 'media-deaf' }),
      'automation/409',
      'is broken already',
    );
    assert.equal((await ask('DELETE', 'faults/media-deaf')).status, 204);
    await besieged.holds();
  });

  test('that subscribes twice under one name is a conflict', async () => {
    const body = { name: 'twice', endpoint: besieged.inbox.url('/app/twice') };
    assert.equal((await ask('POST', 'subscriptions', body)).status, 201);
    const again = await ask('POST', 'subscriptions', { ...body, endpoint: besieged.inbox.url('/app/other') });
    assertRefused(again, 'automation/409', 'twice');
    assert.equal((await ask('DELETE', 'subscriptions/twice')).status, 204);
    await besieged.holds();
  });

  test('that dials a number of nobody, or an unassigned one of ours, ends with its row in the list', async () => {
    for (const number of ['+442079460000', '+18005550190']) {
      const dialled = await ask('POST', 'dial', { from, to: number });
      assert.equal(dialled.status, 201, JSON.stringify(dialled.body));
      await besieged.server.clock.advance('1s');
      const { value } = (await ask('GET', 'calls?limit=1')).body as { value: readonly { row: string }[] };
      assert.equal(value[0]?.row, 'call/404/511404');
    }
    await besieged.placesCalls();
  });
});

test('nobody advances a real clock', async () => {
  const real = await Besieged.start({ clock: 'real' });
  const path = '/ringback/v1/clock/advance';
  const reply = await real.send({ method: 'POST', path, body: { duration: '1s' } });
  assertRefused(reply, 'automation/409', 'runs on the real clock, which nobody can advance');
  await real.placesCalls();
  await real.stop();
});
