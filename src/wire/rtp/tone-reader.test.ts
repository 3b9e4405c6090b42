import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serialiseTelephoneEvent } from './telephone-event.ts';
import { expireTone, type HeardTone, readTone, toneReader } from './tone-reader.ts';
import { tonePackets } from './tone-writer.ts';

interface Came {
  readonly timestamp: number;
  readonly payload: Uint8Array;
}

const press = (tone: string, timestamp: number, durationMs = 100): readonly Came[] =>
  tonePackets(tone, durationMs).map(({ payload }) => ({ timestamp, payload }));

const event = (timestamp: number, duration: number, end = false): Came => ({
  timestamp,
  payload: serialiseTelephoneEvent({ event: 7, end, volume: 10, duration }),
});

const readAll = (packets: readonly Came[]): readonly HeardTone[] => {
  let reader = toneReader;
  const tones: HeardTone[] = [];
  for (const [index, packet] of packets.entries()) {
    const reading = readTone(reader, packet, index * 20);
    reader = reading.reader;
    tones.push(...reading.tones);
  }
  return tones;
};

test('a key whose end comes three times is told once, with its duration', () => {
  assert.deepEqual(readAll(press('5', 1000)), [{ tone: '5', durationMs: 100 }]);
});

test('the same key pressed twice is told twice', () => {
  assert.deepEqual(readAll([...press('1', 1000), ...press('1', 3000, 60)]), [
    { tone: '1', durationMs: 100 },
    { tone: '1', durationMs: 60 },
  ]);
});

test('any one packet may be lost, and packets may be doubled', () => {
  const packets = press('#', 4000);
  for (const lost of packets.keys()) {
    const came = packets.filter((_, index) => index !== lost).flatMap((packet) => [packet, packet]);
    assert.deepEqual(readAll(came), [{ tone: '#', durationMs: 100 }]);
  }
});

test('a packet that is overtaken by the end of its key is not another key', () => {
  const [first, ...rest] = press('9', 0xfffffff0);
  assert.deepEqual(readAll([...rest, first!]), [{ tone: '9', durationMs: 100 }]);
});

test('a key whose end is lost is told when the next one begins', () => {
  const unfinished = press('2', 1000).slice(0, 3);
  assert.deepEqual(readAll([...unfinished, ...press('3', 9000)]), [
    { tone: '2', durationMs: 60 },
    { tone: '3', durationMs: 100 },
  ]);
});

test('a key whose end is lost is told after a while without packets', () => {
  const { reader } = readTone(toneReader, event(1000, 480), 0);
  assert.deepEqual(expireTone(reader, 199).tones, []);
  const expired = expireTone(reader, 200);
  assert.deepEqual(expired.tones, [{ tone: '7', durationMs: 60 }]);
  assert.deepEqual(readTone(expired.reader, event(1000, 640, true), 220).tones, []);
});

test('a press longer than the duration field is one key', () => {
  const packets = [
    event(1000, 8000),
    event(1000, 0xffff),
    event(1000 + 0xffff, 160),
    event(1000 + 0xffff, 800, true),
  ];
  assert.deepEqual(readAll(packets), [{ tone: '7', durationMs: Math.round((0xffff + 800) / 8) }]);
});

test('events that are no keys, and payloads cut short, are ignored', () => {
  const flash = { timestamp: 1, payload: Uint8Array.of(16, 0x80, 0, 160) };
  const short = { timestamp: 1, payload: Uint8Array.of(1, 0x80) };
  assert.deepEqual(readAll([flash, short]), []);
});

test('what is no key has no packets', () => {
  for (const tone of ['', 'x', '12']) assert.deepEqual(tonePackets(tone), []);
});
