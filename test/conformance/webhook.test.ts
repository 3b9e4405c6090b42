import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { parseCallAutomationEvent } from '@azure/communication-call-automation';
import { createLocalJWKSet, createRemoteJWKSet, jwtVerify } from 'jose';
import type { OutboxEntry } from '../../src/app/ports/store.ts';
import type { CallbackEvent } from '../../src/domain/call/events.ts';
import { phoneNumber } from '../../src/domain/ids/identifier.ts';
import { createOutbox } from '../../src/edge/callbacks/outbox.ts';
import { createPoster, type PosterOptions } from '../../src/edge/callbacks/poster.ts';
import type { Recipient } from '../../src/edge/callbacks/recipient.ts';
import { openSigning } from '../../src/edge/callbacks/signing.ts';
import { ManualClock } from '../../src/edge/clock/manual-clock.ts';
import { QuietWatch } from '../../src/edge/clock/quiet-watch.ts';
import { type OpenedStore, openStore } from '../../src/edge/store/open-store.ts';
import { common, everyCallback, otherResults } from '../peers/every-callback.ts';
import { type Answer, bodies, Receiver } from './webhook-receiver.ts';

const resourceId = '5f2c0d7e-8f14-4d0e-9a53-1f2f3b1c9d55';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const nobody: Recipient = {
  prepare: () => ({ never: 'no subscriptions here' }),
  judge: () => ({ verdict: 'give-up' }),
};

async function receive(answer?: (count: number) => Answer): Promise<Receiver> {
  const receiver = await Receiver.open(answer && ((_request, count) => answer(count)));
  cleanups.push(() => receiver.close());
  return receiver;
}

function post(options: Partial<PosterOptions> = {}) {
  const poster = createPoster({ profile: 'development', allowHttpCallbacks: true, ...options });
  cleanups.push(() => poster.close());
  return poster;
}

interface Started {
  readonly store?: OpenedStore;
  readonly clock?: ManualClock;
  readonly concurrency?: number;
  readonly callbackTimeoutMs?: number;
}

async function start({ store: given, clock: at, ...rest }: Started = {}) {
  const quiet = new QuietWatch();
  const clock = at ?? new ManualClock(Date.now(), quiet);
  const store = given ?? openStore({ file: ':memory:', hold: (what) => quiet.hold(what) });
  if (!given) cleanups.push(() => store.close());
  const delivered: string[] = [];
  const givenUp: string[] = [];
  const trouble: unknown[] = [];
  const signing = await openSigning({ store, clock });
  const outbox = createOutbox({
    store,
    poster: post(),
    clock,
    quiet,
    signing,
    subscription: nobody,
    onDelivered: ({ id }) => delivered.push(id),
    onGivenUp: ({ id }) => givenUp.push(id),
    onTrouble: (error) => trouble.push(error),
    ...rest,
  });
  outbox.start();
  cleanups.push(() => outbox.stop());
  cleanups.push(() => assert.deepEqual(trouble, []));
  const owe = async (...entries: readonly OutboxEntry[]): Promise<void> => {
    await store.post(entries);
    outbox.owe(entries);
  };
  const settled = async (): Promise<void> => assert.deepEqual(await quiet.settled(3000), []);
  const states = (): Record<string, string> =>
    Object.fromEntries(store.deliveries({ limit: 1000 }).map(({ entry, state }) => [entry.id, state]));
  return { clock, delivered, givenUp, outbox, owe, quiet, settled, signing, states, store };
}

const plain: CallbackEvent = {
  type: 'ParticipantsUpdated',
  callConnectionId: 'connection-1',
  serverCallId: 'server-call',
  correlationId: 'correlation',
  participants: [{ identifier: phoneNumber('+15005552000'), isMuted: false, isOnHold: false }],
  sequenceNumber: 1,
};

