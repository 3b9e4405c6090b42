import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contentLocations, contentRange, requestedRange } from './recording-content.ts';

const size = 1000;
const whole = undefined;
const ranges: Readonly<Record<string, ReturnType<typeof requestedRange>>> = {
  'bytes=0-99': { from: 0, to: 100 },
  'bytes=100-': { from: 100, to: 1000 },
  'bytes=999-999': { from: 999, to: 1000 },
  'bytes=500-4000': { from: 500, to: 1000 },
  'bytes=-10': { from: 990, to: 1000 },
  'bytes=-5000': { from: 0, to: 1000 },
  'Bytes = 1-2': { from: 1, to: 3 },
  'bytes=1000-': 'unsatisfiable',
  'bytes=99999999999999999999-': 'unsatisfiable',
  'bytes=-0': 'unsatisfiable',
  'bytes=5-4': whole,
  'bytes=0-1,5-6': whole,
  'bytes=-': whole,
  'bytes=a-b': whole,
  'lines=0-1': whole,
  '': whole,
};
for (const [header, expected] of Object.entries(ranges)) {
  test(`Range "${header}" of ${size} bytes is ${expected === whole ? 'the whole' : JSON.stringify(expected)}`, () =>
    assert.deepEqual(requestedRange(header, size), expected));
}

test('of nothing, every range is unsatisfiable, and no Range is the whole', () => {
  assert.equal(requestedRange('bytes=0-', 0), 'unsatisfiable');
  assert.equal(requestedRange('bytes=-1', 0), 'unsatisfiable');
  assert.equal(requestedRange(undefined, 0), undefined);
});

test('a range is told as RFC 9110 14.4 writes it', () => {
  assert.equal(contentRange({ from: 100, to: 200 }, size), 'bytes 100-199/1000');
  assert.equal(contentRange(undefined, size), 'bytes */1000');
});

test('addresses are on the host that clients accept, at the port where they reach us', () => {
  assert.deepEqual(contentLocations('https://localhost:8443/', 'doc', 'video'), {
    contentLocation: 'https://ringback.asm.skype.com:8443/v1/objects/doc/content/video',
    metadataLocation: 'https://ringback.asm.skype.com:8443/v1/objects/doc/content/acsmetadata',
    deleteLocation: 'https://ringback.asm.skype.com:8443/v1/objects/doc',
    contentLocationPlain: 'https://localhost:8443/v1/objects/doc/content/video',
  });
  const { contentLocation } = contentLocations('https://calls.example/', 'doc', 'audio');
  assert.equal(contentLocation, 'https://ringback.asm.skype.com/v1/objects/doc/content/audio');
});
