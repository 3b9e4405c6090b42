/** The traps other stacks fall into: the whole stack against a peer that says what it wants, over the in-memory network. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import {
  field,
  type ManualClock,
  manualClock,
  type QuietNetwork,
  quietNetwork,
  RawPeer,
  sdp,
  tagOf,
  until,
} from '../../../test/peers/raw-sip.ts';
import type { Address, CallEnd, InboundCall, InboundHandlers, OutboundCall, SipEndpoint } from './api.ts';
import { createSipEndpoint } from './endpoint.ts';
import { createNames } from './names.ts';

const t1 = 100;
const limit = 64 * t1;

let clock: ManualClock;
let net: QuietNetwork;
let endpoint: SipEndpoint;
let at: Address;
let peer: RawPeer;
let told: string[];
let onInvite: (call: InboundCall) => InboundHandlers;

beforeEach(async () => {
  clock = manualClock();
  net = quietNetwork();
  told = [];
  onInvite = (call) => {
    call.ring();
    return handlers();
  };
  endpoint = createSipEndpoint({
    hosts: ['127.0.0.1'],
    port: 5060,
    clock,
    network: net.network,
    // So that what is repeated on wall time is repeated only where a test waits for it.
    timing: { t1, t2: 4 * t1, t4: 10 * t1 },
    onInvite: (call) => onInvite(call),
    failed: (error) => {
      throw error;
    },
  });
  [at] = (await endpoint.start()) as [Address];
  peer = await RawPeer.open(net.network, () => at, { host: '127.0.0.1', port: 5070 });
});
afterEach(() => endpoint.stop(0));

function brief({ kind, by, status }: CallEnd): string {
  return `${kind} ${by} ${status}`;
}

function handlers(): InboundHandlers {
  return {
    acknowledged: () => told.push('acknowledged'),
    offer: () => {
      told.push('offer');
      return sdp;
    },
    ended: (end) => told.push(brief(end)),
  };
}

async function place(): Promise<OutboundCall> {
  const call = endpoint.invite(
    {
      target: { host: '127.0.0.1', port: 5070, protocol: 'udp' },
      requestUri: 'sip:+1555@127.0.0.1:5070',
      from: 'sip:+1666@127.0.0.1',
      to: 'sip:+1555@127.0.0.1:5070',
      sdp,
    },
    {
      progress: ({ status }) => told.push(String(status)),
      answered: () => told.push('answered'),
      offer: () => sdp,
      ended: (end) => told.push(brief(end)),
    },
  );
  await net.quiet();
  return call;
}

function count(start: string): number {
  return peer.lines.filter((line) => line === start).length;
}

/** An inbound call that was answered; resolves with our tag. */
async function answered(callId: string, ack = true): Promise<string> {
  onInvite = (call) => {
    call.answer(sdp);
    return handlers();
  };
  peer.request({ callId, body: sdp });
  await net.quiet();
  const toTag = tagOf(peer.last('SIP/2.0 200'));
  if (ack) {
    peer.request({ method: 'ACK', callId, toTag });
    await net.quiet();
  }
  return toTag;
}

