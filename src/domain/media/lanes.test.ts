import assert from 'node:assert/strict';
import { test } from 'node:test';
import { due, excludes, nameOf } from './lanes.ts';
import {
  keyOf,
  laneOf,
  type Operation,
  type OperationPhase,
  type OperationSpec,
  toneOf,
} from './operation.ts';

const file = { kind: 'file', uri: 'https://prompts.example/a.wav' } as const;
const play = (to: 'all' | readonly string[]): OperationSpec => ({
  ...{ kind: 'play', sources: [file], loop: false, to },
});
const recognize = (lane: 'main' | 'sub'): OperationSpec => ({
  ...{ kind: 'recognize', input: 'dtmf', legId: 'leg', lane, prompts: [] },
  ...{ interruptPrompt: false, initialSilenceMs: 5000 },
});
const keys: OperationSpec = { kind: 'send-tones', legId: 'leg', tones: ['one'] };
const hold = (legId: string): OperationSpec => ({ kind: 'hold', legId, sources: [file] });

const operation = (
  id: string,
  spec: OperationSpec,
  phase: OperationPhase['phase'] = 'queued',
  connectionId = 'app',
): Operation => ({ id, connectionId, spec, requestedAt: 0, at: { phase } as OperationPhase });

const ids = (operations: readonly Operation[]): readonly string[] => operations.map(({ id }) => id);

test('what everybody hears goes through one lane, what one hears or presses through another', () => {
  assert.deepEqual(
    [play('all'), play(['leg']), recognize('main'), recognize('sub'), keys, hold('leg')].map(laneOf),
    ['main', 'sub', 'main', 'sub', 'sub', 'hold'],
  );
});

test('the first of every lane is due, and nothing beside one that runs', () => {
  const all = [
    operation('p', play('all'), 'prompting'),
    operation('q', play('all')),
    operation('s', keys),
    operation('t', play(['leg'])),
  ];
  assert.deepEqual(ids(due(all)), ['s']);
  assert.deepEqual(ids(due(all.slice(1))), ['q', 's']);
});

test('applications do not wait for each other, nor does anybody on hold', () => {
  const all = [
    operation('one', play('all'), 'prompting', 'app'),
    operation('other', play('all'), 'queued', 'guest'),
    operation('music', hold('leg'), 'prompting'),
    operation('more music', hold('another')),
    operation('again', hold('leg')),
  ];
  assert.deepEqual(ids(due(all)), ['other', 'more music']);
});

test('a connection may have one operation of the sub lane, waiting or running', () => {
  const live = [operation('p', play('all')), operation('s', keys, 'sending')];
  assert.equal(excludes(live, 'app')?.id, 's');
  assert.equal(excludes(live, 'guest'), undefined);
  assert.equal(excludes(live.slice(0, 1), 'app'), undefined);
});

test('people are told operations by the names they know', () => {
  assert.deepEqual(
    [play('all'), play(['leg']), recognize('main'), recognize('sub'), keys, hold('leg')].map(nameOf),
    [
      'Play to all',
      'Play to one participant',
      'Recognize',
      'Recognize in a group call',
      'SendDtmfTones',
      'Hold',
    ],
  );
});

test('every key has a name and the name its key', () => {
  for (const key of '0123456789ABCD#*') {
    const tone = toneOf(key);
    assert.ok(tone && keyOf(tone) === key, key);
  }
  assert.deepEqual([toneOf('a'), toneOf('d'), keyOf('asterisk'), keyOf('pound')], ['a', 'd', '*', '#']);
  for (const none of ['', 'flash', 'E', '12']) assert.equal(toneOf(none), undefined);
});
