import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import type { SubscriptionDefinition } from '../../src/app/ports/administration.ts';
import type { OutboxEntry } from '../../src/app/ports/store.ts';
import { type GridEvent, gridSubject } from '../../src/domain/call/events.ts';
import { communicationUser, phoneNumber } from '../../src/domain/ids/identifier.ts';
import { DeadLetters } from '../../src/edge/callbacks/dead-letters.ts';
import { gridRecipient } from '../../src/edge/callbacks/grid-recipient.ts';
import { createOutbox } from '../../src/edge/callbacks/outbox.ts';
import { createPoster } from '../../src/edge/callbacks/poster.ts';
import { openSigning } from '../../src/edge/callbacks/signing.ts';
import { Subscriptions } from '../../src/edge/callbacks/subscriptions.ts';
import { ManualClock } from '../../src/edge/clock/manual-clock.ts';
import { QuietWatch } from '../../src/edge/clock/quiet-watch.ts';
import { type OpenedStore, openStore } from '../../src/edge/store/open-store.ts';
import { type Answering, Receiver } from './webhook-receiver.ts';

const resource = { id: '5f2c0d7e-8f14-4d0e-9a53-1f2f3b1c9d55', name: 'local' };
const baseUrl = 'http://localhost:8080';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

/** Confirms as the documentation shows it, then takes every event. */
const confirming: Answering = ({ method, headers, body }) => {
  if (method === 'OPTIONS')
    return { status: 200, headers: { 'WebHook-Allowed-Origin': 'eventgrid.azure.net' } };
  if (headers['aeg-event-type'] !== 'SubscriptionValidation') return { status: 200 };
  const [event] = JSON.parse(body);
  return { status: 200, body: JSON.stringify({ validationResponse: event.data.validationCode }) };
};

async function receive(answer: Answering = confirming, port = 0): Promise<Receiver> {
  const receiver = await Receiver.open(answer, undefined, port);
  cleanups.push(() => receiver.close());
  return receiver;
}

async function start(configured: readonly SubscriptionDefinition[] = [], given?: OpenedStore) {
  const quiet = new QuietWatch();
  const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'), quiet);
  const store = given ?? openStore({ file: ':memory:', hold: (what) => quiet.hold(what) });
  const poster = createPoster({ profile: 'development', allowHttpCallbacks: true });
  const trouble: unknown[] = [];
  const common = { store, poster, clock, quiet, onTrouble: (error: unknown) => trouble.push(error) };
  const subscriptions = new Subscriptions({
    ...common,
    ids: { next: randomUUID },
    resource: (name = 'local') => (name === resource.name ? resource : undefined),
    baseUrl: () => baseUrl,
  });
  const deadLetters = new DeadLetters(common);
  const delivered: string[] = [];
  const outbox = createOutbox({
    ...common,
    signing: await openSigning({ store, clock }),
    subscription: gridRecipient({ target: (name) => subscriptions.target(name), deadLetters }),
    onDelivered: ({ id }) => delivered.push(id),
  });
  subscriptions.start(configured);
  deadLetters.start();
  outbox.start();
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await outbox.stop();
    subscriptions.stop();
    deadLetters.stop();
    await poster.close();
    await store.flush();
    assert.deepEqual(trouble, []);
  };
  if (!given) cleanups.push(() => store.close());
  cleanups.push(stop);
  const settled = async (): Promise<void> => assert.deepEqual(await quiet.settled(3000), []);
  const announce = async (name: string, event: GridEvent, id: string = randomUUID()): Promise<void> => {
    const entry: OutboxEntry = {
      id,
      stream: `subscription:${name}:${id}`,
      order: 1,
      at: clock.now(),
      to: { kind: 'subscription', name, subject: gridSubject(event) },
      event: JSON.parse(JSON.stringify(event)),
    };
    await store.post([entry]);
    outbox.owe([entry]);
    await settled();
  };
  const status = (name = 'calls') => subscriptions.subscriptions().find((one) => one.name === name);
  const delivery = () => store.deliveries({ limit: 1 })[0];
  return { announce, clock, delivered, delivery, quiet, settled, status, stop, store, subscriptions };
}

