/** UPDATE before the answer, both ways and for both sides (RFC 3311 5), against a peer that says what it wants. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { field, sdp, tagOf } from '../../../test/peers/raw-sip.ts';
import type { OfferResult } from './api.ts';
import { Line } from './line.fixture.ts';

let line: Line;
beforeEach(async () => {
  line = await Line.open();
});
afterEach(() => line.close());

const changed = sdp.replace('40000', '40002');
const theirs = sdp.replace('40000', '50002');

async function settled(result: Promise<OfferResult> | undefined): Promise<OfferResult | undefined> {
  return Promise.race([result, new Promise<undefined>((resolve) => setImmediate(() => resolve(undefined)))]);
}

const reliable = (rseq: number, ...more: readonly string[]): readonly string[] => [
  ...['Require: 100rel', `RSeq: ${rseq}`, 'Contact: <sip:there@127.0.0.1:5070>', ...more],
];

/** The peer describes itself in a reliable 183, and its PRACK is answered. */
async function described({ tag = 'p', allow = 'Allow: INVITE, PRACK, UPDATE' } = {}): Promise<void> {
  const { peer } = line;
  peer.answer(peer.last('INVITE'), '183 Progress', { tag, headers: reliable(1, allow), body: sdp });
  await line.quiet();
  peer.answer(peer.last('PRACK'), '200 OK');
  await line.quiet();
}

describe('an UPDATE of the caller before the answer', () => {
  it('changes the session once the far end has described itself reliably', async () => {
    const call = await line.place();
    await described();
    const result = call.offer(changed, 'UPDATE');
    await line.quiet();
    const update = line.peer.last('UPDATE');
    assert.match(update, /^UPDATE sip:there@127.0.0.1:5070 SIP/);
    assert.deepEqual([field(update, 'CSeq'), tagOf(update)], ['3 UPDATE', 'p']);
    assert.ok(update.endsWith(changed));
    line.peer.answer(update, '200 OK', { body: theirs });
    await line.quiet();
    assert.deepEqual(await settled(result), { kind: 'answered', sdp: theirs });
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p' });
    await line.quiet();
    call.bye();
    await line.quiet();
    assert.equal(field(line.peer.last('BYE'), 'CSeq'), '4 BYE');
    assert.deepEqual(line.told, ['183', 'answered', 'bye local 200']);
  });

  const impossible: Readonly<Record<string, () => Promise<void>>> = {
    'nothing was described reliably': async () => {
      line.peer.answer(line.peer.last('INVITE'), '183 Progress', { tag: 'p', body: sdp });
      await line.quiet();
    },
    'the far end does not allow it': () => described({ allow: 'Allow: INVITE, PRACK' }),
    'several forks ring': async () => {
      await described();
      await described({ tag: 'q' });
    },
    'one is under way': async () => {
      await described();
      void line.call?.offer(changed, 'UPDATE');
    },
  };
  for (const [why, prepare] of Object.entries(impossible)) {
    it(`is refused here when ${why}`, async () => {
      const call = await line.place();
      await prepare();
      await line.quiet();
      const sent = line.count('UPDATE');
      const result = await settled(call.offer(changed, 'UPDATE'));
      await line.quiet();
      assert.equal(result?.kind === 'refused' && result.by, 'local');
      assert.equal(line.count('UPDATE'), sent);
    });
  }

  it('is refused by the far end without harm to the call', async () => {
    const call = await line.place();
    await described();
    const result = call.offer(changed, 'UPDATE');
    await line.quiet();
    line.peer.answer(line.peer.last('UPDATE'), '488 Not Acceptable Here');
    await line.quiet();
    const told = { kind: 'refused', by: 'remote', status: 488, reason: 'Not Acceptable Here' };
    assert.deepEqual(await settled(result), told);
    assert.deepEqual(line.told, ['183']);
  });

  it('that gets no response says so, and the call rings on', async () => {
    const call = await line.place();
    await described();
    const result = call.offer(changed, 'UPDATE');
    await line.quiet();
    line.clock.advance(line.limit);
    assert.deepEqual(await settled(result), {
      ...{ kind: 'refused', by: 'local', status: 408, reason: 'no response' },
    });
    assert.deepEqual(line.told, ['183']);
  });

  it('that the answer of the call overtakes is answered all the same, and leaves the session timer alone', async () => {
    const call = await line.place();
    await described();
    const result = call.offer(changed, 'UPDATE');
    await line.quiet();
    const headers = ['Contact: <sip:there@127.0.0.1:5070>', 'Session-Expires: 600;refresher=uac'];
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'p', headers });
    line.peer.answer(line.peer.last('UPDATE'), '200 OK', { body: theirs });
    await line.quiet();
    assert.deepEqual(await settled(result), { kind: 'answered', sdp: theirs });
    line.clock.advance(300_000);
    await line.quiet();
    // RFC 4028 7.4: the refresh describes what is in force.
    const refresh = line.peer.last('INVITE');
    assert.ok(refresh.endsWith(changed));
    assert.equal(field(refresh, 'Session-Expires'), '600;refresher=uac');
  });

  it('is given up when another fork answers', async () => {
    const call = await line.place();
    await described();
    const result = call.offer(changed, 'UPDATE');
    await line.quiet();
    line.peer.answer(line.peer.last('INVITE'), '200 OK', { tag: 'q', body: sdp });
    await line.quiet();
    const settledAs = await settled(result);
    assert.equal(settledAs?.kind === 'refused' && settledAs.reason, 'another one answered');
  });
});

