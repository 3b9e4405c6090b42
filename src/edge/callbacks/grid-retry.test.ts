import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridVerdict } from './grid-retry.ts';
import type { PostAnswer, PostFailure } from './poster.ts';

const answer = (status: number): PostAnswer => ({ status, headers: {}, body: '' });
const failure = (how: PostFailure['how']): PostFailure => ({ failed: 'why', how });
const minute = 60;
const hour = 60 * minute;

/** What, after how many attempts, how many seconds after the event, and what follows. */
const table: readonly (readonly [PostAnswer | PostFailure, number, number, string])[] = [
  [answer(200), 1, 0, 'delivered'],
  [answer(203), 1, 0, 'delivered'],
  [answer(204), 1, 0, 'delivered'],
  [answer(206), 1, 0, 'in 10 s'],
  [answer(302), 1, 0, 'in 10 s'],
  [answer(500), 1, 0, 'in 10 s'],
  [failure('silent'), 2, 10, 'in 30 s'],
  [failure('unreachable'), 3, 40, 'in 60 s'],
  [answer(500), 4, 100, 'in 300 s'],
  [answer(500), 5, 400, 'in 600 s'],
  [answer(500), 6, 1000, 'in 1800 s'],
  [answer(500), 7, 2800, 'in 3600 s'],
  [answer(500), 8, 6400, `in ${3 * hour} s`],
  [answer(500), 9, 17_200, `in ${6 * hour} s`],
  [answer(500), 10, 38_800, `in ${12 * hour} s`],
  [answer(500), 11, 82_000, 'TimeToLiveExceeded'],
  [answer(503), 1, 0, 'in 30 s'],
  [answer(408), 1, 0, `in ${2 * minute} s`],
  [answer(404), 1, 0, `in ${5 * minute} s`],
  [answer(404), 5, 0, `in ${10 * minute} s`],
  [answer(400), 1, 0, 'UndeliverableDueToClientError'],
  [answer(401), 1, 0, 'UndeliverableDueToClientError'],
  [answer(403), 1, 0, 'UndeliverableDueToClientError'],
  [answer(413), 1, 0, 'UndeliverableDueToClientError'],
  [failure('forbidden'), 1, 0, 'UndeliverableDueToClientError'],
  [answer(500), 30, 0, 'MaxDeliveryAttemptsExceeded'],
];

for (const [given, attempts, after, expected] of table) {
  const what = 'failed' in given ? given.how : given.status;
  test(`${what} at attempt ${attempts}, ${after} s after the event: ${expected}`, () => {
    const now = after * 1000;
    const policy = { maxDeliveryAttempts: 30, timeToLiveMs: 24 * hour * 1000 };
    const verdict = gridVerdict(given, { eventAt: 0, now, attempts }, policy);
    if (verdict.verdict === 'again') assert.equal(`in ${(verdict.at - now) / 1000} s`, expected);
    else assert.equal(verdict.verdict === 'give-up' ? verdict.reason : verdict.verdict, expected);
  });
}
