import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acknowledgement,
  decodeFrame,
  decodePayload,
  decodePushAnswer,
  disconnectFrame,
  encodePayload,
  eventFrame,
} from './frames.ts';

test('what a client sends is read by its type', () => {
  assert.deepEqual(decodeFrame('0::'), { kind: 'disconnect' });
  assert.deepEqual(decodeFrame('2::'), { kind: 'heartbeat' });
  assert.deepEqual(decodeFrame('3:::{"id":1,"status":200}'), {
    kind: 'message',
    data: '{"id":1,"status":200}',
  });
  assert.deepEqual(decodeFrame('5:12+::{"name":"ping"}'), { kind: 'event', name: 'ping', acknowledge: '12' });
  assert.deepEqual(decodeFrame('5:::{"name":"ping"}'), { kind: 'event', name: 'ping' });
  for (const text of ['1::', '6:::1+[]', '7:::1+0', '8::'])
    assert.deepEqual(decodeFrame(text), { kind: 'nothing' });
});

test('colons, line breaks and other scripts in the data are data', () => {
  const data = '{"id":1,"body":"a:b\\n::ü\ufffd🍲"}';
  assert.deepEqual(decodeFrame(`3:::${data}`), { kind: 'message', data });
});

test('what is no frame is told with the reason', () => {
  for (const text of [
    '',
    'hello',
    '9::',
    '33::',
    ':::',
    '5',
    '5:1+::{',
    '5:1+::{"args":[]}',
    '5:1+::null',
    'x'.repeat(99),
  ]) {
    const frame = decodeFrame(text);
    assert.equal(frame.kind, 'malformed', text);
  }
});

test('several frames in one text come out as they went in', () => {
  const frames = ['1::', '5:1+::{"name":"ping","args":["🍲"]}', '2::'];
  assert.deepEqual(decodePayload(encodePayload(frames)), frames.map(decodeFrame));
  assert.equal(encodePayload(['2::']), '2::');
});

test('frames with wrong lengths end in one that is malformed, and read no further', () => {
  for (const text of [
    '\ufffd',
    '\ufffd3',
    '\ufffd99\ufffd2::',
    '\ufffd3\ufffd2::junk',
    '\ufffd-1\ufffd2::',
  ]) {
    assert.equal(decodePayload(text).at(-1)?.kind, 'malformed', text);
  }
});

test('what the server says has the form that the client takes apart', () => {
  assert.equal(acknowledgement('7', ['pong']), '6:::7+["pong"]');
  assert.equal(
    eventFrame('trouter.connected', { ttl: 1 }),
    '5:1::{"name":"trouter.connected","args":[{"ttl":1}]}',
  );
  assert.equal(disconnectFrame('dup'), '0:::dup');
  assert.equal(
    disconnectFrame('unauthorized', 'expired'),
    '0:::{"reason":"unauthorized","details":"expired"}',
  );
});

test('an answer to a push names its number and status, or is none', () => {
  assert.deepEqual(decodePushAnswer('{"id":3,"status":404,"headers":{},"body":""}'), { id: 3, status: 404 });
  for (const data of ['', '{', 'null', '[]', '{"id":"3","status":200}', '{"id":3}'])
    assert.equal(decodePushAnswer(data), undefined);
});
