import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type HandshakeResult,
  nextState,
  type Patience,
  type ValidationState,
  wakeAt,
} from './subscription-state.ts';

const minute = 60_000;
const creating: ValidationState = { state: 'Creating', since: 0 };
const shake = (askedAt: number, id = 'v1') => ({ id, token: 't', askedAt });
const answered = (answer: HandshakeResult, askedAt = 0, patience: Patience = 'requested', id = 'v1') =>
  ({ input: 'answered', answer, validation: shake(askedAt, id), patience }) as const;
const confirmed: HandshakeResult = { result: 'confirmed' };
const withheld: HandshakeResult = { result: 'withheld', why: 'no response.' };
const broken: HandshakeResult = { result: 'broken', why: 'answered 500.' };
const silent: HandshakeResult = { result: 'silent', why: 'no answer.' };

test('a confirmed handshake succeeds, whatever went before', () => {
  const failed: ValidationState = { state: 'Failed', since: 1, reason: 'before' };
  for (const before of [creating, failed]) {
    assert.deepEqual(nextState(before, answered(confirmed), 5), {
      state: 'Succeeded',
      since: 5,
      validationId: 'v1',
    });
  }
});

test('a withheld answer waits ten minutes for the URL to be opened', () => {
  const waiting = nextState(creating, answered(withheld, 100), 200);
  assert.equal(waiting.state, 'AwaitingManualAction');
  assert.equal(wakeAt(waiting), 100 + 10 * minute);
  assert.equal(nextState(waiting, { input: 'time' }, 10 * minute), waiting);
  const over = nextState(waiting, { input: 'time' }, 100 + 10 * minute);
  assert.equal(over.state, 'Failed');
  const granted = nextState(waiting, { input: 'granted', validation: shake(100) }, 300);
  assert.equal(granted.state, 'Succeeded');
});

test('a URL opened before the answer is not undone by the answer', () => {
  const granted = nextState(creating, { input: 'granted', validation: shake(0) }, 1);
  for (const answer of [withheld, broken, silent])
    assert.equal(nextState(granted, answered(answer), 2), granted);
  assert.equal(nextState(granted, answered(broken, 5, 'requested', 'v2'), 6).state, 'Failed');
});

test('a requested subscription is tried a second time only when the endpoint was silent', () => {
  assert.deepEqual(nextState(creating, answered(broken), 1), {
    state: 'Failed',
    since: 1,
    reason: 'answered 500.',
  });
  const again = nextState(creating, answered(silent, 0), 1000);
  assert.equal(again.state, 'Creating');
  assert.equal(wakeAt(again), 6000);
  assert.equal(nextState(again, answered(silent, 6000), 7000).state, 'Failed');
});

test('a configured one is tried every 5 s until ten minutes have passed', () => {
  let state: ValidationState = creating;
  let tries = 0;
  for (let now = 0; state.state === 'Creating'; now = wakeAt(state) ?? now) {
    state = nextState(state, answered(broken, now, 'configured'), now);
    tries += 1;
  }
  assert.equal(state.state, 'Failed');
  assert.equal(tries, 121);
});