const incoming: GridEvent = {
  type: 'IncomingCall',
  from: phoneNumber('+15005552000'),
  to: communicationUser('8:acs:resource_user'),
  serverCallId: 'server-call',
  callerDisplayName: 'Carla',
  headers: [{ name: 'X-Ticket', value: '42' }],
  incomingCallContext: 'opaque',
  correlationId: 'correlation',
  offerId: 'offer',
};
const calls = (endpoint: string, more: Partial<SubscriptionDefinition> = {}): SubscriptionDefinition => ({
  name: 'calls',
  endpoint,
  ...more,
});

test('an endpoint that echoes the code is validated at once and gets its events', async () => {
  const receiver = await receive();
  const { announce, subscriptions, delivered } = await start();
  const subscribed = await subscriptions.subscribe(
    calls(receiver.url('/events'), { headers: { 'X-Mine': 'yes' } }),
  );
  assert.equal('subscription' in subscribed && subscribed.subscription.state, 'Succeeded');
  const shake = receiver.received[0];
  const [asked] = JSON.parse(shake?.body ?? '');
  assert.equal(shake?.headers['aeg-event-type'], 'SubscriptionValidation');
  assert.equal(shake?.headers['aeg-subscription-name'], 'calls');
  assert.equal(asked.eventType, 'Microsoft.EventGrid.SubscriptionValidationEvent');
  assert.match(
    asked.data.validationUrl,
    /^http:\/\/localhost:8080\/ringback\/v1\/subscriptions\/validate\?id=.+&t=.+$/,
  );

  assert.deepEqual(subscriptions.matching(resource.id, 'IncomingCall', gridSubject(incoming)), ['calls']);
  await announce('calls', incoming, 'event-1');
  const { headers, body, path } = receiver.received[1] ?? assert.fail('no event came');
  assert.equal(path, '/events');
  assert.deepEqual(
    [headers['content-type'], headers['aeg-event-type'], headers['aeg-delivery-count'], headers['x-mine']],
    ['application/json; charset=utf-8', 'Notification', '0', 'yes'],
  );
  assert.deepEqual([headers['aeg-data-version'], headers['aeg-metadata-version']], ['1.0', '1']);
  const [event] = JSON.parse(body);
  assert.deepEqual(
    [event.id, event.eventType, event.subject, event.data.incomingCallContext],
    [
      'event-1',
      'Microsoft.Communication.IncomingCall',
      '/caller/4:+15005552000/recipient/8:acs:resource_user',
      'opaque',
    ],
  );
  assert.match(event.topic, /\/communicationServices\/local$/);
  assert.deepEqual(delivered, ['event-1']);
});

test('CloudEvents: OPTIONS is the handshake, and events come as a single object with the origin', async () => {
  const receiver = await receive();
  const { announce, subscriptions } = await start();
  const subscribed = await subscriptions.subscribe(calls(receiver.url(), { schema: 'cloudevents' }));
  assert.equal('subscription' in subscribed && subscribed.subscription.state, 'Succeeded');
  const shake = receiver.received[0];
  assert.deepEqual(
    [shake?.method, shake?.headers['webhook-request-origin']],
    ['OPTIONS', 'eventgrid.azure.net'],
  );
  await announce('calls', incoming);
  const { headers, body } = receiver.received[1] ?? assert.fail('no event came');
  assert.deepEqual(
    [headers['content-type'], headers.origin, headers['aeg-data-version']],
    ['application/cloudevents+json; charset=utf-8', 'eventgrid.azure.net', undefined],
  );
  const event = JSON.parse(body);
  assert.deepEqual([event.specversion, event.type], ['1.0', 'Microsoft.Communication.IncomingCall']);
});