function owed(
  id: string,
  order: number,
  at: number,
  url: string,
  more: Partial<OutboxEntry> = {},
): OutboxEntry {
  return {
    id,
    stream: 'connection-1',
    order,
    at,
    to: { kind: 'callback', url, resourceId, apiVersion: '2024-09-15' },
    event: JSON.parse(JSON.stringify(plain)),
    ...more,
  };
}

test('events of one connection keep their order while the receiver fails, and another connection does not wait', async () => {
  const failing = await receive((count) => ({ status: count <= 3 ? 503 : 200 }));
  const healthy = await receive();
  const { clock, delivered, owe, settled } = await start();
  const at = clock.now();
  await owe(
    owed('a1', 1, at, failing.url()),
    owed('a2', 2, at, failing.url()),
    owed('a3', 3, at, failing.url()),
    owed('b1', 1, at, healthy.url(), { stream: 'connection-2' }),
  );
  await settled();
  assert.deepEqual(delivered, ['b1']);
  await clock.advance(7000);
  assert.deepEqual(
    bodies(failing).map(({ id }) => id),
    ['a1', 'a1', 'a1', 'a1', 'a2', 'a3'],
  );
  assert.deepEqual(delivered, ['b1', 'a1', 'a2', 'a3']);
});

test('a callback that is never taken is tried after 1, 2, 4, 8, 16, 32, 60, 60 … s and given up after ten minutes', async () => {
  const receiver = await receive(() => ({ status: 500, body: 'out of order' }));
  const { clock, givenUp, owe, settled, states, store } = await start();
  const at = clock.now();
  await owe(owed('a1', 1, at, receiver.url()), owed('a2', 2, at + 595_000, receiver.url()));
  await settled();
  await clock.advance(599_000);
  const first = store.deliveries({ limit: 9 }).find(({ entry }) => entry.id === 'a1');
  assert.deepEqual(
    first?.attempts.map((attempt) => (attempt.at - at) / 1000),
    [0, 1, 3, 7, 15, 31, 63, 123, 183, 243, 303, 363, 423, 483, 543],
  );
  assert.deepEqual(first?.attempts[0]?.status, 500);
  assert.equal(first?.attempts[0]?.detail, 'out of order');
  assert.equal(first?.state, 'given-up');
  assert.deepEqual(givenUp, ['a1']);
  // The next one is not blocked by it.
  assert.deepEqual(bodies(receiver).at(-1)?.id, 'a2');
  assert.equal(states().a2, 'owed');
});

test('a 4xx is final except 408 and 429, and does not block what follows', async () => {
  const answers = [404, 408, 429, 200, 200];
  const receiver = await receive((count) => ({ status: answers[count - 1] ?? 500 }));
  const { clock, owe, settled, states } = await start();
  const at = clock.now();
  await owe(
    owed('gone', 1, at, receiver.url()),
    owed('slow', 2, at, receiver.url()),
    owed('next', 3, at, receiver.url()),
  );
  await settled();
  await clock.advance(3000);
  assert.deepEqual(
    bodies(receiver).map(({ id }) => id),
    ['gone', 'slow', 'slow', 'slow', 'next'],
  );
  assert.deepEqual(states(), { gone: 'given-up', slow: 'delivered', next: 'delivered' });
});

test('a new process over the same store continues where the old one stopped', async () => {
  const receiver = await receive((count) => ({ status: count <= 1 ? 503 : 200 }));
  const first = await start();
  const at = first.clock.now();
  await first.owe(owed('a1', 1, at, receiver.url()), owed('a2', 2, at, receiver.url()));
  await first.settled();
  await first.outbox.stop();
  await first.clock.advance(60_000);
  assert.equal(receiver.received.length, 1, 'a stopped outbox sends nothing');

  const second = await start({ store: first.store });
  await second.settled();
  assert.deepEqual(
    bodies(receiver).map(({ id }) => id),
    ['a1', 'a1', 'a2'],
  );
  assert.deepEqual(second.states(), { a1: 'delivered', a2: 'delivered' });
  const attempts = second.store.deliveries({ limit: 9 }).find(({ entry }) => entry.id === 'a1')?.attempts;
  assert.deepEqual(
    attempts?.map(({ status }) => status),
    [503, 200],
  );
});

