import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jitterMs, lost, type Reception, receive, receivedInAll } from './reception.ts';

const readAll = (sequences: readonly number[], late: (index: number) => number = () => 0): Reception => {
  let reception: Reception | undefined;
  for (const [index, sequence] of sequences.entries()) {
    reception = receive(reception, { ssrc: 1, sequence, timestamp: index * 160 }, index * 20 + late(index));
  }
  return reception!;
};

test('packets in order, across the end of the sequence space, are all there', () => {
  const reception = readAll([65534, 65535, 0, 1]);
  assert.deepEqual([receivedInAll(reception), lost(reception), jitterMs(reception)], [4, 0, 0]);
});

test('a gap counts as lost until the packet comes after all', () => {
  assert.equal(lost(readAll([10, 11, 14])), 2);
  assert.equal(lost(readAll([10, 11, 14, 13])), 1);
});

test('a sender that starts over is not a loss, and what was lost before stays lost', () => {
  const reception = readAll([10, 12, 40000, 40001]);
  assert.deepEqual([receivedInAll(reception), lost(reception)], [4, 1]);
});

test('jitter tends to the mean variation of the delay', () => {
  const reception = readAll(
    Array.from({ length: 500 }, (_, index) => index),
    (index) => (index % 2) * 4,
  );
  assert.ok(Math.abs(jitterMs(reception) - 4) < 0.1, `jitter is ${jitterMs(reception)}`);
});
