/** Reliable provisional responses both ways (RFC 3262), against a peer that says what it wants. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { field, sdp, tagOf, until } from '../../../test/peers/raw-sip.ts';
import type { InboundCall } from './api.ts';
import { Line } from './line.fixture.ts';

let line: Line;
beforeEach(async () => {
  line = await Line.open();
});
afterEach(() => line.close());

const reliable = (rseq: number): readonly string[] => [
  ...['Require: 100rel', `RSeq: ${rseq}`, 'Contact: <sip:there@127.0.0.1:5070>'],
  'Record-Route: <sip:127.0.0.1:5070;lr>',
];

describe('trap 9: a caller of ours', () => {
  it('acknowledges a reliable provisional response with RAck, in the early dialog', async () => {
    await line.place();
    assert.match(field(line.peer.last('INVITE'), 'Supported'), /100rel/);
    line.peer.answer(line.peer.last('INVITE'), '183 Progress', { tag: 'p', headers: reliable(7), body: sdp });
    await line.quiet();
    const prack = line.peer.last('PRACK');
    assert.match(prack, /^PRACK sip:there@127.0.0.1:5070 SIP/);
    assert.equal(field(prack, 'RAck'), '7 1 INVITE');
    assert.equal(field(prack, 'CSeq'), '2 PRACK');
    assert.equal(field(prack, 'Route'), '<sip:127.0.0.1:5070;lr>');
    assert.equal(tagOf(prack), 'p');
    line.peer.answer(prack, '200 OK');
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('ACK'), 'CSeq'), '1 ACK');
    line.call?.bye();
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'CSeq'), '3 BYE');
    assert.deepEqual(line.told, ['183', 'answered', 'bye local 200']);
  });

  it('discards repetitions and what comes before its predecessor', async () => {
    await line.place();
    const invite = line.peer.last('INVITE');
    for (const rseq of [7, 7, 9, 6]) {
      line.peer.answer(invite, '183 Progress', { tag: 'p', headers: reliable(rseq) });
    }
    await line.quiet();
    assert.deepEqual([line.count('PRACK'), line.told], [1, ['183']]);
    line.peer.answer(invite, '180 Ringing', { tag: 'p', headers: reliable(8) });
    await line.quiet();
    assert.equal(field(line.peer.last('PRACK'), 'RAck'), '8 1 INVITE');
    assert.deepEqual(line.told, ['183', '180']);
  });

  it('repeats its PRACK until that is answered', async () => {
    await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p', headers: reliable(1) });
    await until(() => (line.count('PRACK') > 2 ? undefined : 'fewer than three PRACK'));
    const all = line.peer.heard.filter((text) => text.startsWith('PRACK'));
    assert.equal(new Set(all).size, 1);
  });

  it('counts for each fork on its own', async () => {
    await line.place();
    const invite = line.peer.last('INVITE');
    line.peer.answer(invite, '180 Ringing', { tag: 'one', headers: reliable(100) });
    line.peer.answer(invite, '180 Ringing', { tag: 'two', headers: reliable(5) });
    await line.quiet();
    const pracks = line.peer.heard.filter((text) => text.startsWith('PRACK'));
    assert.deepEqual(
      pracks.map((text) => [tagOf(text), field(text, 'RAck')]),
      [
        ['one', '100 1 INVITE'],
        ['two', '5 1 INVITE'],
      ],
    );
  });

  it('answers an offer in the response with the PRACK, and not again', async () => {
    await line.place({ offerless: true });
    line.peer.answer(line.peer.last('INVITE'), '183 Progress', { tag: 'p', headers: reliable(1), body: sdp });
    await line.quiet();
    assert.ok(line.peer.last('PRACK').endsWith(sdp));
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p' });
    await line.quiet();
    assert.equal(field(line.peer.last('ACK'), 'Content-Length'), '0');
    assert.deepEqual(line.told, ['183', 'offer', 'answered']);
  });
});

describe('trap 9: a callee of ours', () => {
  const ringing = async (
    act: (call: InboundCall) => void,
    extra: readonly string[] = ['Supported: 100rel'],
    body: string | undefined = sdp,
  ) => {
    line.onCall = act;
    line.peer.request({ callId: 'in', extra, ...(body === '' ? {} : { body }) });
    await line.quiet();
  };
  const prack = async (cseq: number, more: { readonly body?: string; readonly rack?: string } = {}) => {
    const last = line.peer.heard.findLast((text) => field(text, 'RSeq') !== '') ?? '';
    const rack = more.rack ?? `${field(last, 'RSeq')} 1 INVITE`;
    const words = { method: 'PRACK', callId: 'in', cseq, toTag: tagOf(last), extra: [`RAck: ${rack}`] };
    line.peer.request(more.body === undefined ? words : { ...words, body: more.body });
    await line.quiet();
  };

  it('repeats a reliable response until its PRACK, and sends the next one only then', async () => {
    await ringing((call) => {
      call.ring({ reliable: true });
      call.progress(183, sdp, { reliable: true });
    });
    await until(() => (line.count('180 INVITE') > 2 ? undefined : 'fewer than three 180'));
    const first = Number(field(line.peer.last('SIP/2.0 180'), 'RSeq'));
    assert.equal(field(line.peer.last('SIP/2.0 180'), 'Require'), '100rel');
    assert.equal(line.count('183 INVITE'), 0);
    await prack(2);
    const sent = line.count('180 INVITE');
    assert.equal(Number(field(line.peer.last('SIP/2.0 183'), 'RSeq')), first + 1);
    await prack(3);
    line.clock.advance(line.limit);
    assert.equal(line.count('180 INVITE'), sent);
    assert.deepEqual(line.told, []);
  });

  it('answers a PRACK of nothing with 481', async () => {
    await ringing((call) => call.ring({ reliable: true }));
    await prack(2, { rack: '4711 1 INVITE' });
    await prack(3, { rack: 'garbage' });
    await prack(4);
    await prack(5);
    const answers = line.peer.lines.filter((text) => text.endsWith(' PRACK'));
    assert.deepEqual(answers, ['481 PRACK', '481 PRACK', '200 PRACK', '481 PRACK']);
  });

  it('refuses the INVITE with 504 after 64*T1 without PRACK, and says that it was not acknowledged', async () => {
    await ringing((call) => call.ring({ reliable: true }));
    line.clock.advance(line.limit);
    await line.quiet();
    assert.ok(line.peer.lines.includes('504 INVITE'));
    assert.deepEqual(line.told, ['prack-timeout local 504']);
  });

  it('rings plainly for a caller who does not know of it, and when nobody asked for more', async () => {
    await ringing((call) => call.ring({ reliable: true }), []);
    assert.equal(field(line.peer.last('SIP/2.0 180'), 'RSeq'), '');
  });

  it('rings reliably whenever the caller requires it', async () => {
    await ringing((call) => call.ring(), ['Require: 100rel']);
    assert.notEqual(field(line.peer.last('SIP/2.0 180'), 'RSeq'), '');
    assert.equal(line.count('420 INVITE'), 0);
  });

  it('holds its answer back while a description waits for its PRACK, and does not describe again', async () => {
    await ringing((call) => {
      call.progress(183, sdp, { reliable: true });
      call.answer(sdp);
    });
    assert.equal(line.count('200 INVITE'), 0);
    await prack(2);
    assert.equal(field(line.peer.last('SIP/2.0 200 OK'), 'Content-Length'), '0');
    line.peer.request({ method: 'ACK', callId: 'in', toTag: tagOf(line.peer.last('SIP/2.0 183')) });
    await line.quiet();
    assert.deepEqual(line.told, ['acknowledged']);
  });

  it('answers at once when nothing was described, and still takes the PRACK', async () => {
    await ringing((call) => {
      call.ring({ reliable: true });
      call.answer(sdp);
    });
    assert.deepEqual(line.peer.lines, ['180 INVITE', '200 INVITE']);
    await prack(2);
    assert.ok(line.peer.lines.includes('200 PRACK'));
  });

  it('takes the answer to its early offer from the PRACK', async () => {
    await ringing(
      (call) => {
        call.progress(183, sdp, { reliable: true });
        call.answer(sdp);
      },
      ['Supported: 100rel'],
      '',
    );
    await prack(2, { body: sdp });
    line.peer.request({ method: 'ACK', callId: 'in', toTag: tagOf(line.peer.last('SIP/2.0 183')) });
    await line.quiet();
    assert.deepEqual(line.answers, [sdp]);
  });

  it('serves UPDATE before the answer once both sides are described', async () => {
    await ringing((call) => call.progress(183, sdp, { reliable: true }));
    const words = { method: 'UPDATE', callId: 'in', toTag: tagOf(line.peer.last('SIP/2.0 183')), body: sdp };
    line.peer.request({ ...words, cseq: 2 });
    await line.quiet();
    assert.notEqual(field(line.peer.last('SIP/2.0 500'), 'Retry-After'), '');
    await prack(3);
    line.peer.request({ ...words, cseq: 4 });
    await line.quiet();
    assert.ok(line.peer.lines.includes('200 UPDATE'));
    assert.deepEqual(line.told, ['offer']);
  });

  it('stops repeating when the caller gives up', async () => {
    line.onCall = (call) => call.ring({ reliable: true });
    const invite = line.peer.request({ callId: 'in', extra: ['Supported: 100rel'], body: sdp });
    await line.quiet();
    line.peer.say(invite.replaceAll('INVITE', 'CANCEL').replace(/^Supported.*\r\n/m, ''));
    await line.quiet();
    assert.deepEqual(line.told, ['cancelled remote 487']);
    assert.equal(line.clock.armed, line.endpoint.stats().timers - 1);
  });
});
