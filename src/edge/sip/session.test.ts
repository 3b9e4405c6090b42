/** Session timers (RFC 4028) and our own re-INVITE and UPDATE, against a peer that says what it wants. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { field, sdp, tagOf } from '../../../test/peers/raw-sip.ts';
import type { OfferResult, SipEndpointOptions } from './api.ts';
import { Line } from './line.fixture.ts';

let line: Line;
const open = async (options: Partial<SipEndpointOptions> = {}): Promise<void> => {
  line = await Line.open(options);
};
afterEach(() => line.close());

const hold = sdp.replace('m=audio', 'a=sendonly\r\nm=audio');
const seconds = (n: number): number => n * 1000;
const contact = 'Contact: <sip:elsewhere@127.0.0.1:5070>';

async function answer(start: string, status: string, headers: readonly string[] = [], body?: string) {
  const words = { headers: [contact, ...headers], ...(body === undefined ? {} : { body }) };
  line.peer.answer(line.peer.last(start), status, words);
  await line.quiet();
}

async function pass(ms: number): Promise<void> {
  line.clock.advance(ms);
  await line.quiet();
}

describe('the session timer of a call we placed', () => {
  it('is asked for, and refreshed by UPDATE at half of the interval', async () => {
    await open({ session: { expires: 1800 } });
    await line.placed(['Session-Expires: 600;refresher=uac', 'Allow: INVITE, UPDATE']);
    assert.equal(field(line.peer.last('INVITE'), 'Session-Expires'), '1800');
    await pass(seconds(300));
    const update = line.peer.last('UPDATE');
    assert.equal(field(update, 'Session-Expires'), '600;refresher=uac');
    assert.equal(field(update, 'Content-Length'), '0');
    await answer('UPDATE', '200 OK', ['Session-Expires: 600;refresher=uac']);
    await pass(seconds(300));
    assert.equal(line.count('UPDATE'), 2);
    await answer('UPDATE', '200 OK', ['Session-Expires: 600;refresher=uac']);
    assert.deepEqual(line.told, ['answered']);
  });

  it('is refreshed by re-INVITE with what was offered, where UPDATE is not allowed', async () => {
    await open();
    await line.placed(['Session-Expires: 200;refresher=uac']);
    await pass(seconds(100));
    assert.ok(line.peer.last('INVITE').endsWith(sdp));
    assert.equal(line.count('INVITE'), 2);
    await answer('INVITE', '200 OK', ['Session-Expires: 200;refresher=uac'], sdp);
    assert.equal(line.count('ACK'), 2);
  });

  it('ends the call when the far end does not refresh it', async () => {
    await open();
    await line.placed(['Session-Expires: 90;refresher=uas']);
    await pass(seconds(60) - 1);
    assert.equal(line.count('BYE'), 0);
    await pass(1);
    assert.equal(line.count('BYE'), 1);
    assert.deepEqual(line.told, ['answered', 'expired local 408']);
  });

  for (const status of ['408 Request Timeout', '481 Gone', undefined]) {
    it(`ends the call when the refresh gets ${status ?? 'no answer'}`, async () => {
      await open();
      await line.placed(['Session-Expires: 1800;refresher=uac', 'Allow: UPDATE']);
      await pass(seconds(900));
      if (status === undefined) await pass(line.limit);
      else await answer('UPDATE', status);
      assert.deepEqual(line.told, ['answered', 'expired local 408']);
      assert.equal(line.count('BYE'), 1);
    });
  }

  it('is asked for again with a longer interval after 422', async () => {
    await open({ session: { expires: 300 } });
    await line.place();
    await answer('INVITE', '422 Session Interval Too Small', ['Min-SE: 900']);
    const again = line.peer.last('INVITE');
    assert.deepEqual(
      ['Session-Expires', 'Min-SE', 'CSeq'].map((name) => field(again, name)),
      ['900', '900', '2 INVITE'],
    );
    line.peer.answer(again, '200 OK', { tag: 'p', headers: [contact, 'Session-Expires: 900'], body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('ACK'), 'CSeq'), '2 ACK');
    assert.deepEqual(line.told, ['answered']);
  });

  it('names its minimum and who shall refresh, also after 422', async () => {
    await open({ session: { expires: 300, min: 200, refresher: 'them' } });
    await line.place();
    const asked = (): readonly string[] =>
      ['Session-Expires', 'Min-SE'].map((name) => field(line.peer.last('INVITE'), name));
    assert.deepEqual(asked(), ['300;refresher=uas', '200']);
    await answer('INVITE', '422 Session Interval Too Small', ['Min-SE: 900']);
    assert.deepEqual(asked(), ['900;refresher=uas', '900']);
  });

  it('that is switched off is neither asked for nor kept', async () => {
    await open({ session: { expires: 300, off: true } });
    await line.placed(['Session-Expires: 90;refresher=uas']);
    const invite = line.peer.last('INVITE');
    assert.deepEqual(
      [field(invite, 'Session-Expires'), field(invite, 'Supported')],
      ['', '100rel, replaces'],
    );
    await pass(seconds(1_000_000));
    assert.deepEqual(line.told, ['answered']);
  });

  it('does not go on for ever with a peer that is never content', async () => {
    await open({ session: { expires: 300 } });
    await line.place();
    for (let n = 0; n < 3; n++) await answer('INVITE', '422 Session Interval Too Small', ['Min-SE: 900']);
    assert.equal(line.count('INVITE'), 2);
    assert.deepEqual(line.told, ['final remote 422']);
  });

  it('is lengthened when a refresh gets 422', async () => {
    await open();
    await line.placed(['Session-Expires: 100;refresher=uac', 'Allow: UPDATE']);
    await pass(seconds(50));
    await answer('UPDATE', '422 Session Interval Too Small', ['Min-SE: 400']);
    assert.equal(field(line.peer.last('UPDATE'), 'Session-Expires'), '400;refresher=uac');
    assert.equal(field(line.peer.last('UPDATE'), 'Min-SE'), '400');
    await answer('UPDATE', '200 OK', ['Session-Expires: 400;refresher=uac']);
    await pass(seconds(200));
    assert.equal(line.count('UPDATE'), 3);
  });
});

describe('the session timer of a call we took', () => {
  it('lets the caller refresh, and ends the call when it does not', async () => {
    await open();
    const toTag = await line.served('in', ['Supported: timer', 'Session-Expires: 90']);
    const ok = line.peer.last('SIP/2.0 200');
    assert.equal(field(ok, 'Session-Expires'), '90;refresher=uac');
    assert.equal(field(ok, 'Require'), 'timer');
    await pass(seconds(59));
    const extra = ['Supported: timer', 'Session-Expires: 90;refresher=uac'];
    line.peer.request({ method: 'UPDATE', callId: 'in', toTag, cseq: 2, extra });
    await line.quiet();
    assert.equal(field(line.peer.last('SIP/2.0 200'), 'Session-Expires'), '90;refresher=uac');
    await pass(seconds(59));
    assert.deepEqual(line.told, ['acknowledged']);
    await pass(seconds(1));
    assert.deepEqual(line.told, ['acknowledged', 'expired local 408']);
  });

  it('is refreshed by us when the caller wants that', async () => {
    await open();
    await line.served('in', ['Supported: timer', 'Session-Expires: 90;refresher=uas', 'Allow: UPDATE']);
    await pass(seconds(45));
    assert.equal(field(line.peer.last('UPDATE'), 'Session-Expires'), '90;refresher=uac');
  });

  it('is refreshed by us for a caller who does not know of timers, when we want one', async () => {
    await open({ session: { expires: 120 } });
    await line.served('in');
    assert.equal(field(line.peer.last('SIP/2.0 200'), 'Session-Expires'), '120;refresher=uas');
    assert.equal(field(line.peer.last('SIP/2.0 200'), 'Require'), '');
    await pass(seconds(60));
    assert.equal(line.count('INVITE'), 1);
  });

  it('refuses an interval below its own with 422, before and during a call', async () => {
    await open({ session: { min: 300 } });
    const brief = ['Supported: timer', 'Session-Expires: 299'];
    line.peer.request({ callId: 'brief', extra: brief, body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('SIP/2.0 422'), 'Min-SE'), '300');
    const toTag = await line.served('in');
    line.peer.request({ method: 'UPDATE', callId: 'in', toTag, cseq: 2, extra: brief });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(-1), ['422 UPDATE']);
    assert.deepEqual(line.told, ['acknowledged']);
  });

  it('is what the caller gets there, where callers differ', async () => {
    const policy = { expires: 600, min: 300, refresher: 'them' } as const;
    await open({ sessionWith: ({ port }) => (port === 5070 ? policy : undefined) });
    line.peer.request({
      callId: 'brief',
      extra: ['Supported: timer', 'Session-Expires: 200'],
      body: sdp,
    });
    await line.quiet();
    assert.equal(field(line.peer.last('SIP/2.0 422'), 'Min-SE'), '300');
    await line.served('in', ['Supported: timer']);
    assert.equal(field(line.peer.last('SIP/2.0 200'), 'Session-Expires'), '600;refresher=uac');
  });

  it('that is switched off is neither claimed nor kept, and who requires it is told so', async () => {
    await open({ session: { off: true } });
    line.peer.request({ callId: 'needs', extra: ['Require: timer', 'Session-Expires: 90'], body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('SIP/2.0 420'), 'Unsupported'), 'timer');
    await line.served('in', ['Supported: timer', 'Session-Expires: 90;refresher=uac']);
    const ok = line.peer.last('SIP/2.0 200');
    assert.deepEqual([field(ok, 'Session-Expires'), field(ok, 'Supported')], ['', '100rel, replaces']);
    await pass(seconds(1_000_000));
    assert.deepEqual(line.told, ['acknowledged']);
  });

  it('is none when nobody asks for one', async () => {
    await open();
    await line.served('in', ['Supported: timer']);
    assert.equal(field(line.peer.last('SIP/2.0 200'), 'Session-Expires'), '');
    await pass(seconds(1_000_000));
    assert.deepEqual(line.told, ['acknowledged']);
  });
});

describe('an offer of ours', () => {
  const watch = (promise: Promise<OfferResult> | undefined): readonly OfferResult[] => {
    const results: OfferResult[] = [];
    promise?.then((result) => results.push(result));
    return results;
  };

  it('puts the call on hold by re-INVITE, and follows the far end to where it is now', async () => {
    await open();
    await line.placed();
    const results = watch(line.call?.offer(hold));
    await line.quiet();
    const invite = line.peer.last('INVITE');
    assert.ok(invite.endsWith(hold));
    assert.equal(field(invite, 'CSeq'), '2 INVITE');
    for (let n = 0; n < 2; n++) await answer('INVITE', '200 OK', [], sdp);
    const acks = line.peer.heard.filter((text) => text.startsWith('ACK')).slice(1);
    assert.equal(acks.length, 2);
    assert.equal(new Set(acks).size, 1);
    assert.match(acks[0]!, /^ACK sip:elsewhere@/);
    assert.deepEqual(results, [{ kind: 'answered', sdp }]);
  });

  it('goes by re-INVITE from a call we took too, and its answer is acknowledged', async () => {
    await open();
    await line.served('in');
    const results = watch(line.taken?.offer(hold));
    await line.quiet();
    await answer('INVITE', '200 OK', [], sdp);
    assert.deepEqual(results, [{ kind: 'answered', sdp }]);
    assert.equal(
      field(line.peer.last('ACK'), 'CSeq'),
      field(line.peer.last('INVITE'), 'CSeq').replace('INVITE', 'ACK'),
    );
  });

  it('goes by UPDATE when that is asked for, from a call we took', async () => {
    await open();
    await line.served('in');
    const results = watch(line.taken?.offer(hold, 'UPDATE'));
    await line.quiet();
    await answer('UPDATE', '200 OK', [], sdp);
    assert.deepEqual(results, [{ kind: 'answered', sdp }]);
    assert.equal(field(line.peer.last('UPDATE'), 'CSeq'), '1 UPDATE');
  });

  it('that is refused leaves the call as it was', async () => {
    await open();
    await line.placed();
    const results = watch(line.call?.offer(hold));
    await line.quiet();
    await answer('INVITE', '488 Not Here');
    assert.deepEqual(results, [{ kind: 'refused', by: 'remote', status: 488, reason: 'Not Here' }]);
    assert.deepEqual(line.told, ['answered']);
  });

  it('waits for the one before it', async () => {
    await open();
    await line.placed();
    const first = watch(line.call?.offer(hold));
    const second = watch(line.call?.offer(sdp));
    await line.quiet();
    assert.equal(line.count('INVITE'), 2);
    await answer('INVITE', '200 OK', [], sdp);
    assert.deepEqual([first.length, second.length, line.count('INVITE')], [1, 0, 3]);
    await answer('INVITE', '200 OK', [], sdp);
    assert.equal(second.length, 1);
  });

  for (const [who, wait] of [
    ['that placed the call', 2100],
    ['that took the call', 0],
  ] as const) {
    it(`clashes: 491 for theirs, and the side ${who} comes back after ${wait} ms at the earliest`, async () => {
      await open({ random: () => 0.5 });
      const ours = wait > 0;
      if (ours) await line.placed();
      else await line.served('in');
      const results = watch((ours ? line.call : line.taken)?.offer(hold));
      await line.quiet();
      const before = line.count('INVITE');
      if (ours) await line.inside('INVITE', 7, [], sdp);
      else {
        const toTag = tagOf(line.peer.last('SIP/2.0 200'));
        line.peer.request({ callId: 'in', toTag, cseq: 2, body: sdp });
        await line.quiet();
      }
      assert.ok(line.peer.lines.includes('491 INVITE'));
      await answer('INVITE', '491 Request Pending');
      const due = ours ? 2100 + 950 : 1000;
      await pass(due - 1);
      assert.equal(line.count('INVITE'), before);
      await pass(1);
      assert.equal(line.count('INVITE'), before + 1);
      await answer('INVITE', '200 OK', [], sdp);
      assert.equal(results[0]?.kind, 'answered');
    });
  }

  it('ends the call when it gets no answer at all, and says so', async () => {
    await open();
    await line.placed();
    const results = watch(line.call?.offer(hold));
    await line.quiet();
    await pass(line.limit);
    assert.deepEqual(results, [{ kind: 'ended' }]);
    assert.deepEqual(line.told, ['answered', 'lost local 408']);
    assert.equal(line.count('BYE'), 1);
  });

  it('before the answer, and after the end, is refused here', async () => {
    await open();
    await line.place();
    const early = watch(line.call?.offer(hold));
    await line.quiet();
    assert.equal(early[0]?.kind, 'refused');
    line.peer.answer(line.peer.last('INVITE'), '486 Busy Here', { tag: 'p' });
    await line.quiet();
    assert.deepEqual(await line.call?.offer(hold), { kind: 'ended' });
  });
});
