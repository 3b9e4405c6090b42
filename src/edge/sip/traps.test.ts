/** The traps other stacks fall into, about calls (1 to 6; 9 is in reliable.test.ts): the whole stack against a peer that says what it wants, over the in-memory network. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { field, sdp, tagOf, until } from '../../../test/peers/raw-sip.ts';
import { Line } from './line.fixture.ts';

let line: Line;
beforeEach(async () => {
  line = await Line.open();
  line.onCall = (call) => call.ring();
});
afterEach(() => line.close());

describe('trap 1: a 1xx without Contact or To tag', () => {
  it('still means ringing', async () => {
    await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { headers: [] });
    await line.quiet();
    assert.deepEqual(line.told, ['180']);
  });

  it('is told once however often it is repeated', async () => {
    await line.place();
    for (let n = 0; n < 3; n++) line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await line.quiet();
    assert.deepEqual(line.told, ['180']);
  });
});

describe('trap 2: a BYE asked for before the ACK', () => {
  it('waits for the ACK', async () => {
    line.onCall = (call) => {
      call.answer(sdp);
      call.bye();
    };
    line.peer.request({ callId: 'early-bye', body: sdp });
    await line.quiet();
    assert.equal(line.count('BYE'), 0);
    line.peer.request({ method: 'ACK', callId: 'early-bye', toTag: tagOf(line.peer.last('SIP/2.0 200')) });
    await line.quiet();
    assert.equal(line.count('BYE'), 1);
    assert.deepEqual(line.told, ['acknowledged', 'bye local 200']);
  });

  it('is sent after 64*T1 when no ACK ever comes', async () => {
    await line.answered('no-ack', false);
    line.clock.advance(line.limit);
    await line.quiet();
    assert.equal(line.count('BYE'), 1);
    assert.deepEqual(line.told, ['ack-timeout local 408']);
  });
});

describe('trap 3: a CANCEL', () => {
  it('before any 1xx waits for one', async () => {
    const call = await line.place();
    call.cancel();
    await line.quiet();
    assert.equal(line.count('CANCEL'), 0);
    line.peer.answer(line.peer.last('INVITE'), '100 Trying');
    await line.quiet();
    assert.equal(line.count('CANCEL'), 1);
    line.peer.answer(line.peer.last('CANCEL'), '200 OK', { tag: 'p' });
    line.peer.answer(line.peer.last('INVITE'), '487 Request Terminated', { tag: 'p' });
    await line.quiet();
    assert.deepEqual(line.told, ['cancel-confirmed remote 487']);
    assert.equal(field(line.peer.last('CANCEL'), 'Via'), field(line.peer.last('INVITE'), 'Via'));
  });

  it('that crosses a 200 is followed by ACK and BYE', async () => {
    const call = await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await line.quiet();
    call.cancel();
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(-3), ['CANCEL', 'ACK', 'BYE']);
    assert.deepEqual(line.told, ['180', 'cancel-confirmed local 487']);
  });

  it('of a caller is answered, and its INVITE gets 487', async () => {
    const invite = line.peer.request({ callId: 'c3' });
    await line.quiet();
    line.peer.say(invite.replaceAll('INVITE', 'CANCEL'));
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(0, 3), ['180 INVITE', '200 CANCEL', '487 INVITE']);
    assert.equal(tagOf(line.peer.last('SIP/2.0 200')), tagOf(line.peer.last('SIP/2.0 487')));
    assert.deepEqual(line.told, ['cancelled remote 487']);
  });

  it('of nothing we know gets 481', async () => {
    line.peer.request({ method: 'CANCEL' });
    await line.quiet();
    assert.deepEqual(line.peer.lines, ['481 CANCEL']);
  });
});

describe('trap 4: a CANCEL never confirmed', () => {
  it('ends the call after 64*T1', async () => {
    const call = await line.place();
    line.peer.answer(line.peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await line.quiet();
    call.cancel();
    await line.quiet();
    line.peer.answer(line.peer.last('CANCEL'), '200 OK', { tag: 'p' });
    await line.quiet();
    line.clock.advance(line.limit - 1);
    assert.deepEqual(line.told, ['180']);
    line.clock.advance(1);
    assert.deepEqual(line.told, ['180', 'cancel-confirmed local 487']);
  });
});

describe('trap 5: a second 2xx from another fork', () => {
  it('gets ACK and BYE, and the first call goes on', async () => {
    const call = await line.place();
    const invite = line.peer.last('INVITE');
    line.peer.answer(invite, '200 OK', { tag: 'one', body: sdp });
    line.peer.answer(invite, '200 OK', { tag: 'two', body: sdp });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(1), ['ACK', 'ACK', 'BYE']);
    assert.deepEqual([tagOf(line.peer.heard[2]!), tagOf(line.peer.last('BYE'))], ['two', 'two']);
    call.bye();
    await line.quiet();
    assert.equal(tagOf(line.peer.last('BYE')), 'one');
    assert.deepEqual(line.told, ['answered', 'bye local 200']);
  });
});

describe('trap 6: a repeated final response', () => {
  it('is acknowledged again when it is a failure (timer D)', async () => {
    await line.place();
    for (let n = 0; n < 3; n++) line.peer.answer(line.peer.last('INVITE'), '486 Busy Here', { tag: 'p' });
    await line.quiet();
    assert.equal(line.count('ACK'), 3);
    assert.deepEqual(line.told, ['final remote 486']);
  });

  it('is acknowledged again with the same bytes when it is a 2xx', async () => {
    await line.place();
    for (let n = 0; n < 3; n++) line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await line.quiet();
    const acks = line.peer.heard.filter((text) => text.startsWith('ACK'));
    assert.equal(acks.length, 3);
    assert.equal(new Set(acks).size, 1);
  });

  it('of ours goes on until the ACK', async () => {
    const toTag = await line.answered('2xx', false);
    await until(() => (line.count('200 INVITE') > 2 ? undefined : 'fewer than three 200'));
    line.peer.request({ method: 'ACK', callId: '2xx', toTag });
    await line.quiet();
    const sent = line.count('200 INVITE');
    line.clock.advance(line.limit);
    assert.equal(line.count('200 INVITE'), sent);
    assert.deepEqual(line.told, ['acknowledged']);
  });
});
