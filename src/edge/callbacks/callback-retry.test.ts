import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callbackVerdict } from './callback-retry.ts';
import type { PostAnswer, PostFailure } from './poster.ts';

const answer = (status: number): PostAnswer => ({ status, headers: {}, body: '' });
const failure = (how: PostFailure['how']): PostFailure => ({ failed: 'why', how });
const at = 1_000_000;

const table: readonly (readonly [string, PostAnswer | PostFailure, number, number, string])[] = [
  ['200 is taken', answer(200), 1, 0, 'delivered'],
  ['204 is taken', answer(204), 1, 0, 'delivered'],
  ['202 is taken', answer(202), 9, 599, 'delivered'],
  ['500 after the first attempt', answer(500), 1, 0, 'in 1 s'],
  ['500 after the second', answer(500), 2, 1, 'in 2 s'],
  ['503 after the third', answer(503), 3, 3, 'in 4 s'],
  ['no connection after the sixth', failure('unreachable'), 6, 31, 'in 32 s'],
  ['no answer after the seventh', failure('silent'), 7, 63, 'in 60 s'],
  ['no answer after the eighth', failure('silent'), 8, 123, 'in 60 s'],
  ['408 is not final', answer(408), 1, 0, 'in 1 s'],
  ['429 is not final', answer(429), 1, 0, 'in 1 s'],
  ['a redirect is not followed, and may be mended', answer(307), 1, 0, 'in 1 s'],
  ['400 is final', answer(400), 1, 0, 'give-up'],
  ['401 is final', answer(401), 1, 0, 'give-up'],
  ['404 is final', answer(404), 1, 0, 'give-up'],
  ['410 is final', answer(410), 1, 0, 'give-up'],
  ['an address we do not open is final', failure('forbidden'), 1, 0, 'give-up'],
  ['the last retry is ten minutes after the event', answer(500), 12, 540, 'in 60 s'],
  ['and none comes later', answer(500), 12, 541, 'give-up'],
];

for (const [name, given, attempts, after, expected] of table) {
  test(name, () => {
    const now = at + after * 1000;
    const verdict = callbackVerdict(given, { eventAt: at, now, attempts });
    const said = verdict.verdict === 'again' ? `in ${(verdict.at - now) / 1000} s` : verdict.verdict;
    assert.equal(said, expected);
  });
}