test('an endpoint that withholds the answer is validated by its URL, even before it answers', async () => {
  const late = await receive(() => ({ status: 200, body: 'ok' }));
  const { clock, status, subscriptions } = await start();
  const query = (url = ''): Record<string, string> => Object.fromEntries(new URL(url).searchParams);
  for (const schema of ['eventgrid', 'cloudevents'] as const) {
    await subscriptions.subscribe(calls(late.url(), { name: schema, schema }));
    const waiting = status(schema);
    assert.equal(waiting?.state, 'AwaitingManualAction');
    assert.match(waiting?.reason ?? '', /Open the validation URL/);
    assert.deepEqual(subscriptions.matching(resource.id, 'IncomingCall', ''), []);
    const right = query(waiting?.validationUrl);
    assert.equal(await subscriptions.validateManually({ ...right, t: 'guessed' }), false);
    assert.equal(await subscriptions.validateManually(right), true);
    assert.equal(status(schema)?.state, 'Succeeded');
    assert.equal(await subscriptions.unsubscribe(schema), true);
  }

  const eager = await receive(async ({ body }) => {
    const [event] = JSON.parse(body);
    assert.equal(await subscriptions.validateManually(query(event.data.validationUrl)), true);
    return { status: 200 };
  });
  await subscriptions.subscribe(calls(eager.url()));
  assert.equal(status()?.state, 'Succeeded');

  await subscriptions.subscribe(calls(late.url(), { name: 'forgotten' }));
  const url = status('forgotten')?.validationUrl;
  await clock.advance(10 * 60_000);
  assert.equal(status('forgotten')?.state, 'Failed');
  assert.match(status('forgotten')?.reason ?? '', /not opened within 10 minutes/);
  assert.equal(await subscriptions.validateManually(query(url)), false);
});

test('an endpoint that answers wrongly fails, and the reason says what to answer', async () => {
  const { status, subscriptions } = await start();
  const cases: readonly (readonly [Answering, 'eventgrid' | 'cloudevents', RegExp])[] = [
    [() => ({ status: 202 }), 'eventgrid', /202 does not count/],
    [() => ({ status: 404 }), 'eventgrid', /with 404/],
    [
      () => ({ status: 200, body: '{"validationResponse":"wrong"}' }),
      'eventgrid',
      /another validationResponse/,
    ],
    [() => 'hang-up', 'eventgrid', /closed the connection/],
    [() => ({ status: 405 }), 'cloudevents', /OPTIONS with 405/],
    [
      () => ({ status: 200, headers: { 'WebHook-Allowed-Origin': 'x.test' } }),
      'cloudevents',
      /the origin x\.test/,
    ],
  ];
  for (const [answer, schema, reason] of cases) {
    const receiver = await receive(answer);
    await subscriptions.subscribe(calls(receiver.url(), { schema }));
    assert.equal(status()?.state, 'Failed', String(reason));
    assert.match(status()?.reason ?? '', reason);
    const again = await subscriptions.validate('calls');
    assert.ok('broken' in again);
    receiver.answer = confirming;
    const mended = await subscriptions.validate('calls');
    assert.equal('subscription' in mended && mended.subscription.state, 'Succeeded');
    await subscriptions.unsubscribe('calls');
  }
  assert.deepEqual(await subscriptions.validate('nobody'), { unknown: true });
});

test('a configured subscription is tried every 5 s for ten minutes', async () => {
  const there = await Receiver.open(confirming);
  const { port } = there;
  await there.close();
  const { clock, status, announce, settled } = await start([calls(`http://localhost:${port}/`)]);
  await settled();
  assert.equal(status()?.state, 'Creating');
  assert.match(status()?.reason ?? '', /nothing listens there/);
  await clock.advance(60_000);
  const receiver = await receive(confirming, port);
  await announce('calls', incoming, 'early');
  assert.equal(receiver.received.length, 0, 'nothing is delivered before the validation');
  await clock.advance(10_000);
  assert.equal(status()?.state, 'Succeeded');
  assert.deepEqual(
    receiver.received.map(({ headers }) => headers['aeg-event-type']),
    ['SubscriptionValidation', 'Notification'],
  );

  const never = await start([calls('http://localhost:1/')]);
  await never.clock.advance(11 * 60_000);
  assert.equal(never.status()?.state, 'Failed');
});

test('the same settings again change nothing, other settings find the name taken', async () => {
  const receiver = await receive();
  const { status, subscriptions } = await start();
  const wanted = calls(receiver.url(), { events: ['IncomingCall', 'CallEnded'] });
  await subscriptions.subscribe(wanted);
  const same = {
    ...wanted,
    schema: 'eventgrid',
    events: ['Microsoft.Communication.CallEnded', 'IncomingCall'],
  } as const;
  assert.ok('subscription' in (await subscriptions.subscribe(same)));
  assert.equal(receiver.received.length, 1);
  const other = await subscriptions.subscribe({ ...wanted, events: ['CallEnded'] });
  assert.match('taken' in other ? other.taken : '', /other settings/);
  assert.equal(status()?.state, 'Succeeded');
  assert.equal(await subscriptions.unsubscribe('calls'), true);
  assert.equal(await subscriptions.unsubscribe('calls'), false);
});

