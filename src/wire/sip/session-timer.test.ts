/** What RFC 4028 and RFC 3261 14.1 leave to arithmetic. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Request } from './message.ts';
import { parseMessage } from './parse.ts';
import { glareWait } from './session-offer.ts';
import { agree, timed, tooBrief } from './session-timer.ts';

function request(...headers: readonly string[]): Request {
  const text = [
    'UPDATE sip:a@h SIP/2.0',
    ...['Via: SIP/2.0/UDP h;branch=z9hG4bK1', 'From: <sip:a@h>;tag=1', 'To: <sip:b@h>;tag=2'],
    ...['Call-ID: x', 'CSeq: 1 UPDATE', 'Max-Forwards: 70', ...headers, '', ''],
  ].join('\r\n');
  const parsed = parseMessage(text);
  assert.ok('message' in parsed && parsed.message.kind === 'request');
  return parsed.message;
}

const policy = { min: 90 };

describe('a session interval', () => {
  it('is refreshed at its half and given up 32 s, or a third, before its end', () => {
    assert.deepEqual(timed({ interval: 1800, refresher: 'us' }), [
      { kind: 'arm', timer: 'expire', ms: 1_768_000 },
      { kind: 'arm', timer: 'refresh', ms: 900_000 },
    ]);
    assert.deepEqual(timed({ interval: 60, refresher: 'them' }), [
      { kind: 'arm', timer: 'expire', ms: 40_000 },
      { kind: 'disarm', timer: 'refresh' },
    ]);
  });

  it('is what both sides can live with', () => {
    const timer = (...headers: readonly string[]) =>
      agree(request('Supported: timer', ...headers), undefined, { min: 90, expires: 600 }).timer;
    assert.deepEqual(timer('Session-Expires: 1800'), { interval: 600, refresher: 'them' });
    assert.deepEqual(timer('x: 200;refresher=uas'), { interval: 200, refresher: 'us' });
    assert.deepEqual(timer('Session-Expires: 1800', 'Min-SE: 900'), { interval: 900, refresher: 'them' });
    assert.deepEqual(timer(), { interval: 600, refresher: 'us' });
  });

  it('in force stays in force when a request says nothing of it', () => {
    const current = { interval: 120, refresher: 'them' } as const;
    assert.deepEqual(agree(request('Supported: timer'), current, policy).timer, current);
    assert.equal(agree(request(), current, policy).timer?.refresher, 'us');
  });

  it('is refused when too short, but not to a peer that could not make sense of 422', () => {
    assert.equal(tooBrief(request('Supported: timer', 'Session-Expires: 89'), policy)?.status, 422);
    assert.equal(tooBrief(request('Session-Expires: 89'), policy), undefined);
    assert.equal(tooBrief(request('Supported: timer', 'Session-Expires: 90'), policy), undefined);
    assert.equal(tooBrief(request('Supported: timer', 'Session-Expires: soon'), policy), undefined);
  });

  it('is not what a peer wants who cannot be told that it is too short', () => {
    assert.equal(agree(request('Session-Expires: 1'), undefined, policy).timer, undefined);
    assert.equal(agree(request('Session-Expires: 100'), undefined, policy).timer?.refresher, 'us');
  });

  it('is bounded, so that no timer runs over', () => {
    const headers = ['Supported: timer', 'Session-Expires: 4000000000'];
    assert.equal(agree(request(...headers), undefined, policy).timer?.interval, 604_800);
  });
});

describe('the wait after a clash', () => {
  it('is 2.1 to 4 s for the owner of the Call-ID and 0 to 2 s for the other, in units of 10 ms', () => {
    const chances = [0, 0.333, 0.999_999];
    assert.deepEqual(
      chances.map((chance) => glareWait(true, chance)),
      [2100, 2730, 4000],
    );
    assert.deepEqual(
      chances.map((chance) => glareWait(false, chance)),
      [0, 660, 2000],
    );
  });
});
