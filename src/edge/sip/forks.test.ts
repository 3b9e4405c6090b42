/** Forks: several who answer one INVITE (RFC 3261 13.2.2.4), and the routes of a dialog (RFC 3261 12.2.1.1). */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { field, sdp, tagOf } from '../../../test/peers/raw-sip.ts';
import { Line } from './line.fixture.ts';

let line: Line;
beforeEach(async () => {
  line = await Line.open();
});
afterEach(() => line.close());

const all = (method: string): readonly string[] =>
  line.peer.heard.filter((text) => text.startsWith(`${method} `));

describe('a fork that answers when another one has', () => {
  it('is told why its BYE comes', async () => {
    await line.place();
    const invite = line.peer.last('INVITE');
    line.peer.answer(invite, '200 OK', { tag: 'one', body: sdp });
    line.peer.answer(invite, '200 OK', { tag: 'two', body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'Reason'), 'SIP;cause=200;text="Call completed elsewhere"');
    assert.deepEqual(line.told, ['answered']);
  });

  it('gets its ACK again when it repeats itself, but no second BYE', async () => {
    await line.place();
    const invite = line.peer.last('INVITE');
    for (const tag of ['one', 'two', 'three', 'two', 'two', 'one'])
      line.peer.answer(invite, '200 OK', { tag, body: sdp });
    await line.quiet();
    assert.deepEqual(all('ACK').map(tagOf), ['one', 'two', 'three', 'two', 'two', 'one']);
    assert.deepEqual(all('BYE').map(tagOf), ['two', 'three']);
    assert.equal(new Set(all('ACK')).size, 3);
  });

  it('is hung up in its own order and by its own routes, though it rang reliably', async () => {
    await line.place();
    const invite = line.peer.last('INVITE');
    const headers = ['Contact: <sip:two@127.0.0.1:5070>', 'Record-Route: <sip:127.0.0.1:5070;lr;fork=2>'];
    const ring = ['Require: 100rel', 'RSeq: 1', ...headers];
    line.peer.answer(invite, '180 Ringing', { tag: 'two', headers: ring });
    line.peer.answer(invite, '200 OK', { tag: 'one', body: sdp });
    line.peer.answer(invite, '200 OK', { tag: 'two', headers, body: sdp });
    await line.quiet();
    const bye = line.peer.last('BYE');
    assert.match(bye, /^BYE sip:two@127.0.0.1:5070 SIP/);
    assert.equal(field(bye, 'Route'), '<sip:127.0.0.1:5070;lr;fork=2>');
    assert.equal(field(line.peer.last('PRACK'), 'CSeq'), '2 PRACK');
    assert.equal(field(bye, 'CSeq'), '3 BYE');
  });

  it('is hung up when the call is over already', async () => {
    const call = await line.place();
    const invite = line.peer.last('INVITE');
    line.peer.answer(invite, '200 OK', { tag: 'one', body: sdp });
    await line.quiet();
    call.bye();
    await line.quiet();
    line.peer.answer(invite, '200 OK', { tag: 'two', body: sdp });
    await line.quiet();
    assert.deepEqual(all('BYE').map(tagOf), ['one', 'two']);
    assert.deepEqual(line.told, ['answered', 'bye local 200']);
  });

  it('bounds what is kept: the seventeenth is left to its own timers', async () => {
    await line.place();
    const invite = line.peer.last('INVITE');
    for (let n = 0; n < 20; n++) line.peer.answer(invite, '200 OK', { tag: `fork${n}`, body: sdp });
    await line.quiet();
    assert.equal(all('BYE').length, 15);
  });
});

const twoRouters = [
  // The callee's side sees the caller's proxy last, so the caller's first hop is the last one here.
  'Record-Route: <sip:far@127.0.0.1:5070;lr>',
  'Record-Route: <sip:near@127.0.0.1:5070>',
];

describe('a strict router', () => {
  it('that is next gets its own URI as Request-URI, and the target comes last', async () => {
    const call = await line.placed(twoRouters);
    call.bye();
    await line.quiet();
    for (const method of ['ACK', 'BYE']) {
      const text = line.peer.last(method);
      assert.match(text, new RegExp(`^${method} sip:near@127.0.0.1:5070 SIP`));
      const routes = text.split('\r\n').filter((one) => one.startsWith('Route:'));
      assert.deepEqual(routes, ['Route: <sip:far@127.0.0.1:5070;lr>', 'Route: <sip:peer@127.0.0.1:5070>']);
    }
  });

  it('behind a loose one is left to that one', async () => {
    const call = await line.placed([...twoRouters].reverse());
    call.bye();
    await line.quiet();
    const bye = line.peer.last('BYE');
    assert.match(bye, /^BYE sip:peer@127.0.0.1:5070 SIP/);
    const routes = bye.split('\r\n').filter((one) => one.startsWith('Route:'));
    assert.deepEqual(routes, ['Route: <sip:far@127.0.0.1:5070;lr>', 'Route: <sip:near@127.0.0.1:5070>']);
  });

  it('in front of a caller is obeyed as well', async () => {
    await line.served('in', twoRouters);
    line.taken?.bye();
    await line.quiet();
    const bye = line.peer.last('BYE');
    assert.match(bye, /^BYE sip:peer@127.0.0.1:5070 SIP/);
    assert.equal(field(bye, 'Route'), '<sip:far@127.0.0.1:5070;lr>');
    await line.served('other', [...twoRouters].reverse());
    line.taken?.bye();
    await line.quiet();
    assert.match(line.peer.last('BYE'), /^BYE sip:near@127.0.0.1:5070 SIP/);
  });
});

describe('Reason (RFC 3326)', () => {
  const reason = { name: 'Reason', value: 'Q.850;cause=16;text="Normal call clearing"' } as const;

  it('of the user is written on CANCEL', async () => {
    const call = await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await line.quiet();
    call.cancel([reason]);
    await line.quiet();
    assert.equal(field(line.peer.last('CANCEL'), 'Reason'), reason.value);
  });

  it('of a CANCEL that a 200 crossed is written on the BYE as well', async () => {
    const call = await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await line.quiet();
    call.cancel([reason]);
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'Reason'), reason.value);
  });

  it('of the user is written on BYE, and nothing beside it', async () => {
    const call = await line.placed();
    call.bye([reason]);
    await line.quiet();
    const reasons = line.peer.last('BYE').match(/^Reason:.*$/gm);
    assert.deepEqual(reasons, [`Reason: ${reason.value}`]);
  });

  it('says that our 200 was never acknowledged', async () => {
    line.peer.request({ callId: 'in', body: sdp });
    await line.quiet();
    line.clock.advance(line.limit);
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'Reason'), 'SIP;cause=408;text="no ACK"');
  });

  it('says that the offer in a 200 cannot be used', async () => {
    line.handlers = { offer: () => undefined };
    await line.place({ offerless: true });
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'Reason'), 'SIP;cause=488;text="unusable offer"');
  });
});
