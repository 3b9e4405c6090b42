import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { test } from 'node:test';
import { until } from '../phone.fixture.ts';
import { Pacer, phaseOf } from './pacer.ts';

const stall = (ms: number): void => {
  for (const until = performance.now() + ms; performance.now() < until; );
};

test('after a stall, what waits in the sockets is read before the frames that are due', async (t) => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  t.after(() => socket.close());
  await once(socket, 'listening');
  // Connected, it sends at once.
  const sender = createSocket('udp4');
  t.after(() => sender.close());
  sender.connect(socket.address().port, '127.0.0.1');
  await once(sender, 'connect');
  const order: string[] = [];
  socket.on('message', () => order.push('packet'));
  const pacer = new Pacer(
    () => order.push('frame'),
    () => order.push('tick'),
  );
  pacer.start();
  t.after(() => pacer.stop());
  await until(
    () => order.filter((what) => what === 'tick').length >= 2,
    () => 'it does not tick',
  );
  // Timers come first in the turn of the loop that follows, and sockets after them.
  await new Promise<void>((stalled) =>
    setImmediate(() => {
      order.length = 0;
      sender.send('x');
      stall(70);
      stalled();
    }),
  );
  await until(
    () => order.includes('tick'),
    () => 'it does not tick any more',
  );
  assert.equal(order[0], 'packet', order.join());
  assert.ok(order.filter((what) => what === 'frame').length >= 3, order.join());
});

test('calls take turns: every phase has each of its frames, once and in order', async (t) => {
  const frames = new Map<number, number[]>();
  const pacer = new Pacer(
    (frame, phase) => frames.set(phase, [...(frames.get(phase) ?? []), frame]),
    () => {},
  );
  pacer.start();
  t.after(() => pacer.stop());
  // Begun at once, the later phases have nothing due yet.
  assert.deepEqual([...frames.keys()], [0]);
  await until(
    () => frames.size === 4 && [...frames.values()].every((of) => of.length >= 3),
    () => `phases ${[...frames.keys()]} have had frames`,
  );
  for (const of of frames.values()) assert.deepEqual(of, [...of.keys()]);
});

test('the calls of a busy process are spread over the phases', () => {
  const counts = new Map<number, number>();
  for (let n = 0; n < 4096; n++) {
    const phase = phaseOf(`019aaa-7${n.toString(16).padStart(4, '0')}`);
    counts.set(phase, (counts.get(phase) ?? 0) + 1);
  }
  assert.equal(counts.size, 4);
  for (const count of counts.values()) assert.ok(count > 900 && count < 1150, `${[...counts]}`);
});

test('stopped, it sends nothing more, and started again it begins with frame 0', async () => {
  const frames: number[] = [];
  const pacer = new Pacer(
    (frame, phase) => phase === 0 && frames.push(frame),
    () => {},
  );
  pacer.start();
  pacer.start();
  await until(
    () => frames.length >= 3,
    () => 'it does not tick',
  );
  pacer.stop();
  assert.deepEqual(frames, [...frames.keys()]);
  frames.length = 0;
  pacer.start();
  pacer.stop();
  assert.deepEqual(frames, [0]);
});