describe('trap 1: a 1xx without Contact or To tag', () => {
  it('still means ringing', async () => {
    await place();
    peer.answer(peer.last('INVITE'), '180 Ringing', { headers: [] });
    await net.quiet();
    assert.deepEqual(told, ['180']);
  });

  it('is told once however often it is repeated', async () => {
    await place();
    for (let n = 0; n < 3; n++) peer.answer(peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(told, ['180']);
  });
});

describe('trap 2: a BYE asked for before the ACK', () => {
  it('waits for the ACK', async () => {
    onInvite = (call) => {
      call.answer(sdp);
      call.bye();
      return handlers();
    };
    peer.request({ callId: 'early-bye', body: sdp });
    await net.quiet();
    assert.equal(count('BYE'), 0);
    peer.request({ method: 'ACK', callId: 'early-bye', toTag: tagOf(peer.last('SIP/2.0 200')) });
    await net.quiet();
    assert.equal(count('BYE'), 1);
    assert.deepEqual(told, ['acknowledged', 'bye local 200']);
  });

  it('is sent after 64*T1 when no ACK ever comes', async () => {
    await answered('no-ack', false);
    clock.advance(limit);
    await net.quiet();
    assert.equal(count('BYE'), 1);
    assert.deepEqual(told, ['ack-timeout local 408']);
  });
});

describe('trap 3: a CANCEL', () => {
  it('before any 1xx waits for one', async () => {
    const call = await place();
    call.cancel();
    await net.quiet();
    assert.equal(count('CANCEL'), 0);
    peer.answer(peer.last('INVITE'), '100 Trying');
    await net.quiet();
    assert.equal(count('CANCEL'), 1);
    peer.answer(peer.last('CANCEL'), '200 OK', { tag: 'p' });
    peer.answer(peer.last('INVITE'), '487 Request Terminated', { tag: 'p' });
    await net.quiet();
    assert.deepEqual(told, ['cancel-confirmed remote 487']);
    assert.equal(field(peer.last('CANCEL'), 'Via'), field(peer.last('INVITE'), 'Via'));
  });

  it('that crosses a 200 is followed by ACK and BYE', async () => {
    const call = await place();
    peer.answer(peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await net.quiet();
    call.cancel();
    peer.answer(peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    assert.deepEqual(peer.lines.slice(-3), ['CANCEL', 'ACK', 'BYE']);
    assert.deepEqual(told, ['180', 'cancel-confirmed local 487']);
  });

  it('of a caller is answered, and its INVITE gets 487', async () => {
    const invite = peer.request({ callId: 'c3' });
    await net.quiet();
    peer.say(invite.replaceAll('INVITE', 'CANCEL'));
    await net.quiet();
    assert.deepEqual(peer.lines.slice(0, 3), ['180 INVITE', '200 CANCEL', '487 INVITE']);
    assert.equal(tagOf(peer.last('SIP/2.0 200')), tagOf(peer.last('SIP/2.0 487')));
    assert.deepEqual(told, ['cancelled remote 487']);
  });

  it('of nothing we know gets 481', async () => {
    peer.request({ method: 'CANCEL' });
    await net.quiet();
    assert.deepEqual(peer.lines, ['481 CANCEL']);
  });
});

describe('trap 4: a CANCEL never confirmed', () => {
  it('ends the call after 64*T1', async () => {
    const call = await place();
    peer.answer(peer.last('INVITE'), '180 Ringing', { tag: 'p' });
    await net.quiet();
    call.cancel();
    await net.quiet();
    peer.answer(peer.last('CANCEL'), '200 OK', { tag: 'p' });
    await net.quiet();
    clock.advance(limit - 1);
    assert.deepEqual(told, ['180']);
    clock.advance(1);
    assert.deepEqual(told, ['180', 'cancel-confirmed local 487']);
  });
});

describe('trap 5: a second 2xx from another fork', () => {
  it('gets ACK and BYE, and the first call goes on', async () => {
    const call = await place();
    const invite = peer.last('INVITE');
    peer.answer(invite, '200 OK', { tag: 'one', body: sdp });
    peer.answer(invite, '200 OK', { tag: 'two', body: sdp });
    await net.quiet();
    assert.deepEqual(peer.lines.slice(1), ['ACK', 'ACK', 'BYE']);
    assert.deepEqual([tagOf(peer.heard[2]!), tagOf(peer.last('BYE'))], ['two', 'two']);
    call.bye();
    await net.quiet();
    assert.equal(tagOf(peer.last('BYE')), 'one');
    assert.deepEqual(told, ['answered', 'bye local 200']);
  });
});

describe('trap 6: a repeated final response', () => {
  it('is acknowledged again when it is a failure (timer D)', async () => {
    await place();
    for (let n = 0; n < 3; n++) peer.answer(peer.last('INVITE'), '486 Busy Here', { tag: 'p' });
    await net.quiet();
    assert.equal(count('ACK'), 3);
    assert.deepEqual(told, ['final remote 486']);
  });

  it('is acknowledged again with the same bytes when it is a 2xx', async () => {
    await place();
    for (let n = 0; n < 3; n++) peer.answer(peer.last('INVITE'), '200 OK', { tag: 'p', body: sdp });
    await net.quiet();
    const acks = peer.heard.filter((text) => text.startsWith('ACK'));
    assert.equal(acks.length, 3);
    assert.equal(new Set(acks).size, 1);
  });

  it('of ours goes on until the ACK', async () => {
    const toTag = await answered('2xx', false);
    await until(() => (count('200 INVITE') > 2 ? undefined : 'fewer than three 200'));
    peer.request({ method: 'ACK', callId: '2xx', toTag });
    await net.quiet();
    const sent = count('200 INVITE');
    clock.advance(limit);
    assert.equal(count('200 INVITE'), sent);
    assert.deepEqual(told, ['acknowledged']);
  });
});

describe('trap 7: a tel: or sips: URI', () => {
  for (const uri of ['tel:+15551234567', 'sips:+15551234567@127.0.0.1']) {
    it(`${uri} is answered`, async () => {
      peer.request({ uri, from: '<tel:+1999>' });
      await net.quiet();
      assert.deepEqual(peer.lines, ['180 INVITE']);
    });
  }

  it('a scheme nobody knows gets 416', async () => {
    peer.request({ uri: 'nobodyknows:this' });
    await net.quiet();
    assert.ok(peer.lines.includes('416 INVITE'));
  });
});

describe('trap 8: what is not known', () => {
  it('in Require gets 420 and is named', async () => {
    peer.request({ extra: ['Require: nothing-knows-this'] });
    await net.quiet();
    assert.equal(field(peer.last('SIP/2.0 420'), 'Unsupported'), 'nothing-knows-this');
  });

  it('as method gets 405 with Allow', async () => {
    peer.request({ method: 'DANCE' });
    await net.quiet();
    assert.match(field(peer.last('SIP/2.0 405'), 'Allow'), /INVITE.*UPDATE/);
  });

  it('as dialog gets 481', async () => {
    peer.request({ method: 'BYE', toTag: 'nobody' });
    peer.request({ method: 'OPTIONS', toTag: 'nobody' });
    await net.quiet();
    assert.deepEqual(peer.lines, ['481 BYE', '481 OPTIONS']);
  });

  it('as body gets 415', async () => {
    peer.request({
      extra: ['Content-Type: application/x-invented', 'Content-Length: 2', '', 'ab'],
      body: '',
    });
    await net.quiet();
    assert.ok(peer.lines.includes('415 INVITE'), peer.lines.join());
  });
});

describe('requests inside a call', () => {
  it('UPDATE is served, with and without SDP, and so are re-INVITE and OPTIONS', async () => {
    const toTag = await answered('in');
    const words = { callId: 'in', toTag };
    peer.request({ ...words, method: 'UPDATE', cseq: 2 });
    peer.request({ ...words, method: 'UPDATE', cseq: 3, body: sdp });
    peer.request({ ...words, method: 'OPTIONS', cseq: 4 });
    peer.request({ ...words, cseq: 5, body: sdp });
    peer.request({ ...words, method: 'ACK', cseq: 5 });
    await net.quiet();
    assert.deepEqual(peer.lines.slice(1), ['200 UPDATE', '200 UPDATE', '200 OPTIONS', '200 INVITE']);
    assert.deepEqual(told, ['acknowledged', 'offer', 'offer']);
  });

  it('an offer that the user does not take gets 488, and the call goes on', async () => {
    onInvite = (call) => {
      call.answer(sdp);
      return { ended: (end) => told.push(brief(end)) };
    };
    peer.request({ callId: 'no', body: sdp });
    await net.quiet();
    const toTag = tagOf(peer.last('SIP/2.0 200'));
    peer.request({ method: 'ACK', callId: 'no', toTag });
    peer.request({ callId: 'no', toTag, cseq: 2, body: sdp });
    await net.quiet();
    assert.ok(peer.lines.includes('488 INVITE'));
    assert.deepEqual(told, []);
  });

  it('out of order get 500', async () => {
    const toTag = await answered('order');
    peer.request({ method: 'OPTIONS', callId: 'order', toTag, cseq: 9 });
    peer.request({ method: 'BYE', callId: 'order', toTag, cseq: 8 });
    await net.quiet();
    assert.deepEqual(peer.lines.slice(-2), ['200 OPTIONS', '500 BYE']);
  });

  it('a re-INVITE before the ACK gets 500 with Retry-After, or 491 when our offer is open', async () => {
    const toTag = await answered('glare', false);
    peer.request({ callId: 'glare', toTag, cseq: 2, body: sdp });
    await net.quiet();
    assert.notEqual(field(peer.last('SIP/2.0 500'), 'Retry-After'), '');
    peer.request({ callId: 'offered' });
    await net.quiet();
    const other = tagOf(peer.last('SIP/2.0 200'));
    peer.request({ method: 'UPDATE', callId: 'offered', toTag: other, cseq: 2, body: sdp });
    await net.quiet();
    assert.ok(peer.lines.includes('491 UPDATE'));
  });

  it('a BYE that crosses ours is confirmed', async () => {
    let call: InboundCall | undefined;
    onInvite = (arrived) => {
      call = arrived;
      arrived.answer(sdp);
      return handlers();
    };
    peer.request({ callId: 'cross', body: sdp });
    await net.quiet();
    const toTag = tagOf(peer.last('SIP/2.0 200'));
    peer.request({ method: 'ACK', callId: 'cross', toTag });
    await net.quiet();
    call?.bye();
    peer.request({ method: 'BYE', callId: 'cross', toTag, cseq: 2 });
    await net.quiet();
    assert.ok(peer.lines.includes('200 BYE'));
    assert.deepEqual(told, ['acknowledged', 'bye local 200']);
  });
});

describe('trap 10: branch ids', () => {
  it('are unique, and tags too', () => {
    const names = createNames();
    const others = createNames();
    const made = Array.from({ length: 50_000 }, () => [names.branch(), others.branch(), names.tag()]).flat();
    assert.equal(new Set(made).size, 150_000);
  });
});

describe('trap 11: a request that comes by two ways', () => {
  it('gets 482 the second time', async () => {
    peer.request({ callId: 'merged', branch: 'z9hG4bKone' });
    peer.request({ callId: 'merged', branch: 'z9hG4bKtwo' });
    await net.quiet();
    assert.deepEqual(peer.lines, ['180 INVITE', '482 INVITE']);
  });
});

describe('trap 12: nobody there', () => {
  it('is silence after timer B, and not the word of the carrier', async () => {
    await place();
    clock.advance(limit);
    assert.deepEqual(told, ['timeout local 408']);
  });

  it('is a refused connection at once, and not the word of the carrier', async () => {
    const ended = new Promise<CallEnd>((resolve) => {
      const target = { host: '127.0.0.1', port: 5099, protocol: 'tcp' } as const;
      endpoint.invite(
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
      endpoint.invite(
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
      endpoint.invite(
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
      peer.say(text);
    }
    peer.request({ contact: 'Contact: <<<sip:@@>' });
    await net.quiet();
    assert.deepEqual(peer.lines, ['400 INVITE']);
    assert.equal(endpoint.stats().malformed, 4);
    peer.request();
    await net.quiet();
    assert.ok(peer.lines.includes('180 INVITE'));
  });

  it('is answered only so often', async () => {
    for (let n = 0; n < 500; n++) peer.request({ contact: 'Contact: <<<' });
    await net.quiet();
    // The limit is for each second, and a second may have begun meanwhile.
    assert.ok(count('400 INVITE') <= 40, `${count('400 INVITE')} answers`);
  });
});
