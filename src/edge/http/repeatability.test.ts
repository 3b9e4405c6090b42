import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Calls } from '../../app/desks/commands.ts';
import { refuse } from '../../app/desks/refusals.ts';
import {
  ask,
  callPath,
  createBody,
  createPath,
  type Door,
  openDoor,
  plainKey,
  viewOf,
} from './door.fixture.ts';

const id = 'c0ffee00-1234-4abc-8def-001122334455';
const repeatable = (over: Record<string, string> = {}): Record<string, string> => ({
  'repeatability-request-id': id,
  'repeatability-first-sent': 'Thu, 12 Mar 2026 12:00:00 GMT',
  ...over,
});
const create = (door: Door, body: unknown = createBody, headers = repeatable(), key?: string) =>
  ask(door, { method: 'POST', path: createPath, body, headers, ...(key === undefined ? {} : { key }) });

/** Counts, and lets each creation go when it is told to. */
function counting(answer?: Calls['create']): {
  readonly create: Calls['create'];
  readonly asked: () => number;
} {
  let asked = 0;
  return {
    asked: () => asked,
    create: async (command, remember, signal) => {
      asked++;
      if (answer) return answer(command, remember, signal);
      const ok = viewOf(command);
      return { ok, ...remember?.({ ok }) } as { ok: typeof ok };
    },
  };
}

describe('a request with repeatability headers', () => {
  test('is done once, and answered alike each time', async () => {
    const desk = counting();
    const door = openDoor({
      calls: {
        create: async (c, remember, s) => {
          const answer = await desk.create(c, undefined, s);
          // As the desk does: what is remembered is stored with the decision.
          const record = remember?.(answer);
          if (record) door.repeats.set(record.key, record);
          return answer;
        },
      },
    });
    const first = await create(door);
    const again = await create(door);
    assert.deepEqual([first.status, again.status], [201, 201]);
    assert.equal(again.text, first.text);
    assert.equal(again.headers['x-microsoft-skype-chain-id'], first.headers['x-microsoft-skype-chain-id']);
    assert.deepEqual(
      [first, again].map((got) => got.headers['repeatability-result']),
      ['accepted', 'accepted'],
    );
    assert.equal(desk.asked(), 1);
    assert.equal([...door.repeats.values()][0]?.expiresAt, Date.parse('2026-03-12T13:00:00Z'));
  });

  test('is refused with another body', async () => {
    const door = openDoor();
    await create(door, { ...createBody, callbackUri: 'no' });
    const other = await create(door);
    assert.equal(other.row, 'automation/400/8523');
    assert.equal(other.headers['repeatability-result'], 'rejected');
    assert.match(
      other.error.message,
      /The field Repeatability-Request-ID is invalid\. .* was sent before with another body/,
    );
  });

  test('is another one for another resource and another path', async () => {
    const desk = counting();
    const door = openDoor({ calls: { create: desk.create } });
    await create(door);
    await create(door, createBody, repeatable(), plainKey);
    assert.equal(desk.asked(), 2);
    const ended = await ask(door, {
      method: 'POST',
      path: callPath.replace('?', ':terminate?'),
      headers: repeatable(),
    });
    assert.equal(ended.status, 204);
  });

  test('waits while the first one is under way', async () => {
    const gate = Promise.withResolvers<void>();
    const desk = counting(async (command, remember) => {
      await gate.promise;
      const ok = viewOf(command);
      const record = remember?.({ ok });
      if (record) door.repeats.set(record.key, record);
      return { ok };
    });
    const door = openDoor({ calls: { create: desk.create } });
    const both = [create(door), create(door)];
    while (door.server.underWay() < 2 || desk.asked() === 0) await new Promise(setImmediate);
    const other = await create(door, { ...createBody, operationContext: 'another body' });
    assert.equal(other.headers['repeatability-result'], 'rejected');
    gate.resolve();
    const [first, second] = await Promise.all(both);
    assert.equal(second?.text, first?.text);
    assert.equal(desk.asked(), 1);
  });

  test('is tried anew after a failure that a retry may heal', async () => {
    let attempt = 0;
    const desk = counting(async (command, remember) => {
      if (attempt++ === 0) return { refused: refuse('store-failed', 0, 'the disk is full') };
      const ok = viewOf(command);
      remember?.({ ok });
      return { ok };
    });
    const door = openDoor({ calls: { create: desk.create } });
    const first = await create(door);
    assert.equal(first.row, 'automation/500/9999');
    assert.equal(first.headers['repeatability-result'], undefined);
    assert.equal((await create(door)).status, 201);
    assert.equal(desk.asked(), 2);
  });

  test('remembers a refusal that a retry cannot heal', async () => {
    const desk = counting(async () => ({ refused: refuse('foreign-context', 0, 'of another resource') }));
    const door = openDoor({ calls: { create: desk.create } });
    assert.equal((await create(door)).row, 'automation/403/7507');
    const again = await create(door);
    assert.equal(again.status, 403);
    assert.equal(again.error.code, '7507');
    assert.equal(desk.asked(), 1);
  });

  for (const [why, headers, message] of [
    [
      'without the date of its first sending',
      { 'repeatability-request-id': id },
      /The field Repeatability-First-Sent is invalid\. It is required/,
    ],
    [
      'without an id',
      { 'repeatability-first-sent': 'Thu, 12 Mar 2026 12:00:00 GMT' },
      /The field Repeatability-Request-ID is invalid\. It is required/,
    ],
    ['with an id that is no UUID', repeatable({ 'repeatability-request-id': 'x' }), /It must be a UUID/],
    [
      'with a date that is none',
      repeatable({ 'repeatability-first-sent': 'x' }),
      /The field Repeatability-First-Sent is invalid\. It must be a date/,
    ],
  ] as const) {
    test(`${why} is refused by name`, async () => {
      const got = await create(openDoor(), createBody, { ...headers });
      assert.equal(got.row, 'automation/400/8523');
      assert.equal(got.headers['repeatability-result'], 'rejected');
      assert.match(got.error.message, message);
    });
  }
});
