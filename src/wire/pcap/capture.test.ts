import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CapturedMessage, writeCapture } from './capture.ts';
import { readCapture } from './reader.fixture.ts';

const utf8 = new TextEncoder();
const at = Date.parse('2026-03-12T12:00:00.250Z');

function message(text: string, more: Partial<Omit<CapturedMessage, 'payload'>> = {}): CapturedMessage {
  const ends = { from: '192.0.2.1:5060', to: '198.51.100.7:5090' };
  return { at, transport: 'UDP', ...ends, ...more, payload: utf8.encode(text) };
}

test('a call without messages is a file without packets', () => {
  assert.deepEqual(readCapture(writeCapture([])), []);
});

test('a datagram stands between its addresses at its instant, of an even and of an odd length', () => {
  const [even, odd] = readCapture(writeCapture([message('ACK zoë'), message('BYE zoë!')]));
  const ends = {
    at: at * 1000,
    version: 4,
    protocol: 'udp',
    from: '192.0.2.1:5060',
    to: '198.51.100.7:5090',
  };
  assert.deepEqual(even, { ...ends, payload: 'ACK zoë' });
  assert.deepEqual(odd, { ...ends, payload: 'BYE zoë!' });
});

test('IPv6 addresses are written in full, short or mapped', () => {
  const ends = (from: string, to: string) => readCapture(writeCapture([message('x', { from, to })]))[0];
  const long = '20010db8000000000000000000000001';
  assert.equal(ends('[2001:db8::1]:5060', '[::1]:5090')?.from, `[${long}]:5060`);
  assert.equal(ends('[2001:db8::1]:5060', '[::1]:5090')?.to, `[${'0'.repeat(31)}1]:5090`);
  assert.equal(ends('[2001:db8:0:0:0:0:0:1%eth0]:5060', '[::1]:1')?.from, `[${long}]:5060`);
  const mapped = ends('[2001:db8::1]:5060', '192.0.2.1:5090');
  assert.deepEqual([mapped?.version, mapped?.to], [6, `[${'0'.repeat(20)}ffffc0000201]:5090`]);
  assert.equal(ends('[::ffff:192.0.2.1]:1', '[::1]:2')?.from, `[${'0'.repeat(20)}ffffc0000201]:1`);
});

test('what is no address becomes the unspecified one', () => {
  for (const from of ['carrier.example:5060', 'nonsense', '1.2.3.400:5060', '[1::2::3]:5060', '[:1]:99999'])
    assert.match(readCapture(writeCapture([message('x', { from })]))[0]?.from ?? '', /^0\.0\.0\.0:\d+$/);
});

test('a TCP connection is one stream in each direction, whatever its messages are called', () => {
  const [there, here] = ['192.0.2.1:5060', '198.51.100.7:40001'];
  const tcp = (text: string, from: string, to: string, transport: 'TCP' | 'TLS' = 'TCP') =>
    message(text, { from, to, transport });
  const packets = readCapture(
    writeCapture([
      tcp('INVITE', here, there),
      tcp('180', there, here),
      tcp('200 OK', there, here),
      tcp('ACK', here, there),
      tcp('another', here, '192.0.2.9:5061', 'TLS'),
    ]),
  );
  assert.deepEqual(
    packets.map(({ sequence, acknowledged, payload }) => [sequence, acknowledged, payload]),
    [
      [1, 1, 'INVITE'],
      [1, 7, '180'],
      [4, 7, '200 OK'],
      [7, 10, 'ACK'],
      [1, 1, 'another'],
    ],
  );
});

test('a message longer than a packet is several segments over TCP, and cut over UDP', () => {
  const text = 'x'.repeat(70_000);
  const segments = readCapture(writeCapture([message(text, { transport: 'TCP' })]));
  assert.equal(segments.map(({ payload }) => payload).join(''), text);
  assert.deepEqual(
    segments.map(({ sequence }) => sequence),
    [1, 65_496],
  );
  const [datagram] = readCapture(writeCapture([message(text)]));
  assert.equal(datagram?.payload.length, 65_507);
});
