import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TrunkStatus } from '../app/ports/administration.ts';
import { changeLine, trunkChanges } from './trunk-changes.ts';

const trunk = (name: string, more: Partial<TrunkStatus> = {}): TrunkStatus => ({
  name,
  kind: 'carrier',
  target: 'udp:192.0.2.1:5060',
  media: 'rtp',
  health: 'up',
  why: 'answers OPTIONS',
  liveCalls: 0,
  routes: [],
  ...more,
});
const told = (before: readonly TrunkStatus[], after: readonly TrunkStatus[]): readonly string[] =>
  trunkChanges(before, after).map(changeLine);

test('what is seen first is told whole', () => {
  const down = trunk('b', { health: 'down', why: 'no answer to OPTIONS', liveCalls: 2 });
  assert.deepEqual(told([], [trunk('a', { liveCalls: 1 }), down]), [
    'a is up, 1 live call',
    'b is down (no answer to OPTIONS), 2 live calls',
  ]);
});

test('nothing is told when nothing changed', () => {
  assert.deepEqual(told([trunk('a')], [trunk('a', { why: 'answers still' })]), []);
});

test('health and calls are a line each, in the order of the trunks', () => {
  const before = [trunk('a', { liveCalls: 3 }), trunk('b'), trunk('c')];
  const after = [trunk('a', { health: 'down', why: '503' }), trunk('b', { liveCalls: 1 }), trunk('d')];
  assert.deepEqual(told(before, after), [
    'a was up and is down (503)',
    'a has 0 live calls, had 3',
    'b has 1 live call, had 0',
    'd is up, 0 live calls',
    'c is no longer a trunk of this server',
  ]);
});

test('a server that is silent is told on one line, with what it says', () => {
  const why = 'No server answers at http://127.0.0.1:1.\nStart it.';
  assert.equal(
    changeLine({ change: 'server-silent', why }),
    'the server gives no answer: No server answers at http://127.0.0.1:1. Start it.',
  );
});
