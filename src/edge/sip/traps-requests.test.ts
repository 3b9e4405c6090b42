/** The traps other stacks fall into, about requests and names (7 to 13; 14 is in src/wire/sip/rfc4475.test.ts): the whole stack against a peer that says what it wants, over the in-memory network. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { field, sdp, tagOf } from '../../../test/peers/raw-sip.ts';
import type { CallEnd } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';
import { Line } from './line.fixture.ts';
import { createNames } from './names.ts';

let line: Line;
beforeEach(async () => {
  line = await Line.open();
  line.onCall = (call) => call.ring();
});
afterEach(() => line.close());

describe('trap 7: a tel: or sips: URI', () => {
  for (const uri of ['tel:+15551234567', 'sips:+15551234567@127.0.0.1']) {
    it(`${uri} is answered`, async () => {
      line.peer.request({ uri, from: '<tel:+1999>' });
      await line.quiet();
      assert.deepEqual(line.peer.lines, ['180 INVITE']);
    });
  }

  it('a scheme nobody knows gets 416', async () => {
    line.peer.request({ uri: 'nobodyknows:this' });
    await line.quiet();
    assert.ok(line.peer.lines.includes('416 INVITE'));
  });
});

describe('trap 8: what is not known', () => {
  it('in Require gets 420 and is named', async () => {
    line.peer.request({ extra: ['Require: nothing-knows-this'] });
    await line.quiet();
    assert.equal(field(line.peer.last('SIP/2.0 420'), 'Unsupported'), 'nothing-knows-this');
  });

  it('as method gets 405 with Allow', async () => {
    line.peer.request({ method: 'DANCE' });
    await line.quiet();
    assert.match(field(line.peer.last('SIP/2.0 405'), 'Allow'), /INVITE.*UPDATE/);
  });

  it('as dialog gets 481', async () => {
    line.peer.request({ method: 'BYE', toTag: 'nobody' });
    line.peer.request({ method: 'OPTIONS', toTag: 'nobody' });
    await line.quiet();
    assert.deepEqual(line.peer.lines, ['481 BYE', '481 OPTIONS']);
  });

  it('as body gets 415', async () => {
    line.peer.request({
      extra: ['Content-Type: application/x-invented', 'Content-Length: 2', '', 'ab'],
      body: '',
    });
    await line.quiet();
    assert.ok(line.peer.lines.includes('415 INVITE'), line.peer.lines.join());
  });
});

describe('trap 8: requests inside a call', () => {
  it('UPDATE is served, with and without SDP, and so are re-INVITE and OPTIONS', async () => {
    const toTag = await line.answered('in');
    const words = { callId: 'in', toTag };
    line.peer.request({ ...words, method: 'UPDATE', cseq: 2 });
    line.peer.request({ ...words, method: 'UPDATE', cseq: 3, body: sdp });
    line.peer.request({ ...words, method: 'OPTIONS', cseq: 4 });
    line.peer.request({ ...words, cseq: 5, body: sdp });
    line.peer.request({ ...words, method: 'ACK', cseq: 5 });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(1), ['200 UPDATE', '200 UPDATE', '200 OPTIONS', '200 INVITE']);
    assert.deepEqual(line.told, ['acknowledged', 'offer', 'offer']);
  });

  it('an offer that the user does not take gets 488, and the call goes on', async () => {
    line.onCall = (call) => call.answer(sdp);
    line.bare = true;
    line.peer.request({ callId: 'no', body: sdp });
    await line.quiet();
    const toTag = tagOf(line.peer.last('SIP/2.0 200'));
    line.peer.request({ method: 'ACK', callId: 'no', toTag });
    line.peer.request({ callId: 'no', toTag, cseq: 2, body: sdp });
    await line.quiet();
    assert.ok(line.peer.lines.includes('488 INVITE'));
    assert.deepEqual(line.told, []);
  });

  it('out of order get 500', async () => {
    const toTag = await line.answered('order');
    line.peer.request({ method: 'OPTIONS', callId: 'order', toTag, cseq: 9 });
    line.peer.request({ method: 'BYE', callId: 'order', toTag, cseq: 8 });
    await line.quiet();
    assert.deepEqual(line.peer.lines.slice(-2), ['200 OPTIONS', '500 BYE']);
  });

  it('a re-INVITE before the ACK gets 500 with Retry-After, or 491 when our offer is open', async () => {
    const toTag = await line.answered('glare', false);
    line.peer.request({ callId: 'glare', toTag, cseq: 2, body: sdp });
    await line.quiet();
    assert.notEqual(field(line.peer.last('SIP/2.0 500'), 'Retry-After'), '');
    line.peer.request({ callId: 'offered' });
    await line.quiet();
    const other = tagOf(line.peer.last('SIP/2.0 200'));
    line.peer.request({ method: 'UPDATE', callId: 'offered', toTag: other, cseq: 2, body: sdp });
    await line.quiet();
    assert.ok(line.peer.lines.includes('491 UPDATE'));
  });

  it('a BYE that crosses ours is confirmed', async () => {
    line.onCall = (call) => call.answer(sdp);
    line.peer.request({ callId: 'cross', body: sdp });
    await line.quiet();
    const toTag = tagOf(line.peer.last('SIP/2.0 200'));
    line.peer.request({ method: 'ACK', callId: 'cross', toTag });
    await line.quiet();
    line.taken?.bye();
    line.peer.request({ method: 'BYE', callId: 'cross', toTag, cseq: 2 });
    await line.quiet();
    assert.ok(line.peer.lines.includes('200 BYE'));
    assert.deepEqual(line.told, ['acknowledged', 'bye local 200']);
  });
});

describe('trap 10: branch ids', () => {
  it('are unique, and tags too', () => {
    const names = createNames();
    const others = createNames();
    const made = Array.from({ length: 50_000 }, () => [names.branch(), others.branch(), names.tag()]).flat();
    assert.equal(new Set(made).size, 150_000);
  });

  it('are unique by a nonce of this start and a counter, without their chance', () => {
    const names = createNames();
    const stems = Array.from({ length: 1000 }, () => names.branch().replace(/\.[0-9a-f]+$/, ''));
    assert.equal(new Set(stems).size, 1000);
    assert.ok(
      !stems.includes(
        createNames()
          .branch()
          .replace(/\.[0-9a-f]+$/, ''),
      ),
    );
  });
});

describe('trap 11: a request that comes by two ways', () => {
  it('gets 482 the second time', async () => {
    line.peer.request({ callId: 'merged', branch: 'z9hG4bKone' });
    line.peer.request({ callId: 'merged', branch: 'z9hG4bKtwo' });
    await line.quiet();
    assert.deepEqual(line.peer.lines, ['180 INVITE', '482 INVITE']);
  });
});

describe('trap 12: nobody there', () => {
  it('is silence after timer B, and not the word of the carrier', async () => {
    await line.place();
    line.clock.advance(line.limit);
    assert.deepEqual(line.told, ['timeout local 408']);
  });

  it('is silence after 32 s with the timers of RFC 3261', async () => {
    const usual = createSipEndpoint({
      hosts: ['127.0.0.1'],
      port: 5061,
      clock: line.clock,
      network: line.network,
    });
    await usual.start();
    const target = { host: '127.0.0.1', port: 5070, protocol: 'udp' } as const;
    usual.invite(
      { target, requestUri: 'sip:a@b', from: 'sip:c@d', to: 'sip:a@b', sdp },
      { ended: ({ kind, by, status }) => line.told.push(`${kind} ${by} ${status}`) },
    );
    await line.quiet();
    line.clock.advance(31_999);
    assert.deepEqual(line.told, []);
    line.clock.advance(1);
    assert.deepEqual(line.told, ['timeout local 408']);
    await usual.stop(0);
  });

  it('is a refused connection at once, and not the word of the carrier', async () => {
    const ended = new Promise<CallEnd>((resolve) => {
      const target = { host: '127.0.0.1', port: 5099, protocol: 'tcp' } as const;
      line.endpoint.invite(
        { target, requestUri: 'sip:a@b', from: 'sip:c@d', to: 'sip:a@b', sdp },
        { ended: resolve },
      );
    });
    const { kind, by, status, reason } = await ended;
    assert.deepEqual([kind, by, status, reason], ['transport', 'local', 503, 'connection refused']);
  });

  it('is an unreachable UDP port as soon as the first repetition asks', async () => {
    const ended = new Promise<CallEnd>((resolve) => {
      const target = { host: '127.0.0.1', port: 5099, protocol: 'udp' } as const;
      line.endpoint.invite(
        { target, requestUri: 'sip:a@b', from: 'sip:c@d', to: 'sip:a@b', sdp },
        { ended: resolve },
      );
    });
    const { kind, by, reason } = await ended;
    assert.deepEqual([kind, by, reason], ['transport', 'local', 'port unreachable']);
  });

  it('is a name that nobody knows', async () => {
    const ended = new Promise<CallEnd>((resolve) => {
      const target = { host: 'nowhere.invalid', port: 5060, protocol: 'udp' } as const;
      line.endpoint.invite(
        { target, requestUri: 'sip:a@b', from: 'sip:c@d', to: 'sip:a@b', sdp },
        { ended: resolve },
      );
    });
    const { kind, reason } = await ended;
    assert.deepEqual([kind, reason], ['transport', 'unknown host nowhere.invalid']);
  });
});

describe('trap 13: garbage', () => {
  it('throws nothing, and calls are served after it', async () => {
    for (const text of [
      'x'.repeat(10_000),
      'SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP h;branch=z9hG4bKa\r\nCSeq: zzz\r\n\r\n',
      '\0'.repeat(99),
    ]) {
      line.peer.say(text);
    }
    line.peer.request({ contact: 'Contact: <<<sip:@@>' });
    await line.quiet();
    assert.deepEqual(line.peer.lines, ['400 INVITE']);
    assert.equal(line.endpoint.stats().malformed, 4);
    line.peer.request();
    await line.quiet();
    assert.ok(line.peer.lines.includes('180 INVITE'));
  });

  it('is answered only so often', async () => {
    for (let n = 0; n < 500; n++) line.peer.request({ contact: 'Contact: <<<' });
    await line.quiet();
    // The line.limit is for each second, and a second may have begun meanwhile.
    assert.ok(line.count('400 INVITE') <= 40, `${line.count('400 INVITE')} answers`);
  });
});
