import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Limiter, networkOf } from './limiter.ts';

function limiter(perSecond: number): { readonly limits: Limiter; readonly later: (ms: number) => void } {
  let now = 5000;
  const limits = new Limiter(perSecond, () => now);
  return {
    limits,
    later: (ms) => {
      now += ms;
    },
  };
}

const allowed = (limits: Limiter, source: string, times: number): number =>
  Array.from({ length: times }, () => limits.allows(source)).filter(Boolean).length;

describe('a limiter', () => {
  it('counts each source by itself, and anew with every second', () => {
    const { limits, later } = limiter(3);
    assert.deepEqual([allowed(limits, 'a', 10), allowed(limits, 'b', 10)], [3, 3]);
    later(1000);
    assert.equal(allowed(limits, 'a', 10), 3);
  });

  it('remembers so many sources and no more, and forgets the one heard longest ago', () => {
    const { limits } = limiter(1_000_000);
    limits.affords('first', 1000, 0);
    limits.affords('second', 1000, 0);
    for (let n = 0; n < 4094; n++) limits.allows(`x${n}`);
    assert.ok(limits.affords('first', 0, 1));
    limits.allows('one more');
    assert.equal(limits.sources, 4096);
    assert.deepEqual([limits.affords('first', 0, 1), limits.affords('second', 0, 1)], [true, false]);
  });

  it('lets no more through to a hundred thousand forged sources than to fifty', () => {
    const { limits } = limiter(20);
    let through = 0;
    for (let n = 0; n < 100_000; n++)
      if (limits.allows(`10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`)) through += 1;
    assert.equal(through, 1000);
    assert.equal(limits.sources, 4096);
  });

  it('never lets a source be sent more bytes than came from it', () => {
    const { limits } = limiter(20);
    let [heard, said] = [0, 0];
    for (let n = 0; n < 1000; n++) {
      heard += 300;
      const bytes = 310 + (n % 50);
      if (limits.affords('a', 300, bytes)) said += bytes;
      assert.ok(said <= heard, `${said} of ${heard}`);
    }
    assert.ok(said > heard * 0.9, 'it says hardly anything');
  });

  it('takes a /64 of IPv6 for one source', () => {
    assert.equal(networkOf('192.0.2.1'), '192.0.2.1');
    assert.equal(networkOf('2001:db8::1'), '2001:db8:0:0::');
    assert.equal(networkOf('2001:db8:0:0:1:2:3:4'), '2001:db8:0:0::');
    assert.equal(networkOf('2001:db8:0:1::4'), '2001:db8:0:1::');
    assert.equal(networkOf('1::3:4:5:6:7:8'), '1:0:3:4::');
    assert.equal(networkOf('::1'), '0:0:0:0::');
  });
});