test('stopping with grace sends what is ready and leaves what waits', async () => {
  const receiver = await receive();
  const { clock, outbox, owe, states } = await start({ concurrency: 1 });
  const at = clock.now();
  await owe(...Array.from({ length: 20 }, (_, i) => owed(`e${i}`, i, at, receiver.url())));
  await outbox.stop(3000);
  assert.equal(receiver.received.length, 20);
  assert.equal(Object.values(states()).filter((state) => state === 'delivered').length, 20);
});

test('no more requests are in flight than allowed, whatever the number of streams', async () => {
  let inFlight = 0;
  let most = 0;
  const receiver = await receive();
  receiver.answer = async () => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    inFlight -= 1;
    return { status: 200 };
  };
  const { clock, owe, settled, outbox } = await start({ concurrency: 3 });
  const at = clock.now();
  await owe(
    ...Array.from({ length: 40 }, (_, i) => owed(`e${i}`, 1, at, receiver.url(), { stream: `s${i}` })),
  );
  await settled();
  assert.equal(receiver.received.length, 40);
  assert.equal(most, 3);
  assert.deepEqual(outbox.stats(), { owed: 0, inFlight: 0, waiting: 0, delivered: 40, givenUp: 0 });
  // undici may open one more while it hands a connection back.
  assert.ok(receiver.connections <= 6, `connections are kept, and there were ${receiver.connections}`);
});

test('the token is accepted by whoever follows our OpenID configuration', async () => {
  const receiver = await receive();
  const { clock, owe, settled, signing } = await start();
  const published = await receive();
  published.answer = ({ path }) => ({
    status: path === '/calling/keys' ? 200 : 404,
    body: JSON.stringify(signing.jwks()),
  });
  await owe(owed('a1', 1, clock.now(), receiver.url()));
  await settled();
  const token = receiver.received[0]?.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const { issuer, jwks_uri } = signing.openIdConfiguration(published.url());
  const expected = { issuer, audience: resourceId };
  const { payload, protectedHeader } = await jwtVerify(
    token,
    createRemoteJWKSet(new URL(jwks_uri)),
    expected,
  );
  assert.equal(issuer, 'https://acscallautomation.communication.azure.com');
  assert.equal(protectedHeader.alg, 'RS256');
  assert.equal((payload.exp ?? 0) - (payload.iat ?? 0), 300);
  await jwtVerify(token, createLocalJWKSet(signing.jwks()), expected);
  await assert.rejects(
    jwtVerify(token, createLocalJWKSet(signing.jwks()), { issuer, audience: 'another-resource' }),
    { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' },
  );
});

test('the SDK reads every callback that we send', async () => {
  const receiver = await receive();
  const { clock, owe, settled } = await start();
  const at = clock.now();
  const sent = [...everyCallback, ...otherResults];
  await owe(
    ...sent.map(({ event }, i) =>
      owed(`e${i}`, i, at, receiver.url(), { event: JSON.parse(JSON.stringify(event)) }),
    ),
  );
  await settled();
  assert.equal(receiver.received.length, sent.length);
  for (const [i, { reads }] of sent.entries()) {
    const read = parseCallAutomationEvent(receiver.received[i]?.body ?? '');
    assert.partialDeepStrictEqual(read, { ...common, ...reads });
  }
});

test('after a reset nothing old is sent, and new events are', async () => {
  const receiver = await receive((count) => ({ status: count === 1 ? 503 : 200 }));
  const { clock, outbox, owe, settled, store } = await start();
  await owe(owed('old', 1, clock.now(), receiver.url()), owed('behind', 2, clock.now(), receiver.url()));
  await settled();
  await store.reset(['keys']);
  outbox.forget();
  await clock.advance(60_000);
  await owe(owed('new', 1, clock.now(), receiver.url()));
  await settled();
  assert.deepEqual(
    bodies(receiver).map(({ id }) => id),
    ['old', 'new'],
  );
});
