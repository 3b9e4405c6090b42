import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextFrame } from './frame.ts';

const limits = { headerBytes: 1000, bodyBytes: 1000 };
const one = 'OPTIONS sip:h SIP/2.0\r\nContent-Length: 3\r\n\r\nabc';
const two = 'OPTIONS sip:i SIP/2.0\r\nl:0\r\n\r\n';

/** Every message of a stream that comes in chunks of `size` bytes. */
function frames(stream: string, size: number): readonly string[] {
  const found: string[] = [];
  let rest = Buffer.alloc(0);
  for (let at = 0; at < stream.length; at += size) {
    rest = Buffer.concat([rest, Buffer.from(stream.slice(at, at + size), 'latin1')]);
    for (let from = 0; ; ) {
      const frame = nextFrame(rest, from, limits);
      if (frame.kind === 'broken') return [...found, frame.why];
      from = frame.next;
      if (frame.kind === 'message') found.push(frame.text);
      else if (frame.kind === 'ping') found.push('ping');
      else {
        rest = rest.subarray(from);
        break;
      }
    }
  }
  return found;
}

describe('a byte stream', () => {
  it('is cut into messages however its bytes arrive', () => {
    for (const size of [1, 2, 3, 7, 50, 1000])
      assert.deepEqual(frames(one + two + one, size), [one, two, one], `${size}`);
  });

  it('may carry keep-alives between messages', () => {
    for (const size of [1, 3, 1000]) {
      assert.deepEqual(
        frames(`\r\n\r\n${one}\r\n${two}\r\n\r\n`, size),
        ['ping', one, two, 'ping'],
        `${size}`,
      );
    }
  });

  it('is given up where no Content-Length says how to go on', () => {
    assert.deepEqual(frames('OPTIONS sip:h SIP/2.0\r\nTo: x\r\n\r\n', 1000), ['no usable Content-Length']);
    assert.deepEqual(frames('OPTIONS sip:h SIP/2.0\r\nl: -1\r\n\r\n', 1000), ['no usable Content-Length']);
  });

  it('is given up where two readers could cut it differently', () => {
    const head = 'OPTIONS sip:h SIP/2.0\r\n';
    for (const lengths of [
      'l: 3\r\nContent-Length: 0',
      'l: 3\r\n 0',
      'l: 3\r\nl\t: 0',
      `l${' '.repeat(40)}: 3\r\nl: 0`,
    ])
      assert.deepEqual(frames(`${head}${lengths}\r\n\r\nabc`, 1000), ['no usable Content-Length'], lengths);
    const same = `${head}l: 3\r\nContent-Length: 3\r\n\r\nabc`;
    assert.deepEqual(frames(same, 1000), [same]);
  });

  it('that comes byte by byte is searched once', () => {
    const text = `OPTIONS sip:h SIP/2.0\r\nX: ${'x'.repeat(60_000)}\r\nl: 3\r\n\r\nabc`;
    const bytes = Buffer.from(text);
    const wide = { headerBytes: 65_536, bodyBytes: 1000 };
    let [searched, wants, looks] = [0, 1, 0];
    for (let length = 1; length <= bytes.length; length++) {
      if (length < wants) continue;
      looks += 1;
      const frame = nextFrame(bytes.subarray(0, length), 0, wide, searched);
      if (frame.kind === 'message') break;
      assert.ok(frame.kind === 'wait');
      // Only what is new is looked at, and once the length is known, nothing before all of it is there.
      assert.ok(length - frame.searched <= 4, `${length} ${frame.searched}`);
      ({ searched, wants } = frame);
    }
    assert.equal(looks, bytes.length - 2);
    assert.equal(wants, bytes.length);
  });

  it('is given up where a header or a body is too long', () => {
    assert.deepEqual(frames('x'.repeat(1100), 100), ['the header section is too long']);
    assert.deepEqual(frames('OPTIONS sip:h SIP/2.0\r\nl: 1001\r\n\r\n', 100), ['the body is too long']);
  });
});