test('filters and resource decide who matches', async () => {
  const receiver = await receive();
  const { subscriptions } = await start();
  const add = (name: string, more: Partial<SubscriptionDefinition>) =>
    subscriptions.subscribe(calls(receiver.url(), { name, ...more }));
  await add('all', {});
  await add('ended', { events: ['Microsoft.Communication.CallEnded'] });
  await add('caller', { subjectBeginsWith: '/CALLER/4:+1500555' });
  await add('callee', { subjectEndsWith: 'recipient/8:acs:someone-else' });
  const stray = await add('stray', { resource: 'elsewhere' });
  assert.match(
    'subscription' in stray ? (stray.subscription.reason ?? '') : '',
    /no resource named elsewhere/,
  );
  const matching = (event: GridEvent, id = resource.id) =>
    subscriptions.matching(id, event.type, gridSubject(event));
  assert.deepEqual(matching(incoming), ['all', 'caller']);
  assert.deepEqual(matching(incoming, 'another resource'), []);
  assert.deepEqual(subscriptions.matching(resource.id, 'CallEnded', 'call/x'), ['all', 'ended']);
});

test('a failing endpoint is tried again on the schedule, and what is given up becomes a dead letter', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'ringback-letters-'));
  cleanups.push(() => rm(directory, { recursive: true }));
  const receiver = await receive();
  const first = await start();
  const { announce, clock, delivery, subscriptions } = first;
  await subscriptions.subscribe(calls(receiver.url(), { deadLetter: directory, maxDeliveryAttempts: 4 }));
  const statuses = [500, 503, 404, 408];
  receiver.answer = (_request, count) => ({ status: statuses[count - 2] ?? 200 });
  const at = clock.now();
  await announce('calls', incoming, 'lost');
  await clock.advance(7 * 60_000);
  // 10 s, then 30 s, then 5 min because of the 404.
  assert.deepEqual(
    delivery()?.attempts.map((attempt) => (attempt.at - at) / 1000),
    [0, 10, 40, 340],
  );
  assert.deepEqual(
    receiver.received.slice(1).map(({ headers }) => headers['aeg-delivery-count']),
    ['0', '1', '2', '3'],
  );
  assert.equal(delivery()?.state, 'given-up');
  assert.deepEqual(await readdir(directory), []);

  // The letter is written although the server was restarted in between.
  await first.stop();
  const second = await start([], first.store);
  await second.clock.advance(15 * 60_000);
  const [letter] = JSON.parse(await readFile(join(directory, 'lost.json'), 'utf8'));
  assert.deepEqual(
    [letter.id, letter.deadLetterReason, letter.deliveryAttempts, letter.lastDeliveryOutcome],
    ['lost', 'MaxDeliveryAttemptsExceeded', 4, 'TimedOut'],
  );
  assert.equal(letter.publishTime, new Date(at).toISOString());
  assert.equal(letter.lastDeliveryAttemptTime, new Date(at + 340_000).toISOString());
  assert.equal(second.delivery()?.state, 'dead-lettered');
  assert.equal(second.status()?.state, 'Succeeded', 'a validated subscription survives the restart');

  receiver.answer = () => ({ status: 400 });
  await second.subscriptions.unsubscribe('calls');
  receiver.answer = confirming;
  await second.subscriptions.subscribe(
    calls(receiver.url(), { deadLetter: directory, schema: 'cloudevents' }),
  );
  receiver.answer = () => ({ status: 401 });
  await second.announce('calls', incoming, 'refused');
  assert.equal(second.delivery()?.state, 'given-up');
  await second.clock.advance(5 * 60_000);
  const [cloud] = JSON.parse(await readFile(join(directory, 'refused.json'), 'utf8'));
  assert.deepEqual(
    [cloud.specversion, cloud.deliveryattempts, cloud.lastdeliveryoutcome],
    ['1.0', 1, 'Unauthorized'],
  );
});

test('an event of a deleted subscription is given up and says so', async () => {
  const { announce, delivery } = await start();
  await announce('nobody', incoming);
  assert.equal(delivery()?.state, 'given-up');
  assert.equal(delivery()?.attempts[0]?.detail, 'The subscription nobody was deleted.');
});