describe('an UPDATE of the callee before the answer', () => {
  const update = (cseq: number, body?: string) => line.inside('UPDATE', cseq, [], body);

  it('is answered by the user of the calling side', async () => {
    await line.place();
    await described();
    await update(1, theirs);
    assert.ok(line.peer.last('SIP/2.0 200').endsWith(sdp));
    assert.deepEqual(line.told, ['183', 'offer']);
  });

  it('gets 488 when the user cannot use it, and the call rings on', async () => {
    line.handlers = { offer: () => undefined };
    await line.place();
    await described();
    await update(1, theirs);
    assert.equal(line.count('488 UPDATE'), 1);
    assert.deepEqual(line.told, ['183']);
  });

  it('without a description only says where the far end is now', async () => {
    await line.place();
    await described();
    await update(1);
    assert.equal(line.count('200 UPDATE'), 1);
    await update(1);
    assert.equal(line.count('500 UPDATE'), 1);
    assert.deepEqual(line.told, ['183']);
  });

  it('clashes with ours: 491', async () => {
    const call = await line.place();
    await described();
    void call.offer(changed, 'UPDATE');
    await line.quiet();
    await update(1, theirs);
    assert.equal(line.count('491 UPDATE'), 1);
  });

  it('gets 491 while our offer has no reliable answer', async () => {
    await line.place();
    line.peer.answer(line.peer.last('INVITE'), '183 Progress', { tag: 'p', headers: reliable(1) });
    await line.quiet();
    await update(1, theirs);
    assert.equal(line.count('491 UPDATE'), 1);
  });
});

describe('an UPDATE of ours in a call that we have not answered yet', () => {
  const ringing = async (extra: readonly string[]) => {
    line.onCall = (call) => call.progress(183, sdp, { reliable: true });
    line.peer.request({ callId: 'in', extra, body: sdp });
    await line.quiet();
  };
  const prack = async () => {
    const last = line.peer.last('SIP/2.0 183');
    const extra = [`RAck: ${field(last, 'RSeq')} 1 INVITE`];
    line.peer.request({ method: 'PRACK', callId: 'in', cseq: 2, toTag: tagOf(last), extra });
    await line.quiet();
  };

  it('goes out once our description was acknowledged, and the answer says nothing new', async () => {
    await ringing(['Supported: 100rel', 'Allow: INVITE, UPDATE']);
    const early = await settled(line.taken?.offer(changed, 'UPDATE'));
    assert.equal(early?.kind === 'refused' && early.by, 'local');
    await prack();
    const result = line.taken?.offer(changed, 'UPDATE');
    await line.quiet();
    const update = line.peer.last('UPDATE');
    assert.equal(field(update, 'CSeq'), '1 UPDATE');
    line.taken?.answer(sdp);
    line.peer.answer(update, '200 OK', { body: theirs });
    await line.quiet();
    assert.deepEqual(await settled(result), { kind: 'answered', sdp: theirs });
    assert.equal(field(line.peer.last('SIP/2.0 200 OK'), 'Content-Length'), '0');
  });

  it('is refused here when the caller does not allow it', async () => {
    await ringing(['Supported: 100rel', 'Allow: INVITE']);
    await prack();
    const result = await settled(line.taken?.offer(changed, 'UPDATE'));
    assert.equal(result?.kind === 'refused' && result.by, 'local');
    assert.equal(line.count('UPDATE'), 0);
  });
});
