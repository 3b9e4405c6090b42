import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AudioQueue } from './audio-queue.ts';

const packet = (value: number, length = 160): Uint8Array => new Uint8Array(length).fill(value);

function open() {
  const queue = new AudioQueue();
  const frame = new Uint8Array(160);
  return {
    put: (...values: readonly number[]) => {
      for (const value of values) queue.put(packet(value));
    },
    queue,
    take: (): number | undefined => (queue.take(frame) ? frame[0] : undefined),
    frame,
  };
}

describe('a queue of sound', () => {
  test('gathers two packets before it gives the first, and again after a hole', () => {
    const { put, take } = open();
    put(1);
    assert.equal(take(), undefined);
    put(2);
    assert.deepEqual([take(), take(), take()], [1, 2, undefined]);
    put(3);
    assert.equal(take(), undefined);
    put(4);
    assert.equal(take(), 3);
  });

  test('evens out packets that come late and together', () => {
    const { put, take } = open();
    const heard: (number | undefined)[] = [];
    let next = 0;
    put(next++, next++);
    // Nothing for 20 ms, then two at once.
    for (let n = 0; n < 100; n++) {
      if (n % 2 === 1) put(next++ % 256, next++ % 256);
      heard.push(take());
    }
    assert.deepEqual(
      heard,
      Array.from({ length: 100 }, (_, n) => n % 256),
    );
  });

  test('takes packets of any length', () => {
    const { queue, frame } = open();
    let byte = 0;
    const heard: number[] = [];
    for (const length of [80, 240, 33, 400, 7, 160, 200, 100, 60]) {
      queue.put(Uint8Array.from({ length }, () => byte++));
      while (queue.take(frame)) heard.push(...frame);
    }
    assert.ok(heard.length > 600);
    assert.deepEqual(
      heard,
      heard.map((_, n) => n % 256),
    );
  });

  test('holds 120 ms and drops what came first beyond that', () => {
    const { put, take } = open();
    put(1, 2, 3, 4, 5, 6, 7, 8);
    assert.deepEqual([take(), take(), take(), take(), take(), take(), take()], [3, 4, 5, 6, 7, 8, undefined]);
    const odd = open();
    let byte = 0;
    for (const length of [900, 100]) odd.queue.put(Uint8Array.from({ length }, () => byte++ % 251));
    const heard: number[] = [];
    while (odd.queue.take(odd.frame)) heard.push(...odd.frame);
    assert.deepEqual(
      heard,
      Array.from({ length: 960 }, (_, n) => (n + 40) % 251),
    );
    const { queue, frame } = open();
    queue.put(Uint8Array.from({ length: 2000 }, (_, n) => n % 251));
    assert.ok(queue.take(frame));
    assert.equal(frame[0], 1040 % 251);
  });

  test('gives back the delay that a burst has left, a packet a second, and keeps what jitter needs', () => {
    const { put, take } = open();
    let sent = 0;
    const delays: number[] = [];
    put(...Array.from({ length: 5 }, () => sent++));
    for (let n = 0; n < 10 * 50; n++) {
      put(sent++ % 256);
      const taken = take();
      assert.ok(taken !== undefined, 'it leaves no hole');
      if (n % 50 === 49) delays.push((sent - 1 - taken + 256) % 256);
    }
    assert.deepEqual(delays, [5, 4, 3, 2, 1, 1, 1, 1, 1, 1]);
  });
});
